// Correction of p-values for the number of claims tested.

/// Holm's step-down adjusted p-values, in the order given: the i-th smallest of m becomes
/// max over the smaller ones and itself of (m − i + 1) · p, at most 1. Controls the family-wise error under any
/// dependence.
///
/// Source: S. Holm, *A simple sequentially rejective multiple test procedure*, Scand. J. Statist. 6 (1979).
public func holm(_ p: [Double]) throws(StatisticsError) -> [Double] {
  if let wrong = p.first(where: { !(0...1).contains($0) }) {
    throw .outOfRange(what: "p-value", value: wrong, allowed: "in 0...1")
  }
  var adjusted = p
  var largest = 0.0
  let order = p.indices.sorted { (p[$0], $0) < (p[$1], $1) }
  for (rank, index) in order.enumerated() {
    largest = max(largest, min(1, Double(p.count - rank) * p[index]))
    adjusted[index] = largest
  }
  return adjusted
}
