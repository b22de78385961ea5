// Which tokens of a span a diffusion model is asked about, in which surroundings, and how the answers are weighted. No
// model is run here.

import Randomness

/// One question about a span: `masked` tokens are hidden, the log-probabilities of the `scored` ones are summed and
/// multiplied by `weight`; the sum over a span's maskings is the estimate of its log-likelihood.
struct Masking: Hashable, Sendable {
  /// For each token of the span, whether the mask token stands in its place.
  let masked: [Bool]
  /// Positions in the span, ascending, all of them masked.
  let scored: [Int]
  let weight: Double

  /// Suffixes of a span of up to this many tokens are all asked, whatever the number of samples.
  static let longestExactSuffixes = 16

  /// Maskings for the order-agnostic bound: exactly l masked tokens, each masking weighing n / l, the mean over l = 1…n
  /// and over the subsets of that size.
  ///
  /// All 2ⁿ − 1 subsets if they are at most `samples`, otherwise `samples` of them, l stratified over 1…n.
  static func subsets(of count: Int, samples: Int, seed: UInt64, index: UInt64) -> [Masking] {
    if count < 20 && (1 << count) - 1 <= samples {
      return (1..<(1 << count)).map { bits in
        let masked = (0..<count).map { bits >> $0 & 1 == 1 }
        return subset(masked, share: 1 / (Double(count) * choose(count, bits.nonzeroBitCount)))
      }
    }
    var stream = RandomStream(seed: seed, purpose: .likelihoodMask, index: index)
    return (0..<samples).map { sample in
      let place = (Double(sample) + stream.uniform()) / Double(samples)
      let masks = min(count, 1 + Int(place * Double(count)))
      var masked = Array(repeating: false, count: count)
      for position in stream.permutation(count).prefix(masks) { masked[position] = true }
      return subset(masked, share: 1 / Double(samples))
    }
  }

  private static func subset(_ masked: [Bool], share: Double) -> Masking {
    let scored = masked.indices.filter { masked[$0] }
    return Masking(masked: masked, scored: scored, weight: share * Double(masked.count) / Double(scored.count))
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

  private static func choose(_ n: Int, _ k: Int) -> Double {
    (0..<k).reduce(1) { $0 * Double(n - $1) / Double($1 + 1) }
  }
}
