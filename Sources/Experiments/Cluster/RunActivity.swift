// What a run is doing now. It only looks: no lock is taken, so it can be asked while others work.

import Foundation

/// What can be said of a run while others may be at work on it.
public enum RunState: String, CaseIterable, Codable, Sendable {
  case finished, running
  /// Begun, and nobody is at work on it.
  case stopped
  case diverged, failed, missing
}

/// A run with what it is doing and how much of it is done.
struct RunActivity: Sendable {
  let run: PlannedRun
  var state: RunState
  /// The share of its epochs at its last checkpoint; 1 once it has ended.
  var done = 0.0
  /// Who is at work on it.
  var owner: LockOwner?
  /// Why it diverged or failed.
  var reason: String?

  /// Estimated seconds left on one core.
  var secondsLeft: Double { run.estimatedSeconds * (1 - done) }
}

extension RecordStore<RunSpecification> {
  /// What a run is doing now.
  ///
  /// An owner on this host is at work if the process lives, one on another host while its lock file is younger than ten
  /// minutes (owners renew it every 20 seconds); how soon that is seen is up to the file system.
  /// - Parameter host: the name of this host.
  func activity(of run: PlannedRun, host: String = ProcessInfo.processInfo.hostName) -> RunActivity {
    switch status(of: run.hash) {
    case .finished: return RunActivity(run: run, state: .finished, done: 1)
    case .diverged(let reason): return RunActivity(run: run, state: .diverged, done: 1, reason: reason)
    case .failed(let reason): return RunActivity(run: run, state: .failed, reason: reason)
    case .missing, .partial:
      let owner = worker(on: run.hash, host: host)
      let last = try? checkpoints(of: run.hash).records.last
      let hasBegun = fileExists(path(of: .specification, in: run.hash))
      return RunActivity(
        run: run, state: owner != nil ? .running : hasBegun ? .stopped : .missing,
        done: min(1, (last?.epoch ?? 0) / Double(max(run.specification.training.epochs, 1))), owner: owner)
    }
  }

  /// The living owner of the run's lock.
  private func worker(on hash: String, host: String) -> LockOwner? {
    guard let owner = owner(of: hash) else { return nil }
    if owner.host == host { return kill(owner.pid, 0) == 0 || errno == EPERM ? owner : nil }
    var information = stat()
    guard stat(folder(of: hash) + "/lock", &information) == 0 else { return nil }
    return Date().timeIntervalSince1970 - Double(information.st_mtim.tv_sec) < RunLock.patience ? owner : nil
  }
}

extension ClaimRunner {
  /// Runs to reserve time for because a search has yet to choose them; empty for claims without an open search.
  public func unchosen(_ study: Study) throws -> [PlannedRun] {
    let reserved = try study.reservedRuns
    if reserved.isEmpty || states(study.runs).allSatisfy(\.status.hasEnded) { return [] }
    return Array(reserved.dropFirst(try study.furtherRuns(try results(study.runs)).count))
  }
}
