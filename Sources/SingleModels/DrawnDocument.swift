// Documents that a stored model writes, for people to read: token by token, or by denoising, step by step.

import Corpora
import Files
import Objectives
import TensorEngine
import Transformer
import Wording

/// How documents are drawn.
package struct DrawingRule: Sendable {
  /// 0 takes the most likely token every time.
  package var temperature = 1.0
  /// Forward passes of a DLM over a document; nil for one a token.
  package var steps: Int?
  /// In which order a DLM fills in; nil for the order it was trained for (suffixes from left to right, else confidence).
  package var order: DenoisingOrder?
  /// What each document begins with.
  package var prompt = ""
  /// Tokens of each document, the prompt's included; nil for the lengths of training documents.
  package var length: Int?
  package var seed: UInt64 = 1

  package init() {}
}

/// A document with what led to it.
package struct DrawnDocument: Codable, Sendable {
  package let text: String
  /// A DLM's canvas after each forward pass, masks as "·"; empty for AR.
  package let steps: [String]
  package let tokens: Int
  /// Forward passes: over one token each for AR, over all for a DLM.
  package let passes: Int
  /// Sentences, those the world could say, and those that are true in it; nil for other corpora.
  package let sentences: Int?
  package let wellFormed: Int?
  package let truthful: Int?
}

extension StoredModel {
  /// Draws documents; document i is the same however many are drawn.
  /// - Throws: `CorpusError` for words that the corpus does not have, `StoreError` for a prompt or length beyond the context.
  package func draw(_ count: Int, _ rule: DrawingRule) throws -> [DrawnDocument] {
    let prompt = try dataset.tokenizer.encode(rule.prompt)
    let judge: DocumentJudge? =
      if case .world(let world) = specification.corpus { try DocumentJudge(world, seed: specification.dataSeed) } else {
        nil
      }
    let choice = SamplingRule(temperature: rule.temperature, excluded: [special.mask, special.begin])
    return try (0..<count).map { number in
      let ordinary = dataset.training[number % dataset.training.count].count
      let length = rule.length ?? max(min(ordinary, specification.model.context), prompt.count + 1)
      guard length > prompt.count, length <= specification.model.context else {
        throw StoreError(
          .badData,
          "a document of \(counted(length, "token")) after a prompt of \(prompt.count) does not fit: the model's "
            + "context is \(specification.model.context); give another --length or --prompt")
      }
      let written = write(
        length - prompt.count, after: prompt, rule, choice, seed: rule.seed &* 1_000_003 &+ UInt64(number))
      let tokens = prompt + written.tokens.prefix { $0 != dataset.tokenizer.endToken }
      let score = judge?.score(tokens, leavingOutUnfinished: specification.objective.maskings == .none)
      return DrawnDocument(
        text: dataset.tokenizer.decode(tokens), steps: written.canvases.map { spelt(prompt + $0) },
        tokens: tokens.count,
        passes: written.passes, sentences: score?.sentences, wellFormed: score?.wellFormed, truthful: score?.truthful)
    }
  }

  private func write(
    _ count: Int, after prompt: [Int32], _ rule: DrawingRule, _ choice: SamplingRule, seed: UInt64
  ) -> (tokens: [Int32], canvases: [[Int32]], passes: Int) {
    if specification.objective.maskings == .none {
      let tokens = sampleAutoregressive(
        parameters, prompt: prompt, count: count, special: special, rule: choice, seed: seed,
        end: dataset.tokenizer.endToken, backend: specification.backend)
      return (tokens, [], prompt.count + tokens.count)
    }
    let order = rule.order ?? specification.objective.orders.last ?? .confidence
    var canvases: [[Int32]] = []
    let tokens = sampleDiffusion(
      parameters, prompt: prompt, count: count, steps: rule.steps ?? count, order: order, special: special,
      rule: choice,
      seed: seed, backend: specification.backend, observe: { canvases.append($0) })
    return (tokens, canvases, canvases.count)
  }

  /// The text of a canvas with a dot for each mask.
  private func spelt(_ canvas: [Int32]) -> String {
    dataset.tokenizer.decode(canvas).replacing("<mask>", with: "·").replacing("<end>", with: "")
  }
}
