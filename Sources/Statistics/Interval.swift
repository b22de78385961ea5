// Means, their standard errors, and Student's interval of a mean, on which verdicts rest.

import Foundation

/// An estimate with its confidence interval.
public struct Interval: Codable, Hashable, Sendable {
  public let estimate: Double
  public let low: Double
  public let high: Double
  /// The confidence level, for example 0.95.
  public let level: Double
  /// The number of values it rests on.
  public let count: Int

  public init(estimate: Double, low: Double, high: Double, level: Double, count: Int) {
    self.estimate = estimate
    self.low = low
    self.high = high
    self.level = level
    self.count = count
  }

  public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// The mean and its standard error, sample standard deviation (n − 1) / √n. Needs at least two finite values.
public func meanAndStandardError(
  _ values: [Double]
) throws(StatisticsError) -> (mean: Double, standardError: Double) {
  try requireCount(values.count, atLeast: 2, "values of a standard error")
  try requireFinite(values, "values of a standard error")
  let count = Double(values.count)
  let mean = average(values)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (mean, (squares / (count - 1) / count).squareRoot())
}

/// The interval mean ± t(level, n − 1) · standard error. Needs at least two finite values; equal values give an
/// interval without width.
///
/// For independent normal values it covers the true mean with exactly the stated probability at every n, which is why
/// the verdicts over few seeds rest on it.
public func studentInterval(_ values: [Double], level: Double = 0.95) throws(StatisticsError) -> Interval {
  try requireLevel(level)
  let (mean, standardError) = try meanAndStandardError(values)
  let factor = try StudentDistribution(degreesOfFreedom: values.count - 1).twoSidedQuantile(level: level)
  let half = factor * standardError
  return Interval(estimate: mean, low: mean - half, high: mean + half, level: level, count: values.count)
}

/// The mean of values known to be there. Equal values give exactly that value, so that their spread is exactly zero.
func average(_ values: [Double]) -> Double {
  let shift = values[0]
  return shift + values.reduce(0) { $0 + ($1 - shift) } / Double(values.count)
}

/// The geometric mean of positive numbers; NaN without any.
public func geometricMean(_ values: [Double]) -> Double {
  values.isEmpty ? .nan : exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
}
