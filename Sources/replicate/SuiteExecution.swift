// All claims together: trains what any of them lacks, each specification once, then judges every claim.

import Experiments
import Foundation
import Statistics

/// A claim judged.
struct JudgedClaim {
  let claim: any Claim.Type
  let expected: Verdict
  let report: ClaimReport
  let record: VerdictRecord
  let folder: String
}

/// Trains whatever the claims lack at the preset, in as few stages as searches need, and judges them.
///
/// A run that cannot be carried out is complained about and leaves its claims inconclusive; the others go on.
/// - Returns: the claims in their order, and whether every run could be carried out.
func judgeAll(_ names: [any Claim.Type], _ options: ClaimOptions) async throws -> (judged: [JudgedClaim], isComplete: Bool) {
  let runner = options.runner
  let studies = try names.map { (claim: $0, study: try options.study($0)) }
  var isComplete = true
  func train(_ runs: [PlannedRun]) async throws {
    do {
      try await trainToEnd(runs, options)
    } catch let error as Finish {
      throw error
    } catch {
      Replicate.complain("\(error)")
      isComplete = false
    }
  }
  try await train(studies.flatMap(\.study.runs))
  try await train(try studies.flatMap { try runner.known($0.study) })
  var judged: [JudgedClaim] = []
  for (claim, study) in studies {
    let (report, record, folder) = try judgeAndWrite(study, options)
    judged.append(
      JudgedClaim(claim: claim, expected: try options.settings(claim.name).expected, report: report, record: record, folder: folder))
  }
  return (judged, isComplete)
}

extension JudgedClaim {
  /// The claim in a line: verdict, effect, the paper's direction.
  var summary: ClaimLine {
    ClaimLine(
      claim: claim.name, verdict: report.verdict, expected: expected, effect: report.effect, p: report.p, paper: claim.paper)
  }
}
