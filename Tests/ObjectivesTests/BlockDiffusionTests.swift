// Block diffusion: what is fed in and asked, what sees what, and how documents are written block by block.

import Foundation
import TensorEngine
import Testing
import Transformer

@testable import Objectives

@Suite struct BlockDiffusionTests {
  static let sequences: [[Int32]] = [[4, 7, 7, 1], [9], [2, 3], [5, 6, 8, 6, 3, 6, 5]]

  @Test func spelling() throws {
    let json = #"{"blockDiffusion":{"size":4}}"#
    #expect(String(decoding: try JSONEncoder().encode(Objective.blockDiffusion(size: 4)), as: UTF8.self) == json)
    #expect(try JSONDecoder().decode(Objective.self, from: Data(json.utf8)) == .blockDiffusion(size: 4))
    #expect(Objective.blockDiffusion(size: 4).shortName == "DLM, blocks of 4")
  }

  /// Visible tokens of a row's sequence, by row number in the batch.
  static func seen(_ batch: Batch, _ row: Int) -> [Int] {
    let sequence = batch.offsets.lastIndex { $0 <= row } ?? 0
    let own = batch.views[row]
    return (batch.offsets[sequence]..<batch.offsets[sequence + 1]).filter { key in
      let other = batch.views[key]
      return other.rank <= own.limit || own.group >= 0 && own.group == other.group
    }
  }

