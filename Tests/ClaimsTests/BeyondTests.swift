// What the claims beyond the paper about r, about repeated data and about natural corpora say of results that are made up.

import Corpora
import Foundation
import Objectives
import Statistics
import TestSupport
import Testing
import Transformer
@testable import Claims
@testable import Configuration
@testable import Specification

/// r of a run.
private func ratio(_ run: RunSpecification) -> Double {
  Double(run.model.parametersWithoutEmbeddings) / Double(run.corpus.nominalUniqueTokens)
}

/// The same number at each checkpoint.
private func level(_ value: Double) -> [Double] { Array(repeating: value, count: places.count) }

@Suite struct RegimeTests {
  /// Gaps that are a line in log r, with a seed's own shift: loss + `slope` per tenfold from zero at r = `zero`.
  private func report(slope: Double, zero: Double = 4, accuracySlope: Double? = nil) throws -> ClaimReport {
    let study = try planned(.regime)
    func along(_ run: RunSpecification, _ slope: Double) -> Double {
      run.objective.isAutoregressive
        ? 0 : slope * log10(ratio(run) / zero) * (1 + 0.01 * Double(run.dataSeed))
    }
    return try study.report(
      results(
        study.runs, losses: { level(2 + along($0, slope)) },
        story: { level(0.5 - along($0, accuracySlope ?? slope)) }))
  }

  @Test func aGapThatGrowsHoldsAndOneThatShrinksFails() throws {
    let growing = try report(slope: 0.1)
    #expect(growing.verdict == .holds)
    #expect(abs((growing.comparisons["loss_gap_slope"]?.interval?.estimate ?? 0) - 0.102) < 1e-6)
    #expect(try report(slope: -0.1).verdict == .fails)
    #expect(try report(slope: 0.1, accuracySlope: -0.1).verdict == .fails)
    #expect(try report(slope: 0).verdict == .inconclusive)
  }

  @Test func theGapVanishesWhereItWasMadeTo() throws {
    let report = try report(slope: 0.1)
    let zero = try #require(report.estimates.first { $0.name == "loss_gap_vanishes" })
    #expect(abs(zero.value - 4) < 1e-6 && (zero.low ?? 0) <= zero.value && (zero.high ?? 0) >= zero.value)
    #expect(report.parts.first { $0.key == "loss_gap_vanishes" }?.verdict == .holds)
    #expect(
      report.remarks.contains {
        $0.hasPrefix("world, DLM's lowest validation loss − AR's: the mean changes its sign at r = ")
      })
    // Beyond what was measured it is said to be a guess.
    let beyond = try self.report(slope: 0.1, zero: 300)
    let part = try #require(beyond.parts.first { $0.key == "loss_gap_vanishes" })
    #expect(part.verdict == .inconclusive && part.numbers.contains("outside of the r that were measured"))
    #expect(beyond.remarks.contains { $0.hasSuffix("the mean has one sign at every r") })
  }

  /// A line has no bend; a hump has one, and is seen.
  @Test func aBendIsSeen() throws {
    let study = try planned(.regime)
    let humped = try study.report(
      results(
        study.runs, losses: { level($0.objective.isAutoregressive ? 2 : 2 + 0.1 * pow(log10(ratio($0) / 4), 2)) },
        story: { _ in level(0.5) }))
    #expect((humped.comparisons["loss_gap_bend"]?.interval?.low ?? 0) > 0.05)
    let straight = try report(slope: 0.1)
    #expect(abs(straight.comparisons["loss_gap_bend"]?.interval?.estimate ?? 1) < 0.05)
  }

  @Test func itNeedsSixValuesOfTwoWidths() throws {
    let settings = try repositoryFile.get().settings(Claim.regime.name, .ci)
    for change: (inout ClaimSettings) -> Void in [
      { $0.variants.removeLast() }, { $0.variants = Array($0.variants.prefix(6)) },
    ] {
      var changed = settings
      change(&changed)
      #expect(throws: ConfigurationError.self) { try Claim.regime.study(changed, backend: .native) }
    }
    #expect(throws: Never.self) { try Claim.regime.study(settings, backend: .native) }
  }

  /// A natural corpus beside it has the same conditions, is reported, and decides nothing.
  @Test func aNaturalCorpusIsBeside() throws {
    let settings = try repositoryFile.get().settings(Claim.regime.name, .ci)
    let beside = try #require(settings.beside)
    #expect(beside.variants.count == settings.variants.count)
    #expect(zip(beside.variants, settings.variants).allSatisfy { $0.model == $1.model && $0.training == $1.training })
    #expect(
      zip(beside.variants, settings.variants).allSatisfy {
        $0.corpus.nominalUniqueTokens == $1.corpus.nominalUniqueTokens
      })
    let without = try Claim.regime.study(settings, backend: .native)
    #expect(
      try without.report(results(without.runs) { _ in level(0.5) }).remarks.contains { $0.contains("not installed") })

    var installed = settings
    installed.beside = beside.about(madeText)
    let study = try Claim.regime.study(installed, backend: .native)
    #expect(study.runs.count == 2 * without.runs.count && Set(study.runs.map(\.label)).count == study.runs.count)
    let report = try study.report(
      results(
        study.runs,
        losses: { run in
          let sign = if case .text = run.corpus { -1.0 } else { 1.0 }
          return level(run.objective.isAutoregressive ? 2 : 2 + sign * 0.1 * log10(ratio(run)))
        }, story: { level($0.objective.isAutoregressive ? 0.5 : 0.5 - 0.1 * log10(ratio($0))) }))
    #expect(report.verdict == .holds)
    #expect(report.parts.first { $0.key == "kjv_loss_gap_slope" }?.verdict == .fails)
    #expect(report.figure?.panels.count == 4)
  }
}

