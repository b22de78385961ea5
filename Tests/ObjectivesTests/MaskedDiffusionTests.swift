// What the masked-diffusion objective feeds in and asks: the distribution of its masks, targets in place, weights.

import Testing
import Transformer

@testable import Objectives

@Suite struct MaskedDiffusionTests {
  static let sequences: [[Int32]] = [[4, 7, 7, 1], [9], [2, 3], [5, 6, 5, 6, 5, 6, 5]]

  /// Which of `count` tokens are masked.
  static func mask(count: Int, seed: UInt64, index: Int) -> [Bool] {
    let mask = DiffusionMask(count: count, seed: seed, purpose: .diffusionMask, index: UInt64(index))
    var places = mask.places
    let masked = (0..<count).map { _ in places.next() }
    #expect(mask.maskedCount == masked.count { $0 })
    return masked
  }

  @Test func masksReplaceWhatTheyAsk() {
    for index in 0..<50 {
      let batch = batch(.maskedDiffusion, Self.sequences, first: UInt64(4 * index))
      let original = Self.sequences.flatMap { $0 }
      #expect(batch.offsets == [0, 4, 5, 7, 14])
      #expect(batch.rows == batch.rows.sorted())
      for (row, target) in zip(batch.rows, batch.targets) { #expect(target == original[row]) }  // in place, no shift
      for row in original.indices {
        #expect(batch.tokens[row] == (batch.rows.contains(row) ? special.mask : original[row]))
      }
      for (start, end) in zip(batch.offsets, batch.offsets.dropFirst()) {
        #expect(batch.rows.contains { (start..<end).contains($0) }, "at least one mask in every sequence")
      }
    }
  }

  /// The mean over sequences of the mean over their masked tokens.
  @Test func everySequenceWeighsTheSame() {
    for index in 0..<20 {
      let batch = batch(.maskedDiffusion, Self.sequences, first: UInt64(index))
      for (start, end) in zip(batch.offsets, batch.offsets.dropFirst()) {
        let own = batch.rows.indices.filter { (start..<end).contains(batch.rows[$0]) }.map { batch.weights[$0] }
        #expect(abs(own.reduce(0, +) - 0.25) < 1e-6)
        #expect(Set(own).count == 1)
      }
      #expect(abs(batch.weights.reduce(0, +) - 1) < 1e-6)
    }
  }

  /// With t uniform, the number of masks among n tokens is uniform on 0…n, except that none becomes one.
  @Test(arguments: [1, 2, 5, 9])
  func numberOfMasksIsUniform(count: Int) {
    let draws = 10_000
    var counts = [Int](repeating: 0, count: count + 1)
    for index in 0..<draws {
      counts[Self.mask(count: count, seed: 5, index: index).count { $0 }] += 1
    }
    #expect(counts[0] == 0)
    for (masks, seen) in counts.enumerated().dropFirst() {
      let expected = Double(masks == 1 ? 2 : 1) / Double(count + 1)
      let deviation = (Double(draws) * expected * (1 - expected)).squareRoot()
      #expect(abs(Double(seen) - expected * Double(draws)) <= 4 * deviation, "\(masks) of \(count) masked")
    }
  }

  /// The masked share of a long sequence is t, so its quantiles are those of U(0, 1).
  @Test func maskedShareIsUniform() {
    let draws = 1_000
    let shares = (0..<draws).map { index in
      Double(Self.mask(count: 400, seed: 6, index: index).count { $0 }) / 400
    }.sorted()
    // Kolmogorov–Smirnov: 1.63 / √n is exceeded once in a hundred times, 1 / 400 is the grid.
    for (i, share) in shares.enumerated() {
      #expect(abs(share - (Double(i) + 0.5) / Double(draws)) < 1.63 / Double(draws).squareRoot() + 1.0 / 400)
    }
  }

  @Test func everyPositionIsMaskedAlike() {
    let draws = 10_000
    var counts = [Int](repeating: 0, count: 6)
    for index in 0..<draws {
      for (i, isMasked) in Self.mask(count: 6, seed: 7, index: index).enumerated() where isMasked { counts[i] += 1 }
    }
    // P = 1/2 + (1/7 of the draws have none) / 6.
    let expected = 0.5 + 1.0 / 42
    for count in counts {
      #expect(abs(Double(count) / Double(draws) - expected) < 4 * 0.5 / Double(draws).squareRoot())
    }
  }

  @Test func masksFollowFromSeedAndIndexAndNotFromTheBatch() {
    let together = batch(.maskedDiffusion, Self.sequences, first: 30)
    let totals = StepTotals(sequences: 4, tokens: 14)
    var rows: [Int] = []
    var weights: [Float] = []
    for (i, sequence) in Self.sequences.enumerated() {
      let alone = batch(.maskedDiffusion, [sequence], totals: totals, first: UInt64(30 + i))
      rows += alone.rows.map { $0 + together.offsets[i] }
      weights += alone.weights
    }
    #expect(rows == together.rows && weights == together.weights)
    #expect(batch(.maskedDiffusion, Self.sequences, first: 30).rows == together.rows)
    let long = [Array(repeating: Int32(1), count: 60)]
    let first = batch(.maskedDiffusion, long, first: 8).rows
    #expect(batch(.maskedDiffusion, long, first: 9).rows != first)
    #expect(batch(.maskedDiffusion, long, seed: 2, first: 8).rows != first)
  }
}
