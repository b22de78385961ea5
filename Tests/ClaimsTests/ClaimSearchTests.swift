// How a claim chooses settings: on seeds of its own, among candidates that ended, each for its objective.

import Foundation
import Objectives
import TestSupport
import Testing
@testable import Claims
@testable import Configuration
@testable import Specification

@Suite struct ClaimSearchTests {
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

  /// A candidate is tried for the objective that it is for, in the form that it asks for.
  @Test func candidatesAreForTheirObjective() throws {
    var settings = try repositoryFile.get().settings(Claim.tunedBaseline.name, .smoke)
    settings.variants[0].candidacy = .stratifiedDiffusion
    settings.variants[1].candidacy = .autoregressive
    let searches = try Claim.tunedBaseline.study(settings, backend: .native).design.searches
    #expect(searches.map { $0.candidates.map(\.condition.name) } == [["wd 1, masking 0.3"], ["wd 1"]])
    #expect(searches[1].runs.allSatisfy { $0.specification.objective == .stratifiedDiffusion })
  }
}
