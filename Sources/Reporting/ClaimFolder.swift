// The folder of a claim below a directory of results: the numbers, the verdict, the figure as data and as drawn. The
// verdict names the checksum of everything that belongs to it, so that what an earlier or another verdict left is never
// taken for its own. What the verdict says is in ClaimOutput.swift.

import Basics
import Claims
import Figures
import Files
import Foundation
import Wording

/// A claim's folder, `results/<claim>`.
package struct ClaimFolder: Sendable {
  /// The claim's name, which is also that of the folder and the stem of its drawings.
  package let name: String
  package let path: String

  package init(_ name: String, in directory: String) {
    self.name = name
    path = directory + "/" + name
  }

  /// Those folders of a directory that a name of this file is in, in alphabetical order.
  /// - Throws: `StoreError` if the directory cannot be read.
  package static func all(in directory: String, with file: (ClaimFolder) -> String) throws(StoreError) -> [ClaimFolder]
  {
    var folders: [ClaimFolder] = []
    for name in try directoryNames(in: directory) {
      let folder = ClaimFolder(name, in: directory)
      if try isThere(folder.path(of: file(folder))) { folders.append(folder) }
    }
    return folders
  }

  package static let verdict = "verdict.json"
  package static let data = "data.csv"
  /// The figure as data, from which it is drawn.
  package static let figure = "figure.json"
  package var script: String { name + ".gp" }
  package var svg: String { name + ".svg" }
  package var drawings: [String] { [script, name + ".png", svg] }

  package func path(of file: String) -> String { path + "/" + file }

  // MARK: Writing

  /// Writes numbers, figure and verdict. Drawings of another figure go; those of the same figure stay the verdict's.
  /// - Returns: the verdict as it is stored.
  /// - Throws: `StoreError`.
  package func write(_ report: ClaimReport, data: Table, record: VerdictRecord) throws -> VerdictRecord {
    try makeDirectory(path)
    var contents = [Self.data: Data(csv(columns: data.columns, rows: data.rows).utf8)]
    if let figure = report.figure { contents[Self.figure] = Data((try jsonText(figure) + "\n").utf8) }
    var record = record
    var files = contents.mapValues { sha256($0) }
    files.merge(drawings(of: files[Self.figure])) { mine, _ in mine }
    record.files = files
    for (name, content) in contents.sorted(by: { $0.key < $1.key }) { try writeAtomically(content, to: path(of: name)) }
    try writeAtomically(try sealedText(StoredVerdict(record)), to: path(of: Self.verdict))
    for name in drawings + [Self.figure] where files[name] == nil { try removeFile(path(of: name)) }
    return record
  }

  /// Draws the figure, if there is one, and notes in the verdict which drawings are its own.
  /// - Returns: the drawings, and the verdict as it is stored then.
  /// - Throws: `FigureError`, `StoreError`.
  package func draw(
    _ figure: Figure?, for record: VerdictRecord
  ) async throws -> (drawings: FigureFiles?, record: VerdictRecord) {
    guard let figure else { return (nil, record) }
    let drawn = try await Figures.draw(figure, to: path)
    var record = record
    var files = record.files ?? [:]
    for name in drawings { files[name] = try sha256(ofFileIfThere: path(of: name)) }
    record.files = files
    try writeAtomically(try sealedText(StoredVerdict(record)), to: path(of: Self.verdict))
    return (drawn, record)
  }

  /// Draws the stored figure again, by a newly written script.
  /// - Throws: `StoreError` of kind `.badData` if the figure is not the stored verdict's; `FigureError`.
  package func redraw() async throws -> FigureFiles? {
    let record = try requiredVerdict()
    return try await draw(try figure(of: record), for: record).drawings
  }

  /// Draws the stored figure for a column of a printed page, beside the others.
  /// - Returns: the path of the PDF.
  /// - Throws: `StoreError` of kind `.badData` if the figure is not the stored verdict's; `FigureError`.
  package func drawColumn() async throws -> String {
    try await Figures.drawColumn(try figure(of: try requiredVerdict()), to: path)
  }

  private func requiredVerdict() throws(StoreError) -> VerdictRecord {
    if let record = try verdict() { return record }
    throw StoreError(.badData, "\(path(of: Self.figure)): belongs to no verdict; judge the claim again")
  }

  // MARK: Reading

  /// The stored verdict, nil if there is none. One without a seal is of an earlier version and names no files.
  /// - Throws: `StoreError` of kind `.badData` if it was altered, or is none of this claim.
  package func verdict() throws(StoreError) -> VerdictRecord? {
    let path = path(of: Self.verdict)
    guard let data = try readFileIfThere(path) else { return nil }
    let stored: Unsealed<StoredVerdict> = try unsealed(from: data, path: path)
    let record = stored.value.record
    guard record.claim == name else {
      throw StoreError(.badData, "\(path): is a verdict on \(record.claim); judge \(name) again")
    }
    if stored.seal == .absent, record.files != nil {
      throw StoreError(.badData, "\(path): has lost its seal; judge \(name) again")
    }
    return record
  }

  /// The figure that belongs to the verdict.
  /// - Throws: `StoreError` of kind `.badData` if the stored one does not, or is none.
  package func figure(of record: VerdictRecord) throws(StoreError) -> Figure {
    let path = path(of: Self.figure)
    let data = try readFile(path, limit: SizeLimit.lines)
    guard sha256(data) == record.files?[Self.figure] else {
      throw StoreError(.badData, "\(path): is not the figure of the verdict beside it; judge \(name) again")
    }
    let figure: Figure
    do {
      figure = try recordDecoder().decode(Figure.self, from: data)
    } catch {
      throw StoreError(.badData, "\(path): is no figure (\(briefly(error))); judge \(name) again")
    }
    guard figure.name == name else {
      throw StoreError(.badData, "\(path): is a figure of \(figure.name); judge \(name) again")
    }
    if let excess = figure.excess {
      throw StoreError(.badData, "\(path): \(excess) are more than is drawn; judge \(name) again")
    }
    return figure
  }

  /// The figure as it was drawn for the verdict; nil if no such drawing is there.
  /// - Throws: `StoreError` of kind `.io` if it cannot be read.
  package func drawing(of record: VerdictRecord) throws(StoreError) -> Data? {
    guard let digest = record.files?[svg], let data = try readFileIfThere(path(of: svg), limit: SizeLimit.lines) else {
      return nil
    }
    return sha256(data) == digest ? data : nil
  }

  /// Whether the verdict's figure, if it has one, is drawn.
  package func isDrawn(_ record: VerdictRecord) -> Bool {
    record.files?[Self.figure] == nil || record.files?[svg] != nil
  }

  /// What does not belong to the verdict, or is lost, one line each.
  /// - Throws: `StoreError` of kind `.io` if a file cannot be read.
  package func strangers(beside record: VerdictRecord) throws(StoreError) -> [String] {
    let possible = [Self.data, Self.figure] + drawings
    let files = record.files ?? [:]
    var lines = files.keys.sorted().filter { !possible.contains($0) }.map { "names a file \($0), which no claim has" }
    for name in possible {
      let path = path(of: name)
      let stored = try sha256(ofFileIfThere: path)
      switch (files[name], stored) {
      case (nil, nil): break
      case (nil, _?): lines.append("\(name) beside it is of another verdict")
      case (_?, nil): lines.append("\(name) is lost")
      case (let named?, let stored?):
        if named != stored { lines.append("\(name) was altered, or is of another verdict") }
      }
    }
    return lines
  }

  /// The checksums of the stored drawings, if they are of that figure.
  private func drawings(of figure: String?) -> [String: String] {
    guard let figure, let files = try? verdict()?.files, files[Self.figure] == figure else { return [:] }
    let own = files.filter { drawings.contains($0.key) }
    let areThere = own.allSatisfy { (try? sha256(ofFileIfThere: path(of: $0.key))) == $0.value }
    return areThere ? own : [:]
  }
}

/// The folders of a directory that hold a figure as data, and those that hold a drawing only, of an earlier version.
package func storedFigures(in directory: String) throws(StoreError) -> (
  figures: [ClaimFolder], scriptsOnly: [ClaimFolder]
) {
  let figures = try ClaimFolder.all(in: directory) { _ in ClaimFolder.figure }
  let scripts = try ClaimFolder.all(in: directory) { $0.script }
  return (figures, scripts.filter { folder in !figures.contains { $0.name == folder.name } })
}
