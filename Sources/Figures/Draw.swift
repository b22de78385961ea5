// From a figure to its three files, or to a PDF: everything is drawn in a temporary directory beside them, synced, then renamed.

import Basics
import Foundation
import SystemPackage

/// Draws a figure as `NAME.gp`, `NAME.svg` and `NAME.png` in a directory, which is created if it does not exist.
///
/// The script holds all data (long series thinned to about 1000 points); the same figure gives the same bytes again
/// with the same gnuplot and fonts. Points that are not finite are left out, counted, and reported under the panels.
/// - Throws: `FigureError`; files of an earlier drawing are then still whole.
public func draw(_ figure: Figure, to directory: String) async throws(FigureError) -> FigureFiles {
  try await draw(figure, to: directory, with: Gnuplot())
}

/// Draws a figure as `NAME.pdf` in a directory, 8.5 cm wide, one panel below another: for a column of a printed page.
/// - Returns: the path of the file.
/// - Throws: `FigureError`; a file of an earlier drawing is then still whole.
public func drawColumn(_ figure: Figure, to directory: String) async throws(FigureError) -> String {
  try await drawColumn(figure, to: directory, with: Gnuplot())
}

func drawColumn(_ figure: Figure, to directory: String, with gnuplot: Gnuplot) async throws(FigureError) -> String {
  try requireName(figure.name)
  let layout = try FigureLayout(figure, for: .column)
  let work = try WorkDirectory(in: directory)
  defer { work.remove() }
  try FigureScript(layout: layout, page: .column).write(to: "\(work.path)/figure.gp")
  try await finish(figure.name, ["pdf"], in: work, of: directory, with: gnuplot)
  return "\(directory)/\(figure.name).pdf"
}

private func requireName(_ name: String) throws(FigureError) {
  let forbidden = name.unicodeScalars.contains { $0 == "/" || $0 == "\0" }
  if ["", ".", ".."].contains(name) || forbidden || name.utf8.count > 200 { throw .badName(name) }
}

func draw(_ figure: Figure, to directory: String, with gnuplot: Gnuplot) async throws(FigureError) -> FigureFiles {
  let name = figure.name
  try requireName(name)
  let layout = try FigureLayout(figure)
  let work = try WorkDirectory(in: directory)
  defer { work.remove() }
  try FigureScript(layout: layout).write(to: "\(work.path)/figure.gp")
  try await finish(name, ["svg", "png"], withScript: true, in: work, of: directory, with: gnuplot)
  return FigureFiles(name: name, in: directory, skippedPoints: layout.skipped)
}

/// Runs gnuplot on the script in the work directory, looks into the drawings, and moves them to their place, after the
/// script if that is kept.
private func finish(
  _ name: String, _ kinds: [String], withScript: Bool = false, in work: WorkDirectory, of directory: String,
  with gnuplot: Gnuplot
) async throws(FigureError) {
  try await gnuplot.checkFonts(in: work.path, figure: name)
  try await gnuplot.run(script: "figure.gp", in: work.path, figure: name)
  for kind in kinds where kind != "svg" { try await drawInWords(name, kind, in: work, with: gnuplot) }
  let drawings = kinds.map { (drawn: "\(work.path)/\(name).\($0)", target: "\(directory)/\(name).\($0)") }
  for drawing in drawings { try checkDrawing(drawing.drawn, figure: name) }
  let script = withScript ? [(drawn: "\(work.path)/figure.gp", target: "\(directory)/\(name).gp")] : []
  for file in script + drawings { try requireReplaceable(file.target) }
  for file in script + drawings { try sync(file.drawn) }
  for file in script + drawings { try move(file.drawn, to: file.target) }
  try sync(directory)
}

