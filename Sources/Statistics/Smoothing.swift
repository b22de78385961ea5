// What figures draw: a smoothed line and a band over seeds. No verdict rests on anything here.

import Foundation

/// Local linear regression with a Gaussian kernel: at each x the value there of the line of least squares through all
/// points, weighted by exp(−(Δx / bandwidth)² / 2), or their weighted mean where they lie at one x. Unlike a weighted mean it
/// does not lag behind a curve that still rises at its end.
/// For drawing only. Pass log-epochs as x where the axis is logarithmic; x need not be sorted.
/// Source: Cleveland 1979; Fan and Gijbels 1996, section 3.2.
public func smooth(_ y: [Double], x: [Double], bandwidth: Double) throws(StatisticsError) -> [Double] {
  guard x.count == y.count else {
    throw .mismatch("a line to smooth has \(x.count) x and \(y.count) y; give one y per x")
  }
  guard bandwidth > 0, bandwidth.isFinite else {
    throw .outOfRange(what: "bandwidth", value: bandwidth, allowed: "positive and finite")
  }
  try requireFinite(x, "x of a line to smooth")
  try requireFinite(y, "y of a line to smooth")
  return x.map { centre in
    // Sums of weights × Δxⁱ (s) and of weights × Δxⁱ × y (t), Δx in bandwidths.
    var (s0, s1, s2, t0, t1) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (x, y) in zip(x, y) {
      let distance = (x - centre) / bandwidth
      let weight = exp(-distance * distance / 2)
      s0 += weight
      s1 += weight * distance
      s2 += weight * distance * distance
      t0 += weight * y
      t1 += weight * distance * y
    }
    let determinant = s0 * s2 - s1 * s1
    return determinant > 1e-9 * s0 * s0 ? (s2 * t0 - s1 * t1) / determinant : t0 / s0
  }
}

/// The mean of several seeds' curves, and Student's interval of that mean, at each epoch.
public struct Band: Codable, Hashable, Sendable {
  public let epochs: [Double]
  public let mean: [Double]
  /// The interval's ends; nil for a single seed, whose spread is unknown.
  public let low: [Double]?
  public let high: [Double]?
  /// The number of seeds.
  public let count: Int
}

/// The band over seeds evaluated on the same epochs. The interval is pointwise: it is for the mean at one epoch, not
/// for the whole curve.
public func bandOverSeeds(_ curves: [Curve], level: Double = 0.95) throws(StatisticsError) -> Band {
  try requireLevel(level)
  try requireCount(curves.count, atLeast: 1, "curves of a band")
  let epochs = curves[0].epochs
  guard curves.allSatisfy({ $0.epochs == epochs }) else {
    throw .mismatch("the seeds of a band have different epochs; evaluate all on the same epochs")
  }
  guard curves.count > 1 else {
    return Band(epochs: epochs, mean: curves[0].values, low: nil, high: nil, count: 1)
  }
  var intervals: [Interval] = []
  for index in epochs.indices {
    intervals.append(try studentInterval(curves.map { $0.values[index] }, level: level))
  }
  return Band(
    epochs: epochs, mean: intervals.map(\.estimate), low: intervals.map(\.low), high: intervals.map(\.high),
    count: curves.count)
}
