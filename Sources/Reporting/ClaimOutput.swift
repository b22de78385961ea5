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

/// `verdict.json`, which is also what `--json` prints.
package struct VerdictRecord: Codable, Sendable {
  package let claim: String
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
  /// One-sided p of the claim, the largest of its parts'.
  package let p: Double?
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
    VerdictRecord(
      claim: claim, verdict: verdict, preset: preset, seeds: seeds, statement: statement, sentence: sentence,
      remarks: remarks,
      metrics: metrics, estimates: estimates, comparisons: comparisons, trends: trends, effect: effect, p: p,
      tables: tables,
      records: records, machine: machine, configuration: configuration, files: nil)
  }

  /// The verdict, the tables and the remarks as a terminal of that width shows them.
  package func summary(statement: String, width: Int) -> String {
    var text = wrapped("\(claim): \(statement)", width: width) + "\n\n"
    for table in tables {
      text += wrapped(table.title, width: width) + "\n\n" + textTable(columns: table.columns, rows: table.rows) + "\n"
    }
    let word =
      isQuestion ? "Answer" : verdict.map { "Verdict: \($0.rawValue)" } ?? "No verdict (preset \(preset.rawValue))"
    text += wrapped("\(word)\(isQuestion ? ":" : ".") \(sentence).", width: width) + "\n"
    for remark in remarks { text += wrapped(remark, width: width, first: "  • ", rest: "    ") + "\n" }
    return text
  }
}

/// The canonical JSON of a value; numbers that are not finite become strings.
package func jsonText<T: Encodable>(_ value: T, indented: Bool = false) throws -> String {
  try jsonValue(value, allowingNonFinite: true).canonical(indented: indented)
}
