// A straight line through points of which some are known only to lie above a limit: what did not happen within a budget.
// Lines through points that are all known are in LeastSquares.swift.

import Foundation

/// A number, or the limit that it lies above.
public enum Censored: Hashable, Sendable {
  case known(Double)
  /// Right-censored: the number is larger than this.
  case above(Double)
}

/// The line y = intercept + slope · x with normal errors of standard deviation `deviation`.
public struct CensoredLine: Hashable, Sendable {
  public let slope: Double
  public let intercept: Double
  public let deviation: Double
}

/// The line of greatest likelihood through points that may be right-censored (Tobin 1958), by expectation maximisation.
///
/// A censored point enters with its conditional expectation given that it lies above its limit, and its conditional
/// variance; without censored points the line is the least-squares line.
/// - Returns: nil where there is no such line: fewer than two different x have a known y, so that any steep enough slope
///   is as likely as the next.
/// - Throws: ``StatisticsError`` for numbers that are not finite, fewer than three points, or as many x as y.
public func censoredLine(x: [Double], y: [Censored]) throws(StatisticsError) -> CensoredLine? {
  guard x.count == y.count else {
    throw .mismatch("a line has \(x.count) x and \(y.count) y; give one y per x")
  }
  try requireCount(x.count, atLeast: 3, "points of a line")
  try requireFinite(x, "x of a line")
  try requireFinite(y.map(\.limit), "y of a line")
  let known = zip(x, y).filter { $1.isKnown }
  guard Set(known.map(\.0)).count >= 2 else { return nil }

  var line = ordinary(known.map(\.0), known.map(\.1.limit), extraVariance: 0)
  if known.count == x.count { return line }
  // A line through the known points alone can be exact, and an exact one has no errors to censor by.
  line = CensoredLine(slope: line.slope, intercept: line.intercept, deviation: max(line.deviation, 1e-3))
  for _ in 0..<10_000 {
    var extra = 0.0
    let expected = zip(x, y).map { x, y -> Double in
      guard case .above(let limit) = y else { return y.limit }
      let mean = line.intercept + line.slope * x
      let z = (limit - mean) / line.deviation
      let hazard = normalHazard(z)
      extra += line.deviation * line.deviation * max(0, 1 + z * hazard - hazard * hazard)
      return mean + line.deviation * hazard
    }
    let next = ordinary(x, expected, extraVariance: extra)
    let moved = abs(next.slope - line.slope) + abs(next.intercept - line.intercept)
    line = CensoredLine(slope: next.slope, intercept: next.intercept, deviation: max(next.deviation, 1e-9))
    if moved < 1e-10 * (1 + abs(line.slope) + abs(line.intercept)) { break }
  }
  return line
}

/// The slope with the interval of the delete-one jackknife over groups: points of one group, such as a seed, are dependent.
/// - Parameters:
///   - groups: points by group, at least two groups.
/// - Returns: nil where the line does not exist, of all groups or of all but one.
/// - Throws: as ``censoredLine(x:y:)``.
public func censoredSlope(
  _ groups: [[(x: Double, y: Censored)]], level: Double = 0.95
) throws(StatisticsError) -> Interval? {
  try requireLevel(level)
  try requireCount(groups.count, atLeast: 2, "groups of a line")
  func slope(without left: Int?) throws(StatisticsError) -> Double? {
    var points: [(x: Double, y: Censored)] = []
    for (number, group) in groups.enumerated() where number != left { points += group }
    return try censoredLine(x: points.map(\.x), y: points.map(\.y))?.slope
  }
  guard let whole = try slope(without: nil) else { return nil }
  var parts: [Double] = []
  for left in groups.indices {
    guard let part = try slope(without: left) else { return nil }
    parts.append(part)
  }
  let count = Double(groups.count)
  let mean = average(parts)
  let squares = parts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  let error = ((count - 1) / count * squares).squareRoot()
  let half = try StudentDistribution(degreesOfFreedom: groups.count - 1).twoSidedQuantile(level: level) * error
  return Interval(estimate: whole, low: whole - half, high: whole + half, level: level, count: groups.count)
}

extension Censored {
  /// The number, or its lower limit.
  public var limit: Double {
    switch self {
    case .known(let value), .above(let value): value
    }
  }

  public var isKnown: Bool {
    if case .known = self { true } else { false }
  }
}

/// The least-squares line; its deviation divides the squared errors, and the variance of what is only expected, by the
/// number of points, as greatest likelihood does.
private func ordinary(_ x: [Double], _ y: [Double], extraVariance: Double) -> CensoredLine {
  let (meanX, meanY) = (average(x), average(y))
  let squares = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
  let products = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
  let slope = products / squares
  let errors = zip(x, y).reduce(0) { sum, point in
    let error = point.1 - meanY - slope * (point.0 - meanX)
    return sum + error * error
  }
  let deviation = ((errors + extraVariance) / Double(x.count)).squareRoot()
  return CensoredLine(slope: slope, intercept: meanY - slope * meanX, deviation: deviation)
}

/// φ(z) / (1 − Φ(z)), the expectation of a standard normal number above z minus that of all, without overflow.
private func normalHazard(_ z: Double) -> Double {
  if z > 30 { return z + 1 / z }  // the tail's own expansion, where its probability underflows
  return exp(-z * z / 2) / (2 * Double.pi).squareRoot() / (0.5 * erfc(z / 2.0.squareRoot()))
}
