// Runs jobs on a fixed number of threads of their own. Each run computes for minutes without pause, so it must not sit
// on the cooperative pool, which is meant for short pieces of work.

import Basics
import Foundation
import Synchronization

/// Runs every job and waits for all of them; at most `workers` run at a time, begun in the order of `jobs`.
///
/// Each worker is one thread with a stack of 16 MB. A job that throws does not stop the others. Once `stop` is
/// requested no further job is begun and those left have the result `.failure(NotStarted())`; what runs already is
/// not interrupted, so `body` should look at `stop` itself.
/// The call blocks: make it from a plain thread, not from a task.
/// - Returns: one result per job, in the order of `jobs`.
/// - Throws: ``RefusedResource`` if not every worker can be started; no job has been begun then.
package func runInParallel<Job: Sendable, Result: Sendable>(
  _ jobs: [Job], workers: Int, stop: StopSignal = StopSignal(), body: @escaping @Sendable (Job) throws -> Result
) throws(RefusedResource) -> [Swift.Result<Result, any Error>] {
  let board = JobBoard<Result>(count: jobs.count)
  try onThreads(min(max(1, workers), jobs.count)) {
    while !stop.isRequested, let index = board.next() {
      board.set(Swift.Result { try body(jobs[index]) }, at: index)
    }
  }
  return board.results
}

/// Which job is next, and the results so far.
private final class JobBoard<Result: Sendable>: Sendable {
  private struct State: Sendable {
    var next = 0
    var results: [Swift.Result<Result, any Error>]
  }

  private let state: Mutex<State>

  init(count: Int) {
    state = Mutex(State(results: Array(repeating: .failure(NotStarted()), count: count)))
  }

  func next() -> Int? {
    state.withLock { state in
      guard state.next < state.results.count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  func set(_ result: Swift.Result<Result, any Error>, at index: Int) {
    state.withLock { $0.results[index] = result }
  }

  var results: [Swift.Result<Result, any Error>] {
    state.withLock { $0.results }
  }
}
