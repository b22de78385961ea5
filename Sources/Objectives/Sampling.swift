// Generating tokens: token by token from an AR model, by iterative denoising from a DLM.

import Foundation
import Randomness
import TensorEngine
import Transformer

/// How a token is chosen from logits.
public struct SamplingRule: Sendable {
  /// 0 takes the most likely token; otherwise logits are divided by it and a token is drawn.
  public var temperature: Double
  /// Tokens that are never chosen: the mask and the beginning of a sequence.
  public var excluded: [Int32]

  public init(temperature: Double, excluded: [Int32]) {
    self.temperature = temperature
    self.excluded = excluded
  }

  /// The chosen token and the probability that the model gives it (at temperature 1, excluded tokens left out).
  func choose(_ logits: UnsafeBufferPointer<Float>.SubSequence, _ stream: inout RandomStream) -> (token: Int32, probability: Double) {
    let base = logits.startIndex
    var top = -Float.infinity
    var best: Int32 = 0
    for i in logits.indices where !excluded.contains(Int32(i - base)) && logits[i] > top {
      top = logits[i]
      best = Int32(i - base)
    }
    func weight(_ i: Int, _ temperature: Double) -> Double {
      excluded.contains(Int32(i - base)) ? 0 : exp(Double(logits[i] - top) / temperature)
    }
    let total = logits.indices.reduce(0) { $0 + weight($1, 1) }
    guard temperature > 0 else { return (best, 1 / total) }
    var left = stream.uniform() * logits.indices.reduce(0) { $0 + weight($1, temperature) }
    for i in logits.indices {
      left -= weight(i, temperature)
      if left < 0 { return (Int32(i - base), weight(i, 1) / total) }
    }
    return (best, 1 / total)
  }
}

/// Continues a prompt token by token with a cache of keys and values: one forward pass over one token each.
///
/// - Parameters:
///   - count: tokens to generate; with the prompt at most the model's context.
///   - end: stops after this token.
public func sampleAutoregressive(
  _ parameters: ModelParameters, prompt: [Int32], count: Int, special: SpecialTokens, rule: SamplingRule, seed: UInt64,
  end: Int32? = nil, backend: ProductBackend
) -> [Int32] {
  let decoder = TokenDecoder(parameters, sequences: 1, backend: backend)
  var stream = RandomStream(seed: seed, purpose: .sampling)
  var generated: [Int32] = []
  var logits = decoder.read([special.begin])
  for token in prompt { logits = decoder.read([token]) }
  while generated.count < count {
    let token = rule.choose(logits[...], &stream).token
    generated.append(token)
    if token == end || generated.count == count || decoder.position == parameters.configuration.context { break }
    logits = decoder.read([token])
  }
  return generated
}

/// In which order a DLM fills in masked tokens.
public enum DenoisingOrder: String, Codable, Sendable, CaseIterable {
  /// Positions in random order.
  case random
  /// The positions whose chosen token is most probable first.
  case confidence
}

/// Fills `count` masked tokens after a prompt in `steps` forward passes over the whole sequence, as LLaDA samples: each
/// step chooses a token for every position that is still masked and keeps an even share of them.
///
/// - Parameter observe: sees the generated part after each step, masks included.
public func sampleDiffusion(
  _ parameters: ModelParameters, prompt: [Int32], count: Int, steps: Int, order: DenoisingOrder, special: SpecialTokens,
  rule: SamplingRule, seed: UInt64, backend: ProductBackend, observe: ([Int32]) -> Void = { _ in }
) -> [Int32] {
  let length = prompt.count + count
  let model = Transformer(
    parameters, capacity: BatchCapacity(tokens: length, scored: length), scoredRows: .beforeLastQueries, backend: backend)
  var stream = RandomStream(seed: seed, purpose: .sampling)
  var tokens = [Int32](repeating: special.mask, count: count)
  let rank = stream.permutation(count)
  var batch = Batch()
  let vocabulary = parameters.vocabulary
  for step in 0..<max(1, min(steps, count)) {
    let masked = tokens.indices.filter { tokens[$0] == special.mask }
    batch.removeAll()
    for token in prompt { batch.append(token) }
    for token in tokens { batch.append(token, target: token == special.mask ? 0 : nil) }
    batch.endSequence()
    model.forward(batch, causal: false)
    let logits = model.logitRows
    var proposals = masked.enumerated().map { row, position in
      let choice = rule.choose(logits[row * vocabulary..<(row + 1) * vocabulary], &stream)
      return (position: position, token: choice.token, probability: choice.probability)
    }
    switch order {
    case .random: proposals.sort { rank[$0.position] < rank[$1.position] }
    case .confidence: proposals.sort { ($1.probability, $0.position) < ($0.probability, $1.position) }
    }
    let left = max(1, min(steps, count)) - step
    for proposal in proposals.prefix((masked.count + left - 1) / left) { tokens[proposal.position] = proposal.token }
    observe(tokens)
  }
  return tokens
}
