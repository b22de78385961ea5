// What each claim says of results that are made up: that it holds where they say so, fails where they say the opposite, and
// decides nothing without them. Where the results come from is tested with the runs.

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

@Suite struct ClaimTests {
  @Test(arguments: Preset.allCases) func everyClaimPlansRunsThatDiffer(preset: Preset) throws {
    for claim in Claim.all {
      let runs = try planned(claim, preset).runs
      #expect(!runs.isEmpty, "\(claim.name)")
      #expect(Set(runs.map(\.label)).count == runs.count, "\(claim.name): labels are the names of runs in messages")
    }
  }

  @Test func namesAreUniqueAndKebabCase() {
    #expect(Set(Claim.all.map(\.name)).count == Claim.all.count)
    for name in Claim.all.map(\.name) { #expect(name.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil, "\(name)") }
  }

  @Test func claimsShareRuns() throws {
    // Other values of r, other numbers of epochs and other corpora have runs of their own.
    let apart = [Claim.regime, .repeatedData, .naturalText].map(\.name)
    let hashes = try Claim.all.filter { !apart.contains($0.name) }.flatMap { uniqueHashes(try planned($0).runs) }
    #expect(Set(hashes).count < hashes.count * 3 / 4)
  }

  @Test func nothingIsDecidedWithoutResults() throws {
    for claim in Claim.all {
      let study = try planned(claim)
      let report = try study.report(RunResults(results: [], missing: [:]))
      #expect(report.verdict == .inconclusive, "\(claim.name)")
      #expect(report.figure == nil || report.figure?.panels.allSatisfy { $0.series.isEmpty } == false, "\(claim.name)")
      #expect(try study.data(RunResults(results: [], missing: [:])).rows.isEmpty, "\(claim.name)")
    }
  }

  /// Whoever reads a verdict can look up every run that its tables and its figure show.
  @Test func everyRunThatIsShownIsListed() throws {
    for claim in Claim.all {
      let study = try planned(claim)
      let first = results(study.runs, story: crossing(at: 2))
      let runs = study.runs + (try study.furtherRuns(first))
      let all = results(runs, story: crossing(at: 2))
      #expect(Set(try study.report(all).records) == Set(runs.map(\.hash)), "\(claim.name)")
      #expect(Set(try study.data(all).rows.flatMap { $0 }).isSuperset(of: runs.map(\.hash)), "\(claim.name)")
    }
  }

  @Test func aMissingRunIsNamedAndDecidesNothing() throws {
    for claim in Claim.all {
      let study = try planned(claim)
      // A run of the verdict, not of a search, where a candidate that diverged is merely not chosen.
      let lost = try #require(
        study.runs.first { $0.specification.dataSeed < 100 })
      let report = try study.report(results(study.runs, without: [lost.hash], story: crossing(at: 2)))
      #expect(report.verdict == .inconclusive, "\(claim.name)")
      #expect(report.remarks.contains { $0.contains("loss nan") }, "\(claim.name): \(report.remarks)")
    }
  }

  @Test(arguments: [Claim.crossover.name, Claim.coder.name, Claim.sparsity.name, Claim.repetition.name])
  func theDLMAheadHoldsAndBehindFails(name: String) throws {
    let study = try planned(try #require(Claim.named(name)))
    let rising: Story = { run in
      run.objective.isAutoregressive ? crossing(at: 2)(run) : [0.28, 0.3, 0.5, 0.6, 0.7]
    }
    #expect(try report(study, story: rising).verdict == .holds)
    #expect(
      try report(study) { $0.objective.isAutoregressive ? [0.3, 0.6, 0.5, 0.5, 0.5] : [0.3, 0.3, 0.4, 0.5, 0.5] }
        .verdict
        == .fails)
    // As good as AR is not ahead.
    #expect(try report(study) { _ in [0.3, 0.4, 0.5, 0.5, 0.5] }.verdict != .holds)
  }

