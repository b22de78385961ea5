// What must not change unless somebody means it to: which runs every claim plans, and what it says of given results.
// The results are made up, a pure function of each run's label, so no training is needed. To accept a change, run the
// suite with REPLICATE_GOLDEN=write and read the difference of Tests/Fixtures/golden.json.

import Corpora
import Figures
import Foundation
import Evaluation
import Objectives
import TestSupport
import Testing
@testable import Claims
@testable import Configuration
@testable import Files
@testable import Reporting
@testable import Specification
@testable import Wording

/// The frozen state of one claim at one preset.
private struct Golden: Codable, Equatable {
  /// Hashes of the planned runs, sorted: those that are known before anything has run, then those that follow.
  var runs: [String]
  /// Digests of `verdict.json` and `data.csv`, with each run's hash replaced by its place among the runs.
  var verdict: String
  var data: String
  /// Digest of the figure's panels, with all that they show.
  var figure: String
}

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
private let fixture = root.appendingPathComponent("Tests/Fixtures/golden.json")

/// A number from 0 to 1 that depends on the words alone (FNV-1a).
private func noise(_ words: String...) -> Double {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in words.joined(separator: "|").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  return Double(hash >> 11) / Double(1 << 53)
}

/// Checkpoints that resemble those of a run: AR peaks early and overfits, the DLM rises slowly and stays.
private func story(_ run: PlannedRun) -> [CheckpointRecord] {
  let specification = run.specification
  let places = [0.01, 0.03, 0.08, 0.15, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 0.95, 1]
  let isCausal = specification.objective.isAutoregressive
  return places.enumerated().map { index, place in
    let epoch = place * Double(specification.training.epochs)
    func score(_ task: TaskID) -> CheckpointRecord.Task {
      let shape = isCausal ? 0.62 - 0.12 * abs(place - 0.2) : 0.3 + 0.36 * place.squareRoot()
      let acc = shape + 0.05 * noise(run.label, task.name) + 0.02 * noise(run.label, task.name, "\(index)")
      return .init(
        acc: acc, accStandardError: 0.01, accNorm: acc * 0.98, accNormStandardError: 0.01, nllRight: 3 + place,
        nllWrong: 4 + 2 * place + 0.1 * noise(run.label, "nll"), items: 100)
    }
    var tasks: [TaskID] = ["endings", "knowledge", "functions", "infilling", "cloze"]
    if place == 1 {
      tasks += CompletionDecoder.allCases.map { .execution(.functions, $0) }
      tasks += DocumentDrawing.all.map { .documents($0) }
    }
    let loss = isCausal ? 1.5 + pow(place - 0.15, 2) : 2 - 0.4 * place
    return CheckpointRecord(
      epoch: epoch, step: index + 1, tokens: Int(epoch * Double(specification.corpus.nominalUniqueTokens)),
      trainingLoss: 2 - place,
      validation: .init(
        crossEntropy: loss + 0.01 * noise(run.label, "loss", "\(index)"), standardError: 0.01, samples: 1, sequences: 4),
      tasks: Dictionary(uniqueKeysWithValues: tasks.map { ($0, score($0)) }))
  }
}

/// A text in place of every natural corpus, so that what is frozen does not depend on which are installed.
private let text = TextCollection(
  files: (0..<40).map { place in
    let words = (0..<440).map { "word\((place * 31 + $0 * $0 * 7) % 97)" }
    return TextFile(path: "\(place)", bytes: Array((words.joined(separator: " ") + ".\n").utf8))
  })

private func golden(_ claim: Claim, _ preset: Preset) throws -> Golden {
  let file = try ExperimentFile(path: root.appendingPathComponent("experiments.toml").path, claims: Claim.schemas)
  var settings = try file.settings(claim.name, preset)
  settings.naturals = settings.naturals.map { $0.about(text) }
  let study = try claim.study(settings, backend: .native)
  func results(_ runs: [PlannedRun]) -> RunResults {
    RunResults(results: runs.distinct.map { RunResult(run: $0, checkpoints: story($0)) }, missing: [:])
  }
  let runs = study.runs + (try study.furtherRuns(results(study.runs)))
  let all = results(runs)
  let report = try study.report(all)
  let machine = Machine(processor: "a processor", cores: 2, kernel: "Linux", blas: "a BLAS", version: "0")
  let data = try study.data(all)
  // Places rather than hashes, so that a deliberate change of the hash shows itself once.
  let places = Dictionary(
    runs.distinct.enumerated().map { ($1.hash, "run \($0)") }, uniquingKeysWith: { first, _ in first })
  func digest(_ text: String) -> String {
    var text = text
    for (hash, place) in places { text = text.replacingOccurrences(of: hash, with: place) }
    return String(sha256(Data(text.utf8)).prefix(16))
  }
  return Golden(
    runs: runs.distinct.map(\.hash).sorted(),
    verdict: digest(try jsonText(report.record(statement: claim.statement, machine: machine), indented: true)),
    data: digest(csv(columns: data.columns, rows: data.rows)), figure: digest(report.figure.map { "\($0)" } ?? "none"))
}

@Suite struct GoldenTests {
  private static let isWriting = ProcessInfo.processInfo.environment["REPLICATE_GOLDEN"] == "write"

  @Test func plansAndReportsAreTheFrozenOnes() async throws {
    var found: [String: [String: Golden]] = [:]
    for claim in Claim.all {
      for preset in Preset.allCases { found[claim.name, default: [:]][preset.rawValue] = try golden(claim, preset) }
    }
    if Self.isWriting {
      try writeAtomically(try jsonText(found, indented: true) + "\n", to: fixture.path)
      return
    }
    let frozen = try JSONDecoder().decode([String: [String: Golden]].self, from: Data(contentsOf: fixture))
    #expect(Set(found.keys) == Set(frozen.keys))
    for (claim, presets) in found.sorted(by: { $0.key < $1.key }) {
      for (preset, now) in presets.sorted(by: { $0.key < $1.key }) {
        let then = frozen[claim]?[preset]
        #expect(now.runs == then?.runs, "\(claim) at \(preset): other runs than the frozen ones")
        #expect(now.verdict == then?.verdict, "\(claim) at \(preset): another verdict.json of the same results")
        #expect(now.data == then?.data, "\(claim) at \(preset): another data.csv of the same results")
        #expect(now.figure == then?.figure, "\(claim) at \(preset): another figure of the same results")
      }
    }
  }
}
