// What a claim says once its runs are there: verdict, numbers, table and figure. How it is written out is elsewhere.

import Configuration
import Figures
import Statistics

/// A number with its interval.
package struct Estimate: Codable, Sendable, Hashable {
  package let name: String
  package let value: Double
  /// Bounds of the 95 % interval over seeds; nil where there is none.
  package let low: Double?
  package let high: Double?
  package let unit: String

  package init(name: String, value: Double, low: Double?, high: Double?, unit: String) {
    self.name = name
    self.value = value
    self.low = low
    self.high = high
    self.unit = unit
  }

  package init(name: String, _ interval: Interval, unit: String) {
    self.init(name: name, value: interval.estimate, low: interval.low, high: interval.high, unit: unit)
  }
}

/// Columns and rows of cells.
package struct Table: Codable, Sendable {
  package let title: String
  package let columns: [String]
  package let rows: [[String]]

  package init(title: String, columns: [String], rows: [[String]]) {
    self.title = title
    self.columns = columns
    self.rows = rows
  }
}

/// The outcome of a claim at a preset.
package struct ClaimReport: Sendable {
  package let claim: String
  package let preset: Preset
  package let seeds: Int
  /// nil at preset smoke, which never gives one.
  package let verdict: Verdict?
  /// The verdict in a sentence, with its numbers and scale.
  package var sentence: String
  /// Further sentences: control, missing runs, what was noticed.
  package var remarks: [String]
  package var metrics: [String: Double]
  package let estimates: [Estimate]
  package let comparisons: [String: PairedComparison]
  package let tables: [Table]
  /// nil where no run has finished, so that there is nothing to draw.
  package var figure: Figure?
  /// Hashes of the runs that anything in it rests on: verdict, tables or figure.
  package let records: [String]
  package var trends: [String: TrendComparison] = [:]
  /// What decides the verdict, with its numbers, in words; nil without runs.
  package var effect: String?
  /// One-sided p of the claim: the largest of its parts', which all must hold.
  package var p: Double?
  /// SHA-256 of the settings that it was judged under.
  package var configuration: String?
  /// What is compared and by which rule: the parts of the verdict, the control, and what is reported beside.
  package var parts: [JudgedPart] = []
  /// The verdict that experiments.toml lists; nil where it lists none.
  package var expected: Verdict?
  /// What a person calls it, where that is not its name.
  package var label: String?
  /// Whether it answers a user's question, so that no answer is better than another.
  package var isQuestion = false
}

extension ClaimReport {
  /// A report without a verdict, of something that is not a study: an advice.
  package init(
    claim: String, preset: Preset, seeds: Int, sentence: String, remarks: [String], metrics: [String: Double],
    tables: [Table], figure: Figure?, records: [String]
  ) {
    self.init(
      claim: claim, preset: preset, seeds: seeds, verdict: nil, sentence: sentence, remarks: remarks, metrics: metrics,
      estimates: [], comparisons: [:], tables: tables, figure: figure, records: records)
  }
}
