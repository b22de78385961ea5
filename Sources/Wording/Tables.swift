// Tables as plain text, as Markdown and as CSV. Cells are strings: how many decimals a number has, the caller decides.

import Basics

/// An aligned plain-text table: a header, a rule, the rows. Columns in which every filled cell is a number (or "–") are
/// aligned to the right. Wide (East Asian) characters count two columns, combining marks none; line breaks in cells
/// become spaces. Rows shorter than the header are filled with empty cells; longer ones get columns without a heading.
package func textTable(columns: [String], rows: [[String]]) -> String {
  let table = Cells(columns: columns, rows: rows)
  let rule = table.widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
  func line(_ cells: [String]) -> String {
    var text = table.padded(cells).joined(separator: "  ")
    while text.last == " " { text.removeLast() }
    return text
  }
  return ([line(table.header), rule] + table.body.map(line)).joined(separator: "\n") + "\n"
}

/// A GitHub-flavoured Markdown table, its source aligned too. Cells are Markdown, in which `|` and line breaks are escaped;
/// of what comes from data the caller makes Markdown.
package func markdownTable(columns: [String], rows: [[String]]) -> String {
  func escaped(_ cells: [String]) -> [String] { cells.map { Escaped.markdownCell($0) } }
  let table = Cells(columns: escaped(columns), rows: rows.map(escaped), minimum: 3)
  let rule = zip(table.widths, table.numeric).map { width, numeric in
    String(repeating: "-", count: numeric ? width - 1 : width) + (numeric ? ":" : "")
  }
  func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
  return ([line(table.padded(table.header)), line(rule)] + table.body.map { line(table.padded($0)) })
    .joined(separator: "\n") + "\n"
}

/// Comma-separated values after RFC 4180: lines end in CR LF; cells with a comma, a quote or a line break are quoted,
/// and quotes inside them doubled.
package func csv(columns: [String], rows: [[String]]) -> String {
  ([columns] + rows).map { $0.map { Escaped.csv($0) }.joined(separator: ",") + "\r\n" }.joined()
}

/// The columns that a terminal gives to a text: two for a wide character, none for combining marks and controls.
package func displayWidth(_ text: String) -> Int {
  text.reduce(0) { $0 + characterWidth($1) }
}

private func characterWidth(_ character: Character) -> Int {
  guard let scalar = character.unicodeScalars.first else { return 0 }
  switch scalar.properties.generalCategory {
  case .control, .format, .nonspacingMark, .enclosingMark: return 0
  default: break
  }
  if scalar.properties.isEmojiPresentation || character.unicodeScalars.contains("\u{FE0F}") { return 2 }
  return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
}

/// East Asian wide and full-width blocks (Unicode Standard Annex 11).
private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
  0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD,
]

/// The cells of a table on one grid, with the columns' widths and alignments.
private struct Cells {
  var header: [String]
  var body: [[String]]
  var widths: [Int]
  var numeric: [Bool]

  init(columns: [String], rows: [[String]], minimum: Int = 0) {
    let count = max(columns.count, rows.map(\.count).max() ?? 0)
    func row(_ cells: [String]) -> [String] {
      cells.map(Self.oneLine) + Array(repeating: "", count: count - cells.count)
    }
    let (head, lines) = (row(columns), rows.map(row))
    (header, body) = (head, lines)
    widths = (0..<count).map { column in max(([head] + lines).map { displayWidth($0[column]) }.max() ?? 0, minimum) }
    numeric = (0..<count).map { column in
      let cells = lines.map { $0[column] }.filter { !$0.isEmpty }
      return cells.contains(where: Self.isNumber) && cells.allSatisfy { Self.isNumber($0) || Self.isMissing($0) }
    }
  }

  func padded(_ cells: [String]) -> [String] {
    cells.enumerated().map { column, cell in
      let space = String(repeating: " ", count: widths[column] - displayWidth(cell))
      return numeric[column] ? space + cell : cell + space
    }
  }

  private static func oneLine(_ cell: String) -> String {
    String(cell.map { $0.isNewline || $0 == "\t" ? " " : $0 })
  }

  private static func isMissing(_ cell: String) -> Bool { ["–", "—", "-", "none"].contains(cell) }

  /// A number as people write them: a digit after an optional sign or comparison, and no letters but those of exponents
  /// and unit suffixes (0.25, −3e-4, ≈ 35, 95 %, 0.48 ± 0.02, 1.5M).
  private static func isNumber(_ cell: String) -> Bool {
    let digits = cell.drop { "+-−±<>≈≤≥ ".contains($0) }
    guard let first = digits.first, first.isWholeNumber else { return ["nan", "inf", "-inf", "∞"].contains(cell) }
    return cell.allSatisfy { !$0.isLetter || "eEkMGT".contains($0) }
  }
}
