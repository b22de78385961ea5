// What a claim says once its runs are there: verdict, numbers, table and figure. How it is written out is elsewhere.

import Figures
import Statistics

/// A number with its interval.
public struct Estimate: Codable, Sendable, Hashable {
  public let name: String
  public let value: Double
  /// Bounds of the 95 % interval over seeds; nil where there is none.
  public let low: Double?
  public let high: Double?
  public let unit: String

  public init(name: String, value: Double, low: Double?, high: Double?, unit: String) {
    self.name = name
    self.value = value
    self.low = low
    self.high = high
    self.unit = unit
  }

  public init(name: String, _ interval: Interval, unit: String) {
    self.init(name: name, value: interval.estimate, low: interval.low, high: interval.high, unit: unit)
  }
}

/// Columns and rows of cells.
public struct Table: Codable, Sendable {
  public let title: String
  public let columns: [String]
  public let rows: [[String]]

  public init(title: String, columns: [String], rows: [[String]]) {
    self.title = title
    self.columns = columns
    self.rows = rows
  }
}

/// The outcome of a claim at a preset.
public struct ClaimReport: Sendable {
  public let claim: String
  public let preset: Preset
  public let seeds: Int
  /// nil at preset smoke, which never gives one.
  public let verdict: Verdict?
  /// The verdict in a sentence, with its numbers and scale.
  public var sentence: String
  /// Further sentences: control, missing runs, what was noticed.
  public var remarks: [String]
  public var metrics: [String: Double]
  public let estimates: [Estimate]
  public let comparisons: [String: PairedComparison]
  public let tables: [Table]
  /// nil where no run has finished, so that there is nothing to draw.
  public var figure: Figure?
  /// Hashes of the runs that anything in it rests on: verdict, tables or figure.
  public let records: [String]
  public var trends: [String: TrendComparison] = [:]
  /// What decides the verdict, with its numbers, in words; nil without runs.
  public var effect: String?
  /// One-sided p of the claim: the largest of its parts', which all must hold.
  public var p: Double?
  /// SHA-256 of the settings that it was judged under.
  public var configuration: String?
  /// Whether it answers a user's question, so that no answer is better than another.
  public var isQuestion = false
}
