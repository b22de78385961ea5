// Student's t and the intervals of a mean, against tables and SciPy, and their coverage by simulation.

import Randomness
import Statistics
import Testing

/// Equal up to a relative error, so that a small reference is as sharp a test as a large one.
func close(_ value: Double, _ reference: Double, _ tolerance: Double = 1e-10) -> Bool {
  abs(value - reference) <= tolerance * abs(reference)
}

@Suite struct IntervalTests {
  static let differences = [0.031, 0.012, 0.045, -0.004, 0.027]

  // from scipy import stats
  // [stats.t.ppf(0.975, df) for df in (1, 2, 4, 7, 30, 200)]
  // [stats.t.ppf(0.995, df) for df in (1, 4, 7)]
  @Test(arguments: [
    (1, 0.95, 12.706204736174694), (2, 0.95, 4.302652729749462), (4, 0.95, 2.7764451051977934),
    (7, 0.95, 2.364624251592784), (30, 0.95, 2.0422724563012378), (200, 0.95, 1.9718962236339088),
    (1, 0.99, 63.656741162871526), (4, 0.99, 4.604094871349992), (7, 0.99, 3.4994832973504924),
  ])
  func studentQuantile(df: Int, level: Double, expected: Double) throws {
    #expect(close(try StudentDistribution(degreesOfFreedom: df).twoSidedQuantile(level: level), expected))
  }

  // [stats.t.sf(t, df) for t, df in ((0.5, 1), (2, 3), (-1.5, 4), (10, 7), (40, 30), (0.001, 9))]
  @Test(arguments: [
    (0.5, 1, 0.35241638234956674), (2.0, 3, 0.06966298427942152), (-1.5, 4, 0.896), (10.0, 7, 1.0697101445386401e-05),
    (40.0, 30, 6.863022597203209e-28), (0.001, 9, 0.49961196516298667), (0.0, 5, 0.5), (.infinity, 5, 0),
    (-.infinity, 5, 1), (1e200, 5, 0),
  ])
  func studentTail(t: Double, df: Int, expected: Double) throws {
    #expect(close(try StudentDistribution(degreesOfFreedom: df).upperTail(t), expected))
  }

  // d = [0.031, 0.012, 0.045, -0.004, 0.027]
  // stats.ttest_1samp(d, 0).confidence_interval(0.95), stats.ttest_1samp(d, 0).confidence_interval(0.99)
  @Test func studentIntervalOfSciPy() throws {
    let interval = try studentInterval(Self.differences)
    #expect(close(interval.estimate, 0.0222) && interval.count == 5 && interval.level == 0.95)
    #expect(close(interval.low, -0.0011188333576178412) && close(interval.high, 0.04551883335761783))
    let wider = try studentInterval(Self.differences, level: 0.99)
    #expect(close(wider.low, -0.01646891546556436) && close(wider.high, 0.060868915465564354))
    #expect(close(try meanAndStandardError(Self.differences).standardError, 0.008398809439438425))
  }

  @Test func equalValuesHaveNoWidth() throws {
    let interval = try studentInterval([0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
    #expect(interval.low == 0.1 && interval.high == 0.1 && interval.estimate == 0.1)
  }

  @Test func refusesWhatHasNoInterval() {
    #expect(throws: StatisticsError.tooFew(what: "values of a standard error", count: 1, minimum: 2)) {
      try studentInterval([1])
    }
    #expect(throws: StatisticsError.self) { try studentInterval([]) }
    #expect(throws: StatisticsError.self) { try studentInterval([1, .nan, 2]) }
    #expect(throws: StatisticsError.self) { try studentInterval([1, .infinity, 2]) }
    #expect(throws: StatisticsError.self) { try studentInterval([1, 2], level: 1) }
  }

  /// Of 2000 samples of five standard normal values, the share of intervals that contain the true mean.
  @Test func studentCoversAsStated() throws {
    let covered = try (0..<2000).count { sample in
      var stream = RandomStream(seed: 1, purpose: .test, index: UInt64(sample))
      return try studentInterval((0..<5).map { _ in stream.normal() }).contains(0)
    }
    #expect(abs(Double(covered) / 2000 - 0.95) < 0.015)  // three standard errors
  }
}
