// Likelihoods under AR in other orders beside the plain chain rule, sequence by sequence and order by order; and that
// what is shared between spans and orders changes no bit.

import Corpora
import Objectives
import TensorEngine
import Testing
import Transformer

@testable import Evaluation

@Suite struct OrderedLikelihoodTests {
  static let seed: UInt64 = 3  // of `scorer`

  /// log p of each token of a sequence read in an order, by position: one pass over the whole.
  static func terms(_ parameters: ModelParameters, _ tokens: [Int32], _ reading: ReadingOrder, _ order: [Int])
    -> [Double]
  {
    let model = Transformer(
      parameters, capacity: BatchCapacity(tokens: tokens.count, scored: tokens.count), scoredRows: .all,
      backend: .native)
    var batch = Batch()
    for row in order.indices {
      batch.append(
        row == 0 ? special.begin : tokens[order[row - 1]], target: tokens[order[row]],
        place: reading.place(row, in: order))
    }
    batch.endSequence()
    model.forward(batch, causal: true)
    var terms = [Double](repeating: .nan, count: tokens.count)
    for (row, position) in order.enumerated() { terms[position] = -Double(model.losses[row]) }
    return terms
  }

  /// The mean over the learnt orders of what is read from the span's first token on, up to the last of span and context.
  static func expected(_ parameters: ModelParameters, _ span: Span, _ reading: ReadingOrder) -> Double {
    let tokens = span.context + span.tokens + span.suffix
    let end = span.context.count + span.tokens.count
    let count = reading.count ?? 1
    return (0..<count).reduce(0) { sum, number in
      let order = reading.permutation(UInt64(number), length: tokens.count, seed: seed)
      let terms = terms(parameters, tokens, reading, order)
      var counted: [Int] = []
      var hasBegun = false
      for (place, position) in order.enumerated() {
        hasBegun = hasBegun || (span.context.count..<end).contains(position)
        if hasBegun, order[place...].contains(where: { $0 < end }) { counted.append(position) }
      }
      return sum + counted.reduce(0) { $0 + terms[$1] } / Double(count)
    }
  }