/// Draws the PNG or PDF again with words in place of signs that no installed font has, if there are any. The SVG keeps
/// them, because its reader has fonts of their own, and so does the script, which may be drawn elsewhere.
private func drawInWords(
  _ name: String, _ kind: String, in work: WorkDirectory, with gnuplot: Gnuplot
) async throws(FigureError) {
  guard let data = FileManager.default.contents(atPath: "\(work.path)/figure.gp") else { throw lastFailure(work.path) }
  let script = String(decoding: data, as: UTF8.self)
  if script.utf8.allSatisfy({ $0 < 0x80 }) { return }
  let coverage = await gnuplot.fontCoverage()
  if coverage.hasAll(of: script) { return }
  let directory = "\(work.path)/words"
  do {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    try Data(coverage.worded(script: script).utf8).write(to: URL(fileURLWithPath: "\(directory)/figure.gp"))
  } catch {
    throw .unwritable(path: directory, reason: systemReason(error))
  }
  try await gnuplot.run(script: "figure.gp", in: directory, figure: name)
  try move("\(directory)/\(name).\(kind)", to: "\(work.path)/\(name).\(kind)")
}

extension FigureFiles {
  fileprivate init(name: String, in directory: String, skippedPoints: Int) {
    self.init(
      script: "\(directory)/\(name).gp", svg: "\(directory)/\(name).svg", png: "\(directory)/\(name).png",
      skippedPoints: skippedPoints)
  }
}

/// A directory of our own inside the target, so that renaming never crosses file systems. It is locked as long as its
/// process lives, so that what a killed one has left can be told and removed.
private final class WorkDirectory {
  let path: String
  private let lock: Int32

  private static let prefix = ".figure-"

  init(in directory: String) throws(FigureError) {
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw .unwritable(path: directory, reason: systemReason(error))
    }
    Self.removeLeftovers(in: directory)
    var template = Array("\(directory)/\(Self.prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw lastFailure(directory) }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if lock >= 0 { flock(lock, LOCK_SH | LOCK_NB) }
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: path)
    if lock >= 0 { close(lock) }
  }

  /// Removes those directories that nobody holds a lock on.
  private static func removeLeftovers(in directory: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] where name.hasPrefix(prefix) {
      let file = open("\(directory)/\(name)", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      if file < 0 { continue }
      if flock(file, LOCK_EX | LOCK_NB) == 0, isOld(file) {
        try? FileManager.default.removeItem(atPath: "\(directory)/\(name)")
      }
      close(file)
    }
  }

  /// Whether another process had the time to lock what it has just made.
  private static func isOld(_ file: Int32) -> Bool {
    var information = stat()
    return fstat(file, &information) == 0 && time(nil) - information.st_mtim.tv_sec >= 1
  }
}

private func lastFailure(_ path: String) -> FigureError {
  .unwritable(path: path, reason: systemMessage(errno))
}

/// gnuplot has returned success with an empty drawing before, so the files are looked into.
private func checkDrawing(_ path: String, figure: String) throws(FigureError) {
  guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else {
    throw .emptyOutput(figure: figure, file: String(path.split(separator: "/").last ?? ""))
  }
  let whole =
    if path.hasSuffix(".svg") {
      data.suffix(16).range(of: Data("</svg>".utf8)) != nil && data.range(of: Data("gnuplot_plot_1".utf8)) != nil
    } else if path.hasSuffix(".pdf") {
      data.starts(with: Data("%PDF-".utf8)) && data.suffix(16).range(of: Data("%%EOF".utf8)) != nil
    } else {
      data.starts(with: [0x89, 0x50, 0x4E, 0x47]) && data.suffix(8).starts(with: Data("IEND".utf8))
    }
  if !whole { throw .emptyOutput(figure: figure, file: String(path.split(separator: "/").last ?? "")) }
}

private func sync(_ path: String) throws(FigureError) {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw lastFailure(path) }
  defer { close(file) }
  if fsync(file) != 0 { throw lastFailure(path) }
}

/// A drawing takes the place of an earlier one or of a link, never that of a pipe or a device.
private func requireReplaceable(_ path: String) throws(FigureError) {
  var information = stat()
  guard lstat(path, &information) == 0 else { return }
  if ![S_IFREG, S_IFLNK].contains(information.st_mode & S_IFMT) {
    throw .notAFile(path: path)
  }
}

private func move(_ source: String, to target: String) throws(FigureError) {
  if rename(source, target) != 0 { throw lastFailure(target) }
}
