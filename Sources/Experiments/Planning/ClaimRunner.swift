// From a claim's plan to its results: runs what is missing, several at once, and reads back what is stored.

import Foundation
import Synchronization

/// Carries out the runs of a claim on this machine.
public struct ClaimRunner: Sendable {
  public let store: RecordStore<RunSpecification>
  public let machine: Machine
  public let preset: Preset
  /// Runs at once, one thread each.
  public let jobs: Int

  public init(store: RecordStore<RunSpecification>, machine: Machine, preset: Preset, jobs: Int) {
    self.store = store
    self.machine = machine
    self.preset = preset
    self.jobs = jobs
  }

  /// The state of every run, each specification once.
  public func states(_ runs: [PlannedRun]) -> [(run: PlannedRun, status: RunStatus)] {
    var seen: Set<String> = []
    return runs.filter { seen.insert($0.hash).inserted }.map { ($0, store.status(of: $0.hash)) }
  }

  /// Trains what has not ended, the longest first. A run that diverges has ended; its record says so.
  ///
  /// To be called from a plain thread: it waits. A run that cannot be carried out does not stop the others.
  /// - Throws: after all others have ended, the error of the first run that could not be carried out.
  public func train(_ runs: [PlannedRun], stop: StopSignal, progress: ProgressReporter) throws {
    try requireWritableDirectory(store.directory)  // before anything is trained
    let waiting = states(runs).filter { !$0.status.hasEnded }.map(\.run).sorted { $0.work > $1.work }
    for run in waiting { progress.add(run.label, work: run.work) }
    let executor = RunExecutor(store: store, machine: machine, preset: preset.rawValue)
    let outcomes = runInParallel(waiting, workers: jobs, stop: stop) { run in
      var hasBegun = false
      do {
        try executor.execute(
          run.specification, isStopped: { stop.isRequested },
          progress: { now in
            let fraction = Double(now.step) / Double(now.steps)
            if hasBegun {
              progress.update(run.label, fraction: fraction, tokens: now.tokens, note: now.note)
            } else {
              progress.begin(run.label, fraction: fraction, tokens: now.tokens)
              hasBegun = true
            }
          })
      } catch {
        progress.end(run.label, outcome: "\(error)")
        throw error
      }
      progress.end(run.label, outcome: outcome(of: run))
    }
    progress.finish()
    for outcome in outcomes { try outcome.get() }
  }

  /// "finished: endings 0.81, knowledge 0.33" or why not.
  private func outcome(of run: PlannedRun) -> String {
    switch store.status(of: run.hash) {
    case .finished:
      let last = (try? store.checkpoints(of: run.hash))?.records.last
      let scores = last?.note ?? ""
      return "finished" + (scores.isEmpty ? "" : ": " + scores)
    case .diverged(let reason), .failed(let reason): return reason
    case .missing, .partial: return "not finished"
    }
  }

  /// The runs of a study that are known by now: those that it begins with, and those that follow from their results.
  public func known(_ study: any Study) throws -> [PlannedRun] {
    study.runs + (try study.furtherRuns(try results(study.runs)))
  }

  /// What is stored of the runs; everything that has not finished is named with its reason.
  public func results(_ runs: [PlannedRun]) throws -> RunResults {
    var results: [RunResult] = []
    var missing: [String: String] = [:]
    var diverged: Set<String> = []
    for (run, status) in states(runs) {
      switch status {
      case .finished: results.append(RunResult(run: run, checkpoints: try store.checkpoints(of: run.hash).records))
      case .diverged(let reason):
        missing[run.hash] = reason
        diverged.insert(run.hash)
      case .failed(let reason): missing[run.hash] = reason
      case .partial(let step): missing[run.hash] = "stopped after step \(step)"
      case .missing: missing[run.hash] = "not run"
      }
    }
    return RunResults(results: results, missing: missing, diverged: diverged)
  }
}
