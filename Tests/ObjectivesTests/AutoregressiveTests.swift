// What the autoregressive objective feeds in and asks: the shift, the begin token, weights, and masked inputs.

import Testing
import Transformer

@testable import Objectives

let special = SpecialTokens(mask: 50, begin: 51)

/// A batch with the given sequences, those of the corpus, appended in an epoch; visits are numbered from `first`.
func batch(
  _ objective: Objective, _ sequences: [[Int32]], totals: StepTotals? = nil, seed: UInt64 = 1, first: UInt64 = 0,
  epoch: Int = 0
) -> Batch {
  let totals = totals ?? StepTotals(sequences: sequences.count, tokens: sequences.reduce(0) { $0 + $1.count })
  var batch = Batch()
  for (i, sequence) in sequences.enumerated() {
    objective.append(
      sequence, to: &batch, totals: totals, special: special, seed: seed,
      visit: Visit(number: first + UInt64(i), sequence: i, epoch: epoch, firstOfStep: first))
  }
  return batch
}

@Suite struct AutoregressiveTests {
  static let sequences: [[Int32]] = [[4, 7, 7, 1], [9], [2, 3]]

  @Test func everyTokenIsPredictedFromTheOneBefore() {
    let batch = batch(.plainAutoregressive, Self.sequences)
    #expect(batch.tokens == [51, 4, 7, 7, 51, 51, 2])
    #expect(batch.targets == [4, 7, 7, 1, 9, 2, 3])
    #expect(batch.offsets == [0, 4, 5, 7])
    #expect(batch.rows == Array(0..<7))
    #expect(batch.weights.allSatisfy { $0 == 1 / Float(7) })
  }

  /// Mean cross-entropy over all tokens of a step, however it is cut into batches.
  @Test func weightsOfAStepSumToOne() {
    for tokens in [1, 3, 7, 513] {
      let sequences = [Array(repeating: Int32(1), count: tokens), [2], [3, 4, 5]]
      let totals = StepTotals(sequences: 3, tokens: tokens + 4)
      let sum = sequences.reduce(Float(0)) {
        $0 + batch(.plainAutoregressive, [$1], totals: totals).weights.reduce(0, +)
      }
      #expect(abs(sum - 1) < 1e-5)
    }
  }

  @Test(arguments: [0.1, 0.5, 0.9])
  func inputMaskingHitsTheGivenShareOfInputsAndNoTarget(ratio: Double) {
    let sequences = (0..<200).map { i in (0..<50).map { Int32((i + $0) % 50) } }
    let plain = batch(.plainAutoregressive, sequences)
    let noisy = batch(.autoregressive(inputMasking: ratio), sequences)
    #expect(noisy.targets == plain.targets && noisy.weights == plain.weights)
    #expect(noisy.rows == plain.rows && noisy.offsets == plain.offsets)
    var masked = 0
    for (row, (before, after)) in zip(plain.tokens, noisy.tokens).enumerated() {
      if row % 50 == 0 { #expect(after == special.begin) }  // never the begin token
      if after != before {
        #expect(after == special.mask)
        masked += 1
      }
    }
    let candidates = Double(200 * 49)
    let deviation = (candidates * ratio * (1 - ratio)).squareRoot()
    #expect(abs(Double(masked) - ratio * candidates) < 4 * deviation)
  }

  @Test func noInputMaskingIsPlain() {
    #expect(
      batch(.autoregressive(inputMasking: 0), Self.sequences).tokens
        == batch(.plainAutoregressive, Self.sequences).tokens)
    let all = batch(.autoregressive(inputMasking: 1), Self.sequences)
    #expect(all.tokens == [51, 50, 50, 50, 51, 51, 50])
  }

  /// An auxiliary loss is that of both readings, weighted: what is asked is what plain and noisy AR are asked.
  @Test func anAuxiliaryLossReadsEachSequenceTwice() {
    let plain = batch(.plainAutoregressive, Self.sequences)
    let noisy = batch(.autoregressive(inputMasking: 0.9), Self.sequences)
    let objective = Objective.autoregressive(inputMasking: 0.9, maskedLoss: 3)
    let both = batch(objective, Self.sequences)
    #expect(both.offsets.count == 2 * plain.offsets.count - 1 && noisy.tokens != plain.tokens)
    for (number, sequence) in Self.sequences.enumerated() {
      let own = plain.offsets[number]..<plain.offsets[number + 1]
      for (reading, weight, single) in [(0, Float(0.25), plain), (1, 0.75, noisy)] {
        let rows = both.offsets[2 * number + reading]..<both.offsets[2 * number + reading + 1]
        #expect(rows.count == sequence.count && both.tokens[rows] == single.tokens[own])
        #expect(both.targets[rows] == single.targets[own])
        #expect(zip(both.weights[rows], single.weights[own]).allSatisfy { abs($0 - weight * $1) < 1e-7 })
      }
    }
    #expect(objective.rows(of: 7) == 14 && objective.pairs(of: 4) == 16 && objective.scoredShare == 2)
    #expect(objective.shortName == "AR, input masking 0.9 in an auxiliary loss of weight 3.0")
  }

  @Test func masksFollowFromSeedAndIndex() {
    let objective = Objective.autoregressive(inputMasking: 0.5)
    let sequence = Array(repeating: Int32(1), count: 60)
    let first = batch(objective, [sequence], first: 8).tokens
    #expect(batch(objective, [sequence], first: 8).tokens == first)
    #expect(batch(objective, [sequence], first: 9).tokens != first)
    #expect(batch(objective, [sequence], seed: 2, first: 8).tokens != first)
    #expect(batch(objective, [sequence, sequence], first: 7).tokens.suffix(60) == first[...])
  }

  @Test func namesAndAttention() {
    let noisy = Objective.autoregressive(inputMasking: 0.3)
    #expect(noisy.attention == .causal && noisy.maskings == .none && noisy.scoredRows == .all)
    #expect(noisy.shortName == "AR, input masking 0.3")
    let masked = Objective.maskedDiffusion
    #expect(masked.attention == .bidirectional && masked.shortName == "DLM" && masked.scoredRows == .beforeLastQueries)
  }
}
