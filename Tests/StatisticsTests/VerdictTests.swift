// Verdicts: each word where it belongs, and nothing decided over missing, diverged or too few runs.

import Foundation
import Statistics
import Testing

@Suite struct VerdictTests {
  static func seeds(_ values: [Double?]) -> [(label: String, value: Double?)] {
    values.enumerated().map { ("seed \($0.offset + 1)", $0.element) }
  }

  @Test(
    arguments: [
      ([0.10, 0.12, 0.11, 0.13, 0.09], 0.0, Verdict.holds),
      ([0.10, 0.12, 0.11, 0.13, 0.09], 0.05, .holds),
      // Above zero, but the interval reaches below the margin.
      ([0.10, 0.12, 0.11, 0.13, 0.09], 0.10, .inconclusive),
      // Clearly above zero and clearly below the margin: not shown, but not on the other side of zero either.
      ([0.10, 0.12, 0.11, 0.13, 0.09], 0.50, .inconclusive),
      ([-0.10, -0.12, -0.11, -0.13, -0.09], 0.0, .fails),
      ([-0.10, -0.12, -0.11, -0.13, -0.09], 0.05, .fails),
      // Student's interval is [−0.0011, 0.0455]; the bootstrap's would lie above zero.
      (IntervalTests.differences, 0.0, .inconclusive),
      ([0, 0, 0, 0, 0], 0.0, .inconclusive),
      ([0.2, 0.2, 0.2, 0.2, 0.2], 0.0, .holds),
      // Non-inferiority: below zero within the margin holds, below the margin fails, across it is open.
      ([-0.002, -0.003, -0.001, -0.002, -0.002], -0.01, .holds),
      ([-0.10, -0.12, -0.11, -0.13, -0.09], -0.01, .fails),
      ([-0.005, -0.015, -0.01, -0.02, 0], -0.01, .inconclusive),
      // Four seeds are too few.
      ([0.10, 0.12, 0.11, 0.13], 0.0, .inconclusive),
    ] as [([Double], Double, Verdict)])
  func pairedDifferences(values: [Double], margin: Double, verdict: Verdict) throws {
    let comparison = try judge(differences: Self.seeds(values), margin: margin)
    #expect(comparison.verdict == verdict, "\(comparison.explanation)")
    #expect(comparison.differences == values && comparison.missing.isEmpty)
    #expect(try comparison.interval == studentInterval(values))
    #expect(!comparison.explanation.contains("\n"))
  }

  @Test func numbersBesideTheWord() throws {
    let comparison = try judge(differences: Self.seeds(IntervalTests.differences), margin: 0.005)
    // stats.ttest_1samp(d, 0.005, alternative="greater").pvalue
    #expect(close(try #require(comparison.studentP), 0.05497551798754793))
    #expect(try comparison.signFlip == signFlip(IntervalTests.differences))
    #expect(comparison.explanation == "95 % interval [-0.00112, 0.0455] decides neither way (margin 0.005)")
    let holding = try judge(differences: Self.seeds([0.10, 0.12, 0.11, 0.13, 0.09]), margin: 0.05)
    #expect(holding.explanation == "95 % interval [0.0904, 0.13] lies above the margin 0.05")
    #expect(try judge(differences: Self.seeds([0.2, 0.2]), margin: 0).studentP == 0)
    #expect(try judge(differences: Self.seeds([0.2, 0.2]), margin: 0.2).studentP == 1)
  }

  @Test func missingAndDivergedRunsAreNamedAndDecideNothing() throws {
    let clear: [Double?] = [0.10, 0.12, 0.11, 0.13, 0.09]
    for (value, name) in [(nil, "seed 6"), (.nan, "seed 6 (nan)"), (.infinity, "seed 6 (inf)")] as [(Double?, String)] {
      let comparison = try judge(differences: Self.seeds(clear + [value]), margin: 0)
      #expect(comparison.verdict == .inconclusive && comparison.missing == [name])
      #expect(comparison.differences.count == 5 && comparison.labels.count == 5)
      #expect(comparison.explanation == "missing or diverged: \(name)")
    }
    let elsewhere = try judge(differences: Self.seeds(clear), margin: 0, missing: ["run 3f2a"])
    #expect(elsewhere.verdict == .inconclusive && elsewhere.missing == ["run 3f2a"])
  }

  @Test func tooFewSeeds() throws {
    let none = try judge(differences: [], margin: 0)
    #expect(none.verdict == .inconclusive && none.interval == nil && none.signFlip == nil && none.studentP == nil)
    #expect(none.explanation == "0 seeds, at least 5 needed")
    let one = try judge(differences: Self.seeds([0.3]), margin: 0)
    #expect(one.verdict == .inconclusive && one.interval == nil && one.signFlip?.oneSided == 0.5)
    let values = [0.10, 0.12, 0.11, 0.13, 0.09]
    #expect(try judge(differences: Self.seeds(values), margin: 0, minimumSeeds: 8).verdict == .inconclusive)
    #expect(try judge(differences: Self.seeds(values), margin: 0, minimumSeeds: 5).verdict == .holds)
  }

