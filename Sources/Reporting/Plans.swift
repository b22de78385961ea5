// Which runs the claims need and which of them exist, for `list`, `plan` and `run`.

import Claims
import Configuration
import Corpora
import Figures
import Files
import Foundation
import Specification
import Store
import TensorEngine
import Wording

/// A line of `replicate plan`.
package struct PlanLine: Encodable, Sendable {
  package let hash: String
  package let label: String
  package let summary: String
  /// missing, partial, finished, diverged or failed, with what is known.
  package let state: String
  /// Estimated seconds on one core.
  package let seconds: Double
  /// Estimated bytes of memory at most.
  package let memory: Int
  /// What is likely to be the same in all runs of a plan; not coded.
  let common: String
  package let hasEnded: Bool

  private enum CodingKeys: String, CodingKey {
    case hash, label, summary, state, seconds, memory
  }

  /// - Parameter claim: the claim that needs the run, where a plan is of several.
  package init(_ run: PlannedRun, _ status: RunStatus, claim: String? = nil) {
    hash = run.hash
    label = (claim.map { "\($0): " } ?? "") + run.label
    memory = run.estimatedBytes
    summary = run.specification.summary
    common = run.specification.commonSummary
    hasEnded = status.hasEnded
    seconds = run.estimatedSeconds
    switch status {
    case .missing: state = "missing"
    case .partial(let step): state = "partial, step \(step)"
    case .finished: state = "finished"
    case .diverged(let reason), .failed(let reason): state = reason
    case .unreadable(let error): state = error.description
    }
  }

  /// For scripts: hash, estimated seconds and mebibytes, and what it is.
  package var batchText: String {
    let seconds = "\(Int(saturating: seconds.rounded(.up)))"
    return "\(hash)  \(String(repeating: " ", count: max(0, 5 - seconds.count)))\(seconds) s  \(memoryText)  \(label)"
  }

  fileprivate var memoryText: String { "\(memory / 1_048_576 + 1) MiB" }
}

/// The lines for a terminal: what all runs have in common above, one row per run, and what is left to do below.
/// - Parameters:
///   - unchosen: runs that a search has yet to choose.
///   - width: that of sentences.
///   - tableWidth: that of the table; nil for no limit.
package func planText(
  _ lines: [PlanLine], unchosen: Int = 0, jobs: Int, width: Int, tableWidth: Int? = nil
) -> String {
  var text = ""
  let common = lines.first?.common ?? ""
  if lines.isEmpty { return wrapped("There are no runs.", width: width) + "\n" }
  let isCommon = lines.allSatisfy { $0.common == common }
  if isCommon { text += wrapped("All runs: \(common).", width: width) + "\n\n" }
  text += textTable(
    columns: ["run", "what", "state", "time", "memory"],
    rows: lines.map { line in
      [
        line.hash, line.label + (isCommon ? "" : ": \(line.common)"), line.state, formatDuration(line.seconds),
        line.memoryText,
      ]
    }, width: tableWidth)
  let left = lines.filter { !$0.hasEnded }
  let seconds = left.reduce(0) { $0 + $1.seconds } / Double(jobs)
  let summary =
    left.isEmpty
    ? "All \(grouped(lines.count)) runs have ended."
    : "\(grouped(left.count)) of \(counted(lines.count, "run")) to do, about \(formatDuration(seconds)) "
      + "with \(counted(jobs, "job"))."
  let open = unchosen > 0 ? " \(grouped(unchosen)) more follow once searches have chosen them." : ""
  return text + "\n" + wrapped(summary + open, width: width) + "\n"
}

/// A claim or study at a preset, or a stored verdict on something that the configuration does not know: a text, or a
/// claim about another corpus. For `replicate list`.
package struct ClaimSummary: Codable, Sendable {
  package let claim: String
  /// What a person calls it, where that is not its name.
  package var label: String?
  package let preset: Preset
  /// nil where only the verdict is known.
  package let runs: Int?
  package let finished: Int?
  /// Estimated seconds from an empty store.
  package let seconds: Double?
  /// The verdict that is stored, if it is of this preset.
  package let verdict: String?
  /// What an advice says: ar, dlm, undecided or nothing; nil for claims and studies.
  package var advice: String?
}

/// The advice that is stored, by name.
/// - Throws: `StoreError` of kind `.io` if a verdict cannot be read; one that was altered is left out.
package func storedAdvice(out: String) throws(StoreError) -> [(name: String, record: VerdictRecord)] {
  var found: [(name: String, record: VerdictRecord)] = []
  for folder in try ClaimFolder.all(in: out, with: { _ in ClaimFolder.verdict }) {
    guard let record = try storedVerdict(folder.name, out: out), record.advice != nil else { continue }
    found.append((folder.name, record))
  }
  return found
}

