// How runs are shared out over the tasks of a batch system: short ones together, so that a task is worth its start.

import Specification

/// Runs that one task carries out.
package struct RunPack: Sendable {
  package let runs: [PlannedRun]
  /// Runs of it that are carried out at a time, one thread each.
  package let jobs: Int

  /// Estimated wall-clock seconds: no fewer than those of the longest run.
  package var seconds: Double {
    let seconds = runs.map(\.estimatedSeconds)
    return max(seconds.max() ?? 0, seconds.reduce(0, +) / Double(jobs))
  }

  /// Estimated bytes while its largest runs are at work together.
  package var bytes: Int {
    let largest = Double(runs.map(\.estimatedBytes).max() ?? 0)
    return Int(saturating: largest * Double(min(jobs, max(runs.count, 1))))
  }
}

/// Packs runs into tasks of about `seconds` each, longest first (first fit decreasing); a longer run is a task of its own.
///
/// The result depends on the runs alone, not on their order. Runs with the same hash count once.
/// - Parameters:
///   - seconds: what a task should last.
///   - jobs: runs that a task carries out at a time.
package func pack(_ runs: [PlannedRun], seconds: Double, jobs: Int) -> [RunPack] {
  let sorted = runs.distinct
    .map { (run: $0, seconds: $0.estimatedSeconds) }
    .sorted { ($1.seconds, $0.run.hash) < ($0.seconds, $1.run.hash) }
  let room = seconds * Double(jobs)
  var packs: [(runs: [PlannedRun], filled: Double)] = []
  for (run, needed) in sorted {
    if let place = packs.firstIndex(where: { $0.filled + needed <= room }) {
      packs[place].runs.append(run)
      packs[place].filled += needed
    } else {
      packs.append(([run], needed))
    }
  }
  return packs.map { RunPack(runs: $0.runs, jobs: jobs) }
}
