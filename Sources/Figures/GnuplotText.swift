// Text on its way into a gnuplot script: quoting, so that no title, label or file name is ever taken for a command.

enum GnuplotText {
  /// A double-quoted gnuplot string that stands for exactly this text. Quotes, backslashes, backquotes (which would run
  /// a command) and control characters become octal escapes.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar.value < 0x20 || scalar.value == 0x7F || "\"\\`".unicodeScalars.contains(scalar) {
        let octal = String(scalar.value, radix: 8)
        result += "\\" + String(repeating: "0", count: 3 - octal.count) + octal
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// A label: one line of text in which nothing is markup. gnuplot's enhanced mode is on only because bold needs it.
  static func label(_ text: String, bold: Bool = false, newlines: Bool = false) -> String {
    var escaped = ""
    for character in oneLine(text, keepingNewlines: newlines) {
      if "^_{}@&~\\".contains(character) { escaped += "\\" }
      escaped.append(character)
    }
    return quoted(bold && !escaped.isEmpty ? "{/:Bold \(escaped)}" : escaped)
  }

  /// A tic's label: in it gnuplot also replaces `%` formats.
  static func tic(_ text: String) -> String { label(text.replacing("%", with: "%%"), newlines: true) }

  /// A comment line's text.
  static func comment(_ text: String) -> String { "# " + oneLine(text) + "\n" }

  /// Line breaks and other control characters become spaces.
  static func oneLine(_ text: String, keepingNewlines: Bool = false) -> String {
    String(
      text.map { character in
        if keepingNewlines && character == "\n" { return character }
        let control = character.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
        return character.isNewline || control ? " " : character
      })
  }

  /// Lines of at most `width` columns, broken at spaces (a longer word has a line of its own), but not where
  /// `unbreakableWords` holds them together.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for unit in unbreakableWords(oneLine(text)) {
      if !line.isEmpty, displayWidth(line) + 1 + displayWidth(unit) > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + unit
    }
    return lines + [line]
  }
}
