// Generating by iterative denoising from a DLM: all tokens are masked at first, and each forward pass fills in some.

import Randomness
import TensorEngine
import Transformer

/// In which order a DLM fills in masked tokens.
public enum DenoisingOrder: String, Codable, Sendable, CaseIterable {
  /// Positions in random order.
  case random
  /// The positions whose chosen token is most probable first.
  case confidence
  /// From left to right: the only order that a model trained on suffix masks knows.
  case leftToRight = "left-to-right"
}

/// Fills `count` masked tokens after a prompt in `steps` forward passes over the whole sequence, as LLaDA samples: each
/// step fills an even share of the positions that are still masked, all from the same pass.
///
/// - Parameter observe: sees the generated part after each step, masks included.
public func sampleDiffusion(
  _ parameters: ModelParameters, prompt: [Int32], count: Int, steps: Int, order: DenoisingOrder, special: SpecialTokens,
  rule: SamplingRule, seed: UInt64, backend: ProductBackend, observe: ([Int32]) -> Void = { _ in }
) -> [Int32] {
  var canvases = [
    Canvas(prompt: prompt, count: count, steps: steps, order: order, special: special, seed: seed, index: 0)
  ]
  denoise(&canvases, parameters, rule: rule, tokensInBatch: canvases[0].length, backend: backend) { observe($0.tokens) }
  return canvases[0].tokens
}

/// Writes whole documents by denoising, many in a batch.
///
/// - Parameters:
///   - lengths: of the documents, 1…context each. Document i has random numbers of its own, so what it is does not
///     depend on the others.
///   - steps: forward passes over each document, at most one a token; nil for one a token.
public func sampleDiffusion(
  _ parameters: ModelParameters, lengths: [Int], steps: Int?, order: DenoisingOrder, special: SpecialTokens,
  rule: SamplingRule, seed: UInt64, backend: ProductBackend
) -> [[Int32]] {
  var canvases = lengths.enumerated().map { i, length in
    Canvas(
      prompt: [], count: length, steps: steps ?? length, order: order, special: special, seed: seed, index: UInt64(i))
  }
  let tokens = max(512, lengths.max() ?? 0)
  denoise(&canvases, parameters, rule: rule, tokensInBatch: tokens, backend: backend)
  return canvases.map(\.tokens)
}

/// Fills the context after each prompt by denoising, many in a batch: what evaluation by execution needs.
///
/// What follows an end token is end tokens, as in the sequences that the model learnt from, and takes no steps.
///
/// - Parameters:
///   - end: the token after which a sequence is finished.
///   - steps: forward passes over each sequence; nil for one a masked token.
/// - Returns: what follows each prompt, up to and with the first end token. Prompt i has random numbers of its own.
public func sampleDiffusion(
  _ parameters: ModelParameters, prompts: [[Int32]], end: Int32, steps: Int?, order: DenoisingOrder,
  special: SpecialTokens, rule: SamplingRule, seed: UInt64, backend: ProductBackend
) -> [[Int32]] {
  let context = parameters.configuration.context
  var canvases = prompts.enumerated().map { i, prompt in
    Canvas(
      prompt: prompt, count: context - prompt.count, steps: steps ?? context, order: order, special: special,
      seed: seed, index: UInt64(i), end: end)
  }
  denoise(&canvases, parameters, rule: rule, tokensInBatch: max(512, context), backend: backend)
  return canvases.map { canvas in
    canvas.tokens.firstIndex(of: end).map { Array(canvas.tokens[...$0]) } ?? canvas.tokens
  }
}

/// Runs every canvas to its end, as many at once as a batch holds.
private func denoise(
  _ canvases: inout [Canvas], _ parameters: ModelParameters, rule: SamplingRule, tokensInBatch: Int,
  backend: ProductBackend, observe: (Canvas) -> Void = { _ in }
) {
  let model = Transformer(
    parameters, capacity: BatchCapacity(tokens: tokensInBatch, scored: tokensInBatch), scoredRows: .beforeLastQueries,
    backend: backend)
  var batch = Batch()
  var start = 0
  while start < canvases.count {
    var end = start
    var tokens = 0
    while end < canvases.count && tokens + canvases[end].length <= tokensInBatch {
      tokens += canvases[end].length
      end += 1
    }
    while canvases[start..<end].contains(where: { !$0.isFinished }) {
      batch.removeAll()
      for i in start..<end where !canvases[i].isFinished { canvases[i].append(to: &batch) }
      model.forward(batch, causal: false)
      var row = 0
      for i in start..<end where !canvases[i].isFinished {
        row += canvases[i].fill(model.logitRows, from: row, vocabulary: parameters.vocabulary, rule: rule)
        observe(canvases[i])
      }
    }
    start = end
  }
}

/// A sequence that is being denoised.
private struct Canvas {
  let prompt: [Int32]
  private(set) var tokens: [Int32]
  private let mask: Int32
  private let end: Int32?
  private let order: DenoisingOrder
  private let rank: [Int]
  private var stepsLeft: Int
  private var stream: RandomStream

  init(
    prompt: [Int32], count: Int, steps: Int, order: DenoisingOrder, special: SpecialTokens, seed: UInt64, index: UInt64,
    end: Int32? = nil
  ) {
    self.prompt = prompt
    self.order = order
    mask = special.mask
    self.end = end
    tokens = [Int32](repeating: special.mask, count: count)
    stepsLeft = max(1, min(steps, count))
    stream = RandomStream(seed: seed, purpose: .sampling, index: index)
    rank = order == .leftToRight ? Array(0..<count) : stream.permutation(count)
  }

  var length: Int { prompt.count + tokens.count }
  var isFinished: Bool { stepsLeft == 0 || !tokens.contains(mask) }

  func append(to batch: inout Batch) {
    for token in prompt { batch.append(token) }
    for token in tokens { batch.append(token, target: token == mask ? 0 : nil) }
    batch.endSequence()
  }

  /// Fills an even share of the masks from the logits of the masked rows, the first of which is `first`; the number of
  /// rows that were masked.
  mutating func fill(
    _ logits: UnsafeBufferPointer<Float>, from first: Int, vocabulary: Int, rule: SamplingRule
  ) -> Int {
    let masked = tokens.indices.filter { tokens[$0] == mask }
    let share = (masked.count + stepsLeft - 1) / stepsLeft
    stepsLeft -= 1
    var rows = Array(masked.indices)
    if order != .confidence { rows = Array(rows.sorted { rank[masked[$0]] < rank[masked[$1]] }.prefix(share)) }
    var proposals = rows.map { row in
      let start = (first + row) * vocabulary
      let choice = rule.choose(logits[start..<start + vocabulary], &stream)
      return (position: masked[row], token: choice.token, probability: choice.probability)
    }
    if order == .confidence { proposals.sort { ($1.probability, $0.position) < ($0.probability, $1.position) } }
    for proposal in proposals.prefix(share) { tokens[proposal.position] = proposal.token }
    if let end, let first = tokens.firstIndex(of: end) {
      for position in tokens[first...].indices { tokens[position] = end }
    }
    return masked.count
  }
}
