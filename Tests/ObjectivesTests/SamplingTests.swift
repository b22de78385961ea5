// Generation: greedy tokens follow the logits, drawn ones their probabilities, and denoising fills every mask in the
// number of steps that was asked for.

import Foundation
import Randomness
import TensorEngine
import Testing
import Transformer

@testable import Objectives

@Suite struct SamplingTests {
  static let vocabulary = 12
  static let special = SpecialTokens(mask: 10, begin: 11)
  static let greedy = SamplingRule(temperature: 0, excluded: [10, 11])

  static func parameters() -> ModelParameters {
    let parameters = ModelParameters(
      ModelConfiguration(width: 8, heads: 2, feedForward: 12, layers: 2, context: 16, initialStandardDeviation: 0.6),
      vocabulary: vocabulary)
    parameters.initialise(seed: 4)
    return parameters
  }

  static func choices(_ logits: [Float], _ rule: SamplingRule, draws: Int) -> [(token: Int32, probability: Double)] {
    var stream = RandomStream(seed: 1, purpose: .test)
    return logits.withUnsafeBufferPointer { logits in (0..<draws).map { _ in rule.choose(logits[...], &stream) } }
  }

  @Test func temperatureZeroTakesTheLargest() {
    let logits: [Float] = [1, 3, 2, 3, 9]
    let choice = Self.choices(logits, SamplingRule(temperature: 0, excluded: [4]), draws: 1)[0]
    #expect(choice.token == 1)  // the first of two, and not the excluded one
    #expect(abs(choice.probability - exp(3) / (exp(1) + 2 * exp(3) + exp(2))) < 1e-9)
  }

  @Test(arguments: [0.5, 1, 2])
  func drawnTokensFollowTheirProbabilities(temperature: Double) {
    let logits: [Float] = [0, 1, 9, 2, -1]
    let draws = 10_000
    let choices = Self.choices(logits, SamplingRule(temperature: temperature, excluded: [2]), draws: draws)
    let weights = logits.enumerated().map { $0 == 2 ? 0 : exp(Double($1) / temperature) }
    let plain = logits.enumerated().map { $0 == 2 ? 0 : exp(Double($1)) }
    for token in logits.indices {
      let p = weights[token] / weights.reduce(0, +)
      let seen = choices.filter { $0.token == Int32(token) }
      #expect(
        abs(Double(seen.count) - p * Double(draws)) <= 4 * (p * (1 - p) * Double(draws)).squareRoot(), "token \(token)")
      for choice in seen { #expect(abs(choice.probability - plain[token] / plain.reduce(0, +)) < 1e-9) }
    }
  }

  /// Each token is the most likely one after those before, by a whole pass over them.
  @Test func greedyAutoregressiveTokensAreTheMostLikely() {
    let parameters = Self.parameters()
    let prompt: [Int32] = [1, 2, 3]
    let generated = sampleAutoregressive(
      parameters, prompt: prompt, count: 6, special: Self.special, rule: Self.greedy, seed: 1, backend: .native)
    #expect(generated.count == 6)
    let model = Transformer(
      parameters, capacity: BatchCapacity(tokens: 16, scored: 16), scoredRows: .all, backend: .native)
    for (i, token) in generated.enumerated() {
      var batch = Batch()
      for seen in [Self.special.begin] + prompt + generated[..<i] { batch.append(seen, target: 0) }
      batch.endSequence()
      model.forward(batch, causal: true)
      let last = model.logitRows.suffix(Self.vocabulary).prefix(10)  // without mask and begin
      #expect(Int(token) == last.indices.max { last[$0] < last[$1] }.map { $0 - last.startIndex })
    }
  }

  @Test func generationStopsAtTheEndTokenAndAtTheContext() {
    let parameters = Self.parameters()
    func generate(_ prompt: [Int32], end: Int32? = nil) -> [Int32] {
      sampleAutoregressive(
        parameters, prompt: prompt, count: 99, special: Self.special, rule: Self.greedy, seed: 1, end: end,
        backend: .native)
    }
    let long = generate([1, 2, 3])
    #expect(long.count == 13)  // begin, three of the prompt and twelve generated are read: sixteen
    let stop = generate([1, 2, 3], end: long[4])
    #expect(stop == Array(long[...(long.firstIndex(of: long[4]) ?? 0)]))
  }

