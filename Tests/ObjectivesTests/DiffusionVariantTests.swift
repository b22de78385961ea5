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

  @Test func namesAndAttention() {
    let suffix = Objective.suffixDiffusion
    #expect(!suffix.isCausal && suffix.isDiffusion && suffix.scoredRows == .beforeLastQueries)
    #expect(suffix.shortName == "DLM, suffix masks")
  }

  /// Runs are named by the hash of this text.
  @Test(arguments: [
    (Objective.plainAutoregressive, #"{"autoregressive":{"inputMasking":0}}"#),
    (.autoregressive(inputMasking: 0.3), #"{"autoregressive":{"inputMasking":0.3}}"#),
    (.maskedDiffusion, #"{"maskedDiffusion":{}}"#),
    (.suffixDiffusion, #"{"suffixDiffusion":{}}"#),
  ])
  func spelling(objective: Objective, json: String) throws {
    #expect(String(decoding: try JSONEncoder().encode(objective), as: UTF8.self) == json)
    #expect(try JSONDecoder().decode(Objective.self, from: Data(json.utf8)) == objective)
  }
}
