// Text on its way into a gnuplot script: labels, tics, comments, and lines that fit. How signs are escaped is in Basics.

import Basics
import Wording

enum GnuplotText {
  /// A double-quoted gnuplot string that stands for exactly this text.
  static func quoted(_ text: String) -> String { Escaped.gnuplotString(text) }

  /// A label: one line of text in which nothing is markup. gnuplot's enhanced mode is on only because bold needs it.
  static func label(_ text: String, bold: Bool = false, newlines: Bool = false) -> String {
    let escaped = Escaped.gnuplotEnhanced(Escaped.blankedControls(text, keepingNewlines: newlines))
    return quoted(bold && !escaped.isEmpty ? "{/:Bold \(escaped)}" : escaped)
  }

  /// A tic's label: in it gnuplot also replaces `%` formats.
  static func tic(_ text: String) -> String { label(Escaped.gnuplotFormat(text), newlines: true) }

  /// A comment line.
  static func comment(_ text: String) -> String { "# " + Escaped.comment(text) + "\n" }

  /// Lines of at most `width` columns, broken at spaces (a longer word has a line of its own), but not where
  /// `unbreakableWords` holds them together.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for unit in unbreakableWords(Escaped.blankedControls(text)) {
      if !line.isEmpty, displayWidth(line) + 1 + displayWidth(unit) > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + unit
    }
    return lines + [line]
  }

  /// The lines of ``wrapped(_:width:)``, unless a word would stand alone in the last one: then lines of equal width.
  static func filled(_ text: String, width: Int) -> [String] {
    let lines = wrapped(text, width: width)
    let isOrphaned = lines.count > 1 && lines.last.map { displayWidth($0) < width / 6 } ?? false
    return isOrphaned ? balanced(text, width: width) : lines
  }

  /// As many lines as ``wrapped(_:width:)`` makes, of about equal width, so that no word stands alone in the last one.
  static func balanced(_ text: String, width: Int) -> [String] {
    let lines = wrapped(text, width: width)
    var best = lines
    for narrower in stride(from: width - 1, to: 0, by: -1) {
      let candidate = wrapped(text, width: narrower)
      if candidate.count > lines.count { break }
      best = candidate
    }
    return best
  }
}
