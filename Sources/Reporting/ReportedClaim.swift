// What the report shows: stored verdicts with the figures that are theirs, and the configuration if it is theirs. How it is
// laid out: HTMLReport.swift.

import Claims
import Configuration
import Files
import Foundation

/// What a stored claim contributes to the report.
package struct ReportedClaim: Sendable {
  package let name: String
  let explanation: String
  let paper: String
  let record: VerdictRecord
  /// The figure as it was drawn for the verdict, as SVG; nil where there is no such drawing.
  let figure: Data?
  /// Whether there is a figure that is not drawn, or not known to be the verdict's.
  package let lacksFigure: Bool

  /// Every claim with a verdict in the directory, in the order of the claims.
  /// - Throws: `StoreError` of kind `.badData` if a verdict is there and cannot be read.
  package static func all(in directory: String) throws -> [ReportedClaim] {
    try Claim.all.compactMap { claim in
      let folder = ClaimFolder(claim.name, in: directory)
      guard let record = try folder.verdict() else { return nil }
      let figure = try folder.drawing(of: record)
      let isExpected = try record.files.map { $0[ClaimFolder.figure] != nil } ?? isThere(folder.path(of: folder.svg))
      return ReportedClaim(
        name: claim.name, explanation: claim.explanation, paper: claim.paper, record: record, figure: figure,
        lacksFigure: figure == nil && isExpected)
    }
  }
}

/// What a page says of the configuration of its verdicts.
package enum ReportedConfiguration: Sendable {
  /// Its text: every verdict was judged under the settings in it.
  case text(String)
  /// It is not shown, because these verdicts were judged under other settings.
  case foreign(to: [String])
  /// There is none.
  case none

  /// - Parameter path: nil for the usual file, if it is there and can be read.
  /// - Throws: `ConfigurationError` if the named file cannot be read or is wrong.
  package init(path: String?, of claims: [ReportedClaim]) throws(ConfigurationError) {
    let usual = "experiments.toml"
    let file: ExperimentFile
    do {
      file = try ExperimentFile(path: path ?? usual, claims: Claim.schemas)
    } catch {
      if path != nil { throw error }
      self = .none
      return
    }
    let foreign = claims.filter { claim in
      let digest = try? file.settings(claim.name, claim.record.preset).digest()
      return digest == nil || digest != claim.record.configuration
    }
    if foreign.isEmpty, let text = try? readFile(file.path, namedBy: .user) {
      self = .text(String(decoding: text, as: UTF8.self))
    } else {
      self = .foreign(to: foreign.map(\.name))
    }
  }
}
