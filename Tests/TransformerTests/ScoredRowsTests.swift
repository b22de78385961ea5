// Leaving out rows that are not scored changes neither losses nor gradients.

import TensorEngine
import Testing

@testable import Transformer

@Suite struct ScoredRowsTests {
  static let sequences = [5, 1, 18, 3, 2].enumerated().map { randomTokens($1, index: UInt64($0)) }
  /// Scored positions of each sequence, with weights; the fourth sequence has none.
  static let scored: [[Int]] = [[0, 4], [0], [2, 3, 9, 16, 17], [], [1]]

  /// The batch with the rows that are not scored left out, or in it at weight zero.
  static func batch(keepingAllRows: Bool) -> Batch {
    var batch = Batch()
    for (i, sequence) in sequences.enumerated() {
      for (position, token) in sequence.enumerated() {
        let isScored = scored[i].contains(position)
        let target = Int32((7 * position + i) % vocabulary)
        batch.append(
          token, target: isScored || keepingAllRows ? target : nil,
          weight: isScored ? 0.1 * Float(1 + (i + position) % 4) : 0)
      }
      batch.endSequence()
    }
    return batch
  }

  struct Outcome {
    var loss: Double
    var losses: [Float]
    var logits: [Float]
    var gradients: [Float]
  }

  /// Loss, losses and logits of the scored rows, and all gradients.
  static func outcome(
    _ parameters: ModelParameters, _ scoredRows: ScoredRows, causal: Bool, backend: ProductBackend
  ) -> Outcome {
    let model = model(parameters, scoredRows, backend: backend)
    let batch = batch(keepingAllRows: scoredRows == .all)
    parameters.buffer.clearGradients()
    let loss = model.forward(batch, causal: causal)
    let rows = batch.weights.indices.filter { batch.weights[$0] > 0 }
    let logits = rows.flatMap { Array(model.logitRows[$0 * vocabulary..<($0 + 1) * vocabulary]) }
    let losses = rows.map { model.losses[$0] }
    model.backward()
    return Outcome(
      loss: loss, losses: losses, logits: logits,
      gradients: parameters.buffer.slices.flatMap(parameters.buffer.gradients))
  }

  @Test(arguments: [nil, tinyExperts], [false, true])
  func leavingRowsOutChangesNothing(experts: ModelConfiguration.Experts?, causal: Bool) {
    let parameters = tinyParameters(tinyConfiguration(experts: experts))
    for backend in ProductBackend.allCases {
      let full = Self.outcome(parameters, .all, causal: causal, backend: backend)
      #expect(full.losses.count == 9 && full.loss > 1)
      #expect(full.gradients.contains { abs($0) > 0.01 })
      // With experts `.beforeLastQueries` falls back to `.beforeHead`, since routing counts every row.
      for scoredRows in [ScoredRows.beforeHead, .beforeLastQueries] {
        let some = Self.outcome(parameters, scoredRows, causal: causal, backend: backend)
        #expect(abs(some.loss - full.loss) < 1e-5, "\(scoredRows), \(backend)")
        #expect(largestDifference(some.losses, full.losses) < 1e-5, "\(scoredRows), \(backend)")
        #expect(largestDifference(some.logits, full.logits) < 1e-5, "\(scoredRows), \(backend)")
        #expect(largestDifference(some.gradients, full.gradients) < 1e-5, "\(scoredRows), \(backend)")
      }
    }
  }

  @Test(arguments: [ScoredRows.beforeHead, .beforeLastQueries])
  func aBatchWithNothingScoredHasNoLossAndNoGradient(scoredRows: ScoredRows) {
    let parameters = tinyParameters(tinyConfiguration())
    let model = model(parameters, scoredRows)
    _ = model.forward(Self.batch(keepingAllRows: false), causal: false)
    model.backward()
    parameters.buffer.clearGradients()
    var batch = Batch()
    for token in randomTokens(6, index: 3) { batch.append(token) }
    batch.endSequence()
    #expect(model.forward(batch, causal: false) == 0)
    #expect(model.losses.isEmpty && model.logitRows.isEmpty)
    model.backward()
    #expect(parameters.buffer.gradientNorm == 0)
  }

  @Test func expertsKeepEveryRowUntilTheHead() {
    let dense = model(tinyParameters(tinyConfiguration()), .beforeLastQueries)
    let sparse = model(tinyParameters(tinyConfiguration(experts: tinyExperts)), .beforeLastQueries)
    #expect(dense.scoredRows == .beforeLastQueries)
    #expect(sparse.scoredRows == .beforeHead)
  }
}
