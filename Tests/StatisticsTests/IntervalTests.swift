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
    #expect(throws: StatisticsError.self) { try percentileBootstrap([1, .nan], seed: 1) }
    #expect(throws: StatisticsError.self) { try percentileBootstrap([1], seed: 1) }
  }

  /// Samples of five standard normal values; the share of intervals that contain the true mean.
  func coverage(samples: UInt64, interval: ([Double], UInt64) throws -> Interval) rethrows -> Double {
    var covered = 0
    for sample in 0..<samples {
      var stream = RandomStream(seed: 1, purpose: .test, index: sample)
      if try interval((0..<5).map { _ in stream.normal() }, sample).contains(0) { covered += 1 }
    }
    return Double(covered) / Double(samples)
  }

  @Test func studentCoversAsStatedAndTheBootstrapDoesNot() throws {
    // Three standard errors of 2000 samples are 0.015, of 400 samples 0.056.
    let student = try coverage(samples: 2000) { values, _ in try studentInterval(values) }
    #expect(abs(student - 0.95) < 0.015)
    let bootstrap = try coverage(samples: 400) { try percentileBootstrap($0, resamples: 200, seed: $1) }
    #expect(bootstrap > 0.77 && bootstrap < 0.89)
  }

  @Test func bootstrapIsReproducibleAndNearStudentForManyValues() throws {
    var stream = RandomStream(seed: 2, purpose: .test)
    let values = (0..<200).map { _ in stream.normal() }
    let bootstrap = try percentileBootstrap(values, resamples: 1000, seed: 3)
    #expect(try bootstrap == percentileBootstrap(values, resamples: 1000, seed: 3))
    #expect(try bootstrap != percentileBootstrap(values, resamples: 1000, seed: 4))
    let student = try studentInterval(values)
    #expect(bootstrap.estimate == student.estimate)
    #expect(abs(bootstrap.low - student.low) < 0.02 && abs(bootstrap.high - student.high) < 0.02)
  }

  /// Of 4⁴ resamples of (0, 0, 0, 1), the mean is 0 with probability (3/4)⁴ = 0.32 and ≥ 3/4 with 0.051.
  @Test func bootstrapDrawsEveryValue() throws {
    let interval = try percentileBootstrap([0, 0, 0, 1], resamples: 4000, seed: 1)
    #expect(interval.low == 0 && interval.estimate == 0.25 && interval.high == 0.75)
  }

  // [np.quantile([3.0, 1.0, 4.0, 1.5, 9.0], q) for q in (0, 0.1, 0.25, 0.5, 0.9, 1)]
  @Test(arguments: [(0.0, 1.0), (0.1, 1.2), (0.25, 1.5), (0.5, 3.0), (0.9, 7.0), (1.0, 9.0)])
  func quantileOfNumPy(probability: Double, expected: Double) throws {
    #expect(close(try quantile([3.0, 1.0, 4.0, 1.5, 9.0], probability), expected))
    #expect(throws: StatisticsError.self) { try quantile([1], -0.1) }
  }

  @Test func accuracyError() throws {
    // np.array([1] * 37 + [0] * 63).std(ddof=1) / 10
    #expect(close(try accuracyStandardError(right: 37, items: 100), 0.048523658709390974))
    #expect(try accuracyStandardError(right: 100, items: 100) == 0)
    #expect(throws: StatisticsError.self) { try accuracyStandardError(right: 0, items: 1) }
    #expect(throws: StatisticsError.self) { try accuracyStandardError(right: 5, items: 4) }
  }
}
