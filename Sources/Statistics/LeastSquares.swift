// A straight line through points, with the interval of its slope; on logarithms it fits a power law.

/// The least-squares line y = intercept + slope · x.
public struct LeastSquares: Codable, Hashable, Sendable {
  /// The slope with Student's interval, n − 2 degrees of freedom.
  public let slope: Interval
  public let intercept: Double
}

/// Fits a line to at least three points. For C(U) ∝ Uᵃ pass log U and log C: the slope is a.
///
/// The interval assumes independent errors of equal spread around the line. Points that share a seed are not
/// independent: fit one line per seed and take `studentInterval` of the slopes instead.
public func leastSquares(
  x: [Double], y: [Double], level: Double = 0.95
) throws(StatisticsError) -> LeastSquares {
  guard x.count == y.count else {
    throw .mismatch("a line has \(x.count) x and \(y.count) y; give one y per x")
  }
  try requireLevel(level)
  try requireCount(x.count, atLeast: 3, "points of a line")
  try requireFinite(x, "x of a line")
  try requireFinite(y, "y of a line")
  let meanX = average(x)
  let meanY = average(y)
  var squares = 0.0
  var products = 0.0
  for (x, y) in zip(x, y) {
    squares += (x - meanX) * (x - meanX)
    products += (x - meanX) * (y - meanY)
  }
  guard squares > 0 else { throw .mismatch("all x of a line are \(x[0]); give at least two different ones") }
  let slope = products / squares
  var residual = 0.0
  for (x, y) in zip(x, y) {
    let error = y - meanY - slope * (x - meanX)
    residual += error * error
  }
  let df = x.count - 2
  let standardError = (residual / Double(df) / squares).squareRoot()
  let half = try StudentDistribution(degreesOfFreedom: df).twoSidedQuantile(level: level) * standardError
  return LeastSquares(
    slope: Interval(estimate: slope, low: slope - half, high: slope + half, level: level, count: x.count),
    intercept: meanY - slope * meanX)
}
