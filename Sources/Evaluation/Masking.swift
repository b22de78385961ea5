// Which tokens of a span a diffusion model is asked about, in which surroundings, and how the answers are weighted. No
// model is run here. Which of an item's choices are asked how often: Contest.swift.

import Randomness

/// One question about a span: `masked` tokens are hidden, the log-probabilities of the `scored` ones are summed and
/// multiplied by `weight`; the sum over a span's maskings is the estimate of its log-likelihood.
struct Masking: Hashable, Sendable {
  /// For each token of the span, whether the mask token takes its place.
  let masked: [Bool]
  /// Positions in the span, ascending, all of them masked.
  let scored: [Int]
  let weight: Double

  /// Suffixes of a span of up to this many tokens are all asked, whatever the number of samples.
  static let longestExactSuffixes = 16

  /// Maskings for the order-agnostic bound: exactly l masked tokens, the mean over their log-probabilities, the mean
  /// over the subsets of that size, the sum over l = 1…n.
  ///
  /// All 2ⁿ − 1 subsets if they are at most `samples`. Otherwise ``BalancedMaskings``, those that came twice counted
  /// twice: `samples` of 1…n tokens; or, from n samples on, the whole span once and the others of 1…n − 1 tokens.
  static func subsets(of count: Int, samples: Int, seed: UInt64, index: UInt64) -> [Masking] {
    if let all = allSubsets(of: count, ifAtMost: samples) {
      return all.map { masked in
        let scored = masked.count { $0 }
        return scoringAll(masked, weight: 1 / (Double(scored) * choose(count, scored)))
      }
    }
    var balanced = BalancedMaskings(count: count, seed: seed, index: index)
    let takesWhole = samples >= max(count, 2)
    let drawn = takesWhole ? samples - 1 : samples
    let largest = takesWhole ? count - 1 : count
    var copies: [[Bool]: Int] = [:]
    var order: [[Bool]] = []
    for masked in balanced.draw(drawn, upTo: largest) {
      if copies[masked] == nil { order.append(masked) }
      copies[masked, default: 0] += 1
    }
    let whole = takesWhole ? [scoringAll(Array(repeating: true, count: count), weight: 1 / Double(count))] : []
    return whole
      + order.map { masked in
        let share = Double(copies[masked] ?? 1) * Double(largest) / Double(drawn)
        return scoringAll(masked, weight: share / Double(masked.count { $0 }))
      }
  }

  /// Every masked token scored.
  static func scoringAll(_ masked: [Bool], weight: Double) -> Masking {
    Masking(masked: masked, scored: masked.indices.filter { masked[$0] }, weight: weight)
  }

  /// Every subset of `count` tokens but the empty one; nil if there are more than `limit`.
  static func allSubsets(of count: Int, ifAtMost limit: Int) -> [[Bool]]? {
    guard count < 20 && (1 << count) - 1 <= limit else { return nil }
    return (1..<max(1, 1 << count)).map { bits in (0..<count).map { bits >> $0 & 1 == 1 } }
  }

  /// Maskings for the chain rule from left to right: a suffix is masked and only its first token scored.
  ///
  /// All n suffixes if n is at most `samples` or ``longestExactSuffixes``, otherwise `samples` of them, one drawn from
  /// each of as many equal stretches of the span and weighing n / K.
  static func suffixes(of count: Int, samples: Int, seed: UInt64, index: UInt64) -> [Masking] {
    func suffix(from start: Int, weight: Double) -> Masking {
      Masking(masked: (0..<count).map { $0 >= start }, scored: [start], weight: weight)
    }
    if count <= max(samples, longestExactSuffixes) { return (0..<count).map { suffix(from: $0, weight: 1) } }
    var stream = RandomStream(seed: seed, purpose: .likelihoodMask, index: index)
    return (0..<samples).map { sample in
      let place = (Double(sample) + stream.uniform()) / Double(samples)
      return suffix(from: min(count - 1, Int(place * Double(count))), weight: Double(count) / Double(samples))
    }
  }

  static func choose(_ n: Int, _ k: Int) -> Double {
    (0..<k).reduce(1) { $0 * Double(n - $1) / Double($1 + 1) }
  }
}

/// Random subsets of a span that cover its positions evenly.
///
/// The positions stand around a circle in random order, and each subset takes the next l of them. Given l, every subset
/// of that size is equally likely, so means over subsets are unbiased; together they cover every position equally often,
/// give or take one.
struct BalancedMaskings: Sendable {
  private var stream: RandomStream
  private let circle: [Int]
  private var next = 0

  init(count: Int, seed: UInt64, index: UInt64) {
    stream = RandomStream(seed: seed, purpose: .likelihoodMask, index: index)
    circle = stream.permutation(count)
  }

  /// The next subsets, their sizes spread evenly over 1…`largest`.
  mutating func draw(_ samples: Int, upTo largest: Int) -> [[Bool]] {
    let offset = stream.uniform()
    return (0..<samples).map { sample in
      let place = (Double(sample) + offset) / Double(samples)
      var masked = Array(repeating: false, count: circle.count)
      for _ in 0..<min(largest, 1 + Int(place * Double(largest))) {
        masked[circle[next]] = true
        next = (next + 1) % circle.count
      }
      return masked
    }
  }
}
