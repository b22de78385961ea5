// What the claims need and what is there of it, for `list`, `plan` and `run`.

import Figures
import Foundation
import TensorEngine

/// The claims that can be asked about a user's own text.
public let textClaims = [Crossover.name]

/// The study that a command is about: a claim on its built-in corpus, or on a user's own text where paths are given (to one
/// of `textClaims` only).
public func study(
  _ claim: any Claim.Type, _ settings: ClaimSettings, text: [String] = [], backend: ProductBackend
) throws -> any Study {
  text.isEmpty
    ? try claim.init(settings: settings, backend: backend)
    : try TextQuestion(settings: settings, paths: text, backend: backend)
}

/// A line of `replicate plan`.
public struct PlanLine: Encodable, Sendable {
  public let hash: String
  public let label: String
  public let summary: String
  /// missing, partial, finished, diverged or failed, with what is known.
  public let state: String
  /// Estimated seconds on one core.
  public let seconds: Double
  /// What is likely to be the same in all runs of a plan; not coded.
  let common: String
  let hasEnded: Bool

  private enum CodingKeys: String, CodingKey {
    case hash, label, summary, state, seconds
  }

  public init(_ run: PlannedRun, _ status: RunStatus) {
    hash = run.hash
    label = run.label
    summary = run.specification.summary
    common = run.specification.commonSummary
    hasEnded = status.hasEnded
    seconds = run.estimatedSeconds
    switch status {
    case .missing: state = "missing"
    case .partial(let step): state = "partial, step \(step)"
    case .finished: state = "finished"
    case .diverged(let reason), .failed(let reason): state = reason
    }
  }
}

/// The lines for a terminal: what all runs have in common above, a row a run, and what is left to do below.
public func planText(_ lines: [PlanLine], jobs: Int, width: Int) -> String {
  var text = ""
  let common = lines.first?.common ?? ""
  let isCommon = lines.allSatisfy { $0.common == common }
  if isCommon { text += wrapped("All runs: \(common).", width: width) + "\n\n" }
  text += textTable(
    columns: ["run", "what", "state", "time"],
    rows: lines.map { line in
      [line.hash, line.label + (isCommon ? "" : ": \(line.common)"), line.state, formatDuration(line.seconds)]
    })
  let left = lines.filter { !$0.hasEnded }
  let seconds = left.reduce(0) { $0 + $1.seconds } / Double(jobs)
  return text + "\n"
    + (left.isEmpty
      ? "All \(lines.count) runs have ended."
      : "\(left.count) of \(counted(lines.count, "run")) to do, about \(formatDuration(seconds)) with \(counted(jobs, "job")).")
    + "\n"
}

/// A claim at a preset, for `replicate list`.
public struct ClaimSummary: Codable, Sendable {
  public let claim: String
  public let preset: Preset
  public let runs: Int
  public let finished: Int
  /// Estimated seconds from an empty store.
  public let seconds: Double
  /// The verdict that is stored, if it is of this preset.
  public let verdict: String?
}

/// Every claim at every preset.
public func claimSummaries(_ config: String, out: String, jobs: Int, backend: ProductBackend) throws -> [ClaimSummary] {
  let file = try ExperimentFile(path: config, claims: claimSchemas)
  let store = RecordStore<RunSpecification>(directory: out + "/runs")
  return try claims.filter { file.has($0.name) }.flatMap { claim in
    let record = storedVerdict(claim.name, out: out)
    return try file.presets(claim.name).map { preset in
      let runs = try claim.init(settings: file.settings(claim.name, preset), backend: backend).runs
      let hashes = uniqueHashes(runs)
      return ClaimSummary(
        claim: claim.name, preset: preset, runs: hashes.count, finished: hashes.count { store.status(of: $0).hasEnded },
        seconds: runs.reduce(0) { $0 + $1.estimatedSeconds } / Double(jobs),
        verdict: record.flatMap { $0.preset == preset ? $0.verdict?.rawValue : nil })
    }
  }
}

/// The table of `replicate list`: a row a claim with its time at every preset, and what is there of one preset.
public func listText(_ summaries: [ClaimSummary], preset: Preset) -> String {
  let rows = claimNames.filter { name in summaries.contains { $0.claim == name } }.map { name in
    let own = summaries.filter { $0.claim == name }
    let shown = own.first { $0.preset == preset }
    return [name] + Preset.allCases.map { preset in own.first { $0.preset == preset }.map { formatDuration($0.seconds) } ?? "–" }
      + [shown.map { "\($0.finished) of \($0.runs)" } ?? "–", shown?.verdict ?? "–"]
  }
  return textTable(
    columns: ["claim"] + Preset.allCases.map(\.rawValue) + ["runs at \(preset.rawValue)", "last verdict"], rows: rows)
}

/// The verdict that is stored of a claim, nil if there is none that can be read.
public func storedVerdict(_ claim: String, out: String) -> VerdictRecord? {
  (try? readFile(out + "/\(claim)/verdict.json")).flatMap { try? recordDecoder().decode(VerdictRecord.self, from: $0) }
}

extension PlannedRun {
  /// Seconds on one core at 110 GFLOP/s, which small models reach with AVX-512. An estimate for planning; the progress
  /// display measures.
  public var estimatedSeconds: Double { work / 110e9 }
}
