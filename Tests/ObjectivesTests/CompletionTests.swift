// Many prompts at once give what one prompt alone gives, and nothing follows an end token.

import Randomness
import TensorEngine
import Testing
import Transformer

@testable import Objectives

@Suite struct CompletionTests {
  static let end: Int32 = 0
  let parameters = SamplingTests.parameters()
  let prompts = (0..<40).map(Self.prompt)

  /// Two to six tokens.
  static func prompt(_ index: Int) -> [Int32] {
    var tokens: [Int32] = []
    for place in 0..<2 + index % 5 { tokens.append(Int32(1 + (index * 7 + place * 3) % 9)) }
    return tokens
  }

  private func continued(_ prompts: [[Int32]]) -> [[Int32]] {
    sampleAutoregressive(
      parameters, prompts: prompts, end: Self.end, special: SamplingTests.special, rule: SamplingTests.greedy, seed: 1,
      backend: .native)
  }

  private func denoised(
    _ prompts: [[Int32]], end: Int32 = Self.end, steps: Int? = nil, order: DenoisingOrder, seed: UInt64 = 1
  ) -> [[Int32]] {
    sampleDiffusion(
      parameters, prompts: prompts, end: end, steps: steps, order: order, special: SamplingTests.special,
      rule: SamplingTests.greedy, seed: seed, backend: .native)
  }

  @Test func continuedLikeOneAlone() {
    let completions = continued(prompts)
    for (prompt, completion) in zip(prompts, completions) {
      let alone = sampleAutoregressive(
        parameters, prompt: prompt, count: 16 - prompt.count, special: SamplingTests.special,
        rule: SamplingTests.greedy, seed: 1, end: Self.end, backend: .native)
      #expect(completion == alone)
    }
    #expect(Set(completions.map(\.count)).count > 1, "some end early: \(completions.map(\.count))")
  }

  /// One token per pass in the order of confidence; with an end token that cannot be predicted nothing is filled in
  /// early.
  @Test(arguments: [nil, 3, 1, 99]) func denoisedLikeOneAlone(steps: Int?) {
    let completions = denoised(prompts, end: SamplingTests.special.begin, steps: steps, order: .confidence)
    for (prompt, completion) in zip(prompts, completions) {
      let alone = sampleDiffusion(
        parameters, prompt: prompt, count: 16 - prompt.count, steps: steps ?? 16, order: .confidence,
        special: SamplingTests.special, rule: SamplingTests.greedy, seed: 1, backend: .native)
      #expect(completion == alone)
    }
  }

  @Test(arguments: DenoisingOrder.allCases) func nothingFollowsTheEnd(order: DenoisingOrder) {
    let completions = denoised(prompts, order: order)
    for (prompt, completion) in zip(prompts, completions) {
      #expect(!completion.dropLast().contains(Self.end))
      #expect(completion.last == Self.end || prompt.count + completion.count == 16)
      #expect(!completion.contains(SamplingTests.special.mask))
    }
    #expect(completions.contains { $0.last == Self.end })
    #expect(completions == denoised(prompts, order: order))
    // A prompt's result does not depend on those beside it.
    #expect(Array(completions[..<11]) == denoised(Array(prompts[..<11]), order: order))
  }

  /// Step by step: the most confident token is kept, and after the first end token everything is one.
  @Test func whatFollowsAnEndTakesNoSteps() {
    let model = Transformer(
      parameters, capacity: BatchCapacity(tokens: 16, scored: 16), scoredRows: .beforeLastQueries, backend: .native)
    let completions = denoised(prompts, order: .confidence)
    for (prompt, completion) in zip(prompts, completions) {
      var tokens = prompt + Array(repeating: SamplingTests.special.mask, count: 16 - prompt.count)
      while tokens.contains(SamplingTests.special.mask) {
        var batch = Batch()
        for token in tokens { batch.append(token, target: token == SamplingTests.special.mask ? 0 : nil) }
        batch.endSequence()
        model.forward(batch, causal: false)
        var stream = RandomStream(seed: 1, purpose: .test)
        var best: (position: Int, token: Int32, probability: Double) = (0, 0, -1)
        for (row, position) in tokens.indices.filter({ tokens[$0] == SamplingTests.special.mask }).enumerated() {
          let logits = model.logitRows[row * SamplingTests.vocabulary..<(row + 1) * SamplingTests.vocabulary]
          let choice = SamplingTests.greedy.choose(logits, &stream)
          if choice.probability > best.probability { best = (position, choice.token, choice.probability) }
        }
        tokens[best.position] = best.token
        if best.token == Self.end { for i in best.position..<16 { tokens[i] = Self.end } }
      }
      let generated = tokens[prompt.count...]
      #expect(completion == generated.firstIndex(of: Self.end).map { Array(generated[...$0]) } ?? Array(generated))
    }
  }

  @Test func ordersAndSeedsDiffer() {
    let random = denoised(prompts, order: .random)
    #expect(random != denoised(prompts, order: .random, seed: 2))
    #expect(random != denoised(prompts, order: .confidence))
  }
}
