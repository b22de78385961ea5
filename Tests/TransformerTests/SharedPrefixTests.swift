// Sequences that go on from an earlier one have the logits of the whole sequence, to the last bit with native products.

import Foundation
import Randomness
import TensorEngine
import Testing

@testable import Transformer

@Suite struct SharedPrefixTests {
  static let prefix = randomTokens(7, index: 1)
  static let tails = [3, 1, 9, 12].enumerated().map { randomTokens($1, index: UInt64(20 + $0)) }

  /// Another sequence, the prefix, and the four that go on from it; everything scored, or only every second row.
  static func shared(everyRow: Bool) -> Batch {
    var batch = Batch()
    func append(_ tokens: [Int32], from: Int, continuing: Int? = nil) {
      for (i, token) in tokens.enumerated() {
        batch.append(token, target: everyRow || (from + i) % 2 == 0 ? Int32((from + i) % vocabulary) : nil)
      }
      batch.endSequence(continuing: continuing)
    }
    append(randomTokens(5, index: 3), from: 0)
    append(prefix, from: 0)
    for tail in tails { append(tail, from: prefix.count, continuing: 1) }
    return batch
  }

  /// Logits of the whole sequences at the tails' scored rows.
  static func whole(_ parameters: ModelParameters, everyRow: Bool, backend: ProductBackend) -> [Float] {
    tails.flatMap { tail in
      let rows = logits(model(parameters, backend: backend), [prefix + tail], causal: true)
      return rows.indices.filter { $0 >= prefix.count && (everyRow || $0 % 2 == 0) }.flatMap { rows[$0] }
    }
  }

  @Test(arguments: [nil, tinyExperts], [ScoredRows.all, .beforeHead, .beforeLastQueries])
  func continuedIsTheWhole(experts: ModelConfiguration.Experts?, scoredRows: ScoredRows) {
    let parameters = tinyParameters(tinyConfiguration(experts: experts))
    let everyRow = scoredRows == .all
    for backend in ProductBackend.allCases {
      let model = model(parameters, scoredRows, backend: backend)
      model.forward(Self.shared(everyRow: everyRow), causal: true)
      let expected = Self.whole(parameters, everyRow: everyRow, backend: backend)
      let got = Array(model.logitRows.suffix(expected.count))
      if backend == .native { #expect(got == expected) }
      #expect(largestDifference(got, expected) < 1e-5)

      // Nothing of it stays: the next batch has no prefixes.
      if scoredRows == .all {
        let plain = logits(Self.other(parameters, backend), [Self.prefix, Self.tails[2]], causal: true)
        #expect(logits(model, [Self.prefix, Self.tails[2]], causal: true) == plain)
      }
    }
  }

  /// The same where rows stand elsewhere than in their order: places go with their rows.
  @Test(arguments: [ScoredRows.all, .beforeLastQueries]) func continuedPlacesAreThoseOfTheWhole(scoredRows: ScoredRows)
  {
    let parameters = tinyParameters(tinyConfiguration())
    let order = RandomStream.permutation(of: 19)
    func place(_ row: Int) -> RowPlace { RowPlace(read: row == 0 ? 0 : order[row - 1] + 1, asked: order[row]) }
    var shared = Batch()
    var whole = Batch()
    for (row, token) in Self.prefix.enumerated() { shared.append(token, target: 1, place: place(row)) }
    shared.endSequence()
    for tail in Self.tails {
      for (row, token) in tail.enumerated() {
        shared.append(token, target: 1, place: place(Self.prefix.count + row))
      }
      shared.endSequence(continuing: 0)
      for (row, token) in (Self.prefix + tail).enumerated() { whole.append(token, target: 1, place: place(row)) }
      whole.endSequence()
    }
    let model = model(parameters, scoredRows)
    model.forward(shared, causal: true)
    let got = Array(model.losses)
    model.forward(whole, causal: true)
    let expected = zip(whole.offsets, whole.offsets.dropFirst()).flatMap { start, end in
      Array(model.losses[start + Self.prefix.count..<end])
    }
    #expect(Array(got[Self.prefix.count...]) == expected)
  }

  private static func other(_ parameters: ModelParameters, _ backend: ProductBackend) -> Transformer {
    model(parameters, backend: backend)
  }

  @Test func lossAgainstAnyToken() {
    let model = model(tinyParameters(tinyConfiguration()), .beforeLastQueries)
    let batch = Self.shared(everyRow: false)
    model.forward(batch, causal: true)
    for (row, target) in batch.targets.enumerated() {
      #expect(model.loss(row: row, token: target) == model.losses[row])
    }
    let total = (0..<Int32(vocabulary)).reduce(0) { $0 + exp(-Double(model.loss(row: 3, token: $1))) }
    #expect(abs(total - 1) < 1e-5)
  }

  @Test func aContinuedSequenceLongerThanTheContext() async {
    await #expect(processExitsWith: .failure) {
      let model = model(tinyParameters(tinyConfiguration()))
      var batch = Batch()
      for token in randomTokens(11, index: 0) { batch.append(token, target: 0) }
      batch.endSequence()
      for token in randomTokens(10, index: 0) { batch.append(token, target: 0) }
      batch.endSequence(continuing: 0)
      model.forward(batch, causal: true)
    }
  }

  @Test func noGradientThroughAPrefix() async {
    await #expect(processExitsWith: .failure) {
      let model = model(tinyParameters(tinyConfiguration()))
      model.forward(SharedPrefixTests.shared(everyRow: true), causal: true)
      model.backward()
    }
  }
}

extension RandomStream {
  fileprivate static func permutation(of count: Int) -> [Int] {
    var stream = RandomStream(seed: 8, purpose: .test)
    return stream.permutation(count)
  }
}
