// Everything that can go wrong between a figure and its files, each with one line that names the cause and the remedy.

import Basics

/// Why a figure could not be drawn. Whatever the case, the files of an earlier drawing are untouched
/// (`.unwritable` excepted when it strikes between the renamings).
public enum FigureError: ExitStatusProviding, Equatable {
  /// The figure has no panels, or a panel no series.
  case empty(figure: String, what: String)
  /// A series without a single point that can be drawn.
  case nothingToDraw(figure: String, panel: String, series: String, points: Int)
  /// A bar that names a category which the panel lacks.
  case unknownCategory(figure: String, panel: String, series: String, category: Int, count: Int)
  /// A fixed range that an axis cannot show (empty, not finite, or not positive on a logarithmic axis).
  case badRange(figure: String, panel: String, axis: String, range: String)
  /// The name cannot be a file's.
  case badName(String)
  /// The directory or a file in it could not be written.
  case unwritable(path: String, reason: String)
  /// Where a drawing belongs there is a directory, a pipe or a device.
  case notAFile(path: String)
  case gnuplotMissing
  /// This gnuplot was built without these terminals.
  case terminalsMissing([String])
  /// gnuplot ran and failed.
  case gnuplotFailed(figure: String, status: String, message: String)
  /// gnuplot finished without complaint, yet a file is missing or has no drawing in it.
  case emptyOutput(figure: String, file: String)
  /// No font at all is installed, so the PNG would have no text.
  case fontsMissing(figure: String)

  /// Whether another figure may be drawn all the same.
  public var isOfOneFigure: Bool {
    switch self {
    case .empty, .nothingToDraw, .unknownCategory, .badRange, .badName, .unwritable, .notAFile, .gnuplotFailed,
      .emptyOutput:
      true
    case .gnuplotMissing, .terminalsMissing, .fontsMissing: false
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .nothingToDraw: .badData
    case .empty, .unknownCategory, .badRange, .badName: .fault
    case .unwritable, .notAFile, .gnuplotMissing, .terminalsMissing, .gnuplotFailed, .emptyOutput, .fontsMissing: .io
    }
  }

  public var description: String {
    switch self {
    case .empty(let figure, let what):
      return "figure \(figure.debugDescription): \(what); give it at least one"
    case .nothingToDraw(let figure, let panel, let series, let points):
      let data = points == 0 ? "has no points" : "has \(points) points, none of them finite (positive on a log axis)"
      return "figure \(figure.debugDescription), panel \(panel.debugDescription): series \(series.debugDescription) "
        + "\(data); look at the runs behind it, or leave the series out"
    case .unknownCategory(let figure, let panel, let series, let category, let count):
      return "figure \(figure.debugDescription), panel \(panel.debugDescription): series \(series.debugDescription) "
        + "has a bar for category \(category), but the panel has \(count) categories, counted from 0"
    case .badRange(let figure, let panel, let axis, let range):
      return "figure \(figure.debugDescription), panel \(panel.debugDescription): the \(axis) range \(range) cannot be "
        + "drawn; give finite limits, the lower below the upper, and positive on a log axis"
    case .badName(let name):
      return "figure name \(name.debugDescription) cannot be a file's name; use one without \"/\", not empty"
    case .unwritable(let path, let reason):
      return "cannot write \(path.debugDescription): \(reason); choose a writable directory with --out"
    case .notAFile(let path):
      return "\(path.debugDescription) is not a file, so a drawing does not replace it; remove it"
    case .gnuplotMissing:
      return "gnuplot is not on the PATH; install it with \"apt-get install gnuplot-nox\""
    case .terminalsMissing(let names):
      return
        "this gnuplot cannot draw \(names.joined(separator: " and ")); install one that can with \"apt-get install "
        + "gnuplot-nox\""
    case .gnuplotFailed(let figure, let status, let message):
      return "gnuplot failed on figure \(figure.debugDescription) (\(status)): \(message)"
    case .emptyOutput(let figure, let file):
      return "gnuplot drew nothing into \(file.debugDescription) of figure \(figure.debugDescription); "
        + "check that the disk is not full and that this gnuplot has the svg and pngcairo terminals"
    case .fontsMissing(let figure):
      return "figure \(figure.debugDescription): no font is installed, so the PNG would have no text; "
        + "install one with \"apt-get install fonts-dejavu-core\""
    }
  }
}
