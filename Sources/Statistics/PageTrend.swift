// Page's trend test for ordered levels within blocks (seeds), with its exact null distribution and with ties and
// censored values.

/// Page's test of a trend over ordered levels.
public struct PageTrend: Codable, Hashable, Sendable {
  /// More levels are not tested: their permutations are too many to enumerate.
  public static let mostLevels = 12

  /// The direction that the alternative states.
  public enum Direction: String, Codable, Sendable {
    case increasing, decreasing

    package var opposite: Direction { self == .increasing ? .decreasing : .increasing }
  }

  /// L = Σ_j j · R_j, R_j the sum over blocks of the rank of level j; for `decreasing` the levels are counted
  /// backwards, so that a large L always speaks for the expected direction.
  public let statistic: Double
  /// One-sided exact p for the expected direction, P(L* ≥ L) if every block's ranks are permuted at random.
  public let p: Double
  /// One-sided exact p for the opposite direction, P(L* ≤ L).
  public let oppositeP: Double
  public let expected: Direction
  public let blocks: Int
  public let levels: Int
}

/// Page's trend test. Source: E. B. Page, *Ordered hypotheses for multiple treatments*, JASA 58 (1963).
///
/// - Parameters:
///   - blocks: one row per block (seed), one value per level in the order of the levels; at least two and at most
///     twelve levels. `.infinity` is a censored value ("not within the budget"): larger than every number and tied with
///     other censored ones. Ties get the mean of their ranks.
///   - expected: whether values should grow or fall along the levels.
/// - Returns: the statistic with one-sided p for the expected and the opposite direction, exact also under ties: the
///   null distribution is that of each block's own ranks.
public func pageTrend(
  _ blocks: [[Double]], expected: PageTrend.Direction
) throws(StatisticsError) -> PageTrend {
  try requireCount(blocks.count, atLeast: 1, "blocks of a trend test")
  let levels = blocks[0].count
  try requireCount(levels, atLeast: 2, "levels of a trend test")
  guard levels <= PageTrend.mostLevels else {
    throw .outOfRange(
      what: "levels of a trend test", value: Double(levels), allowed: "at most \(PageTrend.mostLevels)")
  }
  var observed = 0
  var null: [Int: Double] = [0: 1]
  for (index, block) in blocks.enumerated() {
    guard block.count == levels else {
      throw .mismatch("block \(index) of a trend test has \(block.count) levels, the first has \(levels); run the rest")
    }
    if let level = block.firstIndex(where: { $0.isNaN || $0 == -.infinity }) {
      throw .notFinite(what: "block \(index) of a trend test", index: level, value: block[level])
    }
    let ranks = doubledRanks(expected == .increasing ? block : block.reversed())
    observed += weightedSum(ranks)
    null = convolve(null, permutationDistribution(ranks))
  }
  var above = 0.0
  var below = 0.0
  for (value, probability) in null.sorted(by: { $0.key < $1.key }) {
    if value >= observed { above += probability }
    if value <= observed { below += probability }
  }
  return PageTrend(
    statistic: Double(observed) / 2, p: min(above, 1), oppositeP: min(below, 1), expected: expected,
    blocks: blocks.count, levels: levels)
}

/// Twice the mid-ranks, which are whole numbers: (1, 3, 3, 9) → (2, 5, 5, 8).
func doubledRanks(_ values: [Double]) -> [Int] {
  values.map { value in
    var smaller = 0
    var equal = 0
    for other in values {
      if other < value { smaller += 1 } else if other == value { equal += 1 }
    }
    return 2 * smaller + equal + 1
  }
}

private func weightedSum(_ ranks: [Int]) -> Int {
  ranks.enumerated().reduce(0) { $0 + ($1.offset + 1) * $1.element }
}

/// The distribution of Σ_j j · r_π(j) over all permutations π of one block's ranks, by dynamic programming over the
/// subsets of ranks given to the first levels.
private func permutationDistribution(_ ranks: [Int]) -> [Int: Double] {
  let all = 1 << ranks.count
  var ways = [[Int: Double]](repeating: [:], count: all)
  ways[0] = [0: 1]
  for subset in 0..<all - 1 {
    let level = subset.nonzeroBitCount + 1
    for (index, rank) in ranks.enumerated() where subset & (1 << index) == 0 {
      for (value, count) in ways[subset] { ways[subset | 1 << index][value + level * rank, default: 0] += count }
    }
    ways[subset] = [:]
  }
  let total = (1...ranks.count).reduce(1.0) { $0 * Double($1) }
  return ways[all - 1].mapValues { $0 / total }
}

/// The distribution of the sum of two independent values. The order of summation is fixed, and so is every bit.
private func convolve(_ first: [Int: Double], _ second: [Int: Double]) -> [Int: Double] {
  let terms = second.sorted { $0.key < $1.key }
  var sum: [Int: Double] = [:]
  for (value, probability) in first.sorted(by: { $0.key < $1.key }) {
    for (other, otherProbability) in terms { sum[value + other, default: 0] += probability * otherProbability }
  }
  return sum
}
