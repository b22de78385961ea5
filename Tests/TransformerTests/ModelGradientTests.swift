// The whole model's gradient beside difference quotients of its loss, in a few elements of every parameter.

import Randomness
import TensorEngine
import Testing

@testable import Transformer

@Suite struct ModelGradientTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var scoredRows: ScoredRows
    var causal: Bool
    var experts: ModelConfiguration.Experts?
    var dropout = 0.0
    var attentionDropout: Double?
    var isPlaced = false
    var hasViews = false

    var testDescription: String {
      "\(scoredRows), causal \(causal), \(experts == nil ? "dense" : "experts"), dropout \(dropout)\(isPlaced ? ", placed" : "")"
        + (hasViews ? ", with views" : "")
    }
  }

  static let cases = [
    Case(scoredRows: .all, causal: true),
    Case(scoredRows: .beforeLastQueries, causal: false),
    Case(scoredRows: .beforeHead, causal: false, dropout: 0.3),
    Case(scoredRows: .beforeLastQueries, causal: false, dropout: 0.3, attentionDropout: 0),
    Case(scoredRows: .all, causal: true, attentionDropout: 0.4),
    Case(scoredRows: .all, causal: true, isPlaced: true),
    Case(scoredRows: .beforeLastQueries, causal: true, isPlaced: true),
    Case(scoredRows: .beforeLastQueries, causal: false, isPlaced: true, hasViews: true),
    Case(scoredRows: .all, causal: true, experts: tinyExperts),
    Case(scoredRows: .beforeHead, causal: false, experts: tinyExperts, dropout: 0.2),
  ]

  @Test(arguments: cases)
  func equalsDifferenceQuotients(_ test: Case) {
    var configuration = tinyConfiguration(experts: test.experts, dropout: test.dropout)
    configuration.attentionDropout = test.attentionDropout
    let parameters = tinyParameters(configuration, seed: 3)
    let model = model(parameters, test.scoredRows)
    model.dropoutClock.isTraining = configuration.hasDropout
    let plain = ScoredRowsTests.batch(keepingAllRows: test.scoredRows == .all)
    let view = { (row: Int) in
      row % 3 == 0
        ? RowView(rank: RowView.hidden, limit: Int32(row / 4), group: Int32(row % 2))
        : RowView(rank: Int32(row / 4), limit: Int32(row / 4))
    }
    let batch =
      test.isPlaced
      ? Self.placed(plain, view: test.hasViews ? view : nil) { RowPlace(read: $0 * 7 % 20, asked: $0 * 3 % 20) } : plain
    let buffer = parameters.buffer
    model.forward(batch, causal: test.causal)
    model.backward()
    var stream = RandomStream(seed: 4, purpose: .test)
    let step: Float = 2e-3
    for slice in buffer.slices {
      for _ in 0..<4 {
        let i = slice.offset + stream.below(slice.count)
        let original = buffer.value[i]
        func loss(_ value: Float) -> Double {
          buffer.value[i] = value
          buffer.markChanged()
          return model.forward(batch, causal: test.causal)
        }
        let expected = (loss(original + step) - loss(original - step)) / (2 * Double(step))
        _ = loss(original)
        let got = Double(buffer.gradient[i])
        #expect(
          abs(got - expected) < 1e-2 * abs(expected) + 1e-3, "\(slice.name)[\(i - slice.offset)]: \(got), \(expected)")
      }
    }
  }

  /// The same rows, standing where `place` says of each row's number in its sequence, and seeing what `view` says.
  static func placed(_ batch: Batch, view: ((Int) -> RowView)? = nil, _ place: (Int) -> RowPlace) -> Batch {
    var placed = Batch()
    let scored = Dictionary(uniqueKeysWithValues: batch.rows.enumerated().map { ($1, $0) })
    for (first, end) in zip(batch.offsets, batch.offsets.dropFirst()) {
      for row in first..<end {
        let one = scored[row]
        placed.append(
          batch.tokens[row], target: one.map { batch.targets[$0] }, weight: one.map { batch.weights[$0] } ?? 1,
          place: place(row - first), view: view?(row - first))
      }
      placed.endSequence()
    }
    return placed
  }

  /// A model that is told the places that its rows have anyway is the same, to the last bit.
  @Test func naturalPlacesChangeNothing() {
    let parameters = tinyParameters(tinyConfiguration())
    let model = model(parameters)
    let batch = ScoredRowsTests.batch(keepingAllRows: true)
    let results = [batch, Self.placed(batch) { RowPlace(read: $0, asked: $0) }].map { batch in
      parameters.buffer.clearGradients()
      let loss = model.forward(batch, causal: true)
      model.backward()
      return (loss, parameters.buffer.slices.flatMap(parameters.buffer.gradients))
    }
    #expect(results[0].0 == results[1].0 && results[0].1 == results[1].1)
  }

  /// The gradient from products of bfloat16 beside difference quotients of the loss in single precision: each
  /// parameter's, as a whole, within what eight significant bits leave. (A quotient of the rounded loss would see steps.)
  @Test(arguments: [Case(scoredRows: .all, causal: true), Case(scoredRows: .beforeLastQueries, causal: false)])
  func bfloat16GradientsEqualDifferenceQuotientsLoosely(_ test: Case) {
    let parameters = tinyParameters(tinyConfiguration(), seed: 3)
    let rounded = model(parameters, test.scoredRows, precision: .bfloat16)
    let exact = model(parameters, test.scoredRows)
    let batch = ScoredRowsTests.batch(keepingAllRows: test.scoredRows == .all)
    let buffer = parameters.buffer
    rounded.forward(batch, causal: test.causal)
    rounded.backward()
    let step: Float = 2e-3
    for slice in buffer.slices {
      var (error, size) = (0.0, 0.0)
      for i in slice.offset..<slice.offset + min(slice.count, 40) {
        let original = buffer.value[i]
        func loss(_ value: Float) -> Double {
          buffer.value[i] = value
          buffer.markChanged()
          return exact.forward(batch, causal: test.causal)
        }
        let expected = (loss(original + step) - loss(original - step)) / (2 * Double(step))
        buffer.value[i] = original
        error += (Double(buffer.gradient[i]) - expected) * (Double(buffer.gradient[i]) - expected)
        size += expected * expected
      }
      let share = (error / size).squareRoot()
      #expect(share < 0.1, "\(slice.name): \(share)")
    }
  }

  /// Two batches' gradients add up.
  @Test func gradientsAccumulate() {
    let parameters = tinyParameters(tinyConfiguration())
    let model = model(parameters)
    let batches = [0, 1].map { everyRowScored([randomTokens(4, index: 60 + $0), randomTokens(9, index: 70 + $0)]) }
    func gradients(_ batches: [Batch]) -> [Float] {
      parameters.buffer.clearGradients()
      for batch in batches {
        model.forward(batch, causal: true)
        model.backward()
      }
      return parameters.buffer.slices.flatMap(parameters.buffer.gradients)
    }
    let sum = zip(gradients([batches[0]]), gradients([batches[1]])).map { $0 + $1 }
    #expect(largestDifference(gradients(batches), sum) < 1e-4)
  }

  @Test func theLossIsTheWeightedSumOfTheRows() {
    let parameters = tinyParameters(tinyConfiguration())
    let model = model(parameters)
    let batch = ScoredRowsTests.batch(keepingAllRows: true)
    let loss = model.forward(batch, causal: false)
    let sum = zip(batch.weights, model.losses).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(loss - sum) < 1e-9)
    #expect(model.auxiliaryLoss == 0)
  }

  /// Dropout of what a kind of block adds to the stream changes nothing where it adds zeros, and something elsewhere.
  @Test(arguments: [ModelConfiguration.DropoutSite.attention, .feedForward])
  func eachKindOfBlockHasItsOwnDropout(site: ModelConfiguration.DropoutSite) {
    func losses(silencing projection: String?) -> (plain: Double, dropped: Double) {
      var configuration = tinyConfiguration()
      if site == .attention { configuration.attentionDropout = 0.5 } else { configuration.feedForwardDropout = 0.5 }
      let parameters = tinyParameters(configuration)
      for slice in parameters.buffer.slices where projection.map({ slice.name.contains($0) }) ?? false {
        parameters.buffer.set(slice, to: Array(repeating: 0, count: slice.count))
      }
      let model = model(parameters)
      let batch = everyRowScored([randomTokens(12, index: 80)])
      let plain = model.forward(batch, causal: true)
      model.dropoutClock.isTraining = configuration.hasDropout
      return (plain, model.forward(batch, causal: true))
    }
    let own = site == .attention ? "o_proj" : "down_proj"
    for projection in [nil, "o_proj", "down_proj"] {
      let (plain, dropped) = losses(silencing: projection)
      #expect((plain == dropped) == (projection == own), "\(site), \(projection ?? "nothing") silenced")
    }
  }

  @Test func dropoutActsInTrainingOnly() {
    let parameters = tinyParameters(tinyConfiguration(dropout: 0.5))
    let plain = tinyParameters(tinyConfiguration())
    let model = model(parameters)
    let batch = everyRowScored([randomTokens(12, index: 80)])
    let evaluated = model.forward(batch, causal: true)
    #expect(
      evaluated
        == Transformer(
          plain, capacity: BatchCapacity(tokens: 80, scored: 80), scoredRows: .all, backend: .native
        ).forward(batch, causal: true))
    model.dropoutClock.isTraining = true
    let trained = model.forward(batch, causal: true)
    #expect(trained != evaluated)
    #expect(model.forward(batch, causal: true) == trained)  // the same batch number, the same masks
    model.dropoutClock.batch += 1
    #expect(model.forward(batch, causal: true) != trained)
  }
}
