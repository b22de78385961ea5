// Log-likelihoods of spans under AR in any order of reading: which orders are asked, what of them is scored, and which
// rows are computed once for several spans or orders.

import Objectives
import Randomness
import Transformer

extension LikelihoodScorer {
  /// A sequence read in one order: positions in the order, and where what is scored begins.
  private struct Reading: Hashable {
    /// The positions of context, span and what follows, as far as they are read.
    var order: [Int]
    /// The first place in `order` whose token counts.
    var firstScored: Int
  }

  /// The chain rule in the model's orders, the mean over them.
  ///
  /// A model that has learnt one order or a few is asked in those: all of them, or K where they are more, spread evenly.
  /// What the order has read before the span's first token is given. All that it reads from there on counts, up to the
  /// last token of span and context: what follows the span is seen where it comes earlier, and left unread where it comes
  /// last. So the value is log p(span and what is read of the rest after its first token | what is read before); between
  /// spans of one place the differences are those of log p(span | context, what follows) exactly, by Bayes.
  ///
  /// A model that has learnt any order is asked in orders that begin with all that stands around the span, then the tokens
  /// that related spans share, then the others, each part shuffled: log p(span | context, what follows) itself, from K
  /// orders. Those of an item begin in ``contextOrders`` ways, whose rows all of them share, and all choices are asked in the
  /// same. If K of them are as many as all orders of the last part, each is asked once.
  ///
  /// The mean over orders of log p is a lower bound of the log-likelihood of the mixture of orders, as a DLM's mean over
  /// maskings is.
  func appendOrdered(_ spans: [Span], _ related: Range<Int>, _ reading: ReadingOrder, samples: Int) {
    let first = spans[related.lowerBound]
    let differing = differingPositions(related.map { spans[$0].tokens })
    let isComparable = related.count > 1 && differing?.isEmpty == false
    guard related.count == 1 || isComparable else {
      for i in related { appendOrdered(spans, i..<i + 1, reading, samples: samples) }
      return
    }
    let length = first.context.count + first.tokens.count
    let suffix = first.suffix.prefix(max(0, context - length))
    let changing = (related.count > 1 ? differing ?? [] : Array(first.tokens.indices)).map { $0 + first.context.count }
    let readings: [Reading]
    if reading == .fresh {
      readings = freshReadings(
        around: Array(0..<first.context.count) + Array(length..<length + suffix.count),
        shared: (first.context.count..<length).filter { !changing.contains($0) }, changing: changing,
        samples: samples, index: first.index)
    } else {
      readings = trainedReadings(
        reading, length: length + suffix.count, span: first.context.count..<length, samples: samples,
        index: first.index)
    }
    // Readings that begin alike share those rows, with all spans: all tokens before the first that differs.
    let isChanging = Set(changing)
    func unchanging(_ one: Reading) -> ArraySlice<Int> { one.order.prefix { !isChanging.contains($0) } }
    var start = 0
    while start < readings.count {
      let begin = unchanging(readings[start])
      var end = start + 1
      while end < readings.count, unchanging(readings[end]) == begin { end += 1 }
      appendReadings(
        related.map { (sum: $0, tokens: first.context + spans[$0].tokens + suffix) }, readings[start..<end],
        shared: begin.count, reading, weight: 1 / Double(readings.count))
      start = end
    }
  }

  /// The ways in which the orders of an item under a model of any order begin.
  static let contextOrders = 4

  /// Orders that the model has learnt.
  private func trainedReadings(
    _ reading: ReadingOrder, length: Int, span: Range<Int>, samples: Int, index: UInt64
  ) -> [Reading] {
    let count = reading.count ?? 1
    let asked = min(count, max(samples, 1))
    return (0..<asked).map { sample in
      // Of more orders than are asked, those of a span are spread evenly, and spans begin at different ones.
      let number = asked == count ? sample : (sample * count / asked + Int(index % UInt64(count))) % count
      let order = reading.permutation(UInt64(number), length: length, seed: orderSeed)
      let last = order.lastIndex { $0 < span.upperBound } ?? 0
      return Reading(
        order: Array(order[...last]), firstScored: order.firstIndex(where: span.contains) ?? 0)
    }
  }

  /// Orders that begin with what is given.
  private func freshReadings(
    around: [Int], shared: [Int], changing: [Int], samples: Int, index: UInt64
  ) -> [Reading] {
    var stream = RandomStream(seed: seed, purpose: .likelihoodOrder, index: index)
    let beginnings = around.isEmpty && shared.isEmpty ? 1 : min(Self.contextOrders, samples)
    return (0..<beginnings).flatMap { beginning in
      let share = samples * (beginning + 1) / beginnings - samples * beginning / beginnings
      let begin = shuffled(around, &stream) + shuffled(shared, &stream)
      let ends =
        permutations(of: changing, ifAtMost: share)
        ?? (0..<share).map { _ in shuffled(changing, &stream) }
      return ends.map { Reading(order: begin + $0, firstScored: around.count) }
    }
  }

  private func shuffled(_ positions: [Int], _ stream: inout RandomStream) -> [Int] {
    var positions = positions
    stream.shuffle(&positions)
    return positions
  }

  /// Sequences of one length in readings that begin with the same `shared` tokens, which all sequences have in common.
  private func appendReadings(
    _ sequences: [(sum: Int, tokens: [Int32])], _ readings: ArraySlice<Reading>, shared: Int, _ reading: ReadingOrder,
    weight: Double
  ) {
    guard let one = readings.first else { return }
    let rows = readings.reduce(shared) { $0 + sequences.count * ($1.order.count - shared) }
    if rows > capacityInTokens, readings.count > 1 {
      let middle = readings.startIndex + readings.count / 2
      appendReadings(sequences, readings[..<middle], shared: shared, reading, weight: weight)
      appendReadings(sequences, readings[middle...], shared: shared, reading, weight: weight)
      return
    }
    if rows > capacityInTokens, sequences.count > 1 {
      for sequence in sequences { appendReadings([sequence], readings, shared: shared, reading, weight: weight) }
      return
    }
    makeRoom(rows, longest: one.order.count)
    func appendRow(
      _ row: Int, of order: [Int], _ asking: [(sum: Int, tokens: [Int32])], isScored: Bool, weight: Double
    ) {
      let input = row == 0 ? special.begin : asking[0].tokens[order[row - 1]]
      let scored = isScored ? asking.map { (sum: $0.sum, token: $0.tokens[order[row]]) } : []
      append(input, scored: scored, weight: weight, place: reading.place(row, in: order))
    }
    // What is shared counts once for each of the readings.
    for row in 0..<shared {
      appendRow(
        row, of: one.order, sequences, isScored: row >= one.firstScored, weight: weight * Double(readings.count))
    }
    if shared > 0 { endSequence() }
    let root = shared > 0 ? sequenceCount - 1 : nil
    for one in readings {
      for sequence in sequences {
        for row in shared..<one.order.count {
          appendRow(row, of: one.order, [sequence], isScored: row >= one.firstScored, weight: weight)
        }
        endSequence(continuing: root)
      }
    }
  }
}

/// Every order of the positions, if they are at most `limit`; else nil.
func permutations(of positions: [Int], ifAtMost limit: Int) -> [[Int]]? {
  var orders: [[Int]] = [[]]
  for (count, position) in positions.enumerated() {
    if orders.count * (count + 1) > limit { return nil }
    orders = orders.flatMap { order in
      (0...order.count).map { Array(order[..<$0]) + [position] + Array(order[$0...]) }
    }
  }
  return orders
}
