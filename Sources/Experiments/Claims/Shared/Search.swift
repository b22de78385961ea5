// A search among settings on seeds of its own: their data, items and initialisations are used by no verdict, so choosing
// the best there does not flatter it.

import Objectives
import Statistics
import TensorEngine

/// Candidates for one objective, each run on the tuning seeds.
struct Search: Sendable {
  struct Candidate: Sendable {
    let variant: Variant
    let runs: [PlannedRun]
  }

  /// Tuning seeds are 101, 102, …
  static let firstSeed: UInt64 = 101

  let label: String
  let candidates: [Candidate]
  let tasks: [String]
  private let objective: @Sendable (Variant) -> Objective
  private let backend: ProductBackend

  init(
    _ label: String, _ variants: [Variant], settings: ClaimSettings, backend: ProductBackend,
    objective: @escaping @Sendable (Variant) -> Objective
  ) throws {
    self.label = label
    self.objective = objective
    self.backend = backend
    tasks = settings.tasks
    let seeds = (0..<UInt64(settings.tuningSeeds)).map { Self.firstSeed + $0 }
    candidates = try variants.map { variant in
      Candidate(
        variant: variant,
        runs: try seeds.map { try variant.run(objective(variant), label: label, seed: $0, backend: backend) })
    }
  }

  var runs: [PlannedRun] { candidates.flatMap(\.runs) }

  /// The runs that a verdict cannot do without: those that have not diverged. A candidate that has is not chosen.
  func needed(_ results: RunResults) -> [PlannedRun] {
    runs.filter { results[$0] != nil || !results.hasEnded($0) }
  }

  /// "wd 3, seed 101", each run that diverged.
  func diverged(_ results: RunResults) -> [String] {
    let lost = runs.filter { results[$0] == nil && results.hasEnded($0) }
    return lost.isEmpty
      ? [] : ["diverged in the search for \(label), so not chosen: " + lost.map(\.label).joined(separator: "; ")]
  }

  /// The mean over tuning seeds of a candidate's best accuracy; nil unless all of its runs are there. A candidate that
  /// diverged is no candidate.
  func score(_ candidate: Candidate, _ results: RunResults) throws -> Double? {
    let found = candidate.runs.compactMap { results[$0] }
    guard found.count == candidate.runs.count else { return nil }
    return try found.reduce(0) { try $0 + $1.best(tasks) } / Double(found.count)
  }

  /// The candidate with the best score; nil while none is known or a run has not ended.
  func best(_ results: RunResults) throws -> Variant? {
    var best: (variant: Variant, score: Double)?
    for candidate in candidates {
      if candidate.runs.contains(where: { !results.hasEnded($0) }) { return nil }
      guard let score = try score(candidate, results) else { continue }
      if score > best?.score ?? -.infinity { best = (candidate.variant, score) }
    }
    return best?.variant
  }

  /// The chosen candidate's run on a seed of the verdict.
  func verdictRun(_ variant: Variant, seed: UInt64) throws -> PlannedRun {
    try variant.run(objective(variant), label: label, seed: seed, backend: backend)
  }

  /// The runs on the seeds of the verdict of the candidate that takes longest.
  func costliest(seeds: [UInt64]) throws -> [PlannedRun] {
    let costs = candidates.map { (variant: $0.variant, seconds: $0.runs.first?.estimatedSeconds ?? 0) }
    guard let costliest = costs.max(by: { $0.seconds < $1.seconds }) else { return [] }
    return try seeds.map { try verdictRun(costliest.variant, seed: $0) }
  }

  /// The candidates with their scores, in their order.
  func table(_ results: RunResults) throws -> Table {
    let chosen = try best(results)?.name
    return Table(
      title: "The search for \(label), on seeds that the verdict does not use: mean of the best accuracy "
        + "(\(tasks.joined(separator: ", "))).",
      columns: ["setting", "seeds", "best accuracy", ""],
      rows: try candidates.map { candidate in
        [
          candidate.variant.name, "\(candidate.runs.count { results[$0] != nil })",
          try score(candidate, results).map(percent) ?? "–", candidate.variant.name == chosen ? "chosen" : "",
        ]
      })
  }
}
