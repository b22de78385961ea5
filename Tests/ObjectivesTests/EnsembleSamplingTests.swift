// Documents of an ensemble: each token is drawn from the mixture of what the members predict, beside plain references.

import Foundation
import TensorEngine
import Testing
import Transformer

@testable import Objectives

@Suite struct EnsembleSamplingTests {
  private static let special = SamplingTests.special

  private let members: [ModelParameters] = [UInt64(4), 5].map { seed in
    let parameters = SamplingTests.parameters()
    parameters.initialise(seed: seed)
    return parameters
  }

  /// The mean of the members' probabilities at a position of one sequence.
  private func mixed(_ tokens: [Int32], at position: Int, causal: Bool) -> [Double] {
    let rows = members.map { probabilities($0, tokens, causal: causal)[position] }
    return rows[0].indices.map { (rows[0][$0] + rows[1][$0]) / 2 }
  }

  private static func likeliest(_ p: [Double]) -> Int32 {
    Int32((0..<10).max { p[$0] < p[$1] } ?? 0)
  }

  @Test func greedyAutoregressiveTokensAreTheMostLikely() {
    func generated(_ predictor: any Predictor) -> [Int32] {
      sampleAutoregressive(
        predictor, prompt: [1, 2, 3], count: 10, special: Self.special, rule: SamplingTests.greedy, seed: 1,
        backend: .native)
    }
    let together = generated(Ensemble(members))
    for i in together.indices {
      let read = [Self.special.begin, 1, 2, 3] + together.prefix(i)
      #expect(together[i] == Self.likeliest(mixed(read, at: read.count - 1, causal: true)))
    }
    #expect(members.allSatisfy { generated($0) != together }, "another than each member's")
    #expect(generated(Ensemble([members[0]])) == generated(members[0]))
  }

  @Test func greedyDenoisingFillsInTheMostLikely() {
    func filled(_ predictor: any Predictor, after prompt: [Int32]) -> [Int32] {
      sampleDiffusion(
        predictor, prompt: prompt, count: 8, steps: 8, order: .leftToRight, special: Self.special,
        rule: SamplingTests.greedy, seed: 1, backend: .native)
    }
    let prompts: [[Int32]] = [[1, 2], [3, 4], [5, 6], [7, 8], [9, 0]]
    let together = prompts.map { filled(Ensemble(members), after: $0) }
    for (prompt, tokens) in zip(prompts, together) {
      for i in tokens.indices {
        let canvas = prompt + tokens.prefix(i) + Array(repeating: Self.special.mask, count: 8 - i)
        #expect(tokens[i] == Self.likeliest(mixed(canvas, at: 2 + i, causal: false)))
      }
    }
    for member in members { #expect(prompts.map { filled(member, after: $0) } != together, "another's") }
  }

  /// First tokens of many documents at temperature 1.
  @Test func drawnTokensFollowTheMixture() {
    let rule = SamplingRule(temperature: 1, excluded: [10, 11])
    let draws = 4000
    let documents = sampleAutoregressive(
      Ensemble(members), lengths: Array(repeating: 1, count: draws), special: Self.special, rule: rule, seed: 3,
      backend: .native)
    let p = mixed([Self.special.begin], at: 0, causal: true)
    let total = p[..<10].reduce(0, +)
    for token in 0..<10 {
      let share = p[token] / total
      let seen = documents.count { $0[0] == Int32(token) }
      #expect(
        abs(Double(seen) - share * Double(draws)) <= 4 * (share * (1 - share) * Double(draws)).squareRoot(),
        "token \(token)")
    }
  }

  @Test func readersInOtherOrdersMixToo() {
    let rule = SamplingTests.greedy
    func written(_ predictor: any Predictor) -> [Int32] {
      sampleOrdered(
        predictor, .rightToLeft, lengths: [9], special: Self.special, rule: rule, seed: 1, orderSeed: 1,
        backend: .native)[0]
    }
    let together = written(Ensemble(members))
    let reversed = Array(together.reversed())
    for i in reversed.indices {
      let read = [Self.special.begin] + reversed.prefix(i)
      #expect(reversed[i] == Self.likeliest(mixed(read, at: i, causal: true)))
    }
  }
}
