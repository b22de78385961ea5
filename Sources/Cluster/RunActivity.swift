// What a run is doing now. It only reads, so it is safe while runs are at work.

import Claims
import Files
import Foundation
import Running
import Specification
import Store

/// What can be said of a run while others may be at work on it.
package enum RunState: String, CaseIterable, Codable, Sendable {
  case finished, running
  /// Begun, and no process is at work on it.
  case stopped
  case diverged, failed, missing
}

/// A run with what it is doing and how much of it is done.
struct RunActivity: Sendable {
  let run: PlannedRun
  var state: RunState
  /// The share of its epochs at its last checkpoint; 1 once it has ended.
  var done = 0.0
  /// Who is at work on it, as far as that is known.
  var owner: LockOwner?
  /// Why it diverged or failed.
  var reason: String?

  /// Estimated seconds left on one core.
  var secondsLeft: Double { run.estimatedSeconds * (1 - done) }
}

extension RecordStore<RunSpecification> {
  /// What a run is doing now.
  ///
  /// A process is at work on it while its lock is held. Where the lock of another host cannot be seen, its owner counts
  /// as alive while the lock file is younger than ten minutes (owners renew it every 20 seconds).
  /// - Parameter host: the name of this host.
  func activity(of run: PlannedRun, host: String = LockOwner.thisHost) -> RunActivity {
    switch status(of: run.hash) {
    case .finished: return RunActivity(run: run, state: .finished, done: 1)
    case .diverged(let reason): return RunActivity(run: run, state: .diverged, done: 1, reason: reason)
    case .failed(let reason): return RunActivity(run: run, state: .failed, reason: reason)
    case .unreadable(let error): return RunActivity(run: run, state: .failed, reason: error.description)
    case .missing, .partial:
      do throws(StoreError) {
        let holder = try RunLock.holder(of: lockPath(of: run.hash), host: host)
        let last = try checkpoints(of: run.hash).records.last
        let hasBegun = try isThere(path(of: .specification, in: run.hash))
        return RunActivity(
          run: run, state: holder != nil ? .running : hasBegun ? .stopped : .missing,
          done: min(1, (last?.epoch ?? 0) / Double(max(run.specification.training.epochs, 1))), owner: holder?.owner)
      } catch {
        return RunActivity(run: run, state: .failed, reason: error.description)
      }
    }
  }
}

extension Runner {
  /// Runs to reserve time for because a search has yet to choose them; empty for claims without an open search.
  package func unchosen(_ study: Study) throws -> [PlannedRun] {
    let reserved = try study.reservedRuns
    if reserved.isEmpty || states(study.runs).allSatisfy(\.status.hasEnded) { return [] }
    return Array(reserved.dropFirst(try study.furtherRuns(try results(study.runs)).count))
  }
}