@Suite struct RepeatedDataTests {
  private func law(worth: Double, floor: Double = 1.2) -> RepeatedDataLaw {
    RepeatedDataLaw(floor: floor, excess: 0.8, reference: 1e6, exponent: 0.4, worth: worth)
  }

  /// Lowest losses that follow a law for each objective, with a spread of a hundredth between seeds.
  private func report(ar: RepeatedDataLaw, dlm: RepeatedDataLaw) throws -> ClaimReport {
    let study = try planned(.repeatedData)
    return try study.report(
      results(
        study.runs,
        losses: { run in
          let law = run.objective.isAutoregressive ? ar : dlm
          let spread = 0.01 * sin(Double(run.dataSeed) * 7 + Double(run.training.epochs))
          let lowest = law.loss(
            uniqueTokens: Double(run.corpus.nominalUniqueTokens), epochs: Double(run.training.epochs))
          return [3, 2.5, 1, 1.1, 1.2].map { max($0, 1) * lowest * exp(spread) }
        }, story: { _ in level(0.5) }))
  }

  @Test func theLongerMemoryOfRepetitionsDecides() throws {
    let holds = try report(ar: law(worth: 10), dlm: law(worth: 100))
    #expect(holds.verdict == .holds, "\(holds.sentence)")
    let ratio = try #require(holds.estimates.first { $0.name == "dlm_over_ar" })
    #expect(abs(ratio.value / 10 - 1) < 0.2 && (ratio.low ?? 0) > 1)
    #expect(try report(ar: law(worth: 100), dlm: law(worth: 10)).verdict == .fails)
    #expect(try report(ar: law(worth: 30), dlm: law(worth: 30)).verdict == .inconclusive)
  }

  @Test func whatIsReportedElsewhereStandsBeside() throws {
    let report = try report(ar: law(worth: 15.4), dlm: law(worth: 50))
    #expect(report.parts.first { $0.key == "worth_ar" }?.verdict == .holds)
    #expect(report.parts.first { $0.key == "worth_dlm" }?.verdict == .fails)
    let half = try #require(report.estimates.first { $0.name == "half_life_ar" })
    #expect(abs(half.value / (15.4 * log(2)) - 1) < 0.1)
  }

  /// The laws cross where the runs do.
  @Test func theLawsCrossWhereTheRunsDo() throws {
    let report = try report(ar: law(worth: 10, floor: 1.2), dlm: law(worth: 100, floor: 1.8))
    let table = try #require(report.tables.first { $0.title.hasPrefix("Where the DLM's lowest loss") })
    #expect(table.rows.count == 3)
    for row in table.rows {
      let predicted = try #require(row[1].firstMatch(of: /epoch ([0-9.]+) \[/).flatMap { Double($0.1) }, "\(row)")
      let measured = try #require(row[2].firstMatch(of: /epoch ([0-9.]+)/).flatMap { Double($0.1) }, "\(row)")
      #expect(predicted / measured > 0.4 && predicted / measured < 2.5, "\(row)")
    }
    // A DLM that stays behind never crosses.
    let never = try self.report(ar: law(worth: 100), dlm: law(worth: 10))
    #expect(never.remarks.contains { $0.contains("the laws cross at no epoch") && $0.contains("in none of 3 seeds") })
  }
}

