// Text in every format, with signs that are one `Character` with what stands beside them. Where a reader of the format is
// at hand (bash, an HTML parser's rules, gnuplot in FiguresTests) it decides.

import Foundation
import FoundationXML
import Testing

@testable import Basics

/// U+0600 forms one grapheme with what follows, a combining mark with what precedes.
func disguised(_ sign: String) -> [String] {
  [sign, "\u{0600}" + sign, sign + "\u{0301}", "\u{0600}" + sign + "\u{0301}"]
}

@Suite struct EscapingTests {
  @Test(arguments: ["<", ">", "&", "\"", "'"]) func html(_ sign: String) {
    for text in disguised(sign) {
      let escaped = Escaped.html("a" + text + "b")
      #expect(!escaped.unicodeScalars.dropFirst().contains { ["<", ">", "\"", "'"].contains($0) }, "\(escaped)")
      #expect(unescapedHTML(escaped) == "a" + text + "b")
    }
  }

  @Test(arguments: ["<", ">", "&", "\"", "'", "\n", "\t", "]]>", "\u{85}", "\u{FFFF}", "漢字"]) func xml(_ sign: String)
    throws
  {
    for text in disguised(sign) {
      let escaped = Escaped.xml("a" + text + "b")
      let document = try XMLDocument(xmlString: "<r n=\"\(escaped)\" m='\(escaped)'>\(escaped)</r>")
      let root = try #require(document.rootElement())
      let scalars = "a\(text)b".unicodeScalars.map { ["\u{85}", "\u{FFFF}"].contains($0) ? "\u{FFFD}" : $0 }
      let expected = String(String.UnicodeScalarView(scalars))
      let read = [
        root.stringValue, root.attribute(forName: "n")?.stringValue, root.attribute(forName: "m")?.stringValue,
      ]
      for found in read { #expect(found.map { Array($0.utf8) } == Array(expected.utf8), "\(escaped)") }
    }
    #expect(Escaped.xml("a\0b\u{1B}[2J") == "a\u{FFFD}b\u{FFFD}[2J")
  }

  @Test func workflowCommands() {
    #expect(Escaped.workflowMessage("50 %, a: b\r\n::error::c\u{2028}d") == "50 %25, a: b%0D%0A::error::c d")
    #expect(Escaped.workflowProperty("a: b, 5 %\n") == "a%3A b%2C 5 %25%0A")
    for text in disguised("\n") { #expect(!Escaped.workflowMessage(text).unicodeScalars.contains("\n")) }
  }

  @Test func htmlHasNoControlCharacters() {
    #expect(Escaped.html("a\0b\u{1B}[2Jc\nd\te") == "a\u{FFFD}b\u{FFFD}[2Jc\nd\te")
  }

  @Test(arguments: [
    "plain", "", "two words", "$HOME", "`id`", "$(id)", "a'b", "'", "''", "\\", "\"", "\n", "*", "~", "!", ";id", "-n",
    "\u{0600}'; id; '", "'\u{0301}; id; '", "\u{0600}'\u{0301}", "ü", "漢字",
  ])
  func shellWords(_ word: String) throws {
    let words = [word, "x", word]
    let output = try bash("printf '%s\\0' " + Escaped.shellCommand(words))
    #expect(output == words.map { $0 + "\0" }.joined(), "\(Escaped.shellWord(word))")
  }

  @Test func shellWordsStayLegible() {
    #expect(Escaped.shellWord("--out=/a/b_c-1.5%") == "--out=/a/b_c-1.5%")
    #expect(Escaped.shellWord("a b") == "'a b'")
  }

  @Test(arguments: ["\"", ",", "\n", "\r", "\r\n", "\","]) func commaSeparatedValues(_ sign: String) {
    for text in disguised(sign) {
      let line = [text, "x", "a" + text].map { Escaped.csv($0) }.joined(separator: ",")
      #expect(fields(of: line).map { Array($0.utf8) } == [text, "x", "a" + text].map { Array($0.utf8) }, "\(line)")
    }
    #expect(Escaped.csv("plain ü") == "plain ü")
  }

  @Test(arguments: ["|", "\\|", "\\\\|", "\\", "`", "*", "_", "~", "<b>", "&lt;", "[a](b)", "[a][b]"])
  func markdownCells(_ text: String) {
    for text in disguised(text) {
      let cell = Escaped.markdownCell(Escaped.markdown(text))
      #expect(cells(of: "| \(cell) | x |").count == 2, "\(cell)")
      #expect(Escaped.markdownCell(cell) == cell)
    }
  }

  @Test func markdownText() {
    #expect(Escaped.markdown("+2.4 points [-0.1, +5.0]") == "+2.4 points [-0.1, +5.0]")
    #expect(
      Escaped.markdown("[a](b) *c* _d_ <e> `f` \u{0600}|") == "[a\\](b) \\*c\\* \\_d\\_ &lt;e> \\`f\\` \u{0600}\\|")
    #expect(Escaped.markdown("a\r\nb\u{2028}c") == "a  b c")
  }

  @Test(arguments: ["\"", "\\", "\n", "\u{1}", "\u{7F}", "/", "\u{0600}\"", "\"\u{0301}", "🌍"])
  func json(_ text: String) throws {
    let decoded = try JSONDecoder().decode(String.self, from: Data(Escaped.json(text).utf8))
    #expect(Array(decoded.unicodeScalars) == Array(text.unicodeScalars))
  }

  @Test func comments() {
    #expect(Escaped.comment("a\nplot x\r\nb\u{2028}c") == "a plot x b c")
    for text in disguised("\\") + ["\\\\"] { #expect(Escaped.comment("a" + text).utf8.last != UInt8(ascii: "\\")) }
  }

  @Test func gnuplot() {
    #expect(Escaped.gnuplotString("\u{0600}\"`\\\u{0301}") == "\"\u{0600}\\042\\140\\134\u{0301}\"")
    #expect(Escaped.gnuplotEnhanced("\u{0600}{a}\u{0301}_") == "\u{0600}\\{a\\}\u{0301}\\_")
    #expect(Escaped.gnuplotFormat("\u{0600}%\u{0301}") == "\u{0600}%%\u{0301}")
    #expect(Escaped.blankedControls("a\r\nb\rc\u{1B}d") == "a b c d")
    #expect(Escaped.blankedControls("a\r\nb\nc\u{1B}d", keepingNewlines: true) == "a\nb\nc d")
  }

  @Test func slurmPaths() {
    #expect(Escaped.slurmPath("/a \u{0600}\"\u{0301}%j\\") == "/a \u{0600}\\\"\u{0301}%%j\\\\")
  }
}

// MARK: - Readers

/// What bash writes.
private func bash(_ command: String) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/bash")
  process.arguments = ["-c", command]
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: data, as: UTF8.self)
}

