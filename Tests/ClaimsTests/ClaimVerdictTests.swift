// When each claim holds and when it fails, of results that are made up. What holds of all of them: ClaimTests.swift.

import Evaluation
import Figures
import Foundation
import Objectives
import Statistics
import TensorEngine
import TestSupport
import Testing
@testable import Claims
@testable import Configuration
@testable import Specification

@Suite struct ClaimVerdictTests {
  @Test func theBudgetDecidesWhenCurvesCross() throws {
    let study = try planned(.dataBudget)
    func later(_ isLater: Bool, oneEpochWonByAR: Bool = true) throws -> Verdict? {
      try report(study) { run in
        if run.training.epochs == 1 {
          return run.objective.isAutoregressive == oneEpochWonByAR
            ? [0.3, 0.4, 0.5, 0.6, 0.7] : [0.3, 0.3, 0.4, 0.5, 0.6]
        }
        let budgets = [6000, 12000, 24000]
        let rank = budgets.firstIndex(of: run.corpus.nominalUniqueTokens) ?? 0
        // Places in the run: of 600, 300 and 150 epochs these are ever more, or ever fewer, epochs.
        return crossing(at: isLater ? [1, 2, 4][rank] : [4, 3, 1][rank])(run)
      }.verdict
    }
    #expect(try later(true) == .holds)
    #expect(try later(false) == .fails)
    #expect(try later(true, oneEpochWonByAR: false) == .fails)
  }

  @Test func sizeAndQualityMoveTheCrossover() throws {
    let size = try planned(.modelSize)
    let ofSize = { (larger: Bool) in
      try report(size) { run in
        crossing(at: [16: 4, 32: 3, 64: 2][run.model.width].map { larger ? $0 : 6 - $0 } ?? 1)(run)
      }.verdict
    }
    #expect(try ofSize(true) == .holds)
    #expect(try ofSize(false) == .fails)
    let quality = try planned(.dataQuality)
    let ofQuality = { (later: Bool) in
      try report(quality) { run in
        guard case .world(let world) = run.corpus else { return [] }
        let rank = ["low": 2, "medium": 3, "high": 4][world.quality.rawValue] ?? 2
        return crossing(at: later ? rank : 6 - rank)(run)
      }.verdict
    }
    #expect(try ofQuality(true) == .holds)
    #expect(try ofQuality(false) == .fails)
  }

