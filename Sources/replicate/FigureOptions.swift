// `--no-figures`, of every command that judges and draws, and what is said where nothing can be drawn.

import ArgumentParser
import Basics
import Claims
import Figures
import Files
import Reporting

/// Whether figures are drawn.
struct FigureOptions: ParsableArguments {
  @Flag(
    name: .customLong("no-figures"),
    help: "Draw no figures, which need gnuplot; `replicate figures` draws them from the stored data later.")
  var isWithout = false

  /// The option as another command takes it.
  var arguments: [String] { isWithout ? ["--no-figures"] : [] }

  /// Why there is no figure where none was drawn and nothing failed.
  var reasonForNone: String { isWithout ? "--no-figures says so" : "no run has finished" }

  /// Says that gnuplot is missing before hours are spent on training.
  func announce(_ options: ClaimOptions) {
    if isWithout || isGnuplotInstalled() { return }
    Replicate.note("note: there will be no figure: \(FigureError.gnuplotMissing); or say --no-figures", unless: false)
  }

  /// Whether what kept a figure from being drawn is the disk, which is no failure of drawing: records may be lost with it.
  static func isOfDisk(_ error: any Error) -> Bool {
    if case .unwritable? = error as? FigureError { return true }
    return error is StoreError
  }

  /// Draws a report's figure, unless none is wanted.
  /// - Returns: the drawings, and the verdict as it is stored then.
  /// - Throws: what `ClaimFolder.draw` throws.
  func drawings(
    of report: ClaimReport, _ record: VerdictRecord, in folder: ClaimFolder
  ) throws -> (drawings: FigureFiles?, record: VerdictRecord) {
    if isWithout { return (nil, record) }
    return try completed { try await folder.draw(report.figure, for: record) }
  }
}
