// How the gap between the objectives depends on the number of parameters per unique token, as far as somebody has
// measured it. The advice does without where nobody has; what measures it is not here.

import Foundation

/// A measured curve: tuned DLM's best loss − AR's, nats per token, against r.
package struct RegimeCurve: Sendable {
  package struct Point: Sendable {
    /// r: parameters without embeddings per unique token.
    package let ratio: Double
    package let gap: Measured

    package init(ratio: Double, gap: Measured) {
      (self.ratio, self.gap) = (ratio, gap)
    }
  }

  /// In ascending order of r.
  package let points: [Point]
  /// Where it comes from, in words: "the claim `regime` at preset ci on the world corpus".
  package let source: String

  package init(points: [Point], source: String) {
    self.points = points.sorted { $0.ratio < $1.ratio }
    self.source = source
  }

  /// The gap at r, interpolated on log r; nil outside what was measured.
  package func gap(at ratio: Double) -> Measured? {
    guard let next = points.firstIndex(where: { $0.ratio >= ratio }) else { return nil }
    if points[next].ratio == ratio { return points[next].gap }
    guard next > 0 else { return nil }
    let (left, right) = (points[next - 1], points[next])
    let share = log(ratio / left.ratio) / log(right.ratio / left.ratio)
    func mix(_ first: Double, _ second: Double) -> Double { first + share * (second - first) }
    func mix(_ first: Double?, _ second: Double?) -> Double? {
      first.flatMap { first in second.map { mix(first, $0) } }
    }
    return Measured(
      mean: mix(left.gap.mean, right.gap.mean), low: mix(left.gap.low, right.gap.low),
      high: mix(left.gap.high, right.gap.high))
  }
}
