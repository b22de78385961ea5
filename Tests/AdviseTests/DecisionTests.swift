// The rule on made-up numbers of the fresh splits, its interval beside a naive computation, and the curve over r.

import Foundation
import Testing
import Advise

@Suite struct DecisionTests {
  private func choice(
    ar: [Double], dlm: [Double], baseline: Double = 5.2, plain: [Double]? = nil
  ) throws -> AdviceChoice {
    try Judgement(
      plainAR: Made.contender(.autoregression, plain ?? ar), ar: Made.contender(.autoregression, ar),
      dlm: Made.contender(.diffusion, dlm), baselines: ar.map { _ in baseline }, heldOutShare: 0.1
    ).choice
  }

  @Test func theLowerLossWinsWhereTheIntervalIsOnOneSide() throws {
    #expect(try choice(ar: [3.80, 3.82, 3.79, 3.81], dlm: [3.90, 3.93, 3.88, 3.92]) == .autoregression)
    #expect(try choice(ar: [3.80, 3.82, 3.79, 3.81], dlm: [3.70, 3.71, 3.68, 3.73]) == .diffusion)
    #expect(try choice(ar: [3.80, 3.82, 3.79, 3.81], dlm: [3.90, 3.75, 3.70, 3.86]) == .undecided)
  }

  /// The same difference decides with a text of its own for each split, and not where splits share their text.
  @Test func theOverlapOfTheSplitsWidensTheInterval() throws {
    let values = [0.02, 0.05, 0.09, 0.04, 0.01]
    let (narrow, wide) = (try Measured(values, heldOutShare: 0), try Measured(values, heldOutShare: 0.3))
    #expect(narrow.isAboveZero && !wide.isAboveZero)
    #expect(narrow.mean == wide.mean)
  }

  /// Nadeau and Bengio: mean ± t · s · √(1/n + h/(1 − h)), written out.
  @Test func theIntervalIsThatOfTheCorrectedResampledTest() throws {
    let values = [0.1, 0.3, 0.2, 0.4]
    let h = 0.2
    let mean = 0.25
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3).squareRoot()
    let half = 3.182446305284263 * deviation * (1.0 / 4 + h / (1 - h)).squareRoot()
    let measured = try Measured(values, heldOutShare: h)
    #expect(abs((measured.low ?? 0) - (mean - half)) < 1e-9)
    #expect(abs((measured.high ?? 0) - (mean + half)) < 1e-9)
  }

  /// One split gives no interval, and so no winner.
  @Test func oneSplitDecidesNothing() throws {
    #expect(try choice(ar: [3.8], dlm: [2.0]) == .nothing)  // not even that anything was learnt
    #expect(try Measured([1], heldOutShare: 0.1).low == nil)
  }

  @Test func whatIsNotBelowCountingIsNothing() throws {
    #expect(try choice(ar: [5.21, 5.20, 5.22], dlm: [5.4, 5.5, 5.4]) == .nothing)
    #expect(try choice(ar: [5.19, 5.18, 5.19], dlm: [5.4, 5.5, 5.4]) == .nothing)  // by less than a hundredth
    #expect(try choice(ar: [5.0, 5.01, 5.0], dlm: [5.4, 5.5, 5.4]) == .autoregression)
  }

  /// Plain AR decides nothing: it is not a candidate, the tuned one is.
  @Test func plainARIsOnlyReported() throws {
    let ar = [3.80, 3.82, 3.79, 3.81]
    let judgement = try Judgement(
      plainAR: Made.contender(.autoregression, ar.map { $0 + 0.3 }), ar: Made.contender(.autoregression, ar),
      dlm: Made.contender(.diffusion, ar.map { $0 + 0.1 }), baselines: ar.map { _ in 5.2 }, heldOutShare: 0.1)
    #expect(judgement.choice == .autoregression)
    #expect(judgement.againstPlain.isBelowZero && judgement.tuningGain.isBelowZero)
  }

  @Test func theCurveIsReadOnLogarithmsAndNotBeyondItsEnds() throws {
    let curve = RegimeCurve(
      points: [
        .init(ratio: 100, gap: .init(mean: 0.3, low: 0.2, high: 0.4)),
        .init(ratio: 1, gap: .init(mean: 0.1, low: 0, high: 0.2)),
      ], source: "made up")
    let middle = try #require(curve.gap(at: 10))
    #expect(abs(middle.mean - 0.2) < 1e-12 && abs((middle.low ?? 9) - 0.1) < 1e-12)
    #expect(curve.gap(at: 1)?.mean == 0.1 && curve.gap(at: 100)?.mean == 0.3)
    #expect(curve.gap(at: 0.9) == nil && curve.gap(at: 101) == nil)
  }

  /// What is built in is what the committed verdict of `regime` says of the King James Bible.
  @Test func theMeasuredCurveIsTheCommittedOne() throws {
    struct Stored: Decodable {
      struct Result: Decodable { let estimates: [Estimate], preset: String }
      struct Estimate: Decodable { let name: String, value: Double, low: Double?, high: Double? }
      let result: Result
    }
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../figures/regime/verdict.json")
    let stored = try JSONDecoder().decode(Stored.self, from: Data(contentsOf: file)).result
    let prefix = "kjv_loss_gap_at_r_"
    let points = stored.estimates.filter { $0.name.hasPrefix(prefix) }
    #expect(points.count >= 6 && points.count == RegimeCurve.measured.points.count)
    for point in points {
      let ratio = try #require(Double(point.name.dropFirst(prefix.count)))
      let measured = try #require(RegimeCurve.measured.points.first { abs($0.ratio / ratio - 1) < 0.05 }).gap
      #expect(abs(measured.mean - point.value) < 0.0006, "\(point.name)")
      #expect(
        abs((measured.low ?? 9) - (point.low ?? 99)) < 0.0006 && abs((measured.high ?? 9) - (point.high ?? 99)) < 0.0006
      )
    }
    #expect(RegimeCurve.measured.source.contains("preset \(stored.preset)"))
  }
}
