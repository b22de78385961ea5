// What holds of every claim: what it plans, lists and says of results that are made up, and that it decides nothing
// without them. When each claim holds and fails: ClaimVerdictTests.swift.

import Figures
import Foundation
import Statistics
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
