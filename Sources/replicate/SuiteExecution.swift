// All claims together: trains what any of them lacks, each specification once, then judges every claim.

import Basics
import Claims
import Foundation
import Reporting
import Specification
import Statistics

/// A claim judged.
struct JudgedClaim {
  let study: Study
  let report: ClaimReport
  let record: VerdictRecord
  let folder: ClaimFolder
}

/// Trains whatever the claims lack at the preset, in as few stages as searches need, and judges them.
///
/// A run that cannot be carried out is complained about and leaves its claims inconclusive; the others go on.
/// - Returns: the claims in their order, and whether every run could be carried out.
func judgeAll(_ studies: [Study], _ options: ClaimOptions) throws -> (
  judged: [JudgedClaim], isComplete: Bool
) {
  let runner = options.runner
  var complaints: Set<String> = []
  func train(_ runs: [PlannedRun]) throws {
    do {
      try trainToEnd(runs, options)
    } catch let error as Finish {
      throw error
    } catch {
      if complaints.insert("\(error)").inserted { Replicate.complain("\(error)") }
    }
  }
  try train(studies.flatMap(\.runs))
  try train(try studies.flatMap { try runner.known($0) })
  return (try judge(studies, options), complaints.isEmpty)
}

/// Judges what is stored of claims and writes their numbers; trains and draws nothing.
func judge(_ studies: [Study], _ options: ClaimOptions) throws -> [JudgedClaim] {
  var replaced: [VerdictRecord] = []
  let judged = try studies.map { study in
    let (report, record, folder, earlier) = try judgeAndWrite(study, options)
    replaced += [earlier].compactMap { $0 }
    return JudgedClaim(study: study, report: report, record: record, folder: folder)
  }
  noteReplaced(replaced, options)
  return judged
}

/// Prints what came out of each claim and draws their figures. A figure that cannot be drawn is complained about; the
/// verdicts decide how the program ends, where there are any.
/// - Returns: the status of the verdicts.
func present(_ judged: [JudgedClaim], _ options: ClaimOptions, _ figures: FigureOptions) throws -> ExitStatus {
  let lines = try judged.map(\.summary).withHolm()
  if options.json {
    try printJSON(.checks, CheckResult(lines))
  } else {
    print(lines.text(width: outputWidth), terminator: "")
  }
  var complaints: Set<String> = []
  var failure: (any Error)?
  for claim in judged {
    do {
      let drawings = try figures.drawings(of: claim.report, claim.record, in: claim.folder).drawings
      if !options.json, let drawings { print("Figure: \(drawings.png)") }
    } catch  where FigureOptions.isOfDisk(error) {
      throw error
    } catch {
      if claim.report.isQuestion || claim.report.verdict == nil { failure = failure ?? error }
      if complaints.insert("\(error)").inserted { Replicate.complain("\(error)") }
    }
  }
  if let failure { throw Finish(status: Replicate.status(of: failure)) }
  return judged.map(\.summary).status
}

extension JudgedClaim {
  /// The claim on one line: verdict, effect, the paper's direction.
  var summary: ClaimLine {
    ClaimLine(record, expected: study.settings.expected, paper: study.paper)
  }
}