  /// Verdict and number in the title, the claim below it, AR's best in the panel of the judged measure, and by name what
  /// crosses where and in which seeds it does not.
  @Test func figuresSayWhatCameOut() throws {
    let study = try planned(.crossover)
    let figure = try #require(try report(study, story: crossing(at: 2)).figure)
    #expect(figure.title == "crossover: holds, DLM ends 20.0 points above AR's best")
    #expect(figure.subtitle == study.statement)
    let judged = figure.panels[0]
    #expect(judged.title == "mean of endings, knowledge" && judged.note == nil)
    #expect(judged.markers.contains { $0.dotted == true && $0.label == "AR's best" && abs($0.value - 0.405) < 0.01 })
    #expect(judged.markers.contains { $0.direction == .vertical && $0.label.hasPrefix("mean accuracy crosses: ") })
    #expect(figure.panels.map(\.title) == ["mean of endings, knowledge", "endings", "knowledge", "validation loss"])

    let censored = try #require(
      try report(study) {
        $0.seed == 2 && !$0.objective.isAutoregressive ? [0.1, 0.1, 0.1, 0.1, 0.1] : crossing(at: 2)($0)
      }
      .figure)
    #expect(censored.panels[0].note == "no crossing in seed 2")
    #expect(censored.title.hasPrefix("crossover: inconclusive, DLM ends "))
    let never = try #require(try report(study) { _ in [0.3, 0.4, 0.5, 0.5, 0.5] }.figure)
    #expect(never.title.hasPrefix("crossover: "))
    let lost = try #require(
      try study.report(results(study.runs, without: [study.runs[0].hash], story: crossing(at: 2))).figure)
    #expect(lost.title == "crossover: inconclusive, 1 run missing or diverged")
  }

  /// Preset smoke shows numbers and no interval, p or verdict.
  @Test func smokeHasNoInterval() throws {
    for claim in Claim.all {
      let report = try report(try planned(claim, .smoke), story: crossing(at: 2))
      #expect(report.verdict == nil && report.p == nil, "\(claim.name)")
      #expect(report.parts.allSatisfy { $0.verdict == nil && $0.low == nil && $0.high == nil }, "\(claim.name)")
      #expect(report.figure?.title == "\(claim.name): no verdict at preset smoke")
      let words = [report.sentence] + report.remarks + (report.figure?.caption ?? [])
      #expect(words.allSatisfy { !$0.contains(/\[[+−]/) }, "\(claim.name): \(words)")
    }
  }

  /// Every part says by which rule it is judged, with numbers as numbers.
  @Test func partsHaveRulesAndNumbers() throws {
    for claim in Claim.all {
      let report = try report(try planned(claim), story: crossing(at: 2))
      #expect(!report.parts.judged.isEmpty, "\(claim.name)")
      for part in report.parts {
        #expect(part.rule.hasPrefix("holds if "), "\(claim.name), \(part.name)")
        #expect(part.verdict != nil && !part.numbers.isEmpty, "\(claim.name), \(part.name)")
      }
      let deciding = try #require(report.parts.deciding)
      #expect(report.effect == deciding.sentence, "\(claim.name)")
    }
    let part = try #require(try report(try planned(.crossover), story: crossing(at: 2)).parts.first)
    #expect(abs((part.estimate ?? 0) - 0.2) < 1e-9 && part.unit == "accuracy" && part.margin == 0 && part.seeds == 5)
  }

  @Test(arguments: [Claim.crossover.name, Claim.coder.name]) func aControlThatHoldsSpoilsTheVerdict(name: String) throws
  {
    let study = try planned(try #require(Claim.named(name)))
    let report = try report(study) { run in
      run.seed > 1000
        ? [0.3, 0.4, 0.5, 0.6, 0.65]
        : run.objective.isAutoregressive ? [0.3, 0.4, 0.4, 0.4, 0.4] : [0.2, 0.3, 0.5, 0.6, 0.7]
    }
    #expect(report.verdict == .inconclusive)
    #expect(report.remarks.contains { $0.contains("CONTROL HOLDS") })
  }

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

  @Test func aSearchChoosesOnSeedsOfItsOwn() throws {
    let study = try planned(.inputNoise)
    // On the verdict's seeds 0.9 would be best, on the tuning seeds 0.3 is.
    let first = results(study.runs) { run in
      guard case .autoregressive(let masking, _) = run.objective else { return [0.3, 0.3, 0.3, 0.3, 0.3] }
      return Array(repeating: masking == (run.dataSeed > 100 ? 0.3 : 0.9) ? 0.6 : 0.4, count: 5)
    }
    let chosen = try study.furtherRuns(first)
    #expect(chosen.map(\.specification.dataSeed) == [1, 2, 3, 4, 5])
    #expect(chosen.allSatisfy { $0.specification.objective == .autoregressive(inputMasking: 0.3) })
    // While a run of the search is missing nothing is chosen.
    let lost = try #require(study.runs.last)
    #expect(try study.furtherRuns(results(study.runs, without: [lost.hash]) { _ in [0, 0, 0, 0, 0] }).isEmpty)
  }

  @Test func aCandidateThatDivergesIsNamedAndNotChosen() throws {
    let study = try planned(.inputNoise)
    let story: Story = { $0.objective == .maskedDiffusion ? [0.3, 0.3, 0.4, 0.5, 0.6] : [0.3, 0.4, 0.4, 0.4, 0.4] }
    let lost = try #require(study.runs.first { $0.specification.objective == .autoregressive(inputMasking: 0.1) })
    func all(_ runs: [PlannedRun]) -> RunResults {
      RunResults(
        results: runs.filter { $0.hash != lost.hash }.compactMap { results([$0], story: story)[$0] },
        missing: [lost.hash: "loss nan"], diverged: [lost.hash])
    }
    let chosen = try study.furtherRuns(all(study.runs))
    #expect(
      chosen.first?.specification.objective == .autoregressive(inputMasking: 0.3), "the first of equals that is left")
    let report = try study.report(all(study.runs + chosen))
    #expect(report.verdict != .holds && !report.remarks.contains { $0.hasPrefix("missing") })
    #expect(report.remarks.contains { $0.hasPrefix("diverged in the search") && $0.contains("0.1, seed 101") })
  }

  @Test func conditionsMustStandInOrder() throws {
    for claim in [Claim.dataBudget, .dataQuality, .modelSize, .criticalCompute] {
      var settings = try file.get().settings(claim.name, .ci)
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
    let exponent = try #require(try report([1, 2, 4]).estimates.first { $0.name == "exponent" })
    #expect(exponent.value > 0.5 && exponent.value < 4)
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

  /// A candidate is tried for the objective that it is for, in the form that it asks for.
  @Test func candidatesAreForTheirObjective() throws {
    var settings = try file.get().settings(Claim.tunedBaseline.name, .smoke)
    settings.variants[0].candidacy = .stratifiedDiffusion
    settings.variants[1].candidacy = .autoregressive
    let searches = try Claim.tunedBaseline.study(settings, backend: .native).design.searches
    #expect(searches.map { $0.candidates.map(\.condition.name) } == [["wd 1, masking 0.3"], ["wd 1"]])
    #expect(searches[1].runs.allSatisfy { $0.specification.objective == .stratifiedDiffusion })
  }

  /// Two checkpoints can be one step in some seeds only.
  @Test func seedsWithFewerCheckpointsAreStillOneCurve() throws {
    let study = try planned(.repetition)
    let all = results(study.runs, story: crossing(at: 2))
    let cohort = study.design.cohorts[0]
    let runs = cohort.runs.compactMap { all[$0] }
    func curve(_ runs: [RunResult]) throws -> Series {
      let evidence = Evidence(results: RunResults(results: runs, missing: [:]), settings: study.settings)
      return try #require(try evidence.panel("AR", .accuracy(["endings"]), [Curves(cohort)]).series.first)
    }
    let whole = try curve(runs)
    var shorter = runs
    shorter[1] = RunResult(run: runs[1].run, checkpoints: [0, 1, 3, 4].map { runs[1].checkpoints[$0] })
    let drawn = try curve(shorter)
    #expect(drawn.dots.count == whole.dots.count - 1)
    let expected = [0, 1, 3, 4].map { whole.line[$0] }
    #expect(drawn.line.count == 4 && drawn.band.count == 4)
    #expect(zip(drawn.line, expected).allSatisfy { abs($0.x / $1.x - 1) < 1e-9 && abs($0.y - $1.y) < 0.01 })
  }
}
