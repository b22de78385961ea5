// Student's t distribution for whole degrees of freedom: tail probability and quantile. What is made of them is in
// Interval.swift, Verdict.swift and LeastSquares.swift.

import Foundation

/// Student's t distribution.
///
/// Source: Abramowitz and Stegun, *Handbook of Mathematical Functions*, 26.5.8 (continued fraction of the incomplete
/// beta function, evaluated by Lentz's method) and 26.7.1.
public struct StudentDistribution: Sendable {
  public let degreesOfFreedom: Int

  public init(degreesOfFreedom: Int) throws(StatisticsError) {
    try requireCount(degreesOfFreedom, atLeast: 1, "degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// P(T > t). Small tails keep their relative accuracy.
  public func upperTail(_ t: Double) -> Double {
    let df = Double(degreesOfFreedom)
    let square = t * t
    if square.isInfinite { return t < 0 ? 1 : 0 }
    let half = incompleteBeta(x: df / (df + square), complement: square / (df + square)) / 2
    return t < 0 ? 1 - half : half
  }

  /// The t > 0 with P(−t < T < t) = level, the factor of a two-sided interval.
  public func twoSidedQuantile(level: Double) throws(StatisticsError) -> Double {
    try requireLevel(level)
    let tail = (1 - level) / 2
    var low = 0.0
    var high = 1.0
    while upperTail(high) > tail { (low, high) = (high, 2 * high) }
    while true {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { return middle }
      if upperTail(middle) > tail { low = middle } else { high = middle }
    }
  }

  /// The regularised incomplete beta function I_x(ν/2, 1/2), with 1 − x passed beside x to keep its digits.
  private func incompleteBeta(x: Double, complement: Double) -> Double {
    if x <= 0 { return 0 }
    if complement <= 0 { return 1 }
    let a = Double(degreesOfFreedom) / 2
    let b = 0.5
    let front = exp(a * log(x) + b * log(complement)) * inverseBeta
    if x < (a + 1) / (a + b + 2) { return front * Self.continuedFraction(x, a, b) / a }
    return 1 - front * Self.continuedFraction(complement, b, a) / b
  }

  /// 1 / B(ν/2, 1/2) = Γ((ν+1)/2) / (Γ(ν/2) √π), by the recurrence of Γ from ν = 1 or 2.
  private var inverseBeta: Double {
    let odd = degreesOfFreedom % 2 == 1
    var value = odd ? 1 / Double.pi : 0.5
    for df in stride(from: odd ? 1 : 2, to: degreesOfFreedom, by: 2) { value *= Double(df + 1) / Double(df) }
    return value
  }

  private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func nonzero(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
    var fraction = d
    for m in 1...500 {
      let m = Double(m)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / nonzero(1 + even * d)
      c = nonzero(1 + even / c)
      fraction *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / nonzero(1 + odd * d)
      c = nonzero(1 + odd / c)
      fraction *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return fraction
  }
}
