// A run that a claim needs, and the results of runs as claims read them. What a run costs: RunCost.swift.

import Files
import Statistics

/// One run of a claim's grid.
package struct PlannedRun: Sendable {
  /// What the run is within the claim, for example "DLM, seed 2".
  package let label: String
  package let specification: RunSpecification
  package let hash: String

  /// - Throws: ``ImpossibleRun`` for what no run can have.
  package init(label: String, specification: RunSpecification) throws {
    try specification.validate()
    self.label = label
    self.specification = specification
    hash = try specificationHash(specification)
  }
}

extension [PlannedRun] {
  /// Each specification once, in order: claims share runs.
  package var distinct: [PlannedRun] {
    var seen: Set<String> = []
    return filter { seen.insert($0.hash).inserted }
  }
}

/// What a finished run left behind.
package struct RunResult: Sendable {
  package let run: PlannedRun
  package let checkpoints: [CheckpointRecord]
  /// Where it was made; nil for results that were not read from a record.
  package let machine: Machine?

  package init(run: PlannedRun, checkpoints: [CheckpointRecord], machine: Machine? = nil) {
    self.run = run
    self.checkpoints = checkpoints
    self.machine = machine
  }

  /// A number of each checkpoint against epochs.
  package func curve(_ value: (CheckpointRecord) -> Double?) throws -> Curve {
    try Curve(epochs: checkpoints.map(\.epoch), values: checkpoints.map { value($0) ?? .nan })
  }
}

/// The results of a claim's runs, as far as they are there. What is missing is asked for by name, never skipped.
package struct RunResults: Sendable {
  private let results: [String: RunResult]
  /// Why each run that is not there is missing, by hash.
  package let missing: [String: String]

  private let diverged: Set<String>

  /// - Parameter diverged: hashes of those missing runs that have ended all the same.
  package init(results: [RunResult], missing: [String: String], diverged: Set<String> = []) {
    self.diverged = diverged
    self.results = Dictionary(results.map { ($0.run.hash, $0) }, uniquingKeysWith: { first, _ in first })
    self.missing = missing
  }

  /// Where the runs that are there were made, as far as that is known.
  package var machines: [Machine] { results.values.compactMap(\.machine) }

  package subscript(_ run: PlannedRun) -> RunResult? { results[run.hash] }

  /// Whether the run has finished or diverged; one that has only stopped has not ended.
  package func hasEnded(_ run: PlannedRun) -> Bool { results[run.hash] != nil || diverged.contains(run.hash) }

  /// "DLM, seed 2 (diverged …)" for each of the runs that is missing.
  package func missing(among runs: [PlannedRun]) -> [String] {
    runs.filter { results[$0.hash] == nil }.map { "\($0.label) (\(missing[$0.hash] ?? "not run"))" }
  }
}
