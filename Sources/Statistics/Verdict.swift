// From numbers to words: what a paired difference or a trend over seeds says about a claim. How large a margin is and
// which seeds are run is registered elsewhere, before the runs.

import Wording

/// What the runs say about a claim, at the scale they were run.
public enum Verdict: String, Codable, Sendable, CaseIterable {
  case holds, fails, inconclusive
}

/// The verdict of a claim with several parts: it holds if all hold, fails if any fails, and is inconclusive otherwise,
/// also without parts.
public func combine(_ verdicts: [Verdict]) -> Verdict {
  if verdicts.contains(.fails) { return .fails }
  return !verdicts.isEmpty && verdicts.allSatisfy { $0 == .holds } ? .holds : .inconclusive
}

/// The difference between two conditions, paired by seed, with everything that its verdict rests on.
public struct PairedComparison: Codable, Hashable, Sendable {
  /// The seeds' labels, parallel to `differences`.
  public let labels: [String]
  /// Per seed, first condition − second.
  public let differences: [Double]
  /// Student's interval of the mean difference; nil with fewer than two differences.
  public let interval: Interval?
  /// Student's one-sided p for a mean difference above the margin; nil with fewer than two differences. For differences
  /// without any spread it is 0 or 1.
  public let studentP: Double?
  /// The sign-flip test of a mean difference above zero; nil without differences.
  public let signFlip: SignFlip?
  public let margin: Double
  public let minimumSeeds: Int
  /// Runs that are missing or diverged, by name.
  public let missing: [String]
  public let verdict: Verdict

  /// Why the verdict is what it is, in one line.
  public var explanation: String {
    if !missing.isEmpty { return "missing or diverged: \(missing.joined(separator: ", "))" }
    guard let interval, differences.count >= minimumSeeds else {
      return "\(differences.count) seeds, at least \(minimumSeeds) needed"
    }
    let percent = significant(interval.level * 100)
    let range = "\(percent) % interval [\(significant(interval.low)), \(significant(interval.high))]"
    switch verdict {
    case .holds: return "\(range) lies above the margin \(significant(margin))"
    case .fails: return "\(range) lies below \(significant(min(0, margin)))"
    case .inconclusive: return "\(range) decides neither way (margin \(significant(margin)))"
    }
  }
}

/// Judges a difference paired by seed.
///
/// *holds*: the interval lies above the margin. *fails*: it lies below zero (below the margin where that is negative,
/// a test of non-inferiority). *inconclusive*: anything else, fewer seeds than the minimum, or any missing run.
///
/// - Parameters:
///   - differences: per seed its label and first − second; nil where one of the two runs is missing. A value that is not
///     finite is a diverged run and is named as missing with its value.
///   - margin: the pre-registered margin, in the metric's units.
///   - minimumSeeds: how many seeds a verdict needs, at least 2.
///   - missing: names of further runs that are missing.
public func judge(
  differences: [(label: String, value: Double?)], margin: Double, minimumSeeds: Int = 5, missing: [String] = [],
  level: Double = 0.95
) throws(StatisticsError) -> PairedComparison {
  try requireLevel(level)
  try requireFinite([margin], "margin of a verdict")
  try requireCount(minimumSeeds, atLeast: 2, "seeds that a verdict asks for")
  try requireDistinct(differences.map(\.label))
  var missing = missing
  var labels: [String] = []
  var values: [Double] = []
  for (label, value) in differences {
    if let value, value.isFinite {
      labels.append(label)
      values.append(value)
    } else {
      missing.append(value.map { "\(label) (\($0))" } ?? label)
    }
  }
  let interval = values.count >= 2 ? try studentInterval(values, level: level) : nil
  var verdict = Verdict.inconclusive
  if let interval, missing.isEmpty, values.count >= minimumSeeds {
    if interval.low > margin {
      verdict = .holds
    } else if interval.high < min(0, margin) {
      verdict = .fails
    }
  }
  return PairedComparison(
    labels: labels, differences: values, interval: interval,
    studentP: values.count >= 2 ? try studentUpperP(values, margin: margin) : nil,
    signFlip: values.isEmpty ? nil : try signFlip(values),
    margin: margin, minimumSeeds: minimumSeeds, missing: missing, verdict: verdict)
}

