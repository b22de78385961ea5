// What the report shows: stored verdicts with the figures that are theirs, and the configuration if it is theirs. How it is
// laid out: HTMLReport.swift.

import Claims
import Configuration
import Files
import Foundation

/// What a stored claim contributes to the report.
package struct ReportedClaim: Sendable {
  package let name: String
  /// What a person calls it: its name, or that of a text's files.
  let title: String
  /// Whether it is one of the claims, on its own corpus.
  let isOfPaper: Bool
  let explanation: String
  let paper: String
  let record: VerdictRecord
  /// The figure as it was drawn for the verdict, as SVG; nil where there is no such drawing.
  let figure: Data?
  /// Whether there is a figure that is not drawn, or not known to be the verdict's.
  package let lacksFigure: Bool

  /// Every verdict in the directory, claims in their order, then studies and texts by name; and what is wrong with those
  /// that are damaged.
  /// - Throws: `StoreError` of another kind than `.badData`.
  package static func all(in directory: String) throws -> (reported: [ReportedClaim], damaged: [StoreError]) {
    let folders = try ClaimFolder.all(in: directory) { _ in ClaimFolder.verdict }
    let names = Claim.all.map(\.name).filter { name in folders.contains { $0.name == name } }
    var (reported, damaged): ([ReportedClaim], [StoreError]) = ([], [])
    for name in names + folders.map(\.name).filter({ Claim.named($0) == nil }) {
      do {
        if let claim = try stored(name, in: directory) { reported.append(claim) }
      } catch let error as StoreError where error.kind == .badData {
        damaged.append(error)
      }
    }
    return (reported, damaged)
  }

  /// The stored verdict of that name, nil if there is none.
  /// - Throws: `StoreError` of kind `.badData` if it is there and cannot be read.
  package static func stored(_ name: String, in directory: String) throws -> ReportedClaim? {
    let folder = ClaimFolder(name, in: directory)
    guard let record = try folder.verdict() else { return nil }
    let claim = Claim.named(name)
    // The same claim about another corpus has a folder of its own.
    let elsewhere = Claim.all.first { $0.statement == record.statement }
    let figure = try folder.drawing(of: record)
    let isExpected = try record.files.map { $0[ClaimFolder.figure] != nil } ?? isThere(folder.path(of: folder.svg))
    return ReportedClaim(
      name: name, title: record.label.map { "\($0) (\(name))" } ?? name, isOfPaper: claim != nil,
      explanation: (claim ?? elsewhere)?.explanation ?? "", paper: (claim ?? elsewhere)?.paper ?? "–",
      record: record, figure: figure,
      lacksFigure: figure == nil && isExpected)
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

  /// - Parameter path: nil for the usual file, or the defaults where it is not there.
  /// - Throws: `ConfigurationError` if the named file cannot be read or is wrong.
  package init(path: String?, of claims: [ReportedClaim]) throws(ConfigurationError) {
    let sources = ConfigurationSources(file: path)
    let catalogue: Catalogue
    do {
      catalogue = try Catalogue(sources)
    } catch {
      if path != nil { throw error }
      self = .none
      return
    }
    let foreign = claims.filter { claim in
      // Others were asked with --text or --corpus.
      guard catalogue.entries.contains(where: { $0.name == claim.name }) else { return false }
      do {
        let digest = try catalogue.digest(claim.name, claim.record.preset)
        return digest != nil && digest != claim.record.configuration
      } catch {
        return true
      }
    }
    let text = sources.file.map { try? readFile($0, namedBy: .user) } ?? Data(ConfigurationSources.defaults.utf8)
    if foreign.isEmpty, let text {
      self = .text(String(decoding: text, as: UTF8.self))
    } else {
      self = .foreign(to: foreign.map(\.name))
    }
  }
}
