// Whole documents drawn in batches: each is what it would be alone, in the lengths that were asked for.

import Foundation
import TensorEngine
import Testing
import Transformer

@testable import Objectives

@Suite struct DocumentSamplingTests {
  static let special = SamplingTests.special
  static let rule = SamplingRule(temperature: 1, excluded: [10, 11])
  /// More tokens than a batch of 512 holds.
  static let lengths = (0..<60).map { 1 + $0 * 7 % 16 }

  static func diffusion(_ lengths: [Int], steps: Int?, _ order: DenoisingOrder, seed: UInt64 = 5) -> [[Int32]] {
    sampleDiffusion(
      SamplingTests.parameters(), lengths: lengths, steps: steps, order: order, special: special, rule: rule,
      seed: seed,
      backend: .native)
  }

  static func autoregressive(_ lengths: [Int], seed: UInt64 = 5) -> [[Int32]] {
    sampleAutoregressive(
      SamplingTests.parameters(), lengths: lengths, special: special, rule: rule, seed: seed, backend: .native)
  }

  @Test(arguments: DenoisingOrder.allCases, [1, 5, nil])
  func documentsDoNotDependOnEachOther(order: DenoisingOrder, steps: Int?) {
    #expect(Self.lengths.reduce(0, +) > 500)
    let all = Self.diffusion(Self.lengths, steps: steps, order)
    #expect(all.map(\.count) == Self.lengths)
    #expect(all.joined().allSatisfy { (0..<10).contains($0) })
    #expect(Self.diffusion(Array(Self.lengths.prefix(7)), steps: steps, order) == Array(all.prefix(7)))
    let one = sampleDiffusion(
      SamplingTests.parameters(), prompt: [], count: Self.lengths[0], steps: steps ?? 99, order: order,
      special: Self.special, rule: Self.rule, seed: 5, backend: .native)
    #expect(one == all[0])
    #expect(Self.diffusion(Self.lengths, steps: steps, order, seed: 6) != all)
  }

  /// Token by token from one whole pass each, with the same random numbers.
  @Test func autoregressiveDocuments() {
    let all = Self.autoregressive(Self.lengths)
    #expect(all.map(\.count) == Self.lengths)
    #expect(Self.autoregressive(Array(Self.lengths.prefix(7))) == Array(all.prefix(7)))
    #expect(Self.autoregressive(Self.lengths, seed: 6) != all)
    let one = sampleAutoregressive(
      SamplingTests.parameters(), prompt: [], count: Self.lengths[0], special: Self.special, rule: Self.rule, seed: 5,
      backend: .native)
    #expect(one == all[0])
    #expect(Self.autoregressive([]).isEmpty && Self.diffusion([], steps: 3, .random).isEmpty)
  }

  /// A denoised token has the model's probability given what was visible: at one step, that of a pass over masks alone;
  /// at one token per step from left to right, that given the prefix.
  @Test(arguments: [1, nil])
  func denoisedTokensFollowTheModel(steps: Int?) {
    let draws = 4_000
    let documents = Self.diffusion(Array(repeating: 3, count: draws), steps: steps, .leftToRight)
    let model = Transformer(
      SamplingTests.parameters(), capacity: BatchCapacity(tokens: 16, scored: 16), scoredRows: .all, backend: .native)
    let first = documents[0][0]
    let given = steps == 1 ? documents : documents.filter { $0[0] == first }
    var batch = Batch()
    for token in [steps == 1 ? 10 : first, 10, 10] { batch.append(token, target: 0) }
    batch.endSequence()
    model.forward(batch, causal: false)
    let weights = model.logitRows[12..<22].map { exp(Double($0)) }
    for (token, weight) in weights.enumerated() {
      let p = weight / weights.reduce(0, +)
      let seen = given.count { Int($0[1]) == token }
      #expect(abs(Double(seen) - p * Double(given.count)) <= 4 * (p * (1 - p) * Double(given.count)).squareRoot() + 1)
    }
  }

  @Test func leftToRightFillsTheFirstMasks() {
    var seen: [[Int32]] = []
    _ = sampleDiffusion(
      SamplingTests.parameters(), prompt: [3], count: 9, steps: 3, order: .leftToRight, special: Self.special,
      rule: Self.rule, seed: 2, backend: .native, observe: { seen.append($0) })
    #expect(
      seen.map { $0.map { $0 == Self.special.mask } } == [3, 6, 9].map { filled in (0..<9).map { $0 >= filled } })
  }
}