@Suite struct NaturalTextTests {
  /// What is said to be found by objective and noise; on the verdict's seeds and on those of the searches alike.
  private func report(dlm: Double, noisy: Double, tuned: Double = 0) throws -> ClaimReport {
    let study = try planned(.naturalText)
    return try reported(study) { run in
      if run.seed > 1000 { return [0.3, 0.39, 0.38, 0.36, 0.34] }
      if !run.objective.isAutoregressive { return [0.3, 0.3, 0.3, 0.4, dlm] }
      if run.training.weightDecay == 1 { return level(max(noisy, tuned)) }
      return level(run.objective == .plainAutoregressive && run.model.dropout == 0 ? 0.4 : noisy)
    }
  }

  @Test func everyQuestionIsPutToEveryCorpus() throws {
    let study = try planned(.naturalText)
    let report = try report(dlm: 0.6, noisy: 0.5)
    #expect(report.verdict == .holds, "\(report.sentence)")
    for corpus in ["kjv", "glosses"] {
      let keys = Set(report.parts.judged.map(\.key).filter { $0.hasPrefix("\(corpus)_") })
      #expect(keys.count == 7, "\(keys)")
      for question in ["crossover", "input_noise", "parameter_noise", "tuned_baseline"] {
        #expect(keys.contains { $0.hasPrefix("\(corpus)_\(question)_") }, "\(keys)")
      }
    }
    #expect(Set(report.parts.map(\.key)).count == report.parts.count)
    #expect(report.figure?.panels.count == 4)
    // AR and the DLM are trained once for all questions.
    #expect(Set(study.runs.map(\.label)).count == study.runs.count)
    #expect(report.tables.count { $0.title.contains("Accuracy (") } == 2)
  }

  @Test func oneKindOfARThatIsAheadFails() throws {
    #expect(try report(dlm: 0.6, noisy: 0.7).verdict == .fails)
    let tuned = try report(dlm: 0.6, noisy: 0.5, tuned: 0.7)
    #expect(tuned.verdict == .fails)
    #expect(tuned.parts.judged.filter { $0.verdict == .fails }.allSatisfy { $0.key.contains("tuned_baseline") })
  }

  /// The searches are about what their claims are about.
  @Test func candidatesAreForTheirQuestion() throws {
    let searches = try planned(.naturalText).design.searches.prefix(4)
    #expect(searches.map(\.label) == ["AR with input masking", "AR with dropout", "AR", "DLM"])
    #expect(searches.map(\.candidates.count) == [2, 2, 6, 6])
    #expect(searches[0].runs.allSatisfy { $0.specification.model.dropout == 0 })
    #expect(searches[1].runs.allSatisfy { $0.specification.objective == .plainAutoregressive })
  }

  /// Without the packages nothing is trained and nothing decided, and both are said.
  @Test(arguments: Preset.allCases) func whatIsNotInstalledIsLeftOutAndNamed(preset: Preset) throws {
    var settings = try repositoryFile.get().settings(Claim.naturalText.name, preset)
    #expect(!settings.naturals.isEmpty)
    let none = try Claim.naturalText.study(settings, backend: .native)
    let report = try none.report(results(none.runs) { _ in level(0.5) })
    #expect(none.runs.isEmpty && report.figure == nil)
    #expect(report.verdict == (preset == .smoke ? nil : .inconclusive))
    #expect(report.remarks.count { $0.contains("not installed here (apt-get install ") } == settings.naturals.count)
    let digest = try settings.digest()
    settings.naturals[0] = settings.naturals[0].about(madeText)
    #expect(try settings.digest() != digest, "a verdict is about those that are installed")
    let one = try Claim.naturalText.study(settings, backend: .native)
    #expect(!one.runs.isEmpty)
    #expect(
      try one.report(results(one.runs) { _ in level(0.5) }).remarks.count { $0.contains("not installed") }
        == settings.naturals.count - 1)
  }
}
