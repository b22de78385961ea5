// A claim on one line, as `check` and `all` print it, and the exit status of several claims together.

import Basics
import Foundation
import Statistics
import Wording

/// What `check` says of a claim.
package struct ClaimLine: Codable, Sendable {
  package let claim: String
  /// nil at preset smoke.
  package let verdict: Verdict?
  /// The verdict that experiments.toml lists for the preset.
  package let expected: Verdict
  /// What decides the verdict, with its numbers, in words.
  package let effect: String?
  /// One-sided p, the largest of the claim's parts'.
  package let p: Double?
  /// The same after Holm's correction for all claims of the list that have one.
  package var holmP: Double?
  /// What the paper reports; nil for a study.
  package let paper: String?

  package init(claim: String, verdict: Verdict?, expected: Verdict, effect: String?, p: Double?, paper: String?) {
    (self.claim, self.verdict, self.expected, self.effect, self.p, self.paper) = (
      claim, verdict, expected, effect, p, paper
    )
  }

  /// Whether the verdict is another than the one that is listed.
  package var isUnexpected: Bool { verdict.map { $0 != expected } ?? false }

  /// "crossover   holds   +5.6 points [+1.6, +9.6]; p = 0.01, Holm 0.1; paper: …".
  package var text: String {
    var line = claim.padding(toLength: 18, withPad: " ", startingAt: 0)
    line += (verdict?.rawValue ?? "no verdict").padding(toLength: 14, withPad: " ", startingAt: 0)
    line += effect ?? "no runs"
    if let p { line += "; p = \(significant(p))" }
    if let holmP { line += ", Holm \(significant(holmP))" }
    if let paper { line += "; paper: \(paper)" }
    if isUnexpected { line += "; EXPECTED \(expected.rawValue)" }
    return line
  }
}

extension [ClaimLine] {
  /// The same lines with p-values corrected for the number of claims.
  package func withHolm() throws -> [ClaimLine] {
    let corrected = try holm(compactMap(\.p))
    var next = corrected.makeIterator()
    return map { line in
      var line = line
      if line.p != nil { line.holmP = next.next() }
      return line
    }
  }

  /// The status of all claims together: a failing one counts more than an inconclusive one.
  package var status: ExitStatus {
    if contains(where: { $0.verdict == .fails }) { return .claimFails }
    return contains { $0.verdict == .inconclusive } ? .inconclusive : .ok
  }

  /// Whether the verdicts are those that experiments.toml lists.
  package var statusAgainstExpected: ExitStatus {
    let surprises = filter(\.isUnexpected)
    if surprises.isEmpty { return .ok }
    return surprises.allSatisfy { $0.verdict == .inconclusive } ? .inconclusive : .claimFails
  }
}