  @Test(arguments: [Claim.inputNoise.name, Claim.parameterNoise.name]) func noiseHelpsAndLeavesAGap(name: String) throws
  {
    let study = try planned(try #require(Claim.named(name)))
    func noise(_ run: RunSpecification) -> Double {
      if case .autoregressive(let masking, _) = run.objective { return max(masking, run.model.dropout) }
      return 0
    }
    func verdict(gain: Double, gap: Double) throws -> ClaimReport {
      try report(study) { run in
        if !run.objective.isAutoregressive { return [0.3, 0.3, 0.4, 0.5, 0.5 + gap] }
        return [0.3, 0.3, 0.4, 0.5 + (noise(run) == 0 ? -gain : -abs(noise(run) - 0.5) / 10), 0.3]
      }
    }
    let holding = try verdict(gain: 0.1, gap: 0.1)
    #expect(holding.verdict == .holds)
    #expect(holding.sentence.contains("0.5 − without"))
    #expect(try verdict(gain: -0.1, gap: 0.1).verdict == .fails)
    #expect(try verdict(gain: 0.1, gap: -0.1).verdict == .fails)
  }

  @Test func conditionsMustStandInOrder() throws {
    for claim in [Claim.dataBudget, .dataQuality, .modelSize, .criticalCompute] {
      var settings = try repositoryFile.get().settings(claim.name, .ci)
      settings.variants.swapAt(0, 1)
      #expect(throws: ConfigurationError.self) { try claim.study(settings, backend: .native) }
    }
  }

  @Test func tunedModelsAreComparedAtTheirBest() throws {
    let study = try planned(.tunedBaseline)
    func verdict(dlm: Double) throws -> Verdict? {
      try report(study) { run in
        let tuned = run.training.weightDecay == 1 ? 0.1 : 0
        return run.objective.isAutoregressive ? [0.3, 0.5 + tuned, 0.4, 0.4, 0.4] : [0.3, 0.3, 0.3, dlm + tuned, 0.2]
      }.verdict
    }
    #expect(try verdict(dlm: 0.6) == .holds)
    #expect(try verdict(dlm: 0.4) == .fails)
  }

  @Test func anyOrderNeedsRandomMasksToWin() throws {
    let study = try planned(.anyOrder)
    func report(random: Double, anyOrder: Double) throws -> ClaimReport {
      try reported(study) { run in
        switch run.objective {
        case .suffixDiffusion: [0.3, 0.5, 0.5, 0.5, 0.4]
        case .orderedAutoregressive(.fresh): [0.3, 0.4, anyOrder, 0.4, 0.4]
        case .autoregressive, .orderedAutoregressive: [0.3, 0.4, 0.4, 0.4, 0.4]
        case .maskedDiffusion, .frozenDiffusion, .stratifiedDiffusion, .blockDiffusion: [0.3, 0.4, 0.4, 0.4, random]
        }
      }
    }
    #expect(try report(random: 0.6, anyOrder: 0.55).verdict == .holds)
    #expect(try report(random: 0.4, anyOrder: 0.55).verdict == .fails)
    // Order matters, and does not explain the lead.
    let unexplained = try report(random: 0.6, anyOrder: 0.45)
    #expect(unexplained.verdict == .fails)
    #expect(unexplained.remarks.contains { $0.contains("not shown to explain") })
    // Where the DLM has no lead there is nothing to explain: of a lead below suffixes nothing holds, and nothing fails
    // for that reason.
    let behind = try report(random: 0.4, anyOrder: 0.3)
    #expect(behind.remarks.contains { $0.contains("half of the DLM's lead: inconclusive") }, "\(behind.remarks)")
  }

  @Test func freedomOfOrderMustCloseHalfOfTheLead() throws {
    let study = try planned(.order)
    func report(dlm: Double, anyOrder: Double) throws -> ClaimReport {
      try reported(study) { run in
        switch run.objective {
        case .orderedAutoregressive(.fresh): [0.3, 0.4, anyOrder, 0.4, 0.4]
        case .orderedAutoregressive(.fixed(let count)): [0.3, 0.3, 0.3, 0.3, 0.3 + 0.001 * Double(count)]
        case .maskedDiffusion: [0.3, 0.3, 0.3, 0.3, dlm]
        default: [0.3, 0.4, 0.4, 0.4, 0.4]
        }
      }
    }
    let half = try report(dlm: 0.6, anyOrder: 0.55)
    #expect(half.verdict == .holds)
    #expect(abs((half.metrics["share_closed_by_ar_any_order"] ?? 0) - 0.75) < 0.01)
    #expect(half.trends["best_accuracy_by_orders"]?.verdict == .holds)
    #expect(try report(dlm: 0.6, anyOrder: 0.45).verdict == .fails)
    #expect(try report(dlm: 0.4, anyOrder: 0.5).verdict == .inconclusive)
    #expect(try report(dlm: 0.3, anyOrder: 0.3).verdict == .inconclusive)
  }

  @Test func largerBlocksMustHelp() throws {
    let study = try planned(.blockSize)
    func verdict(_ sign: Double) throws -> Verdict? {
      try report(study) { run in
        var level = 6.0
        if case .blockDiffusion(let size) = run.objective { level = log2(Double(size)) }
        return Array(repeating: 0.5 + sign * 0.05 * level, count: 5)
      }.verdict
    }
    #expect(try verdict(1) == .holds)
    #expect(try verdict(-1) == .fails)
  }

  @Test func moreMaskingsMustHelp() throws {
    let study = try planned(.monteCarlo)
    func verdict(_ sign: Double) throws -> Verdict? {
      try report(study) { run in
        var level = 5.0
        if case .frozenDiffusion(let maskings) = run.objective { level = log(Double(maskings)) / 2 }
        return Array(repeating: 0.5 + sign * 0.05 * level, count: 5)
      }.verdict
    }
    #expect(try verdict(1) == .holds)
    #expect(try verdict(-1) == .fails)
  }

  @Test func accuracyMustSurviveTheRiseOfTheLoss() throws {
    let study = try planned(.validationLoss)
    #expect(try report(study) { _ in [0.3, 0.5, 0.5, 0.5, 0.5] }.verdict == .holds)
    #expect(try report(study) { _ in [0.3, 0.5, 0.5, 0.4, 0.3] }.verdict == .fails)
    #expect(try report(study) { _ in [0.3, 0.5, 0.5, 0.5, 0.5] }.comparisons.keys.contains("accuracy_change_endings"))
    // A loss that never rises cannot show anything.
    #expect(
      try report(study, crossEntropy: [3, 2, 1.9, 1.8, 1.7]) { _ in [0.3, 0.5, 0.5, 0.5, 0.5] }.verdict == .inconclusive
    )
  }

