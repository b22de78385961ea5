// How often each choice of an item is asked about: choices that are clearly behind fall out, close ones are asked until
// they are told apart or every subset has been asked. No model is run here.
//
// n is the number of tokens in which the choices differ, K the number of samples, g(S) the mean log-probability of the
// tokens in S when just they are masked. The value of a choice is Σ_l mean over |S| = l of g(S).

import Foundation

/// The choices of one item, compared by the order-agnostic bound.
///
/// All choices begin with K / 4 maskings, the same for all: the whole span once, and others of 1…n − 1 tokens. Then those
/// still in the contest are asked again, the same of all, up to K / 2, K, 2 K maskings, or all 2ⁿ − 1 subsets where that is
/// no more. A choice falls out when it is behind the best by more than ``clearMargin`` standard errors of the difference,
/// summed as well as per character. The contest ends when one is left, or when another round would bring the number of
/// maskings times that of contenders to 4 K: of four choices of which none falls out the model knows little, and two that
/// are close get twice as many as K.
struct Contest: Sendable {
  /// z: in this many standard errors a difference is taken for real.
  static let clearMargin = 1.5

  /// The tokens that the choices differ in.
  let count: Int
  /// What is added to every choice's value, and the length by which `acc_norm` divides the sum.
  private let common: Double
  private let characters: [Int]
  private var balanced: BalancedMaskings
  private let samples: Int
  /// Maskings of a contender after each round still to come.
  private var targets: ArraySlice<Int>
  /// Choices that can still win, ascending.
  private(set) var contenders: [Int]
  /// Each choice's value after the first round, in which all were asked alike.
  private(set) var firstValues: [Double] = []
  private(set) var isFinished = false

  private var asked: [[Bool]] = []
  private var numbers: [[Bool]: Int] = [:]
  private var answers: [[Double]]  // [choice][number of a masking], g
  private var whole: Int?  // number of the masking of all n
  private var draws: [Int] = []  // numbers of the maskings drawn, repetitions counted
  private var isExact = false

  /// - Parameters:
  ///   - count: n; zero if all choices are the same.
  ///   - common: log-likelihood of what the choices have in common, nats.
  ///   - characters: of each choice.
  init(count: Int, common: Double, characters: [Int], samples: Int, seed: UInt64, index: UInt64) {
    self.count = count
    self.common = common
    self.characters = characters
    self.samples = samples
    balanced = BalancedMaskings(count: count, seed: seed, index: index)
    contenders = Array(characters.indices)
    answers = Array(repeating: [], count: characters.count)
    targets = Self.rounds(samples: samples)[...]
    if count == 0 {
      firstValues = characters.map { _ in common }
      (isExact, isFinished) = (true, true)
    }
  }

  /// Maskings of a contender after each round: from K / 4, two at least, doubling up to 4 K.
  static func rounds(samples: Int) -> [Int] {
    var rounds = [max(min(samples, 2), samples / 4)]
    while let last = rounds.last, last < 4 * samples { rounds.append(min(2 * last, 4 * samples)) }
    return rounds
  }

  /// The maskings of the next round, over the n tokens, that every contender is to be asked in.
  mutating func nextMaskings() -> [[Bool]] {
    guard let target = targets.popFirst() else { return [] }
    let known = asked.count
    if let all = Masking.allSubsets(of: count, ifAtMost: target) {
      for masked in all { _ = number(of: masked) }
      isExact = true
    } else if target == 1 {
      draws = balanced.draw(1, upTo: count).map { number(of: $0) }
    } else {
      // After a first round of one masking, which may have been of any size, the draws start over.
      if whole == nil { draws = [] }
      whole = number(of: Array(repeating: true, count: count))
      let drawn = balanced.draw(target - 1 - draws.count, upTo: count - 1)
      draws += drawn.map { number(of: $0) }
    }
    return Array(asked[known...])
  }

  private mutating func number(of masked: [Bool]) -> Int {
    if let known = numbers[masked] { return known }
    numbers[masked] = asked.count
    asked.append(masked)
    return asked.count - 1
  }

  /// Ends a round.
  /// - Parameter new: g of each contender for each of the maskings of `nextMaskings`.
  mutating func finishRound(_ new: [[Double]]) {
    for (choice, values) in zip(contenders, new) { answers[choice] += values }
    if firstValues.isEmpty { firstValues = characters.indices.map(value) }
    let values = Dictionary(uniqueKeysWithValues: contenders.map { ($0, value($0)) })
    if !isExact {
      let bests = [false, true].map { perCharacter in
        best { values[$0, default: 0] / (perCharacter ? length($0) : 1) }
      }
      contenders = contenders.filter { choice in
        // Written so that a NaN stays in the contest: the caller must see it.
        let isBehind = zip(bests, [1, length(choice) / length(bests[1])]).allSatisfy { best, scale in
          scale * values[best, default: 0] - values[choice, default: 0]
            > Self.clearMargin * standardError(of: best, scale: scale, less: choice)
        }
        return !isBehind
      }
    }
    isFinished = isExact || contenders.count == 1 || questionsAfterNextRound >= 4 * samples
  }

  /// The log-likelihood of each choice, nats; −∞ for one that fell out.
  var scores: [Double] { characters.indices.map { contenders.contains($0) ? value($0) : -.infinity } }

  /// Maskings times contenders.
  private var questionsAfterNextRound: Int {
    guard let target = targets.first else { return .max }
    return contenders.count * (Masking.allSubsets(of: count, ifAtMost: target)?.count ?? target)
  }

  private func length(_ choice: Int) -> Double { Double(max(characters[choice], 1)) }

  private func best(_ value: (Int) -> Double) -> Int {
    contenders.dropFirst().reduce(contenders[0]) { value($1) > value($0) ? $1 : $0 }
  }

  private func value(_ choice: Int) -> Double {
    let own = answers[choice]
    if isExact {
      return common + zip(asked, own).reduce(0) { $0 + $1.1 / Masking.choose(count, $1.0.count { $0 }) }
    }
    let mean = draws.isEmpty ? 0 : draws.reduce(0) { $0 + own[$1] } / Double(draws.count)
    guard let whole else { return common + Double(count) * mean }
    return common + own[whole] + Double(count - 1) * mean
  }

  /// Of `scale` × the value of one choice − that of another, from the spread over the maskings that were drawn; infinite
  /// for fewer than three. It takes differences between the counts for noise, so it is rather too large.
  private func standardError(of first: Int, scale: Double, less second: Int) -> Double {
    guard draws.count > 2 else { return .infinity }
    let differences = draws.map { scale * answers[first][$0] - answers[second][$0] }
    return Double(count - 1) * Evaluation.standardError(differences)
  }
}
