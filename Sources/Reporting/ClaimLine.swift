// What `check` and `all` say of each claim, in words for a terminal, and the exit status of several claims together. The
// formats for other programs are in CheckFormats.swift.

import Basics
import Claims
import Foundation
import Statistics
import Wording

/// What `check` says of a claim.
package struct ClaimLine: Encodable, Sendable {
  package let claim: String
  /// What a person calls it, where that is not its name.
  package let label: String?
  package let preset: String
  /// nil at preset smoke.
  package let verdict: Verdict?
  /// The verdict that experiments.toml lists for the preset.
  package let expected: Verdict
  /// Whether that is the verdict; nil at preset smoke.
  package let asExpected: Bool?
  /// What decides the verdict, with its numbers, in words.
  package let effect: String?
  /// The numbers of the part that decides; nil where it has none. Accuracies are shares.
  package let estimate: Double?
  package let low: Double?
  package let high: Double?
  package let unit: String?
  package let margin: Double?
  /// One-sided p, the largest of the claim's parts'.
  package let p: Double?
  /// The same after Holm's correction for all claims of the list that have one.
  package var holmP: Double?
  /// What the paper reports; nil for a study.
  package let paper: String?
  /// Everything that was compared.
  package let parts: [JudgedPart]
  package let seeds: Int

  /// - Parameter expected: the verdict that is listed.
  package init(_ record: VerdictRecord, expected: Verdict, paper: String?) {
    claim = record.claim
    label = record.label
    preset = record.preset.rawValue
    verdict = record.verdict
    self.expected = expected
    asExpected = record.verdict.map { $0 == expected }
    effect = record.effect
    (estimate, low, high) = (record.estimate, record.low, record.high)
    (unit, margin) = (record.unit, record.margin)
    p = record.p
    self.paper = paper
    parts = record.parts ?? []
    seeds = record.seeds
  }

  /// Whether the verdict is another than the one that is listed.
  package var isUnexpected: Bool { asExpected == false }

  /// Claim, verdict and number on the first line, then, indented, what was compared, p and what the paper reports; of a
  /// verdict of several parts one line each.
  package func text(width: Int) -> String {
    let judged = parts.judged
    let word = (verdict?.rawValue ?? "no verdict") + (isUnexpected ? ", EXPECTED \(expected.rawValue)" : "")
    let name = claim.padding(toLength: max(17, claim.count), withPad: " ", startingAt: 0)
    let number: String
    if judged.count > 1 {
      let holding = judged.count { $0.verdict == .holds }
      number = verdict == nil ? counted(judged.count, "part") : "\(holding) of \(counted(judged.count, "part")) hold"
    } else {
      number = judged.first?.numbers ?? effect ?? "no runs"
    }
    // The numbers stay in one piece where they are short.
    let head = "\(name) \(word.padding(toLength: max(14, word.count + 2), withPad: " ", startingAt: 0))"
    var text =
      displayWidth(head + number) <= width
      ? head + number : head.trimmingCharacters(in: .whitespaces) + "\n" + indented(number, width)
    let lines =
      judged.count > 1
      ? judged.map { [$0.verdict?.rawValue, $0.sentence].compactMap { $0 }.joined(separator: ": ") }
      : judged.map(\.name)
    if let label { text += "\n" + indented(label, width) }
    for line in lines { text += "\n" + indented(line, width) }
    var rest = p.map { ["p = \(significant($0))" + (holmP.map { ", Holm \(significant($0))" } ?? "")] } ?? []
    rest += paper.map { ["paper: \($0)"] } ?? []
    if !rest.isEmpty { text += "\n" + indented(rest.joined(separator: "; "), width) }
    return text
  }

  private func indented(_ text: String, _ width: Int) -> String {
    wrapped(text, width: width, first: "    ", rest: "      ")
  }

  /// "holds, +5.6 points [+1.6, +9.6]": verdict and numbers on one line.
  var brief: String {
    let judged = parts.judged
    let numbers = judged.count > 1 ? judged.map(\.sentence).joined(separator: "; ") : effect ?? "no runs"
    return "\(verdict?.rawValue ?? "no verdict")\(isUnexpected ? " (expected: \(expected.rawValue))" : ""): \(numbers)"
  }
}

/// How many claims came out how.
package struct Tally: Codable, Sendable, Equatable {
  package let claims: Int
  package let holds: Int
  package let fails: Int
  package let inconclusive: Int
  /// Those of preset smoke.
  package let withoutVerdict: Int
  package let asExpected: Int
  /// The claims whose verdict is not the listed one.
  package let unexpected: [String]

  package init(_ lines: [ClaimLine]) {
    func count(_ verdict: Verdict?) -> Int { lines.count { $0.verdict == verdict } }
    claims = lines.count
    (holds, fails, inconclusive, withoutVerdict) = (count(.holds), count(.fails), count(.inconclusive), count(nil))
    asExpected = lines.count { $0.asExpected == true }
    unexpected = lines.filter(\.isUnexpected).map(\.claim)
  }

  /// "15 claims: 11 as expected, 4 not (coder, …); 9 hold, 4 fail, 2 are inconclusive".
  package var text: String {
    let judged = claims - withoutVerdict
    var parts: [String] = []
    if judged > 0 {
      parts.append(
        "\(asExpected) as expected" + (unexpected.isEmpty ? "" : ", \(unexpected.count) not (\(names(unexpected)))"))
      parts.append(
        [(holds, "hold", "holds"), (fails, "fail", "fails"), (inconclusive, "are inconclusive", "is inconclusive")]
          .filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.2 : $0.1)" }.joined(separator: ", "))
    }
    if withoutVerdict > 0 { parts.append("\(withoutVerdict) without a verdict (preset smoke)") }
    return "\(counted(claims, "claim")): " + parts.joined(separator: "; ")
  }

  private func names(_ names: [String]) -> String { names.joined(separator: ", ") }
}

/// What `check` says of all claims, for programs.
package struct CheckResult: Encodable, Sendable {
  package let claims: [ClaimLine]
  package let tally: Tally

  package init(_ claims: [ClaimLine]) {
    self.claims = claims
    tally = Tally(claims)
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

  /// The status of a check, which is passed by verdicts only: without one nothing is decided.
  package var statusOfCheck: ExitStatus {
    status == .ok && contains { $0.verdict == nil } ? .inconclusive : status
  }

  /// Whether the verdicts are those that experiments.toml lists.
  package var statusAgainstExpected: ExitStatus {
    let surprises = filter(\.isUnexpected)
    if surprises.isEmpty { return .ok }
    return surprises.allSatisfy { $0.verdict == .inconclusive } ? .inconclusive : .claimFails
  }

  /// For a terminal: each claim, then the tally.
  package func text(width: Int) -> String {
    map { $0.text(width: width) }.joined(separator: "\n") + "\n"
      + (count > 1 ? "\n" + wrapped(Tally(self).text + ".", width: width) + "\n" : "")
  }
}
