// The way of every claim on the command line: train what is missing, judge, write, print.

import Experiments
import Foundation

/// Trains, judges, writes and prints a claim; returns after printing, or throws the status to end with.
func carryOut<C: Claim>(_ claim: C, _ options: ClaimOptions) async throws {
  let runner = options.runner
  try await trainToEnd(claim.runs, options)
  let results = try runner.results(claim.runs)
  let report = try claim.report(results)
  let record = report.record(statement: C.statement, machine: runner.machine)
  print(options.json ? try jsonText(record) : report.summary(statement: C.statement, width: outputWidth))
  let folder = try writeNumbers(report, data: claim.data(results), record: record, to: options.files.out)
  if !options.json { print("Numbers: \(folder)/data.csv, verdict.json") }
  let figure = try await drawFigure(report, to: folder)
  if !options.json { print(figure.map { "Figure:  \($0.png), .svg, .gp" } ?? "Figure:  none, because no run has finished") }
  switch report.isQuestion ? nil : report.verdict {
  case .fails: throw Finish(status: .claimFails)
  case .inconclusive: throw Finish(status: .inconclusive)
  case .holds, nil: break
  }
}

/// Runs blocking work on a thread of its own, so that it does not hold one of the cooperative pool's.
func onPlainThread<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T {
  await withCheckedContinuation { continuation in
    let thread = Thread { continuation.resume(returning: work()) }
    thread.stackSize = 16 << 20
    thread.start()
  }
}

/// Trains runs with progress; ends the program if it is asked to stop.
func trainToEnd(_ runs: [PlannedRun], _ options: ClaimOptions) async throws {
  let runner = options.runner
  let stop = StopSignal()
  stop.catchSignals()
  let training = await onPlainThread { Result { try runner.train(runs, stop: stop, progress: ProgressReporter()) } }
  stop.releaseSignals()
  if let status = stop.exitStatus {
    Replicate.complain("stopped; everything finished so far is kept: run the same command again to continue")
    throw Finish(status: status)
  }
  try training.get()
}
