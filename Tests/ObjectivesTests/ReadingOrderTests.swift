// AR in other orders: which order a sequence is read in, what is fed in and asked, and how documents are written.

import Foundation
import TensorEngine
import Testing
import Transformer

@testable import Objectives

@Suite struct ReadingOrderTests {
  static let sequences: [[Int32]] = [[4, 7, 7, 1], [9], [2, 3], [5, 6, 8, 6, 3, 6, 5]]

  @Test(arguments: [
    (ReadingOrder.leftToRight, "left-to-right"), (.rightToLeft, "right-to-left"), (.fixed(16), "fixed-16"),
    (.fresh, "fresh"),
  ])
  func spelling(order: ReadingOrder, name: String) throws {
    let objective = Objective.orderedAutoregressive(order: order)
    let json = #"{"orderedAutoregressive":{"order":""# + name + #""}}"#
    #expect(String(decoding: try JSONEncoder().encode(objective), as: UTF8.self) == json)
    #expect(try JSONDecoder().decode(Objective.self, from: Data(json.utf8)) == objective)
    #expect(ReadingOrder(name) == order)
  }

  @Test(arguments: ["", "fixed", "fixed-", "fixed-0", "fixed-04", "fixed--1", "fixed-65537", "Fresh", "sideways"])
  func whatIsNoOrderIsRefused(name: String) {
    #expect(ReadingOrder(name) == nil)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(ReadingOrder.self, from: Data("\"\(name)\"".utf8)) }
  }

  @Test func fromLeftToRightItIsAR() {
    let plain = batch(.plainAutoregressive, Self.sequences)
    let ordered = batch(.orderedAutoregressive(order: .leftToRight), Self.sequences)
    #expect(ordered.tokens == plain.tokens && ordered.targets == plain.targets && ordered.rows == plain.rows)
    #expect(ordered.weights == plain.weights && ordered.offsets == plain.offsets && ordered.places.isEmpty)
  }

  @Test func fromRightToLeftItIsAROnTheMirroredText() {
    let mirrored = batch(.plainAutoregressive, Self.sequences.map { $0.reversed() })
    let ordered = batch(.orderedAutoregressive(order: .rightToLeft), Self.sequences)
    #expect(ordered.tokens == mirrored.tokens && ordered.targets == mirrored.targets)
    #expect(ordered.weights == mirrored.weights && ordered.offsets == mirrored.offsets && ordered.places.isEmpty)
  }

  /// Row j reads the token before it in the order, is asked for the j-th, and is told where both are.
  @Test(arguments: [ReadingOrder.fixed(3), .fresh]) func rowsAreToldWhereTheyStand(order: ReadingOrder) {
    for epoch in 0..<3 {
      let batch = batch(
        .orderedAutoregressive(order: order), Self.sequences, seed: 5, first: UInt64(4 * epoch), epoch: epoch)
      #expect(batch.rows == Array(0..<14) && batch.weights.allSatisfy { $0 == 1 / Float(14) })
      for (i, sequence) in Self.sequences.enumerated() {
        let visit = Visit(number: UInt64(4 * epoch + i), sequence: i, epoch: epoch)
        let permutation = order.permutation(order.number(at: visit), length: sequence.count, seed: 5)
        #expect(permutation.sorted() == Array(sequence.indices))
        for (j, row) in (batch.offsets[i]..<batch.offsets[i + 1]).enumerated() {
          #expect(batch.targets[row] == sequence[permutation[j]])
          #expect(batch.tokens[row] == (j == 0 ? special.begin : sequence[permutation[j - 1]]))
          #expect(
            batch.places[row] == RowPlace(read: j == 0 ? 0 : permutation[j - 1] + 1, asked: permutation[j]))
        }
      }
    }
  }

  @Test func fixedOrdersAreDrawnOnceForASeed() {
    let order = ReadingOrder.fixed(16)
    let all = (0..<16).map { order.permutation($0, length: 20, seed: 1) }
    #expect(Set(all).count == 16)
    #expect((0..<16).map { ReadingOrder.fixed(2).permutation($0, length: 20, seed: 1) } == all)  // few are among many
    #expect(order.permutation(0, length: 20, seed: 2) != all[0])
    // A shorter sequence is read in the order that the longer one gives its positions.
    for (number, long) in all.enumerated() {
      #expect(order.permutation(UInt64(number), length: 7, seed: 1) == long.filter { $0 < 7 })
    }
    // Every position comes first about equally often.
    var firsts = [Int](repeating: 0, count: 5)
    for number in 0..<2_000 { firsts[order.permutation(UInt64(number), length: 5, seed: 1)[0]] += 1 }
    for count in firsts { #expect(abs(count - 400) < 80) }
  }

  /// A step has all of N orders, and a sequence meets each once in N epochs.
  @Test func visitsAreSpreadOverTheOrders() {
    let order = ReadingOrder.fixed(4)
    func number(_ sequence: Int, _ epoch: Int) -> UInt64 {
      order.number(at: Visit(number: 99, sequence: sequence, epoch: epoch))
    }
    for i in 0..<8 {
      #expect(Set((0..<4).map { number(i, $0) }) == [0, 1, 2, 3])
      #expect(Set((i..<i + 4).map { number($0, i) }) == [0, 1, 2, 3])
    }
  }

  @Test func freshOrdersNeverComeBack() {
    let visits = (0..<200).map { batch(.orderedAutoregressive(order: .fresh), [Self.sequences[3]], first: $0).targets }
    #expect(Set(visits).count > 150)
  }

  @Test func traits() {
    let orders: [ReadingOrder] = [.leftToRight, .rightToLeft, .fixed(1), .fixed(2), .fresh]
    let objectives = orders.map { Objective.orderedAutoregressive(order: $0) }
    for objective in objectives {
      #expect(objective.attention == .causal && objective.maskings == .none && objective.orders.isEmpty)
      #expect(objective.scoredShare == 1 && objective.scoredRows == .all)
    }
    #expect(objectives.map(\.likelihood) == [.exact, .exact, .exact, .bound, .bound])
    #expect(objectives.map(\.readingOrder) == orders)
    #expect(Objective.plainAutoregressive.readingOrder == .leftToRight && Objective.maskedDiffusion.readingOrder == nil)
    #expect(
      objectives.map(\.shortName)
        == ["AR, left to right", "AR, right to left", "AR, 1 order", "AR, 2 orders", "AR, any order"])
  }
}

