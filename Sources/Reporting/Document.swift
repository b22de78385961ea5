// The one shape of everything that the program prints or stores as JSON for others: an envelope that says what is in it.
// The schema of every kind is Documentation/replicate.schema.json, explained in Documentation/json.md.

import Files
import Foundation

/// What a document holds; the schema has a definition of the same name for each.
package enum DocumentKind: String, Codable, Sendable, CaseIterable {
  /// `verdict.json`, and a claim's `--json`.
  case verdict
  /// check, all, judge.
  case checks
  /// list.
  case claims
  /// plan, run, train.
  case runs
  /// figures.
  case figures
  /// report.
  case report
  /// export.
  case export
  /// corpus.
  case corpus
  /// doctor.
  case diagnosis
  /// verify.
  case verification
  /// bench.
  case benchmark
  /// evaluate.
  case scores
  /// evaluate --samples-table.
  case samplesTable = "samples-table"
  /// sample.
  case documents
  /// compare, of two runs.
  case comparison
  /// compare, of two stores.
  case storeComparison = "store-comparison"
  /// submit.
  case submission
  /// status.
  case status
}

/// A result with what it is and what wrote it.
package struct Document<Result> {
  /// Raised when a program that reads an older version could misread a newer one; fields that are added raise nothing.
  package static var currentSchema: Int { 1 }

  package let schema: Int
  package let kind: DocumentKind
  /// The version of the program.
  package let version: String
  package let result: Result

  package init(_ kind: DocumentKind, _ result: Result, version: String) {
    schema = Self.currentSchema
    self.kind = kind
    self.version = version
    self.result = result
  }
}

extension Document: Encodable where Result: Encodable {}
extension Document: Sendable where Result: Sendable {}

/// A verdict as it is stored: in an envelope, or without one by an earlier version.
struct StoredVerdict: Codable {
  let record: VerdictRecord

  init(_ record: VerdictRecord) { self.record = record }

  private enum CodingKeys: String, CodingKey { case result }

  init(from decoder: any Decoder) throws {
    let envelope = try decoder.container(keyedBy: CodingKeys.self)
    record =
      envelope.contains(.result)
      ? try envelope.decode(VerdictRecord.self, forKey: .result) : try VerdictRecord(from: decoder)
  }

  func encode(to encoder: any Encoder) throws {
    try Document(.verdict, record, version: record.machine.version).encode(to: encoder)
  }
}