  @Test(arguments: [1, 2, 3]) func blocksAreMaskedOneByOne(size: Int) {
    for visit in 0..<20 {
      let batch = batch(.blockDiffusion(size: size), Self.sequences, first: UInt64(4 * visit))
      for (i, sequence) in Self.sequences.enumerated() {
        let rows = Array(batch.offsets[i]..<batch.offsets[i + 1])
        #expect(rows.count == Objective.blockDiffusion(size: size).rows(of: sequence.count))
        let clean = rows.count - sequence.count
        #expect(clean == (sequence.count - 1) / size * size)
        for (place, row) in rows.enumerated() {
          let position = place < clean ? place : place - clean
          let block = position / size
          #expect(batch.places[row] == RowPlace(read: position, asked: position))
          let scored = batch.rows.firstIndex(of: row)
          if place < clean {
            #expect(scored == nil && batch.tokens[row] == sequence[position])
            #expect(Self.seen(batch, row) == Array(rows[..<((block + 1) * size)]))
          } else {
            #expect(batch.tokens[row] == (scored == nil ? sequence[position] : special.mask))
            if let scored { #expect(batch.targets[scored] == sequence[position]) }
            // The blocks before as they are, and its own as it is masked.
            let own = rows[clean...].filter { ($0 - rows[clean]) / size == block }
            #expect(Self.seen(batch, row) == Array(rows[..<(block * size)]) + own)
          }
        }
        // Each block has masks, and the sequence's weights are its share of the step.
        let scored = batch.rows.indices.filter { rows.contains(batch.rows[$0]) }
        let blocks = Set(scored.map { (batch.rows[$0] - rows[clean]) / size })
        #expect(blocks == Set(0...(sequence.count - 1) / size))
        #expect(abs(scored.reduce(0) { $0 + batch.weights[$1] } - 0.25) < 1e-6)
      }
      if size == 1 { #expect(batch.rows.count == 14 && batch.tokens.count { $0 == special.mask } == 14) }
    }
  }

  @Test func oneBlockIsMaskedDiffusion() {
    let plain = batch(.maskedDiffusion, Self.sequences, first: 7)
    let blocks = batch(.blockDiffusion(size: 7), Self.sequences, first: 7)
    #expect(blocks.tokens == plain.tokens && blocks.rows == plain.rows && blocks.targets == plain.targets)
    #expect(blocks.weights == plain.weights && blocks.offsets == plain.offsets)
    for row in blocks.tokens.indices {
      let sequence = plain.offsets.lastIndex { $0 <= row } ?? 0
      #expect(Self.seen(blocks, row) == Array(plain.offsets[sequence]..<plain.offsets[sequence + 1]))
      #expect(blocks.places[row].read == row - plain.offsets[sequence])
    }
  }

  /// Every block has a t of its own.
  @Test func blocksAreMaskedIndependently() {
    let sequence = [Int32](repeating: 1, count: 40)
    var both = [Int](repeating: 0, count: 4)
    for visit in 0..<2_000 {
      let batch = batch(.blockDiffusion(size: 20), [sequence], first: UInt64(visit))
      let counts = [20..<40, 40..<60].map { range in batch.rows.count { range.contains($0) } }
      both[(counts[0] > 10 ? 2 : 0) + (counts[1] > 10 ? 1 : 0)] += 1
    }
    for count in both { #expect(abs(count - 500) < 100) }
  }

  @Test func traits() {
    for (size, length) in [(1, 9), (4, 9), (4, 8), (16, 9)] {
      let objective = Objective.blockDiffusion(size: size)
      let batch = batch(objective, [Array(repeating: 3, count: length)])
      #expect(objective.rows(of: length) == batch.tokens.count)
      let pairs = batch.tokens.indices.reduce(0) { $0 + Self.seen(batch, $1).count }
      #expect(objective.pairs(of: length) == Double(pairs))
      #expect(objective.attention == .blocks(size) && objective.maskings == .blocks(size))
      #expect(objective.scoredRows == .beforeLastQueries && objective.readingOrder == nil)
      #expect(objective.likelihood == (size == 1 ? .chainRule : .bound))
      var scored = 0
      for visit in 0..<1_000 {
        scored +=
          ObjectivesTests.batch(objective, [Array(repeating: 3, count: 4 * size)], first: UInt64(visit)).rows.count
      }
      #expect(abs(Double(scored) / Double(4_000 * size) - objective.scoredShare) < 0.03)
    }
    #expect(Objective.maskedDiffusion.rows(of: 9) == 9 && Objective.maskedDiffusion.pairs(of: 9) == 81)
    #expect(Objective.plainAutoregressive.pairs(of: 9) == 40.5)
  }

  static func documents(_ size: Int?, steps: Int? = nil, order: DenoisingOrder = .random, _ temperature: Double = 1)
    -> [[Int32]]
  {
    sampleDiffusion(
      SamplingTests.parameters(), lengths: DocumentSamplingTests.lengths, steps: steps, order: order, blockSize: size,
      special: SamplingTests.special, rule: SamplingRule(temperature: temperature, excluded: [10, 11]), seed: 5,
      backend: .native)
  }

  @Test(arguments: DenoisingOrder.allCases) func oneBlockWritesLikeTheDLM(order: DenoisingOrder) {
    #expect(Self.documents(16, order: order) == Self.documents(nil, order: order))
    #expect(Self.documents(3, order: order) != Self.documents(nil, order: order))
    #expect(Self.documents(3, steps: 2, order: order).map(\.count) == DocumentSamplingTests.lengths)
    #expect(Self.documents(3, steps: 2, order: order).joined().allSatisfy { (0..<10).contains($0) })
  }

  /// With blocks of 1 the most likely tokens are those of a causal model that reads a mask in the next place.
  @Test func blocksOfOneAreWrittenFromLeftToRight() {
    let parameters = SamplingTests.parameters()
    let model = Transformer(
      parameters, capacity: BatchCapacity(tokens: 16, scored: 16), scoredRows: .beforeLastQueries, backend: .native)
    let written = Self.documents(1, 0)
    for (length, document) in zip(DocumentSamplingTests.lengths, written).prefix(12) {
      var tokens: [Int32] = []
      while tokens.count < length {
        var batch = Batch()
        for token in tokens { batch.append(token) }
        batch.append(SamplingTests.special.mask, target: 0)
        batch.endSequence()
        model.forward(batch, causal: true)
        let best = (0..<10).max { model.logitRows[$0] < model.logitRows[$1] } ?? 0
        tokens.append(Int32(best))
      }
      #expect(document == tokens)
    }
  }
}
