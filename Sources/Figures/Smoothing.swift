// Curves of several runs made into one series: every checkpoint a dot, a smoothed mean, a band. Only for the eye: no
// number of a verdict is computed from smoothed values.

import Foundation

extension Series {
  /// The curves of several runs (one a seed) of one model.
  ///
  /// Dots: every point of every run. Line: the mean of the runs at each x, smoothed along the axis by local linear
  /// regression with a Gaussian kernel whose bandwidth is 0.75 of the mean distance between checkpoints (at least 2.5 %
  /// of the span). Band: mean ± one sample standard deviation across the runs, both edges smoothed alike; none for one
  /// run.
  /// Points that are not finite take no part in line and band; they stay among the dots, where they are counted.
  /// - Parameter xScale: the x axis's; smoothing happens along the drawn axis.
  public static func ofRuns(label: String, colour: SeriesColour, runs: [[Point]], xScale: Scale) -> Series {
    let dots = runs.flatMap { $0 }
    var columns: [Double: [Double]] = [:]
    for dot in dots where dot.x.isFinite && dot.y.isFinite && (xScale == .linear || dot.x > 0) {
      columns[dot.x, default: []].append(dot.y)
    }
    let xs = columns.keys.sorted()
    guard xs.count > 1 else { return Series(label: label, colour: colour, dots: dots) }
    let positions = xs.map { xScale == .log ? log($0) : $0 }
    let means = xs.map { mean(columns[$0] ?? []) }
    let spreads = xs.map { standardDeviation(columns[$0] ?? []) }
    let span = positions[positions.count - 1] - positions[0]
    let bandwidth = max(0.75 * span / Double(xs.count - 1), 0.025 * span)
    func smooth(_ values: [Double]) -> [Point] {
      (0...120).map { step in
        let position = positions[0] + span * Double(step) / 120
        let y = localLinear(at: position, positions: positions, values: values, bandwidth: bandwidth)
        return (xScale == .log ? exp(position) : position, y)
      }
    }
    let low = smooth(zip(means, spreads).map { $0 - $1 })
    let high = smooth(zip(means, spreads).map { $0 + $1 })
    return Series(
      label: label, colour: colour, dots: dots, line: smooth(means),
      band: runs.count > 1 ? zip(low, high).map { ($0.x, $0.y, $1.y) } : [])
  }
}

/// The value at `position` of the line fitted by least squares with weights exp(−½ ((pᵢ − position) / bandwidth)²).
func localLinear(at position: Double, positions: [Double], values: [Double], bandwidth: Double) -> Double {
  var (weight, first, second, value, product) = (0.0, 0.0, 0.0, 0.0, 0.0)
  for (other, y) in zip(positions, values) {
    let distance = (other - position) / bandwidth
    let w = exp(-0.5 * distance * distance)
    weight += w
    first += w * distance
    second += w * distance * distance
    value += w * y
    product += w * distance * y
  }
  let determinant = weight * second - first * first
  return determinant > 1e-12 * weight * weight ? (second * value - first * product) / determinant : value / weight
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }

private func standardDeviation(_ values: [Double]) -> Double {
  guard values.count > 1 else { return 0 }
  let centre = mean(values)
  return (values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count - 1)).squareRoot()
}
