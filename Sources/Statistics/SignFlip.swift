// The sign-flip (paired permutation) test of a mean difference, reported beside Student's interval.

import Randomness

/// The result of a sign-flip test.
public struct SignFlip: Codable, Hashable, Sendable {
  /// P(mean of randomly signed differences ≥ the observed mean): small when the mean is above zero.
  public let oneSided: Double
  /// P(|mean of randomly signed differences| ≥ |the observed mean|).
  public let twoSided: Double
  /// How many sign patterns the probabilities rest on.
  public let permutations: Int
  /// Whether these are all 2ⁿ patterns. If so, one-sided p is at least 1/2ⁿ: 0.031 at five seeds, 0.0039 at eight.
  public let exact: Bool
}

/// Tests whether differences are symmetric around zero by giving them all sign patterns (n ≤ 20), or `samples` random
/// ones beyond that, where p = (1 + exceedances) / (1 + samples) is still a valid p-value.
///
/// Sums that differ from the observed one only by rounding count as equal to it.
public func signFlip(
  _ differences: [Double], samples: Int = 99_999, seed: UInt64 = 0
) throws(StatisticsError) -> SignFlip {
  try requireCount(differences.count, atLeast: 1, "differences of a sign-flip test")
  try requireCount(samples, atLeast: 1, "samples of a sign-flip test")
  try requireFinite(differences, "differences of a sign-flip test")
  let observed = differences.reduce(0, +)
  let tolerance = 1e-12 * differences.reduce(0) { $0 + abs($1) }
  let exact = differences.count <= 20
  let sums = exact ? allSignedSums(differences) : randomSignedSums(differences, samples: samples, seed: seed)

  var above = exact ? 0 : 1
  var beyond = above
  for sum in sums {
    if sum >= observed - tolerance { above += 1 }
    if abs(sum) >= abs(observed) - tolerance { beyond += 1 }
  }
  let total = Double(exact ? sums.count : sums.count + 1)
  return SignFlip(
    oneSided: Double(above) / total, twoSided: Double(beyond) / total, permutations: sums.count, exact: exact)
}

/// ±d₁ ± d₂ … ± dₙ for all 2ⁿ sign patterns.
private func allSignedSums(_ differences: [Double]) -> [Double] {
  var sums = [0.0]
  sums.reserveCapacity(1 << differences.count)
  for difference in differences {
    for index in sums.indices {
      sums.append(sums[index] - difference)
      sums[index] += difference
    }
  }
  return sums
}

private func randomSignedSums(_ differences: [Double], samples: Int, seed: UInt64) -> [Double] {
  var stream = RandomStream(seed: seed, purpose: .statistics, index: 1)
  return (0..<samples).map { _ in
    var sum = 0.0
    var bits: UInt64 = 0
    for (index, difference) in differences.enumerated() {
      if index % 64 == 0 { bits = stream.next() }
      sum += bits & 1 == 1 ? difference : -difference
      bits >>= 1
    }
    return sum
  }
}
