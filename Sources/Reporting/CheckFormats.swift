// The outcome of `check` in the formats of those who run it: JUnit's XML, GitHub's annotations, Markdown. Its words for a
// terminal are in ClaimLine.swift.

import Basics
import Claims
import Foundation
import Statistics
import Wording

/// How `check` prints.
package enum CheckFormat: String, CaseIterable, Sendable {
  case text, json, junit, github, markdown
}

/// Which outcome passes.
package enum CheckRule: Sendable {
  /// A verdict of *holds*.
  case holds
  /// The verdict that experiments.toml lists.
  case expected
}

extension ClaimLine {
  /// What a continuous integration makes of a claim.
  fileprivate enum Outcome: Equatable {
    case passed, failed, undecided
  }

  fileprivate func outcome(_ rule: CheckRule) -> Outcome {
    guard let verdict else { return .undecided }
    switch rule {
    case .expected: return isUnexpected ? .failed : .passed
    case .holds:
      switch verdict {
      case .holds: return .passed
      case .fails: return .failed
      case .inconclusive: return .undecided
      }
    }
  }

  /// The rules and numbers of its parts, one line each.
  fileprivate var details: [String] {
    parts.judged.map { "\($0.sentence)\($0.verdict.map { " — \($0.rawValue)" } ?? "") (\($0.rule))" }
      + (p.map { ["p = \(significant($0))" + (holmP.map { ", after Holm's correction \(significant($0))" } ?? "")] }
        ?? [])
      + (paper.map { ["the paper: \($0)"] } ?? [])
  }
}

/// Where the pages of claims can be read: a folder as an address, from what the continuous integration says of itself.
package struct PageAddress: Sendable {
  private let folder: String
  private let hasPage: @Sendable (String) -> Bool

  /// - Parameters:
  ///   - environment: of the process.
  ///   - directory: the working copy.
  /// - Returns: nil where neither GitHub nor GitLab is known to show this working copy.
  package init?(environment: [String: String], directory: String = ".") {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let server = value("GITHUB_SERVER_URL"), let repository = value("GITHUB_REPOSITORY"),
      let commit = value("GITHUB_SHA")
    {
      folder = "\(server)/\(repository)/blob/\(commit)"
    } else if let project = value("CI_PROJECT_URL"), let commit = value("CI_COMMIT_SHA") {
      folder = "\(project)/-/blob/\(commit)"
    } else {
      return nil
    }
    hasPage = { FileManager.default.fileExists(atPath: "\(directory)/\($0)") }
  }

  /// The address of a claim's page; nil for what has none in the working copy.
  func page(of claim: String) -> String? {
    let path = "Documentation/claims/\(claim).md"
    return Claim.named(claim) != nil && hasPage(path) ? "\(folder)/\(path)" : nil
  }
}

extension [ClaimLine] {
  // MARK: JUnit

  /// JUnit's XML: a suite whose cases are the claims. What is undecided is skipped, with its reason.
  package func junit(_ rule: CheckRule) -> String {
    let outcomes = map { $0.outcome(rule) }
    let (failures, skipped) = (outcomes.count { $0 == .failed }, outcomes.count { $0 == .undecided })
    let counts = "tests=\"\(count)\" failures=\"\(failures)\" errors=\"0\" skipped=\"\(skipped)\" time=\"0\""
    let preset = first?.preset ?? ""
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="replicate check" \(counts)>
        <testsuite name="replicate check, preset \(Escaped.xml(preset))" \(counts)>

      """
    for (line, outcome) in zip(self, outcomes) {
      text +=
        "    <testcase classname=\"replicate.\(Escaped.xml(preset))\" name=\"\(Escaped.xml(line.claim))\" time=\"0\">\n"
      let (message, details) = (Escaped.xml(line.brief), Escaped.xml(line.details.joined(separator: "\n")))
      switch outcome {
      case .passed: break
      case .failed:
        text +=
          "      <failure message=\"\(message)\" type=\"\(line.verdict?.rawValue ?? "none")\">\(details)</failure>\n"
      case .undecided: text += "      <skipped message=\"\(message)\"/>\n"
      }
      if outcome != .failed { text += "      <system-out>\(message)\n\(details)</system-out>\n" }
      text += "    </testcase>\n"
    }
    return text + "  </testsuite>\n</testsuites>\n"
  }

  // MARK: GitHub

  /// GitHub's workflow commands: an error for each claim that does not pass, a warning for each undecided one, and the
  /// tally as a notice. GitHub shows ten of a kind in a step.
  package func annotations(_ rule: CheckRule) -> String {
    let lines = map { line in (line: line, outcome: line.outcome(rule)) }.filter { $0.outcome != .passed }
    return
      (lines.map { line, outcome in
        let details = ([line.brief] + line.details).joined(separator: "\n")
        return
          "::\(outcome == .failed ? "error" : "warning") title=\(Escaped.workflowProperty("replicate: \(line.claim)"))::"
          + Escaped.workflowMessage(details)
      } + ["::notice title=replicate check::" + Escaped.workflowMessage(Tally(self).text)])
      .joined(separator: "\n") + "\n"
  }

  // MARK: Markdown

  /// The tally and a table, as for GitHub's job summary or a merge request's comment; links are absolute.
  package func markdown(_ rule: CheckRule, pages: PageAddress?) -> String {
    let rows = map { line in
      [
        line.outcome(rule) == .passed ? "✅" : line.outcome(rule) == .failed ? "❌" : "➖",
        pages?.page(of: line.claim).map { "[\(Escaped.markdown(line.claim))](\($0))" } ?? Escaped.markdown(line.claim),
        line.verdict.map { "**\($0.rawValue)**" } ?? "no verdict",
        rule == .expected ? line.expected.rawValue : nil,
        cell(line), line.p.map(significant) ?? "–", line.holmP.map(significant) ?? "–",
        Escaped.markdown(line.paper ?? "–"),
      ].compactMap { $0 }
    }
    return "### replicate check\n\n\(Escaped.markdown(Tally(self).text)).\n\n"
      + markdownTable(
        columns: ["", "claim", "verdict"] + (rule == .expected ? ["expected"] : [])
          + ["here", "p", "Holm", "the paper"], rows: rows)
      + "\nClaims of [arXiv 2511.03276](https://arxiv.org/abs/2511.03276), preset \(first?.preset ?? "–").\n"
  }

  /// The parts of a verdict in a table's cell.
  private func cell(_ line: ClaimLine) -> String {
    let judged = line.parts.judged
    if judged.count < 2 { return Escaped.markdown(line.effect ?? "no runs") }
    return judged.map { Escaped.markdown("\($0.verdict?.rawValue ?? "no verdict"): \($0.sentence)") }
      .joined(separator: "<br>")
  }
}
