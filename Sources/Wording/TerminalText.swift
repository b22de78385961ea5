// Text that comes from data, on its way to a person: a model's words, the names of files, what a stored verdict says.
// Whatever a terminal would take for a command is made visible, by scalars and not by `Character`s: with a combining mark
// behind it an escape is still one.

/// What becomes of the line ends and tabs of a text.
package enum Blanks: Sendable {
  /// Line feeds and tabs stay.
  case kept
  /// Line feeds stay, a tab is "→".
  case tabsShown
  /// "⏎" and "→", so that the text is one line.
  case shown
}

/// The text without anything that a terminal would obey: control characters become Unicode's pictures of them ("␛"), or,
/// where there is none, their numbers ("<U+009B>"), and so do the signs that turn the direction of writing round.
package func visible(_ text: some StringProtocol, blanks: Blanks = .kept) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch (scalar.value, blanks) {
    case (0x0A, .kept), (0x0A, .tabsShown), (0x09, .kept): result.append(scalar)
    case (0x0A, .shown): result.append("⏎")
    case (0x09, _): result.append("→")
    case (0..<0x20, _): result.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
    case (0x7F, _): result.append("␡")
    default:
      if isCommand(scalar) {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "<U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)>".unicodeScalars
      } else {
        result.append(scalar)
      }
    }
  }
  return String(result)
}

/// The text in one line: line ends and whatever else a terminal would obey as Swift writes them, `\n` or `\u{1B}`.
package func oneLine(_ text: some StringProtocol) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if isCommand(scalar) { result += scalar.escaped(asASCII: true).unicodeScalars } else { result.append(scalar) }
  }
  return String(result)
}

/// As much of a line as anybody reads: of a very long one, which quotes what was given, the beginning and the end.
package func readable(_ line: String) -> String {
  let (beginning, end) = (2000, 500)
  return line.count <= beginning + end ? line : "\(line.prefix(beginning)) … \(line.suffix(end))"
}

/// Whether a terminal does not show the scalar but acts on it: control characters, separators of lines, and the signs that
/// embed, override or isolate a direction.
private func isCommand(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
  switch scalar.value {
  case 0x80...0x9F, 0x2028...0x202E, 0x2066...0x2069: return true
  default: return false
  }
}
