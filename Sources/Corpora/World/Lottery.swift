// Draws by weight: who and what is talked about how often.

import Foundation
import Randomness

/// Indices drawn in proportion to weights.
struct Lottery: Sendable {
  private let weights: [Double]
  private let sums: [Double]
  /// Nothing is spent on weights that are all the same, and the same numbers come as without them.
  private let isEven: Bool

  /// - Parameter weights: positive numbers, at least one.
  init(_ weights: [Double]) {
    self.weights = weights
    isEven = weights.allSatisfy { $0 == weights[0] }
    var sum = 0.0
    sums = weights.map { weight in
      sum += weight
      return sum
    }
  }

  /// Zipf's law: the index i has the weight (i + 1)^−exponent.
  static func zipf(_ count: Int, exponent: Double) -> [Double] { (0..<count).map { pow(Double($0 + 1), -exponent) } }

  /// One index.
  func draw(_ stream: inout RandomStream) -> Int {
    if isEven { return stream.below(weights.count) }
    let point = stream.uniform() * sums[sums.count - 1]
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > point { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// All indices, drawn one after the other without putting back.
  func order(_ stream: inout RandomStream) -> [Int] {
    if isEven { return stream.permutation(weights.count) }
    // The one with the shortest of exponential waiting times comes first (Efraimidis and Spirakis 2006).
    let times = weights.map { -log(1 - stream.uniform()) / $0 }
    return times.indices.sorted { times[$0] < times[$1] }
  }
}
