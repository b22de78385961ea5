// A search among settings on seeds of its own: their data, items and initialisations are used by no verdict, so choosing
// the best there does not flatter it.

import Configuration
import Specification
import Statistics
import Wording

/// Candidates for one arm, each run on the tuning seeds, and the chosen one on the verdict's seeds.
struct Search: Sendable {
  struct Candidate: Sendable {
    let condition: Variant
    /// Its runs on the tuning seeds.
    let cohort: Cohort
  }

  /// Tuning seeds are 101, 102, …
  static let firstSeed: UInt64 = 101

  /// What is searched among: "noisy AR".
  let label: String
  let candidates: [Candidate]
  private let tuned: Arm
  /// What is chosen, by the name that it has in `data.csv`: "AR, tuned".
  var tunedName: String { tuned.name }
  private let planner: Planner

  /// - Parameters:
  ///   - arm: the objective of the candidates; `label` is its name in the search.
  ///   - tuned: the name of what is chosen, in `data.csv`.
  init(_ label: String, _ arm: Arm, tuned: String, among conditions: [Variant], _ planner: Planner) throws {
    self.label = label
    self.planner = planner
    let searched = Arm(label, arm.colour, objective: arm.objective)
    self.tuned = Arm(tuned, arm.colour, objective: arm.objective)
    let seeds = (0..<UInt64(planner.settings.tuningSeeds)).map { Self.firstSeed + $0 }
    candidates = try conditions.map { condition in
      Candidate(condition: condition, cohort: try planner.cohort(searched, condition, seeds: seeds))
    }
    let distinct = Set(candidates.map { $0.cohort.runs.map(\.hash) }).count
    try planner.require(
      distinct == candidates.count, "needs candidates for \(label) that differ, not only in their names")
  }

  var runs: [PlannedRun] { candidates.flatMap(\.cohort.runs) }

  /// The candidates' runs, named as such.
  var cohorts: [Cohort] {
    candidates.map { candidate in
      Cohort(
        arm: Arm("\(label) (search)", tuned.colour, objective: tuned.objective), condition: candidate.condition.name,
        members: candidate.cohort.members)
    }
  }

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
  /// diverged is not a candidate.
  private func score(_ candidate: Candidate, _ results: RunResults) throws -> Double? {
    let found = candidate.cohort.runs.compactMap { results[$0] }
    guard found.count == candidate.cohort.runs.count else { return nil }
    return try found.reduce(0) { try $0 + $1.best(planner.settings.tasks) } / Double(found.count)
  }

  /// The candidate with the best score; nil while none is known or a run has not ended.
  func best(_ results: RunResults) throws -> Variant? {
    var best: (condition: Variant, score: Double)?
    for candidate in candidates {
      if candidate.cohort.runs.contains(where: { !results.hasEnded($0) }) { return nil }
      guard let score = try score(candidate, results) else { continue }
      if score > best?.score ?? -.infinity { best = (candidate.condition, score) }
    }
    return best?.condition
  }

  /// The chosen candidate's runs on the seeds of the verdict; none while it is not known.
  func chosen(_ results: RunResults) throws -> Cohort {
    guard let best = try best(results) else { return Cohort(arm: tuned, condition: "", members: []) }
    return try verdictCohort(best)
  }

  private func verdictCohort(_ condition: Variant) throws -> Cohort {
    var condition = condition
    condition.seeds = planner.settings.seeds
    let planned = try planner.cohort(Arm(label, tuned.colour, objective: tuned.objective), condition)
    return Cohort(arm: tuned, condition: condition.name, members: planned.members)
  }

  /// The runs on the seeds of the verdict of the candidate that takes longest.
  func costliest() throws -> [PlannedRun] {
    let costs = candidates.map { (condition: $0.condition, seconds: $0.cohort.runs.first?.estimatedSeconds ?? 0) }
    guard let costliest = costs.max(by: { $0.seconds < $1.seconds }) else { return [] }
    return try verdictCohort(costliest.condition).runs
  }

  /// The candidates with their scores, in their order.
  func table(_ results: RunResults) throws -> Table {
    let chosen = try best(results)?.name
    return Table(
      title: "The search for \(label), on seeds that the verdict does not use: mean of the best accuracy "
        + "(\(planner.settings.tasks.names)).",
      columns: ["setting", "seeds", "best accuracy", ""],
      rows: try candidates.map { candidate in
        [
          candidate.condition.name, "\(candidate.cohort.runs.count { results[$0] != nil })",
          try score(candidate, results).map(percent) ?? "–", candidate.condition.name == chosen ? "chosen" : "",
        ]
      })
  }
}
