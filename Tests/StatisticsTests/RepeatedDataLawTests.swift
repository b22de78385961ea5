// The data-constrained law is found again in losses that were made from known constants.

import Foundation
import Randomness
import Statistics
import Testing

@Suite struct RepeatedDataLawTests {
  private func law(worth: Double) -> RepeatedDataLaw {
    RepeatedDataLaw(floor: 1.1, excess: 0.9, reference: 1e5, exponent: 0.4, worth: worth)
  }

  /// Losses on a grid of unique tokens × epochs, three runs each, with a spread between runs.
  private func losses(_ law: RepeatedDataLaw, spread: Double, seed: UInt64 = 1) -> [RepeatedLoss] {
    var stream = RandomStream(seed: seed, purpose: .test)
    var grid: [(unique: Double, epochs: Double)] = [(1e5, 1), (4e5, 1), (1.6e6, 1)]
    for unique in [3e3, 6e3, 12e3, 24e3] {
      for epochs in [1.0, 4, 16, 64, 256, 1024] { grid.append((unique, epochs)) }
    }
    return grid.flatMap { unique, epochs in
      (0..<3).map { _ in
        RepeatedLoss(
          uniqueTokens: unique, epochs: epochs,
          loss: law.loss(uniqueTokens: unique, epochs: epochs) * exp(spread * stream.normal()))
      }
    }
  }

  /// D' = U + U R* (1 − exp(−R/R*)): one epoch is one pass, few are nearly as many, and all are at most 1 + R*.
  @Test func repetitionsFade() {
    let law = law(worth: 15)
    #expect(law.effectiveEpochs(1) == 1)
    #expect(close(law.effectiveEpochs(16), 1 + 15 * (1 - exp(-1))))
    #expect(abs(law.effectiveEpochs(3) - 3) < 0.15 && law.effectiveEpochs(1e9) == 16)
    #expect(close(law.loss(uniqueTokens: 1e5, epochs: 1), 2) && close(law.coefficient, 0.9 * pow(1e5, 0.4)))
    #expect(close(law.halfLife, 15 * log(2)))
    // At the half-life a further epoch is worth half of one over new tokens.
    let half = 1 + law.halfLife
    #expect(abs((law.effectiveEpochs(half + 1e-5) - law.effectiveEpochs(half)) / 1e-5 - 0.5) < 1e-4)
  }

  @Test(arguments: [2.0, 15, 500]) func findsTheConstantsOfExactLosses(worth: Double) throws {
    let known = law(worth: worth)
    let found = try RepeatedDataLaw(fitting: losses(known, spread: 0))
    #expect(abs(found.worth / worth - 1) < 1e-3 && abs(found.floor / known.floor - 1) < 1e-3)
    #expect(abs(found.exponent / known.exponent - 1) < 1e-3)
    #expect(abs(found.coefficient / known.coefficient - 1) < 0.02)
  }

  /// The bootstrap's interval contains the R* that the losses were made with, and is not wide.
  @Test(arguments: [(2.0, UInt64(1)), (15, 2), (15, 3), (200, 4)])
  func theIntervalContainsTheKnownWorth(worth: Double, seed: UInt64) throws {
    let runs = losses(law(worth: worth), spread: 0.01, seed: seed)
    let fitted = try RepeatedDataLaw(fitting: runs)
    let resampled = try RepeatedDataLaw.resampled([runs], fitted: [fitted], resamples: 100)
    let interval = try percentileInterval(resampled.map { $0[0].worth }, estimate: fitted.worth)
    #expect(interval.contains(worth) && interval.contains(interval.estimate), "\(interval)")
    #expect(interval.high / interval.low < 2, "\(interval)")
  }

  /// Two laws that differ are told apart; one law drawn twice is not.
  @Test func twoLawsAreResampledTogether() throws {
    let sets = [losses(law(worth: 8), spread: 0.01, seed: 5), losses(law(worth: 40), spread: 0.01, seed: 6)]
    let fitted = try sets.map { try RepeatedDataLaw(fitting: $0) }
    let resampled = try RepeatedDataLaw.resampled(sets, fitted: fitted, resamples: 60)
    let ratios = try percentileInterval(resampled.map { $0[1].worth / $0[0].worth }, estimate: 5)
    #expect(ratios.low > 2 && ratios.contains(5), "\(ratios)")
    let same = try RepeatedDataLaw.resampled([sets[0], sets[0]], fitted: [fitted[0], fitted[0]], resamples: 5)
    #expect(same.allSatisfy { $0[0] == $0[1] })
    #expect(Set(same.map { $0[0] }).count > 1)
  }

  /// A run that went wrong has a bounded pull.
  @Test func anOutlierPullsLittle() throws {
    var runs = losses(law(worth: 15), spread: 0.005)
    let before = try RepeatedDataLaw(fitting: runs)
    runs[10] = RepeatedLoss(uniqueTokens: runs[10].uniqueTokens, epochs: runs[10].epochs, loss: runs[10].loss * 2)
    let after = try RepeatedDataLaw(fitting: runs)
    #expect(abs(after.worth / before.worth - 1) < 0.1)
  }

  @Test func percentilesAreRanks() throws {
    let interval = try percentileInterval((1...200).map(Double.init), estimate: 100)
    #expect(interval.low == 5 && interval.high == 195)
    let open = try percentileInterval([1, 2, .infinity, .infinity], estimate: 2)
    #expect(open.low == 1 && open.high == .infinity)
    #expect(throws: StatisticsError.self) { try percentileInterval([.nan], estimate: 1) }
    #expect(throws: StatisticsError.self) { try percentileInterval([], estimate: 1) }
  }

  @Test func refusesWhatIsNoRun() {
    let good = losses(law(worth: 3), spread: 0)
    #expect(throws: StatisticsError.self) { try RepeatedDataLaw(fitting: Array(good.prefix(4))) }
    for wrong in [(0.0, 1.0, 2.0), (1e3, 0.5, 2), (1e3, 2, 0), (1e3, 2, .nan)] {
      let run = RepeatedLoss(uniqueTokens: wrong.0, epochs: wrong.1, loss: wrong.2)
      #expect(throws: StatisticsError.self) { try RepeatedDataLaw(fitting: good + [run]) }
    }
    #expect(throws: StatisticsError.self) {
      try RepeatedDataLaw.resampled(
        [good, Array(good.dropLast())], fitted: [law(worth: 1), law(worth: 1)], resamples: 1)
    }
  }
}