  @Test(arguments: [[], [3, 16]]) func fromLeftToRightItIsAR(suffix: [Int32]) {
    let parameters = randomModel()
    let spans = LikelihoodTests.spans(suffix: suffix)
    let ordered = Objective.orderedAutoregressive(order: .leftToRight)
    #expect(
      scorer(parameters, ordered).logLikelihoods(spans)
        == scorer(parameters, .plainAutoregressive).logLikelihoods(spans))
    let items = Self.items
    let results = [ordered, .plainAutoregressive].map { scorer(parameters, $0).answer(items) }
    #expect(results[0] == results[1])
    let sequences = spans.map { $0.context + $0.tokens }
    #expect(
      scorer(parameters, ordered).crossEntropy(of: sequences)
        == scorer(parameters, .plainAutoregressive).crossEntropy(of: sequences))
  }

  @Test func fromRightToLeftASequenceIsARsMirrored() {
    let parameters = randomModel()
    let sequences: [[Int32]] = [[1, 2, 3, 4, 5, 6, 4], [7, 8], [9]]
    let objective = Objective.orderedAutoregressive(order: .rightToLeft)
    let spans = sequences.map { Span(context: [], tokens: $0, index: 0) }
    let mirrored = sequences.map { Span(context: [], tokens: $0.reversed(), index: 0) }
    #expect(
      scorer(parameters, objective).logLikelihoods(spans)
        == scorer(parameters, .plainAutoregressive).logLikelihoods(mirrored))
  }

  @Test(arguments: [ReadingOrder.rightToLeft, .fixed(1), .fixed(3), .fixed(16)], [[], [3, 16]])
  func learntOrdersAreTheChainRule(order: ReadingOrder, suffix: [Int32]) {
    let parameters = randomModel()
    let spans = LikelihoodTests.spans(suffix: suffix)
    let got = scorer(parameters, .orderedAutoregressive(order: order)).logLikelihoods(spans)
    for (span, got) in zip(spans, got) {
      let expected = Self.expected(parameters, span, order)
      #expect(abs(got - expected) < 1e-5 * abs(expected), "\(got), \(expected)")
    }
  }

  /// Normalised: the probabilities of all spans of one token, given what stands around it, add up to 1.
  @Test(arguments: [ReadingOrder.rightToLeft, .fixed(1)]) func differencesAreThoseOfTheConditional(order: ReadingOrder)
  {
    let parameters = randomModel()
    let spans = (0..<Int32(vocabulary)).map { Span(context: [4, 5], tokens: [$0], index: 0, suffix: [6]) }
    let joint = scorer(parameters, .orderedAutoregressive(order: order)).logLikelihoods(spans)
    // By brute force: p(token, rest) / Σ p(token, rest).
    let brute = spans.map { Self.expected(parameters, $0, order) }
    for (got, expected) in zip(joint, brute) { #expect(abs(got - expected) < 1e-4) }
    #expect(Set(joint).count == vocabulary)
  }

  /// Of any order all n! ends are asked where they are few: the mean over them, exactly.
  @Test func anyOrderIsExactWhereAllOrdersFit() {
    let parameters = randomModel()
    let span = Span(context: [], tokens: [7, 8, 3], index: 1)
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    let expected = orders.reduce(0) { $0 + Self.terms(parameters, span.tokens, .fresh, $1).reduce(0, +) / 6 }
    for samples in [6, 64] {
      let got = scorer(parameters, .orderedAutoregressive(order: .fresh), samples: samples).logLikelihoods([span])[0]
      #expect(abs(got - expected) < 1e-5 * abs(expected))
    }
    let estimate = scorer(parameters, .orderedAutoregressive(order: .fresh), samples: 5).logLikelihoods([span])[0]
    #expect(abs(estimate - expected) > 1e-6)
  }

  /// The mean of many estimates lies at the mean over all orders of the span, whatever the order of the context.
  @Test func anyOrderIsUnbiased() {
    let parameters = randomModel()
    let (context, tokens, suffix): ([Int32], [Int32], [Int32]) = ([2, 5], [11, 12, 13], [4])
    var exact = 0.0
    let begins = permutations(of: [0, 1, 5], ifAtMost: 6) ?? []
    let ends = permutations(of: [2, 3, 4], ifAtMost: 6) ?? []
    #expect(Set(begins).count == 6 && Set(ends).count == 6)
    for begin in begins {
      for end in ends {
        let terms = Self.terms(parameters, context + tokens + suffix, .fresh, begin + end)
        exact += terms[2...4].reduce(0, +) / 36
      }
    }
    let spans = (0..<400).map { Span(context: context, tokens: tokens, index: UInt64($0), suffix: suffix) }
    let estimates = scorer(parameters, .orderedAutoregressive(order: .fresh), samples: 4).logLikelihoods(spans)
    let mean = estimates.reduce(0, +) / 400
    let deviation = (estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
    #expect(deviation > 0 && abs(mean - exact) < 3.5 * deviation / 20, "\(mean), exactly \(exact)")
  }

  static let items = (0..<12).map { i in
    EncodedItem(
      context: (0..<3 + i % 5).map { Int32(($0 * 3 + i) % 18) },
      choices: (0..<4).map { choice in [5, 6, 7, 8, 9].map { Int32(($0 * (choice + 1) + i) % 18) } + [Int32(i)] },
      characters: [4, 5, 6, 7], answer: i % 4, suffix: [2])
  }

  /// An item's choices are asked in the same orders, and what they share is computed once: no bit depends on it, nor on
  /// what else is asked.
  @Test(arguments: [ReadingOrder.rightToLeft, .fixed(4), .fresh]) func itemsDoNotDependOnEachOther(order: ReadingOrder)
  {
    let parameters = randomModel()
    let objective = Objective.orderedAutoregressive(order: order)
    let all = scorer(parameters, objective, samples: 8).answer(Self.items)
    #expect(Array(all.prefix(3)) == scorer(parameters, objective, samples: 8).answer(Array(Self.items.prefix(3))))
    #expect(scorer(parameters, objective, samples: 8).answer(tasks: [Self.items, Self.items])[1] == all)
    // Alone, a choice has the same likelihood in learnt orders.
    if order.count != nil {
      let item = Self.items[5]
      let alone = item.choices.map {
        scorer(parameters, objective, samples: 8).logLikelihoods(
          [Span(context: item.context, tokens: $0, index: 5, suffix: item.suffix)])[0]
      }
      #expect(all[5].nllRight == -alone[item.answer])
    }
    #expect(Set(all.map(\.nllRight)).count == 12)
  }

  /// Of more orders than are asked, spans take different ones, evenly spread.
  @Test func manyOrdersAreSampled() {
    let parameters = randomModel()
    let objective = Objective.orderedAutoregressive(order: .fixed(8))
    let spans = (0..<8).map { Span(context: [], tokens: [7, 8, 3, 9], index: UInt64($0)) }
    let whole = scorer(parameters, objective, samples: 8).logLikelihoods([spans[0]])[0]
    let halves = scorer(parameters, objective, samples: 4).logLikelihoods(spans)
    #expect(abs((halves[0] + halves[1]) / 2 - whole) < 1e-5 * abs(whole) && halves[0] != halves[1])
    #expect(abs(halves.reduce(0, +) / 8 - whole) < 1e-5 * abs(whole))
  }
}
