// Where straight lines, one per seed, cross zero together, with an interval. How a line is fitted is in
// LeastSquares.swift.

/// The place at which a mean line is zero.
public struct ZeroCrossing: Hashable, Sendable {
  /// −(mean intercept) / (mean slope).
  public let estimate: Double
  /// The interval's bounds; nil where it has none, because the slope is not shown to differ from zero.
  public let bounds: ClosedRange<Double>?

  public init(estimate: Double, bounds: ClosedRange<Double>?) {
    (self.estimate, self.bounds) = (estimate, bounds)
  }
}

/// Where the mean of several lines y = aᵢ + bᵢ x crosses zero: Fieller's interval, which is all x at which Student's interval
/// of the lines' values, aᵢ + bᵢ x, contains zero.
///
/// With means ā, b̄ and V = t² · (covariance of the means) these x satisfy
/// (b̄² − V_bb) x² + 2 (ā b̄ − V_ab) x + (ā² − V_aa) ≤ 0. They are an interval with two bounds exactly where Student's
/// interval of the slopes excludes zero.
///
/// Source: E. C. Fieller, *Some problems in interval estimation*, J. R. Statist. Soc. B 16 (1954).
/// - Parameters:
///   - intercepts: aᵢ, one per line, at least two.
///   - slopes: bᵢ, in the same order.
/// - Returns: nil where the mean slope is zero.
/// - Throws: ``StatisticsError`` for fewer than two lines, unequal counts, or numbers that are not finite.
public func zeroCrossing(
  intercepts: [Double], slopes: [Double], level: Double = 0.95
) throws(StatisticsError) -> ZeroCrossing? {
  guard intercepts.count == slopes.count else {
    throw .mismatch("\(intercepts.count) intercepts and \(slopes.count) slopes; give one of each per line")
  }
  try requireLevel(level)
  try requireCount(slopes.count, atLeast: 2, "lines of a crossing")
  try requireFinite(intercepts, "intercepts of a crossing")
  try requireFinite(slopes, "slopes of a crossing")
  let (a, b) = (average(intercepts), average(slopes))
  if b == 0 { return nil }
  let count = Double(slopes.count)
  let t = try StudentDistribution(degreesOfFreedom: slopes.count - 1).twoSidedQuantile(level: level)
  func spread(_ first: [Double], _ second: [Double]) -> Double {
    let (one, other) = (average(first), average(second))
    let products = zip(first, second).reduce(0) { $0 + ($1.0 - one) * ($1.1 - other) }
    return t * t * products / (count - 1) / count
  }
  let square = b * b - spread(slopes, slopes)
  guard square > 0 else { return ZeroCrossing(estimate: -a / b, bounds: nil) }
  let half = a * b - spread(intercepts, slopes)
  let rest = a * a - spread(intercepts, intercepts)
  let root = max(0, half * half - square * rest).squareRoot()
  let ends = [(-half - root) / square, (-half + root) / square]
  return ZeroCrossing(estimate: -a / b, bounds: ends[0]...max(ends[0], ends[1]))
}
