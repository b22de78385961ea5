// Writes a claim's folder (`data.csv`, `verdict.json`, figure) and spells its summary for people and for programs.

import Figures
import Foundation
import Statistics

/// `verdict.json`, which is also what `--json` prints.
public struct VerdictRecord: Codable, Sendable {
  public let claim: String
  /// holds, fails or inconclusive; nil at preset smoke.
  public let verdict: Verdict?
  public let preset: Preset
  public let seeds: Int
  public let statement: String
  public let sentence: String
  public let remarks: [String]
  public let metrics: [String: Double]
  public let estimates: [Estimate]
  public let comparisons: [String: PairedComparison]
  public let trends: [String: TrendComparison]
  /// What decides the verdict, with its numbers, in words.
  public let effect: String?
  /// One-sided p of the claim, the largest of its parts'.
  public let p: Double?
  public let tables: [Table]
  /// Hashes of the runs.
  public let records: [String]
  public let machine: Machine
}

extension ClaimReport {
  /// What is stored and printed as JSON.
  public func record(statement: String, machine: Machine) -> VerdictRecord {
    VerdictRecord(
      claim: claim, verdict: verdict, preset: preset, seeds: seeds, statement: statement, sentence: sentence,
      remarks: remarks,
      metrics: metrics, estimates: estimates, comparisons: comparisons, trends: trends, effect: effect, p: p,
      tables: tables,
      records: records, machine: machine)
  }

  /// The verdict, the tables and the remarks as a terminal of that width shows them.
  public func summary(statement: String, width: Int) -> String {
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

/// Writes `data.csv` and `verdict.json` into `directory`/<claim>.
/// - Returns: that folder.
/// - Throws: `StoreError`.
public func writeNumbers(
  _ report: ClaimReport, data: Table, record: VerdictRecord, to directory: String
) throws -> String {
  let folder = directory + "/" + report.claim
  try makeDirectory(folder)
  try writeAtomically(csv(columns: data.columns, rows: data.rows), to: folder + "/data.csv")
  try writeAtomically(try jsonText(record, indented: true) + "\n", to: folder + "/verdict.json")
  return folder
}

/// Draws the figure into the folder, after the numbers, so that a missing gnuplot loses none.
/// - Returns: its files, nil where there is nothing to draw.
/// - Throws: `FigureError`.
public func drawFigure(_ report: ClaimReport, to folder: String) async throws(FigureError) -> FigureFiles? {
  guard let figure = report.figure else { return nil }
  return try await draw(figure, to: folder)
}

/// The canonical JSON of a value; numbers that are not finite become strings.
public func jsonText<T: Encodable>(_ value: T, indented: Bool = false) throws -> String {
  try jsonValue(value, allowingNonFinite: true).canonical(indented: indented)
}
