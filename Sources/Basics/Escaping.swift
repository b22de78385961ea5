// Text from outside (file names, names in a configuration, what a stored verdict says) on its way into a format in which
// some characters are commands. Every writer uses what stands here, and only that.
//
// All of it works on Unicode scalars or bytes, never on `Character`s: a sign with a combining mark after it, or U+0600
// before it, is one `Character`, which equals no sign; the format's reader still sees the sign.

/// A text as a format takes it, so that its reader gets exactly the text and no command.
public enum Escaped {
  // MARK: HTML, Markdown, CSV

  /// HTML text, also between double or single quotes. Control characters, which HTML does not have, become U+FFFD.
  public static func html(_ text: some StringProtocol) -> String {
    replacing(text) { scalar in
      switch scalar {
      case "\n", "\r", "\t": nil
      default: isControl(scalar) ? "\u{FFFD}" : markup(scalar)
      }
    }
  }

  /// XML 1.0 text, also between double or single quotes, where line breaks are written as numbers so that they survive.
  /// What XML cannot have, not even as a number, becomes U+FFFD.
  public static func xml(_ text: some StringProtocol) -> String {
    replacing(text) { scalar in
      switch scalar {
      case "\n", "\r", "\t": "&#\(scalar.value);"
      default: isControl(scalar) || scalar.value & 0xFFFE == 0xFFFE ? "\u{FFFD}" : markup(scalar)
      }
    }
  }

  /// The signs that are commands in HTML and in XML alike; nil for all others.
  private static func markup(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "&": "&amp;"
    case "<": "&lt;"
    case ">": "&gt;"
    case "\"": "&quot;"
    case "'": "&#39;"
    default: nil
    }
  }

  /// Plain text within a line of GitHub-flavoured Markdown, also in a table's cell. A bracket is escaped only where a link
  /// could follow, so that intervals stay legible in the source.
  public static func markdown(_ text: some StringProtocol) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    for (i, scalar) in scalars.enumerated() {
      let next = i + 1 < scalars.count ? scalars[i + 1] : " "
      switch scalar {
      case "<": result += "&lt;".unicodeScalars
      case "&": result += "&amp;".unicodeScalars
      case "]" where next == "(" || next == "[": result += "\\]".unicodeScalars
      case "|", "`", "*", "_", "~", "\\": result += ["\\", scalar]
      default: result.append(isLineEndOrControl(scalar) ? " " : scalar)
      }
    }
    return String(result)
  }

  /// A table's cell that is Markdown already: what would end the cell or its row is escaped where it is not yet.
  public static func markdownCell(_ markdown: some StringProtocol) -> String {
    var isEscaped = false
    return replacing(blankedControls(markdown)) { scalar in
      defer { isEscaped = scalar == "\\" && !isEscaped }
      return scalar == "|" && !isEscaped ? "\\|" : nil
    }
  }

  /// A field of a CSV file after RFC 4180.
  public static func csv(_ field: some StringProtocol) -> String {
    let isSpecial = field.unicodeScalars.contains { [",", "\"", "\r", "\n"].contains($0) }
    return isSpecial ? "\"" + replacing(field) { $0 == "\"" ? "\"\"" : nil } + "\"" : String(field)
  }

  /// A JSON string with its quotes.
  public static func json(_ text: some StringProtocol) -> String {
    "\""
      + replacing(text) { scalar in
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: scalar.value < 0x20 ? "\\u" + digits(scalar.value, radix: 16, count: 4) : nil
        }
      } + "\""
  }

  // MARK: Shells and batch systems

  /// A word of a POSIX shell's command: as it is where it has only letters, digits and `_./:=@%+,-`, else in single quotes.
  public static func shellWord(_ word: some StringProtocol) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "_./:=@%+,-".utf8.contains(byte)
        }
      }
    return isPlain ? String(word) : "'" + replacing(word) { $0 == "'" ? "'\\''" : nil } + "'"
  }

  /// The command of these words, with blanks between them.
  public static func shellCommand(_ words: [String]) -> String { words.map { shellWord($0) }.joined(separator: " ") }

  /// A path in an `#SBATCH` line between double quotes, with `%` doubled, which would begin a pattern. No such line can
  /// name a path with a line break.
  public static func slurmPath(_ path: some StringProtocol) -> String {
    replacing(path) { scalar in
      switch scalar {
      case "\\": "\\\\"
      case "\"": "\\\""
      case "%": "%%"
      default: nil
      }
    }
  }

  /// Text behind the `#` of a comment in a shell's or gnuplot's script: one line, of which no backslash can make two.
  public static func comment(_ text: some StringProtocol) -> String {
    let line = blankedControls(text)
    return line.utf8.last == UInt8(ascii: "\\") ? line + " ." : line
  }

  // MARK: GitHub's workflow commands

  /// The message of a workflow command: one line, of which the reader makes several again.
  public static func workflowMessage(_ text: some StringProtocol) -> String {
    replacing(text) { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      default: isLineEndOrControl(scalar) ? " " : nil
      }
    }
  }

  /// The value of a property of a workflow command.
  public static func workflowProperty(_ text: some StringProtocol) -> String {
    replacing(workflowMessage(text)) { scalar in
      switch scalar {
      case ":": "%3A"
      case ",": "%2C"
      default: nil
      }
    }
  }

  // MARK: gnuplot

  /// A double-quoted gnuplot string that stands for exactly this text. Quotes, backslashes, backquotes (which would run a
  /// command) and control characters become octal escapes.
  public static func gnuplotString(_ text: some StringProtocol) -> String {
    "\""
      + replacing(text) { scalar in
        scalar.value < 0x20 || scalar.value == 0x7F || ["\"", "\\", "`"].contains(scalar)
          ? "\\" + digits(scalar.value, radix: 8, count: 3) : nil
      } + "\""
  }

  /// The text in gnuplot's enhanced mode, in which nothing is markup. It still has to be made a string.
  public static func gnuplotEnhanced(_ text: some StringProtocol) -> String {
    replacing(text) { ["^", "_", "{", "}", "@", "&", "~", "\\"].contains($0) ? "\\\($0)" : nil }
  }

  /// A tic's label, in which gnuplot also replaces `%` formats.
  public static func gnuplotFormat(_ text: some StringProtocol) -> String { replacing(text) { $0 == "%" ? "%%" : nil } }

  // MARK: Scalars

  /// The text in one line: line breaks and other control characters become blanks, a carriage return with its line feed
  /// one of them.
  public static func blankedControls(_ text: some StringProtocol, keepingNewlines: Bool = false) -> String {
    var isAfterReturn = false
    return replacing(text) { scalar in
      defer { isAfterReturn = scalar == "\r" }
      if scalar == "\n" { return keepingNewlines ? nil : isAfterReturn ? "" : " " }
      return isLineEndOrControl(scalar) ? keepingNewlines && scalar == "\r" ? "" : " " : nil
    }
  }

  private static func replacing(_ text: some StringProtocol, _ replacement: (Unicode.Scalar) -> String?) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if let other = replacement(scalar) { result += other.unicodeScalars } else { result.append(scalar) }
    }
    return String(result)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }

  private static func isLineEndOrControl(_ scalar: Unicode.Scalar) -> Bool {
    [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
  }

  private static func digits(_ value: UInt32, radix: Int, count: Int) -> String {
    let digits = String(value, radix: radix)
    return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
  }
}
