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
/// - Parameters:
///   - blockSize: of a block diffusion model, which fills one block after the other and does not see those that follow; a
///     step then fills at most what is left of a block, so that there may be more steps.
///   - observe: sees the generated part after each step, masks included.
public func sampleDiffusion(
  _ parameters: any Predictor, prompt: [Int32], count: Int, steps: Int, order: DenoisingOrder, blockSize: Int? = nil,
  special: SpecialTokens, rule: SamplingRule, seed: UInt64, backend: ProductBackend,
  observe: ([Int32]) -> Void = { _ in }
) -> [Int32] {
  var canvases = [
    Canvas(
      prompt: prompt, count: count, pace: pace(count, steps: steps, blockSize: blockSize),
      decoder: CompletionDecoder(order), blockSize: blockSize, special: special, seed: seed, index: 0)
  ]
  denoise(&canvases, parameters, rule: rule, tokensInBatch: canvases[0].length, backend: backend) { observe($0.tokens) }
  return canvases[0].tokens
}

/// Writes whole documents by denoising, many in a batch.
///
/// - Parameters:
///   - lengths: of the documents, 1…context each. Document i has random numbers of its own, so what it is does not
///     depend on the others.
///   - steps: forward passes over each document, at most one per token; nil for one per token.
///   - blockSize: of a block diffusion model, as for one document.
public func sampleDiffusion(
  _ parameters: any Predictor, lengths: [Int], steps: Int?, order: DenoisingOrder, blockSize: Int? = nil,
  special: SpecialTokens, rule: SamplingRule, seed: UInt64, backend: ProductBackend
) -> [[Int32]] {
  var canvases = lengths.enumerated().map { i, length in
    Canvas(
      prompt: [], count: length, pace: pace(length, steps: steps ?? length, blockSize: blockSize),
      decoder: CompletionDecoder(order), blockSize: blockSize, special: special, seed: seed, index: UInt64(i))
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
  _ parameters: any Predictor, prompts: [[Int32]], end: Int32, steps: Int?, order: DenoisingOrder,
  special: SpecialTokens, rule: SamplingRule, seed: UInt64, backend: ProductBackend
) -> [[Int32]] {
  completions(
    parameters, prompts, end: end, pace: steps.map { .passes(left: $0) } ?? .tokens(1),
    decoder: CompletionDecoder(order),
    special: special, rule: rule, seed: seed, backend: backend)
}

/// Fills the context after each prompt as a decoder says, many in a batch.
///
/// What follows an end token is end tokens and takes no passes. With nothing said it is what the function with `steps`
/// and `order` gives for nil and `confidence`, bit for bit.
///
/// - Parameters:
///   - end: the token after which a sequence is finished.
///   - tokensPerPass: masks that each forward pass fills, at least 1; fewer where the decoder has no more to offer, as at
///     the end of a block.
/// - Returns: what follows each prompt, up to and with the first end token. Prompt i has random numbers of its own, and
///   its completion does not depend on the others.
public func sampleDiffusion(
  _ parameters: any Predictor, prompts: [[Int32]], end: Int32, decoder: CompletionDecoder = .confidenceEarlyEnd,
  tokensPerPass: Int = 1, special: SpecialTokens, rule: SamplingRule, seed: UInt64, backend: ProductBackend
) -> [[Int32]] {
  completions(
    parameters, prompts, end: end, pace: .tokens(tokensPerPass), decoder: decoder, special: special, rule: rule,
    seed: seed, backend: backend)
}

private func completions(
  _ parameters: any Predictor, _ prompts: [[Int32]], end: Int32, pace: Canvas.Pace, decoder: CompletionDecoder,
  special: SpecialTokens, rule: SamplingRule, seed: UInt64, backend: ProductBackend
) -> [[Int32]] {
  let context = parameters.configuration.context
  var canvases = prompts.enumerated().map { i, prompt in
    Canvas(
      prompt: prompt, count: context - prompt.count, pace: pace, decoder: decoder, special: special, seed: seed,
      index: UInt64(i), end: end)
  }
  denoise(&canvases, parameters, rule: rule, tokensInBatch: max(512, context), backend: backend)
  return canvases.map { canvas in
    canvas.tokens.firstIndex(of: end).map { Array(canvas.tokens[...$0]) } ?? canvas.tokens
  }
}

/// Fills holes, many in a batch: the model sees what precedes and what follows, and end tokens up to the context.
///
/// - Parameters:
///   - holes: with what surrounds it each is no longer than the context.
///   - end: never chosen, because the sequence goes on.
/// - Returns: the missing tokens of each hole. Hole i has random numbers of its own.
public func sampleDiffusion(
  _ parameters: any Predictor, holes: [Hole], end: Int32, decoder: CompletionDecoder = .confidenceEarlyEnd,
  tokensPerPass: Int = 1, special: SpecialTokens, rule: SamplingRule, seed: UInt64, backend: ProductBackend
) -> [[Int32]] {
  let context = parameters.configuration.context
  var canvases = holes.enumerated().map { i, hole in
    let padding = context - hole.prefix.count - hole.count - hole.suffix.count
    return Canvas(
      prompt: hole.prefix, count: hole.count, suffix: hole.suffix + Array(repeating: end, count: padding),
      pace: .tokens(tokensPerPass), decoder: decoder, special: special, seed: seed, index: UInt64(i))
  }
  let rule = SamplingRule(temperature: rule.temperature, excluded: rule.excluded + [end])
  denoise(&canvases, parameters, rule: rule, tokensInBatch: max(512, context), backend: backend)
  return canvases.map(\.tokens)
}

/// So many steps over a whole canvas; in blocks as many tokens in each as that would fill.
private func pace(_ count: Int, steps: Int, blockSize: Int?) -> Canvas.Pace {
  blockSize == nil ? .passes(left: steps) : .tokens((count + max(1, steps) - 1) / max(1, steps))
}

/// Runs every canvas to its end, as many at once as a batch holds.
private func denoise(
  _ canvases: inout [Canvas], _ parameters: any Predictor, rule: SamplingRule, tokensInBatch: Int,
  backend: ProductBackend, observe: (Canvas) -> Void = { _ in }
) {
  let model = EnsembleTransformer(
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
