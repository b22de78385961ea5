// The way of every claim on the command line: train what is missing, judge, write, print.

import Basics
import Claims
import Foundation
import Reporting
import Running
import Specification
import Wording

/// Trains, judges, writes and prints a claim, draws its figure; throws the status to end with unless it holds.
func carryOut(_ study: Study, _ options: ClaimOptions, _ figures: FigureOptions) throws {
  try options.noteChosenShortage(study)
  figures.announce(options)
  let runner = options.runner
  try trainToEnd(study.runs, options)
  try trainToEnd(try runner.known(study), options)
  try show(study, options, figures)
}

/// The same from what is stored: trains nothing. A verdict decides how the program ends; what keeps its figure from being
/// drawn is complained about, and decides only where there is no verdict.
func show(_ study: Study, _ options: ClaimOptions, _ figures: FigureOptions) throws {
  let (report, record, folder, replaced) = try judgeAndWrite(study, options)
  noteReplaced([replaced].compactMap { $0 }, options)
  if !options.json {
    print(report.summary(statement: study.statement, width: outputWidth, tableWidth: tableWidth))
    print("Numbers: \(folder.path)/data.csv, verdict.json")
  }
  let verdict = report.isQuestion ? nil : report.verdict
  do {
    let (drawings, record) = try figures.drawings(of: report, record, in: folder)
    if options.json {
      try printJSON(.verdict, record)
    } else {
      print(drawings.map { "Figure:  \($0.png), .svg, .gp" } ?? "Figure:  none, because \(figures.reasonForNone)")
    }
  } catch {
    // A missing gnuplot loses no numbers.
    if options.json { try printJSON(.verdict, record) }
    if verdict == nil || FigureOptions.isOfDisk(error) { throw error }
    Replicate.complain("\(error)")
  }
  switch verdict {
  case .fails: throw Finish(status: .claimFails)
  case .inconclusive: throw Finish(status: .inconclusive)
  case .holds, nil: break
  }
}

/// Judges what is stored of a study's runs and writes its numbers; trains and draws nothing.
/// - Returns: also the verdict that stood there under other settings, if one did.
func judgeAndWrite(
  _ study: Study, _ options: ClaimOptions
) throws -> (report: ClaimReport, record: VerdictRecord, folder: ClaimFolder, replaced: VerdictRecord?) {
  let runner = options.runner
  let results = try runner.results(try runner.known(study))
  noteOtherEngines(of: results.machines, options)
  let report = try study.report(results).noting(study.changes)
  let folder = ClaimFolder(report.claim, in: options.files.out)
  let earlier = try storedVerdict(folder.name, out: options.files.out)
  let record = try folder.write(
    report, data: study.data(results), record: report.record(statement: study.statement, machine: runner.machine))
  let isOther = earlier.map { $0.configuration != record.configuration || $0.preset != record.preset } ?? false
  return (report, record, folder, isOther ? earlier : nil)
}

/// Says that verdicts under other settings have been replaced: nothing is lost, because the runs are kept.
func noteReplaced(_ replaced: [VerdictRecord], _ options: ClaimOptions) {
  if replaced.isEmpty { return }
  let presets = Set(replaced.map(\.preset)).subtracting([options.preset]).map(\.rawValue).sorted()
  let first = replaced[0]
  let what =
    replaced.count == 1
    ? "the verdict on \(first.claim) at preset \(first.preset.rawValue) (\(first.verdict?.rawValue ?? "none")) is replaced"
    : "\(replaced.count) verdicts under other settings are replaced"
  let rest =
    presets.isEmpty
    ? "the configuration has other settings now"
    : "`replicate judge` with --preset \(presets.joined(separator: " or ")) gives it again from the stored runs"
  Replicate.note("note: in \(options.files.out), \(what): \(rest)", unless: options.json)
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

/// Says on standard error how many runs another engine has computed: their numbers may be others than this program's.
private func noteOtherEngines(of machines: [Machine], _ options: ClaimOptions) {
  let others = machines.count { $0.engine.map { $0 != engineFingerprint } ?? false }
  if others == 0 { return }
  Replicate.complain(
    "\(counted(others, "run")) of \(options.files.out) \(others == 1 ? "was" : "were") computed by another engine, which "
      + "gives other numbers than this program; `replicate doctor --out \(options.files.out)` names them, and another "
      + "--out trains them anew")
}