  @Test func refusesWhatWouldCountTwiceOrNotAtAll() {
    #expect(throws: StatisticsError.self) { try judge(differences: [("1", 0.1), ("1", 0.2)], margin: 0) }
    #expect(throws: StatisticsError.self) { try judge(differences: Self.seeds([0.1, 0.2]), margin: .nan) }
    #expect(throws: StatisticsError.self) { try judge(differences: Self.seeds([0.1]), margin: 0, minimumSeeds: 1) }
    #expect(throws: StatisticsError.self) { try judge(differences: Self.seeds([0.1, 0.2]), margin: 0, level: 0) }
  }

  static func blocks(_ values: [[Double?]]) -> [(label: String, values: [Double?])] {
    values.enumerated().map { ("seed \($0.offset + 1)", $0.element) }
  }

  @Test(
    arguments: [
      ([[20, 30, 40], [10, 15, 30], [22, 33, 34]], .increasing, .holds),
      ([[20, 30, 40], [10, 15, 30], [22, 33, 34]], .decreasing, .fails),
      ([[20, 30, .infinity], [10, 15, .infinity], [22, 33, .infinity]], .increasing, .holds),
      ([[20, 30, 40], [30, 20, 40], [40, 30, 20]], .increasing, .inconclusive),
      // Nobody crosses: no trend, though nothing is missing.
      (
        [[.infinity, .infinity, .infinity], [.infinity, .infinity, .infinity], [.infinity, .infinity, .infinity]],
        .increasing, .inconclusive
      ),
      // Two seeds have p = 1/36, but are too few.
      ([[20, 30, 40], [10, 15, 30]], .increasing, .inconclusive),
    ] as [([[Double]], PageTrend.Direction, Verdict)])
  func trends(values: [[Double]], expected: PageTrend.Direction, verdict: Verdict) throws {
    let comparison = try judgeTrend(blocks: Self.blocks(values), levels: ["S", "M", "L"], expected: expected)
    #expect(comparison.verdict == verdict, "\(comparison.explanation)")
    #expect(try comparison.trend == pageTrend(values, expected: expected))
    #expect(comparison.values == values.map { $0.map { $0.isFinite ? $0 : nil } })
  }

  @Test func trendWithMissingRuns() throws {
    let values: [[Double?]] = [[20, 30, 40], [10, 15, 30], [22, 33, 34], [5, nil, 7], [5, 6, .nan]]
    let comparison = try judgeTrend(blocks: Self.blocks(values), levels: ["S", "M", "L"], expected: .increasing)
    #expect(comparison.verdict == .inconclusive && comparison.missing == ["seed 4 at M", "seed 5 at L (nan)"])
    #expect(comparison.labels == ["seed 1", "seed 2", "seed 3"] && comparison.trend?.blocks == 3)
    let elsewhere = try judgeTrend(
      blocks: Self.blocks(Array(values.prefix(3))), levels: ["S", "M", "L"], expected: .increasing, missing: ["x"])
    #expect(elsewhere.verdict == .inconclusive && elsewhere.missing == ["x"])
    let none = try judgeTrend(blocks: [], levels: ["S", "M", "L"], expected: .increasing)
    #expect(none.verdict == .inconclusive && none.trend == nil)
    #expect(throws: StatisticsError.self) {
      try judgeTrend(blocks: [("1", [1, 2])], levels: ["S", "M", "L"], expected: .increasing)
    }
  }

  @Test func recordsSurviveJSON() throws {
    let paired = try judge(differences: Self.seeds([0.1, nil, 0.2]), margin: 0)
    #expect(try JSONDecoder().decode(PairedComparison.self, from: JSONEncoder().encode(paired)) == paired)
    let trend = try judgeTrend(
      blocks: Self.blocks([[1, 2, .infinity]]), levels: ["S", "M", "L"], expected: .increasing)
    #expect(try JSONDecoder().decode(TrendComparison.self, from: JSONEncoder().encode(trend)) == trend)
  }

  @Test(
    arguments: [
      ([.holds, .holds], .holds), ([.holds, .inconclusive], .inconclusive), ([.holds, .fails], .fails),
      ([.inconclusive, .fails], .fails), ([.inconclusive], .inconclusive), ([], .inconclusive),
    ] as [([Verdict], Verdict)])
  func combination(parts: [Verdict], whole: Verdict) { #expect(combine(parts) == whole) }
}
