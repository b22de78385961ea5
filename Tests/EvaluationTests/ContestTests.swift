// Contests between choices, with answers made up here instead of a model's: who falls out, who is asked how often, and
// what the values are. With a model: ItemAnswerTests.swift.

import Randomness
import Testing

@testable import Evaluation

@Suite struct ContestTests {
  /// Plays a contest; `answer` is g of a choice for a masking. Returns it with the maskings each choice was asked in.
  static func play(
    count: Int, choices: Int = 4, samples: Int = 16, characters: [Int]? = nil, index: UInt64 = 0, common: Double = 0,
    answer: (_ choice: Int, _ masked: [Bool]) -> Double
  ) -> (contest: Contest, asked: [[[Bool]]]) {
    var contest = Contest(
      count: count, common: common, characters: characters ?? Array(repeating: 10, count: choices), samples: samples,
      seed: 5, index: index)
    var asked = [[[Bool]]](repeating: [], count: choices)
    while !contest.isFinished {
      let maskings = contest.nextMaskings()
      for choice in contest.contenders { asked[choice] += maskings }
      contest.finishRound(contest.contenders.map { choice in maskings.map { answer(choice, $0) } })
    }
    return (contest, asked)
  }

  /// Noise that depends on choice and masking only.
  static func noise(_ choice: Int, _ masked: [Bool]) -> Double {
    let bits = masked.reduce(UInt64(choice)) { $0 << 1 | ($1 ? 1 : 0) }
    var stream = RandomStream(seed: 9, purpose: .test, index: bits)
    return stream.normal()
  }

  /// Σ_l mean over |S| = l of g(S), by enumeration.
  static func exact(_ count: Int, _ g: ([Bool]) -> Double) -> Double {
    var sums = [Double](repeating: 0, count: count + 1)
    var counts = sums
    for bits in 1..<(1 << count) {
      sums[bits.nonzeroBitCount] += g((0..<count).map { bits >> $0 & 1 == 1 })
      counts[bits.nonzeroBitCount] += 1
    }
    return (1...count).reduce(0) { $0 + sums[$1] / counts[$1] }
  }

  @Test func clearLosersFallOutAtOnce() {
    let (contest, asked) = Self.play(count: 5) { choice, masked in
      choice == 2 ? -1 : -9 + 0.1 * Self.noise(choice, masked)
    }
    #expect(contest.contenders == [2])
    #expect(contest.scores.map { $0 == -.infinity } == [true, true, false, true])
    #expect(asked.allSatisfy { $0 == asked[0] && $0.count == 4 })
    #expect(asked[0][0] == [true, true, true, true, true])
    #expect(contest.firstValues.allSatisfy { $0.isFinite })
  }

  /// Two of four are close, now one ahead and now the other: they are asked until every subset has been, each once, and
  /// their values are then exact.
  @Test func closeChoicesAreAskedToTheEnd() {
    func g(_ choice: Int, _ masked: [Bool]) -> Double {
      let swing = masked.count { $0 }.isMultiple(of: 2) ? 0.5 : -0.5
      return (choice < 2 ? -1 : -20) + Self.noise(0, masked) + (choice == 1 ? swing : 0)
    }
    let (contest, asked) = Self.play(count: 5, common: -3) { g($0, $1) }
    #expect(contest.contenders == [0, 1])
    for choice in 0..<2 {
      #expect(asked[choice].count == 31 && Set(asked[choice]).count == 31)
      #expect(abs(contest.scores[choice] + 3 - Self.exact(5) { g(choice, $0) }) < 1e-12)
    }
    #expect(asked[2].count <= 4 && asked[3].count <= 4)
  }

  @Test(arguments: [1, 2, 4, 16, 64], [2, 5, 9, 40])
  func questionsAreLimited(samples: Int, count: Int) {
    for choices in [2, 4] {
      let (contest, asked) = Self.play(count: count, choices: choices, samples: samples) { Self.noise($0, $1) }
      #expect(asked.allSatisfy { Set($0).count == $0.count })
      #expect(asked.allSatisfy { $0.count < max(2 * samples, 4) })
      #expect(contest.contenders.reduce(0) { $0 + asked[$1].count } <= 4 * max(samples, 3))
      #expect(contest.scores.contains { $0.isFinite })
    }
  }

  @Test func whatIsNotANumberStaysToBeSeen() {
    let (contest, _) = Self.play(count: 5) { choice, _ in choice == 1 ? .nan : -Double(choice) }
    #expect(contest.scores[1].isNaN && contest.firstValues[1].isNaN)
    #expect(Self.play(count: 5) { _, _ in -.infinity }.contest.scores == Array(repeating: -.infinity, count: 4))
  }

  /// What counts is the sum and the mean per character: who may win by one of them stays.
  @Test func theBestPerCharacterStays() {
    let (contest, _) = Self.play(count: 5, characters: [10, 100, 10, 10]) { choice, _ in [-1, -2, -5, -6][choice] }
    #expect(contest.contenders == [0, 1])
  }

  @Test func fewSubsetsAreAllAskedAtOnce() {
    let (contest, asked) = Self.play(count: 2, samples: 16) { Self.noise($0, $1) }
    #expect(asked.allSatisfy { $0.count == 3 })
    #expect(contest.firstValues == contest.scores)
    for choice in 0..<4 {
      #expect(abs(contest.scores[choice] - Self.exact(2) { Self.noise(choice, $0) }) < 1e-12)
    }
    let (same, none) = Self.play(count: 0, common: -2) { _, _ in 0 }
    #expect(same.scores == [-2, -2, -2, -2] && none.allSatisfy { $0.isEmpty })
  }

  /// The mean of the first round's values over many items is the exact value: what is recorded as likelihood.
  @Test(arguments: [1, 2, 8, 16]) func firstValuesAreUnbiased(samples: Int) {
    let exact = Self.exact(6) { Self.noise(1, $0) }
    let values = (0..<4_000).map {
      Self.play(count: 6, samples: samples, index: $0) { Self.noise($0, $1) }.contest.firstValues[1]
    }
    let error = standardError(values)
    #expect(error > 0 && abs(mean(values) - exact) < 3.5 * error)
  }

  /// Against always asking everything: the winner is hardly ever another one.
  @Test func theWinnerIsTheExactOne() {
    var agreed = 0
    for item in 0..<300 {
      func g(_ choice: Int, _ masked: [Bool]) -> Double {
        let level = Self.noise(10 * item + choice, [true, false, true])
        return level + 0.5 * Self.noise(4 * item + choice, masked)
      }
      let (contest, _) = Self.play(count: 5, index: UInt64(item)) { g($0, $1) }
      let exact = (0..<4).map { choice in Self.exact(5) { g(choice, $0) } }
      let scores = contest.scores
      if exact.firstIndex(of: exact.max()!) == scores.firstIndex(of: scores.max()!) { agreed += 1 }
    }
    #expect(agreed >= 285)
  }
}