private func unescapedHTML(_ text: String) -> String {
  [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")].reduce(text) { text, entity in
    text.replacingOccurrences(of: entity.0, with: entity.1, options: .literal)
  }
}

/// The fields of a record after RFC 4180, by bytes.
private func fields(of record: String) -> [String] {
  var fields: [[UInt8]] = [[]]
  var isQuoted = false
  let bytes = Array(record.utf8)
  var i = 0
  while i < bytes.count {
    let byte = bytes[i]
    if byte == UInt8(ascii: "\"") {
      if isQuoted, i + 1 < bytes.count, bytes[i + 1] == byte {
        fields[fields.count - 1].append(byte)
        i += 1
      } else {
        isQuoted.toggle()
      }
    } else if byte == UInt8(ascii: ","), !isQuoted {
      fields.append([])
    } else {
      fields[fields.count - 1].append(byte)
    }
    i += 1
  }
  return fields.map { String(decoding: $0, as: UTF8.self) }
}

/// The cells of a table's row as cmark-gfm splits it: at bars that no backslash precedes, pairs read from the left.
private func cells(of row: String) -> [String] {
  var cells: [String] = []
  var cell = String.UnicodeScalarView()
  var isEscaped = false
  for scalar in row.unicodeScalars.dropFirst() {
    if scalar == "|", !isEscaped {
      cells.append(String(cell))
      cell.removeAll()
    } else {
      cell.append(scalar)
    }
    isEscaped = scalar == "\\" && !isEscaped
  }
  return cells
}