/// Documents written in other orders.
@Suite struct OrderedSamplingTests {
  static func documents(
    _ order: ReadingOrder, prompt: [Int32] = [], lengths: [Int] = DocumentSamplingTests.lengths, seed: UInt64 = 5,
    orderSeed: UInt64 = 3
  ) -> [[Int32]] {
    sampleOrdered(
      SamplingTests.parameters(), order, prompt: prompt, lengths: lengths, special: SamplingTests.special,
      rule: DocumentSamplingTests.rule, seed: seed, orderSeed: orderSeed, backend: .native)
  }

  /// With the same random numbers as a cache gives.
  @Test func fromLeftToRightTheyAreARs() {
    #expect(Self.documents(.leftToRight) == DocumentSamplingTests.autoregressive(DocumentSamplingTests.lengths))
  }

  @Test func fromRightToLeftTheyAreMirrored() {
    #expect(
      Self.documents(.rightToLeft).map { Array($0.reversed()) }
        == DocumentSamplingTests.autoregressive(DocumentSamplingTests.lengths))
  }

  @Test(arguments: [ReadingOrder.fixed(3), .fresh]) func documentsDoNotDependOnEachOther(order: ReadingOrder) {
    let all = Self.documents(order)
    #expect(all.map(\.count) == DocumentSamplingTests.lengths)
    #expect(all.joined().allSatisfy { (0..<10).contains($0) })
    #expect(Self.documents(order, lengths: Array(DocumentSamplingTests.lengths.prefix(7))) == Array(all.prefix(7)))
    #expect(Self.documents(order, seed: 6) != all)
    #expect((Self.documents(order, orderSeed: 4) == all) == (order == .fresh))
  }

  /// The frequencies of pairs are those of the chain rule in the order that was asked for.
  @Test func tokensFollowTheModelInItsOrder() {
    let parameters = SamplingTests.parameters()
    let reading = ReadingOrder.fixed(1)
    let order = reading.permutation(0, length: 3, seed: 3)
    let draws = 4_000
    // One document is number 0 of its call; fixed-1 has one order for all.
    let documents = Self.documents(reading, lengths: Array(repeating: 3, count: draws))
    var batch = Batch()
    batch.append(SamplingTests.special.begin, target: 0, place: RowPlace(read: 0, asked: order[0]))
    batch.endSequence()
    let model = Transformer(
      parameters, capacity: BatchCapacity(tokens: 4, scored: 4), scoredRows: .all, backend: .native)
    model.forward(batch, causal: true)
    let weights = (0..<10).map { exp(Double(model.logitRows[$0])) }
    for token in 0..<10 {
      let share = Double(documents.count { $0[order[0]] == Int32(token) }) / Double(draws)
      #expect(abs(share - weights[token] / weights.reduce(0, +)) < 0.03)
    }
  }

  @Test func promptsStayInFront() {
    for document in Self.documents(.fresh, prompt: [4, 5, 6], lengths: [3, 9, 16]) {
      #expect(document.prefix(3) == [4, 5, 6])
    }
  }
}
