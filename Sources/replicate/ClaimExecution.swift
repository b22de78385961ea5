// The way of every claim on the command line: train what is missing, judge, write, print.

import Basics
import Claims
import Foundation
import Reporting
import Running
import Specification
import Wording

/// Trains, judges, writes and prints a claim, draws its figure; throws the status to end with unless it holds.
func carryOut(_ study: Study, _ options: ClaimOptions) throws {
  let runner = options.runner
  try trainToEnd(study.runs, options)
  try trainToEnd(try runner.known(study), options)
  try show(study, options)
}

/// The same from what is stored: trains nothing.
func show(_ study: Study, _ options: ClaimOptions) throws {
  let (report, record, folder) = try judgeAndWrite(study, options)
  if !options.json {
    print(report.summary(statement: study.statement, width: outputWidth))
    print("Numbers: \(folder.path)/data.csv, verdict.json")
  }
  do {
    let (drawings, record) = try completed { try await folder.draw(report.figure, for: record) }
    print(
      options.json
        ? try jsonText(record)
        : drawings.map { "Figure:  \($0.png), .svg, .gp" } ?? "Figure:  none, because no run has finished")
  } catch {
    // A missing gnuplot loses no numbers.
    if options.json { print(try jsonText(record)) }
    throw error
  }
  switch report.isQuestion ? nil : report.verdict {
  case .fails: throw Finish(status: .claimFails)
  case .inconclusive: throw Finish(status: .inconclusive)
  case .holds, nil: break
  }
}

/// Judges what is stored of a study's runs and writes its numbers; trains and draws nothing.
func judgeAndWrite(
  _ study: Study, _ options: ClaimOptions
) throws -> (report: ClaimReport, record: VerdictRecord, folder: ClaimFolder) {
  let runner = options.runner
  let results = try runner.results(try runner.known(study))
  let report = try study.report(results)
  let folder = ClaimFolder(report.claim, in: options.files.out)
  let record = try folder.write(
    report, data: study.data(results), record: report.record(statement: study.statement, machine: runner.machine))
  return (report, record, folder)
}

/// Trains runs with progress; ends the program if it is asked to stop.
func trainToEnd(_ runs: [PlannedRun], _ options: ClaimOptions) throws { try trainToEnd(runs, options.runner) }

/// The same by a runner of one's own.
func trainToEnd(_ runs: [PlannedRun], _ runner: Runner) throws {
  let stop = StopSignal()
  stop.catchSignals()
  let training = Result { try runner.train(runs, stop: stop, progress: ProgressReporter()) }
  stop.releaseSignals()
  if let status = stop.exitStatus {
    Replicate.complain("stopped; everything finished so far is kept: run the same command again to continue")
    throw Finish(status: status)
  }
  try training.get()
}
