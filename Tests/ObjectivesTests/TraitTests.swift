// What each objective says of itself, compared with what it really feeds in: the traits are promises about the batches.

import Testing
import Transformer

@testable import Objectives

@Suite struct TraitTests {
  static let objectives: [Objective] = [
    .plainAutoregressive, .autoregressive(inputMasking: 0.3), .maskedDiffusion, .suffixDiffusion,
    .frozenDiffusion(maskings: 400), .stratifiedDiffusion,
  ]

  /// 400 visits of one sequence of ten tokens: which are masked and scored.
  @Test(arguments: objectives) func theTraitsAreThoseOfTheBatches(_ objective: Objective) {
    let sequence: [Int32] = Array(1...10)
    var scored = 0
    var sets: Set<[Int]> = []
    for visit in 0..<400 {
      let batch = batch(objective, [sequence], first: UInt64(visit), epoch: visit)
      scored += batch.rows.count
      sets.insert(batch.rows)
      switch objective.maskings {
      case .blocks: Issue.record("not among these objectives")
      case .none: #expect(batch.tokens != sequence && batch.targets == sequence)
      case .subsets, .suffixes:
        for (row, token) in batch.tokens.enumerated() {
          #expect(token == (batch.rows.contains(row) ? special.mask : sequence[row]))
        }
      }
    }
    // At least one token is masked, which adds E[(1 - t)^10] / 10 = 1/110 to the half.
    #expect(abs(Double(scored) / 4000 - objective.scoredShare) < 0.05)
    let areSuffixes = sets.allSatisfy { $0 == Array(10 - $0.count..<10) }
    switch objective.maskings {
    case .blocks: break
    case .none: #expect(sets == [Array(0..<10)] && objective.scoredRows == .all)
    case .subsets: #expect(!areSuffixes && sets.count > 100 && objective.scoredRows == .beforeLastQueries)
    case .suffixes: #expect(areSuffixes && sets.count == 10 && objective.scoredRows == .beforeLastQueries)
    }
  }

  @Test func readingAndWriting() {
    #expect(Self.objectives.map(\.attention) == [.causal, .causal] + Array(repeating: .bidirectional, count: 4))
    #expect(Self.objectives.map(\.likelihood) == [.exact, .exact, .bound, .chainRule, .bound, .bound])
    #expect(
      Self.objectives.map(\.orders)
        == [[], [], [.random, .confidence], [.leftToRight], [.random, .confidence], [.random, .confidence]])
  }
}
