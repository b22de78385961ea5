// From planned runs to their results: trains what is missing, several at once, and reads back what is stored.

import Basics
import Files
import Foundation
import Specification
import Store
import Synchronization
import Wording

/// Carries out runs on this machine.
package struct Runner: Sendable {
  package let store: RecordStore<RunSpecification>
  package let machine: Machine
  /// The preset that asks for the runs, for their records.
  package let preset: String
  /// Runs at once.
  package let jobs: Int
  /// Threads that share each run's training steps.
  package let threads: Int

  package init(store: RecordStore<RunSpecification>, machine: Machine, preset: String, jobs: Int, threads: Int = 1) {
    self.store = store
    self.machine = machine
    self.preset = preset
    self.jobs = jobs
    self.threads = threads
  }

  /// The state of every run, each specification once.
  package func states(_ runs: [PlannedRun]) -> [(run: PlannedRun, status: RunStatus)] {
    runs.distinct.map { ($0, store.status(of: $0.hash)) }
  }

  /// Trains what has not ended, the longest first. A run that diverges has ended; its record says so. Runs that other
  /// processes are at work on come last: they are waited for, and taken over if their owner dies.
  ///
  /// To be called from a plain thread: it waits. A run that cannot be carried out does not stop the others.
  /// - Throws: after all others have ended, the error of the first run that could not be carried out.
  package func train(_ runs: [PlannedRun], stop: StopSignal, progress: ProgressReporter) throws {
    try requireWritableDirectory(store.directory)  // before anything is trained
    let states = states(runs)
    for (run, status) in states where status.hasEnded { store.removeLeftovers(ofEnded: run.hash) }
    let waiting = states.filter { !$0.status.hasEnded }.map(\.run)
      .sorted { $0.estimatedSeconds > $1.estimatedSeconds }
    let names = Self.names(of: waiting)
    @Sendable func train(_ run: PlannedRun) throws {
      try carryOut(
        run, as: names[run.hash] ?? run.label, isOnlyOne: waiting.count == 1, stop: stop, progress: progress)
    }
    for run in waiting { progress.add(names[run.hash] ?? run.label, work: run.estimatedSeconds) }
    let held = Mutex<[PlannedRun]>([])
    defer { progress.finish() }
    var outcomes = try runInParallel(waiting, workers: jobs, stop: stop) { run in
      do {
        try train(run)
      } catch let error as StoreError where error.kind == .locked {
        held.withLock { $0.append(run) }
      }
    }
    let others = held.withLock { $0 }
    if let first = others.first, !stop.isRequested {
      let owner = (try? store.holder(of: first.hash)).map { ", among them \($0)" } ?? ""
      progress.log("waiting for \(counted(others.count, "run")) that other processes are at work on\(owner)")
      outcomes += try runInParallel(others, workers: jobs, stop: stop) { try Self.waitFor($0, stop: stop, train) }
    }
    for outcome in outcomes { try outcome.get() }
  }

  /// Trains one run and tells how it goes.
  /// - Throws: `StoreError` of kind `.locked` if another process is at work on it; this is not reported.
  private func carryOut(
    _ run: PlannedRun, as name: String, isOnlyOne: Bool, stop: StopSignal, progress: ProgressReporter
  ) throws {
    let executor = RunExecutor(store: store, machine: machine, preset: preset, threads: threads)
    var hasBegun = false
    do {
      try executor.execute(
        run.specification, isStopped: { stop.isRequested }, notice: { progress.log(oneLine($0)) },
        progress: { now in
          let fraction = Double(now.step) / Double(now.steps)
          if hasBegun {
            progress.update(name, fraction: fraction, tokens: now.tokens, note: now.note)
          } else {
            progress.begin(name, fraction: fraction, tokens: now.tokens)
            hasBegun = true
          }
        })
    } catch let error as StoreError where error.kind == .locked {
      throw error
    } catch let error as RunExecutor.Interrupted {
      progress.stop(name, outcome: "\(error)")
      throw error
    } catch {
      progress.end(name, outcome: isOnlyOne ? "failed" : "\(error)")  // of several only the first error is thrown
      throw error
    }
    progress.end(name, outcome: outcome(of: run))
  }

  /// Waits until a run that another process is at work on has ended, or can be taken over.
  private static func waitFor(_ run: PlannedRun, stop: StopSignal, _ train: (PlannedRun) throws -> Void) throws {
    while !stop.isRequested {
      do {
        return try train(run)
      } catch let error as StoreError where error.kind == .locked {
        Thread.sleep(forTimeInterval: secondsBetweenLooks)
      }
    }
    throw RunExecutor.Interrupted()
  }

  private static let secondsBetweenLooks = 0.5

  /// The runs' labels; runs of several claims that are called the same have their hash behind it.
  static func names(of runs: [PlannedRun]) -> [String: String] {
    let count = Dictionary(runs.map { ($0.label, 1) }, uniquingKeysWith: +)
    return Dictionary(
      runs.map { ($0.hash, count[$0.label] == 1 ? $0.label : "\($0.label), run \($0.hash)") },
      uniquingKeysWith: { first, _ in first })
  }

  /// "finished: endings 0.81, knowledge 0.33" or why not.
  private func outcome(of run: PlannedRun) -> String {
    switch store.status(of: run.hash) {
    case .finished:
      let last = (try? store.checkpoints(of: run.hash))?.records.last
      let scores = last?.note ?? ""
      return "finished" + (scores.isEmpty ? "" : ": " + scores)
    case .diverged(let reason), .failed(let reason): return reason
    case .unreadable(let error): return error.description
    case .missing, .partial: return "not finished"
    }
  }

  /// What is stored of the runs; everything that has not finished is named with its reason.
  /// - Throws: `StoreError` of kind `.io` if a run cannot be read now, so that no verdict leaves it out.
  package func results(_ runs: [PlannedRun]) throws -> RunResults {
    let (results, failure) = collect(runs)
    if let failure { throw failure }
    return results
  }

  /// What is stored of the runs, and the first failure to read one.
  package func collect(_ runs: [PlannedRun]) -> (results: RunResults, failure: StoreError?) {
    var failure: StoreError?
    var results: [RunResult] = []
    var missing: [String: String] = [:]
    var diverged: Set<String> = []
    for (run, status) in states(runs) {
      switch status {
      case .finished:
        do {
          let (record, checkpoints) = try store.ended(run.hash)
          results.append(RunResult(run: run, checkpoints: checkpoints, machine: record.machine))
        } catch {
          // It was there a moment ago: another process is setting it aside, or the disk fails.
          missing[run.hash] = error.description
          failure = failure ?? error
        }
      case .diverged(let reason):
        missing[run.hash] = reason
        diverged.insert(run.hash)
      case .failed(let reason): missing[run.hash] = reason
      case .partial(let step): missing[run.hash] = "stopped after step \(step)"
      case .missing: missing[run.hash] = "not run"
      case .unreadable(let error):
        missing[run.hash] = error.description
        failure = failure ?? error
      }
    }
    return (RunResults(results: results, missing: missing, diverged: diverged), failure)
  }
}
