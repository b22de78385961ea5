// The exact tests (sign flips, Page's trend) and Holm's correction, against hand counts and SciPy.

import Statistics
import Testing

@Suite struct SignFlipTests {
  /// The counts of sign patterns whose sum is at least the observed one, and as far from zero.
  @Test(
    arguments: [
      // Of the eight sums of ±1 ±2 ±3, only 6 is ≥ 6; five are ≥ 0. Of ±1 ±1 ±1, four are ≥ 1 and all have |sum| ≥ 1.
      ([1, 2, 3], 1, 2),
      ([-1, -2, -3], 8, 2),
      ([1, 2, -3], 5, 8),
      ([1, 1, -1], 4, 8),
      ([0, 0, 0], 8, 8),
      // Equal sums in different order differ by rounding: 0.1 + 0.2 − 0.3 is not exactly 0.
      ([0.1, 0.2, -0.3], 5, 8),
      // stats.permutation_test((d,), np.mean, permutation_type="samples", alternative="greater").pvalue * 32, and
      // likewise with "two-sided"
      (IntervalTests.differences, 2, 4),
      ([1, 2, 3, 4, 5], 1, 2),
    ] as [([Double], Int, Int)])
  func exact(differences: [Double], above: Int, beyond: Int) throws {
    let test = try signFlip(differences)
    let patterns = Double(1 << differences.count)
    #expect(test.oneSided * patterns == Double(above) && test.twoSided * patterns == Double(beyond))
    #expect(test.exact && Double(test.permutations) == patterns)
  }

  @Test func twentyDifferencesAreStillExact() throws {
    let test = try signFlip([Double](repeating: 1, count: 20))
    #expect(test.exact && test.oneSided == 0x1p-20 && test.twoSided == 0x1p-19)
  }

  @Test func manyDifferencesAreSampled() throws {
    // 13 of 22 unit differences positive: P(Binomial(22, 1/2) ≥ 13) = 0.26173 (scipy.stats.binom.sf(12, 22, 0.5)).
    let differences = [Double](repeating: 1, count: 13) + [Double](repeating: -1, count: 9)
    let test = try signFlip(differences, samples: 20_000, seed: 5)
    #expect(!test.exact && test.permutations == 20_000)
    #expect(abs(test.oneSided - 0.26173) < 0.01 && abs(test.twoSided - 0.52346) < 0.012)
    #expect(try test == signFlip(differences, samples: 20_000, seed: 5))
    // Never zero, however extreme.
    #expect(try signFlip([Double](repeating: 1, count: 80), samples: 99).oneSided == 0.01)
  }

  @Test func refusesWhatIsNoDifference() {
    #expect(throws: StatisticsError.self) { try signFlip([]) }
    #expect(throws: StatisticsError.self) { try signFlip([1, .nan]) }
    #expect(throws: StatisticsError.self) { try signFlip([1, -.infinity]) }
  }
}

@Suite struct PageTrendTests {
  // stats.page_trend_test(data, method="exact")
  @Test(
    arguments: [
      ([[1, 2, 3], [1, 2, 3], [1, 2, 3]], 42, 0.004629629629629629),
      ([[3, 1, 4, 2, 5], [1, 2, 3, 5, 4], [2, 1, 3, 4, 5]], 158, 0.002492476851851852),
      ([[5, 2, 4, 1, 3], [4, 5, 3, 2, 1], [5, 4, 3, 1, 2]], 112, 0.9985908564814816),
      ([[1, 3, 2, 4], [2, 1, 3, 4], [1, 2, 4, 3], [4, 3, 1, 2]], 108, 0.10081802179783948),
      (
        [
          [12, 15, 11, 20, 18], [9, 14, 16, 13, 21], [10, 8, 17, 19, 22], [7, 12, 13, 14, 15], [11, 10, 12, 9, 13],
        ],
        260, 0.00046239245756172847
      ),
    ] as [([[Double]], Double, Double)])
  func againstSciPy(blocks: [[Double]], statistic: Double, p: Double) throws {
    let trend = try pageTrend(blocks, expected: .increasing)
    #expect(trend.statistic == statistic && close(trend.p, p))
    #expect(trend.blocks == blocks.count && trend.levels == blocks[0].count)
    // The opposite question about the same values, and the same question about the mirrored values.
    let opposite = try pageTrend(blocks, expected: .decreasing)
    #expect(close(opposite.p, trend.oppositeP) && close(opposite.oppositeP, trend.p))
    let mirrored = try pageTrend(blocks.map { $0.map { -$0 } }, expected: .decreasing)
    #expect(mirrored.statistic == statistic && close(mirrored.p, p))
  }

  // All 24³ permutations of stats.rankdata of each row, counted by itertools.product: P(L* ≥ L), P(L* ≤ L).
  @Test func tiesAndCensoringAgainstEnumeration() throws {
    let trend = try pageTrend(
      [[20, 35, .infinity, .infinity], [18, 18, 40, .infinity], [25, 22, 22, 60]], expected: .increasing)
    #expect(trend.statistic == 85.5)
    #expect(close(trend.p, 0.013310185185185185) && close(trend.oppositeP, 0.9907407407407407))
  }

  @Test func nothingButTiesShowsNothing() throws {
    let trend = try pageTrend([[Double](repeating: .infinity, count: 4), [2, 2, 2, 2]], expected: .decreasing)
    #expect(close(trend.p, 1) && close(trend.oppositeP, 1))
  }

  @Test func censoredRanksLast() throws {
    let censored = try pageTrend([[1, 2, .infinity], [3, 4, .infinity]], expected: .increasing)
    #expect(try censored == pageTrend([[1, 2, 3], [1, 2, 3]], expected: .increasing))
  }

  @Test func refusesWhatCannotBeRanked() {
    #expect(throws: StatisticsError.self) { try pageTrend([], expected: .increasing) }
    #expect(throws: StatisticsError.self) { try pageTrend([[1]], expected: .increasing) }
    #expect(throws: StatisticsError.self) { try pageTrend([[1, 2, 3], [1, 2]], expected: .increasing) }
    #expect(throws: StatisticsError.self) { try pageTrend([[1, .nan, 3]], expected: .increasing) }
    #expect(throws: StatisticsError.self) { try pageTrend([[1, -.infinity, 3]], expected: .increasing) }
    #expect(throws: StatisticsError.self) { try pageTrend([(1...13).map(Double.init)], expected: .increasing) }
  }
}

@Suite struct HolmTests {
  @Test func example() throws {
    // 0.005 · 4, 0.01 · 3, 0.03 · 2, then 0.04 · 1 raised to the one before.
    let adjusted = try holm([0.01, 0.04, 0.03, 0.005])
    for (value, expected) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) { #expect(close(value, expected)) }
    #expect(try holm([0.5, 0.6]) == [1, 1])
    #expect(try holm([]) == [])
    #expect(try holm([0.02]) == [0.02])
    #expect(try holm([0.02, 0.02]) == [0.04, 0.04])
    #expect(throws: StatisticsError.self) { try holm([0.1, .nan]) }
    #expect(throws: StatisticsError.self) { try holm([1.1]) }
  }
}