/// A row for each advice in the directory.
package func adviceSummaries(out: String) throws -> [ClaimSummary] {
  let store = RecordStore<RunSpecification>(directory: out + "/runs")
  return try storedAdvice(out: out).map { name, record in
    ClaimSummary(
      claim: name, preset: record.preset, runs: record.records.count,
      finished: try record.records.count { try store.hasEnded($0) }, seconds: 0, verdict: nil,
      advice: record.advice?.choice.rawValue)
  }
}

/// What `replicate list` says below its table: a line for each advice, empty without any.
package func adviceText(out: String, width: Int) throws -> String {
  let lines = try storedAdvice(out: out).map { name, record in
    wrapped("\(name): \(record.sentence).", width: width, first: "  ", rest: "    ")
  }
  return lines.isEmpty ? "" : "\nAdvice:\n" + lines.joined(separator: "\n") + "\n"
}

/// Every claim and study at every preset, then the verdicts on other questions.
/// - Parameter leftOut: is told what cannot be asked under these settings, and why.
package func claimSummaries(
  _ catalogue: Catalogue, out: String, jobs: Int, backend: ProductBackend, leftOut: (String) -> Void = { _ in }
) throws -> [ClaimSummary] {
  let store = RecordStore<RunSpecification>(directory: out + "/runs")
  let known = try catalogue.entries.flatMap { entry in
    let record = try storedVerdict(entry.name, out: out)
    return try entry.presets.compactMap { preset -> ClaimSummary? in
      let study: Study
      do {
        study = try entry.study(preset, backend: backend)
      } catch is TextMissing {
        return nil
      } catch let error as ConfigurationError {
        leftOut("\(entry.name) (\(error))")
        return nil
      } catch let error as ImpossibleClaim {
        leftOut("\(error)")
        return nil
      }
      let hashes = uniqueHashes(study.runs)
      let costs = Dictionary(
        (study.runs + (try study.reservedRuns)).map { ($0.hash, $0.estimatedSeconds) },
        uniquingKeysWith: { first, _ in first })
      return ClaimSummary(
        claim: entry.name, preset: preset, runs: hashes.count, finished: try hashes.count { try store.hasEnded($0) },
        seconds: costs.values.reduce(0, +) / Double(jobs),
        verdict: record.flatMap { $0.preset == preset ? $0.verdict?.rawValue : nil })
    }
  }
  return known + (try otherVerdicts(out: out, besides: catalogue.entries.map(\.name)))
}

/// The stored verdicts on what the configuration does not know; advice judges no claim and has lines of its own.
private func otherVerdicts(out: String, besides known: [String]) throws -> [ClaimSummary] {
  guard try isThere(out) else { return [] }
  return try ClaimFolder.all(in: out) { _ in ClaimFolder.verdict }.filter { !known.contains($0.name) }.compactMap {
    guard let record = try storedVerdict($0.name, out: out), record.advice == nil else { return nil }
    return ClaimSummary(
      claim: record.claim, label: record.label, preset: record.preset, runs: nil, finished: nil, seconds: nil,
      verdict: record.verdict?.rawValue)
  }
}

/// The table of `replicate list`: one row per claim or study with its time at every preset, and what is there of one
/// preset; below it the verdicts on other questions, of whatever preset.
/// - Parameter width: what no line is to exceed; nil for no limit.
package func listText(_ summaries: [ClaimSummary], preset: Preset, width: Int? = nil) -> String {
  var seen: Set<String> = []
  let (planned, others) = (summaries.filter { $0.runs != nil }, summaries.filter { $0.runs == nil })
  let rows = planned.map(\.claim).filter { seen.insert($0).inserted }.map { name in
    let own = planned.filter { $0.claim == name }
    let shown = own.first { $0.preset == preset }
    func count(_ summary: ClaimSummary) -> String? {
      summary.runs.flatMap { runs in summary.finished.map { "\($0) of \(runs)" } }
    }
    return [name]
      + Preset.allCases.map { preset in
        own.first { $0.preset == preset }?.seconds.map { formatDuration($0) } ?? "–"
      } + [shown.flatMap(count) ?? "–", shown?.verdict ?? "–"]
  }
  let table = textTable(
    columns: ["claim"] + Preset.allCases.map(\.rawValue) + ["runs at \(preset.rawValue)", "last verdict"], rows: rows,
    width: width)
  if others.isEmpty { return table }
  return table + "\n"
    + textTable(
      columns: ["also judged", "about", "preset", "verdict"],
      rows: others.map { [$0.claim, $0.label ?? "", $0.preset.rawValue, $0.verdict ?? "–"] }, width: width)
}

/// The verdict that is stored of a claim, nil if there is none, or what is there was altered or is not a verdict.
/// - Throws: `StoreError` of kind `.io` if it cannot be read.
package func storedVerdict(_ claim: String, out: String) throws(StoreError) -> VerdictRecord? {
  do {
    return try ClaimFolder(claim, in: out).verdict()
  } catch {
    if error.kind == .badData { return nil }
    throw error
  }
}
