// What is stored of a claim's verdict, and its summary for people and for programs. Where it is written: ClaimFolder.swift.

import Advise
import Claims
import Configuration
import Figures
import Files
import Foundation
import Specification
import Statistics
import Wording

/// The result in `verdict.json`, which is also what `--json` prints.
package struct VerdictRecord: Codable, Sendable {
  package let claim: String
  /// What a person calls it, where that is not its name: the names of a text's files.
  package let label: String?
  /// holds, fails or inconclusive; nil at preset smoke.
  package let verdict: Verdict?
  package let preset: Preset
  package let seeds: Int
  package let statement: String
  package let sentence: String
  package let remarks: [String]
  package let metrics: [String: Double]
  package let estimates: [Estimate]
  package let comparisons: [String: PairedComparison]
  package let trends: [String: TrendComparison]
  /// What decides the verdict, with its numbers, in words.
  package let effect: String?
  /// The numbers of the part that decides; nil where it has none. Accuracies are shares.
  package let estimate: Double?
  package let low: Double?
  package let high: Double?
  package let unit: String?
  package let margin: Double?
  /// One-sided p of the claim, the largest of its parts'.
  package let p: Double?
  /// The verdict that experiments.toml lists, and whether it is this one; nil where none is listed or none was given.
  package let expected: Verdict?
  package let asExpected: Bool?
  /// Everything that was compared, with its rule and its numbers; nil in verdicts of earlier versions.
  package let parts: [JudgedPart]?
  package let tables: [Table]
  /// Hashes of the runs.
  package let records: [String]
  package let machine: Machine
  /// SHA-256 of the settings that it was judged under; nil in verdicts of earlier versions.
  package let configuration: String?
  /// SHA-256 of each file beside it that belongs to it, by name; nil in verdicts of earlier versions.
  package var files: [String: String]?
  /// What an advice says in numbers; nil for everything else.
  package var advice: Advice?
}

extension ClaimReport {
  /// What is stored and printed as JSON.
  package func record(statement: String, machine: Machine) -> VerdictRecord {
    let deciding = parts.deciding
    return VerdictRecord(
      claim: claim, label: label, verdict: verdict, preset: preset, seeds: seeds, statement: statement,
      sentence: sentence,
      remarks: remarks,
      metrics: metrics, estimates: estimates, comparisons: comparisons, trends: trends, effect: effect,
      estimate: deciding?.estimate, low: deciding?.low, high: deciding?.high, unit: deciding?.unit,
      margin: deciding?.margin, p: p, expected: expected,
      asExpected: verdict.flatMap { verdict in expected.map { $0 == verdict } }, parts: parts, tables: tables,
      records: records, machine: machine, configuration: configuration, files: nil)
  }

  /// The verdict, the tables and the remarks as a terminal of that width shows them.
  /// - Parameter tableWidth: that of tables; nil for no limit.
  package func summary(statement: String, width: Int, tableWidth: Int? = nil) -> String {
    var text = wrapped("\(claim): \(statement)", width: width) + "\n\n"
    for table in tables {
      text +=
        wrapped(table.title, width: width) + "\n\n"
        + textTable(columns: table.columns, rows: table.rows, width: tableWidth) + "\n"
    }
    let word =
      isQuestion ? "Answer" : verdict.map { "Verdict: \($0.rawValue)" } ?? "No verdict (preset \(preset.rawValue))"
    text += wrapped("\(word)\(isQuestion ? ": \(sentence)" : ". \(sentenceCase(sentence))").", width: width) + "\n"
    let judged = isQuestion || verdict == nil ? [] : parts.judged
    for part in judged {
      text += wrapped("Rule\(judged.count > 1 ? " (\(part.name))" : ""): \(part.rule).", width: width) + "\n"
    }
    for remark in remarks { text += wrapped(remark, width: width, first: "  • ", rest: "    ") + "\n" }
    return text
  }
}

/// The canonical JSON of a value; numbers that are not finite become strings.
package func jsonText<T: Encodable>(_ value: T, indented: Bool = false) throws -> String {
  try jsonValue(value, allowingNonFinite: true).canonical(indented: indented)
}