  @Test func seedsFixWhatIsDrawn() {
    let parameters = Self.parameters()
    let rule = SamplingRule(temperature: 1, excluded: [10, 11])
    func autoregressive(_ seed: UInt64) -> [Int32] {
      sampleAutoregressive(
        parameters, prompt: [], count: 12, special: Self.special, rule: rule, seed: seed, backend: .native)
    }
    func diffusion(_ seed: UInt64) -> [Int32] {
      sampleDiffusion(
        parameters, prompt: [1], count: 12, steps: 6, order: .random, special: Self.special, rule: rule, seed: seed,
        backend: .native)
    }
    #expect(autoregressive(1) == autoregressive(1) && autoregressive(1) != autoregressive(2))
    #expect(diffusion(1) == diffusion(1) && diffusion(1) != diffusion(2))
  }

  @Test(arguments: DenoisingOrder.allCases, [1, 3, 4, 10, 50])
  func denoisingFillsEvenShares(order: DenoisingOrder, steps: Int) {
    var seen: [[Int32]] = []
    let result = sampleDiffusion(
      Self.parameters(), prompt: [3, 4], count: 10, steps: steps, order: order, special: Self.special,
      rule: Self.greedy, seed: 2, backend: .native, observe: { seen.append($0) })
    #expect(seen.count == min(steps, 10) && seen.last == result)
    let masks = [10] + seen.map { $0.count { $0 == Self.special.mask } }
    let filled = zip(masks, masks.dropFirst()).map { $0 - $1 }
    #expect(masks.last == 0 && (filled.max() ?? 0) - (filled.min() ?? 0) <= 1, "\(filled)")
    for (before, after) in zip(seen, seen.dropFirst()) {
      for (old, new) in zip(before, after) where old != Self.special.mask { #expect(old == new) }  // never taken back
    }
    #expect(result.allSatisfy { (0..<10).contains($0) })
  }

  /// One position a step, most confident first: the first one kept is the most probable of all proposals.
  @Test func confidentPositionsComeFirst() throws {
    let parameters = Self.parameters()
    var first: [Int32]?
    _ = sampleDiffusion(
      parameters, prompt: [3, 4], count: 8, steps: 8, order: .confidence, special: Self.special, rule: Self.greedy,
      seed: 2, backend: .native, observe: { first = first ?? $0 })
    let model = Transformer(
      parameters, capacity: BatchCapacity(tokens: 16, scored: 16), scoredRows: .all, backend: .native)
    var batch = Batch()
    for token in [3, 4] + Array(repeating: Self.special.mask, count: 8) { batch.append(token, target: 0) }
    batch.endSequence()
    model.forward(batch, causal: false)
    var best = (probability: 0.0, position: 0, token: Int32(0))
    for position in 0..<8 {
      let row = Array(model.logitRows[(position + 2) * 12..<(position + 2) * 12 + 10]).map { exp(Double($0)) }
      for (token, weight) in row.enumerated() where weight / row.reduce(0, +) > best.probability {
        best = (weight / row.reduce(0, +), position, Int32(token))
      }
    }
    var expected = Array(repeating: Self.special.mask, count: 8)
    expected[best.position] = best.token
    #expect(try #require(first) == expected)
  }
}

/// A model's probabilities at every position of one sequence, each a softmax of the logits of the first `outcomes` tokens.
func probabilities(
  _ parameters: ModelParameters, _ tokens: [Int32], causal: Bool = false, outcomes: Int = SamplingTests.vocabulary
) -> [[Double]] {
  let model = Transformer(
    parameters, capacity: BatchCapacity(tokens: 16, scored: 16), scoredRows: .all, backend: .native)
  var batch = Batch()
  for token in tokens { batch.append(token, target: 0) }
  batch.endSequence()
  model.forward(batch, causal: causal)
  return tokens.indices.map { row in
    let weights = (0..<outcomes).map { exp(Double(model.logitRows[row * SamplingTests.vocabulary + $0])) }
    return weights.map { $0 / weights.reduce(0, +) }
  }
}