/// A trend over ordered levels within seeds, with everything that its verdict rests on.
public struct TrendComparison: Codable, Hashable, Sendable {
  /// The seeds' labels, parallel to `values`.
  public let labels: [String]
  /// Per complete seed, the value of each level; nil is censored, beyond the budget.
  public let values: [[Double?]]
  /// Page's test over the complete seeds; nil without any.
  public let trend: PageTrend?
  public let expected: PageTrend.Direction
  public let minimumSeeds: Int
  public let significance: Double
  /// Runs that are missing or diverged, by name.
  public let missing: [String]
  public let verdict: Verdict

  /// Why the verdict is what it is, in one line.
  public var explanation: String {
    if !missing.isEmpty { return "missing or diverged: \(missing.joined(separator: ", "))" }
    guard let trend, values.count >= minimumSeeds else {
      return "\(values.count) seeds, at least \(minimumSeeds) needed"
    }
    let p = significant(trend.p)
    let opposite = significant(trend.oppositeP)
    switch verdict {
    case .holds: return "\(expected.rawValue) along the levels, p = \(p)"
    case .fails: return "\(expected.opposite.rawValue) instead of \(expected.rawValue), p = \(opposite)"
    case .inconclusive: return "no trend is shown, p = \(p) for \(expected.rawValue), \(opposite) against"
    }
  }
}

/// Judges a trend over ordered levels by Page's exact test.
///
/// *holds*: p for the expected direction is below the significance. *fails*: that for the opposite direction is.
/// *inconclusive*: neither, fewer seeds than the minimum, or any missing run.
///
/// - Parameters:
///   - blocks: per seed its label and a value for each level, in order; `.infinity` is censored at the budget, nil a
///     missing run, NaN a diverged one. A seed with a missing run is left out of the test, which then decides nothing.
///   - levels: the names of the levels, for naming what is missing.
public func judgeTrend(
  blocks: [(label: String, values: [Double?])], levels: [String], expected: PageTrend.Direction, minimumSeeds: Int = 3,
  missing: [String] = [], significance: Double = 0.05
) throws(StatisticsError) -> TrendComparison {
  guard significance > 0, significance < 0.5 else {
    throw .outOfRange(what: "significance of a trend", value: significance, allowed: "strictly between 0 and 0.5")
  }
  try requireCount(minimumSeeds, atLeast: 1, "seeds that a verdict asks for")
  try requireDistinct(blocks.map(\.label))
  var missing = missing
  var labels: [String] = []
  var complete: [[Double]] = []
  for (label, values) in blocks {
    guard values.count == levels.count else {
      throw .mismatch(
        "\(label) has \(values.count) values for the levels \(levels); give one per level, nil if missing")
    }
    let usable = values.compactMap { $0 }.filter { !$0.isNaN && $0 != -.infinity }
    if usable.count == levels.count {
      labels.append(label)
      complete.append(usable)
    } else {
      for (level, value) in zip(levels, values) where value.map({ $0.isNaN || $0 == -.infinity }) ?? true {
        missing.append("\(label) at \(level)" + (value.map { " (\($0))" } ?? ""))
      }
    }
  }
  let trend = complete.isEmpty ? nil : try pageTrend(complete, expected: expected)
  var verdict = Verdict.inconclusive
  if let trend, missing.isEmpty, complete.count >= minimumSeeds {
    if trend.p < significance {
      verdict = .holds
    } else if trend.oppositeP < significance {
      verdict = .fails
    }
  }
  return TrendComparison(
    labels: labels, values: complete.map { $0.map { $0.isInfinite ? nil : $0 } }, trend: trend, expected: expected,
    minimumSeeds: minimumSeeds, significance: significance, missing: missing, verdict: verdict)
}

/// P(T ≥ (mean − margin) / standard error); without spread 0 if the mean is above the margin and 1 if not.
private func studentUpperP(_ values: [Double], margin: Double) throws(StatisticsError) -> Double {
  let (mean, standardError) = try meanAndStandardError(values)
  guard standardError > 0 else { return mean > margin ? 0 : 1 }
  return try StudentDistribution(degreesOfFreedom: values.count - 1).upperTail((mean - margin) / standardError)
}

private func requireDistinct(_ labels: [String]) throws(StatisticsError) {
  var seen: Set<String> = []
  for label in labels where !seen.insert(label).inserted {
    throw .mismatch("seed \(label) is given twice; pair every seed once")
  }
}
