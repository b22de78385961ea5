// The variants of masked diffusion that take one of its advantages away: their masks, and that the plain objectives
// are written as before.

import Foundation
import Testing
import Transformer

@testable import Objectives

@Suite struct DiffusionVariantTests {
  static let sequences: [[Int32]] = [[4, 7, 7, 1], [9], [2, 3], [5, 6, 5, 6, 5, 6, 5]]

  /// As many masks as masked diffusion draws for the same sequence of training, all of them at the end.
  @Test func suffixMasksAreTheLastTokens() {
    var lengths = Set<Int>()
    for index in 0..<60 {
      let random = batch(.maskedDiffusion, Self.sequences, first: UInt64(4 * index))
      let suffix = batch(.suffixDiffusion, Self.sequences, first: UInt64(4 * index))
      #expect(suffix.offsets == random.offsets)
      for (sequence, (start, end)) in zip(random.offsets, random.offsets.dropFirst()).enumerated() {
        let count = random.rows.count { (start..<end).contains($0) }
        let rows = suffix.rows.indices.filter { (start..<end).contains(suffix.rows[$0]) }
        #expect(rows.map { suffix.rows[$0] } == Array(end - count..<end))
        #expect(rows.allSatisfy { suffix.weights[$0] == 1 / (4 * Float(count)) })
        for row in start..<end {
          #expect(suffix.tokens[row] == (row < end - count ? Self.sequences[sequence][row - start] : special.mask))
        }
        if sequence == 3 { lengths.insert(count) }
      }
      #expect(suffix.targets == suffix.rows.map { Self.sequences.flatMap { $0 }[$0] })
    }
    #expect(lengths == Set(1...7))
  }

  static let long = [1, 2, 3].map { Array(repeating: Int32($0), count: 50) }

  /// The rows that epoch e masks in three long sequences; the numbers of the visits must not matter.
  static func rows(maskings: Int, epoch: Int, seed: UInt64 = 1) -> [Int] {
    batch(.frozenDiffusion(maskings: maskings), long, seed: seed, first: UInt64(epoch * 7 + 1), epoch: epoch).rows
  }

  @Test func maskingsComeBackAfterKEpochs() {
    let all = (0..<12).map { Self.rows(maskings: 12, epoch: $0) }
    #expect(Set(all).count == 12)
    for maskings in [1, 2, 3, 5] {
      // The maskings of a smaller K are among those of a larger one.
      for epoch in 0..<12 { #expect(Self.rows(maskings: maskings, epoch: epoch) == all[epoch % maskings]) }
    }
    #expect(Self.rows(maskings: 1, epoch: 0, seed: 2) != all[0])
    // Each sequence has its own, and none of them is masked diffusion's.
    let places = Dictionary(grouping: all[0]) { $0 / 50 }.mapValues { $0.map { $0 % 50 } }
    #expect(Set(places.values).count == 3)
    #expect(batch(.maskedDiffusion, Self.long).rows != all[0])
  }

  /// Over many sequences the frozen maskings are distributed as masked diffusion's: their number is uniform.
  @Test func frozenMasksAreDrawnAlike() {
    let sequences = Array(repeating: [Int32](repeating: 1, count: 9), count: 4_000)
    let batch = batch(.frozenDiffusion(maskings: 1), sequences)
    var masks = [Int](repeating: 0, count: 4_000)
    var positions = [Int](repeating: 0, count: 9)
    for row in batch.rows {
      masks[row / 9] += 1
      positions[row % 9] += 1
    }
    for count in 1...9 {
      let expected = count == 1 ? 800 : 400
      #expect(abs(masks.count { $0 == count } - expected) < expected / 5)
    }
    for count in positions { #expect(abs(count - 2_044) < 130) }  // 4000 · (1/2 + (1/10) / 9)
    #expect(batch.weights.reduce(0, +) > 0.999 && batch.weights.reduce(0, +) < 1.001)
  }

  /// One sequence of each stratum of t in every step, whichever is first; and each t alone is uniform.
  @Test func stratifiedMasksCoverEveryStepEvenly() {
    let sequences = Array(repeating: [Int32](repeating: 1, count: 400), count: 8)
    var first = [Int](repeating: 0, count: 8)
    for step in 0..<200 {
      let batch = batch(.stratifiedDiffusion, sequences, first: UInt64(8 * step))
      let shares = (0..<8).map { sequence in Double(batch.rows.count { $0 / 400 == sequence }) / 400 }
      let sorted = shares.sorted()
      for (low, high) in zip(sorted, sorted.dropFirst()) { #expect(abs(high - low - 1 / 8) < 0.12) }
      first[min(Int(shares[0] * 8), 7)] += 1
    }
    for count in first { #expect((8...45).contains(count), "\(first)") }  // 25 are expected
    let plain = batch(.maskedDiffusion, Self.sequences)
    #expect(batch(.stratifiedDiffusion, Self.sequences).rows != plain.rows)
    #expect(Objective.stratifiedDiffusion.shortName == "DLM, stratified t")
  }

  @Test func namesAndAttention() {
    let frozen = Objective.frozenDiffusion(maskings: 4)
    #expect(frozen.attention == .bidirectional && frozen.scoredRows == .beforeLastQueries)
    #expect(frozen.shortName == "DLM, 4 frozen maskings")
    #expect(Objective.frozenDiffusion(maskings: 1).shortName == "DLM, 1 frozen masking")
    let suffix = Objective.suffixDiffusion
    #expect(suffix.attention == .bidirectional && suffix.scoredRows == .beforeLastQueries)
    #expect(suffix.shortName == "DLM, suffix masks")
  }

  /// Runs are named by the hash of this text.
  @Test(arguments: [
    (Objective.plainAutoregressive, #"{"autoregressive":{"inputMasking":0}}"#),
    (.autoregressive(inputMasking: 0.3), #"{"autoregressive":{"inputMasking":0.3}}"#),
    (.autoregressive(inputMasking: 0.3, maskedLoss: 2), #"{"autoregressive":{"inputMasking":0.3,"maskedLoss":2}}"#),
    (.maskedDiffusion, #"{"maskedDiffusion":{}}"#),
    (.suffixDiffusion, #"{"suffixDiffusion":{}}"#),
    (.frozenDiffusion(maskings: 4), #"{"frozenDiffusion":{"maskings":4}}"#),
    (.stratifiedDiffusion, #"{"stratifiedDiffusion":{}}"#),
  ])
  func spelling(objective: Objective, json: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(String(decoding: try encoder.encode(objective), as: UTF8.self) == json)
    #expect(try JSONDecoder().decode(Objective.self, from: Data(json.utf8)) == objective)
  }
}