  /// Checkpoints fall on whole steps, some a little after the epoch that they are planned at.
  @Test func halfOfTheEpochsIsTheCheckpointMeantForIt() throws {
    let curve = try Curve(epochs: [1, 200.01, 250.02, 300], values: [1, 2, 3, 4])
    #expect([250, 249, 300.5, 0.5].map { Claim.value(curve, at: $0) } == [3, 2, 4, 1])
  }

  @Test func computeBuysTheDLMMoreThanAR() throws {
    let study = try planned(.denseCompute)
    #expect(
      try report(study) { $0.objective.isAutoregressive ? [0.3, 0.5, 0.5, 0.5, 0.5] : [0.3, 0.3, 0.3, 0.5, 0.6] }
        .verdict
        == .holds)
    #expect(
      try report(study) { $0.objective.isAutoregressive ? [0.3, 0.5, 0.5, 0.5, 0.6] : [0.5, 0.5, 0.5, 0.4, 0.3] }
        .verdict
        == .fails)
  }

  /// Where conditions lie at different places, caption and verdict.json say from where to where.
  @Test func aRegimeThatVariesIsGivenAsARange() throws {
    let varied = try planned(.sparsity)
    let report = try varied.report(results(varied.runs, story: crossing(at: 3)))
    #expect(
      report.figure?.caption.last?.contains(
        "2.1 to 3.5 parameters per unique token (the paper's 1B on 1B: 1), 85 to 143 training tokens per parameter")
        == true, "\(report.figure?.caption.last ?? "")")
    #expect(report.metrics["parametersPerUniqueToken"] == nil)
    #expect(report.metrics["tokensPerParameter_largest"].map { Int($0) } == 143)
    #expect(report.metrics["lossRise"] != nil, "the same story for each")
    let one = try planned(.crossover)
    let metrics = try one.report(results(one.runs, story: crossing(at: 3))).metrics
    #expect(metrics["parametersPerUniqueToken"].map { Int($0 * 10) } == 20)
  }

  @Test func anExponentIsFittedToTheCrossings() throws {
    let study = try planned(.criticalCompute)
    /// The DLM's loss passes AR's lowest at these places of ever more unique tokens; 5 is never.
    func report(_ passed: [Int]) throws -> ClaimReport {
      let sizes = Set(study.runs.map(\.specification.corpus.nominalUniqueTokens)).sorted()
      return try study.report(
        results(
          study.runs,
          losses: { run in
            if run.objective.isAutoregressive { return [3, 2, 2.4, 3, 4] }
            let place = sizes.firstIndex(of: run.corpus.nominalUniqueTokens).map { passed[$0] } ?? 5
            return places.indices.map { $0 < place ? 2.5 + 0.001 * Double(run.seed) : 1.5 }
          }, story: crossing(at: 5)))
    }
    let passed = try report([1, 2, 3])
    let exponent = try #require(passed.estimates.first { $0.name == "exponent" })
    #expect(exponent.value > 0.5 && exponent.value < 4)
    #expect(passed.verdict != .inconclusive && !passed.sentence.contains("decays"))
    // A crossing while the learning rate decays is one of the budget: it is counted, and nothing is decided.
    let late = try report([1, 2, 4])
    #expect(late.verdict == .inconclusive && late.sentence.contains("3 of these while the learning rate decays"))
    // What is not passed at the largest number of tokens makes the line steeper, not shorter.
    let censored = try report([1, 2, 5])
    let steeper = try #require(censored.estimates.first { $0.name == "exponent" })
    #expect(steeper.value > exponent.value)
    #expect(censored.sentence.contains("24k 0 of 3"))
    let undecided = try report([2, 5, 5])
    #expect(undecided.verdict == .inconclusive && !undecided.estimates.contains { $0.name == "exponent" })
  }

  /// The decay's own jump, in the last fifth of the epochs, must not make the claim hold.
  @Test func aJumpInTheDecayIsNotImprovementByRepetition() throws {
    let study = try planned(.repetition)
    func verdict(_ dlm: [Double]) throws -> Verdict? {
      try report(study) { $0.objective.isAutoregressive ? [0.3, 0.4, 0.4, 0.4, 0.4] : dlm }.verdict
    }
    #expect(try verdict([0.3, 0.4, 0.5, 0.6, 0.7]) == .holds)
    #expect(try verdict([0.3, 0.6, 0.5, 0.4, 0.7]) == .fails)
  }
}
