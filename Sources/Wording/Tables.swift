// Tables as plain text, as Markdown and as CSV. Cells are strings: how many decimals a number has, the caller decides.

import Basics
import Foundation

/// An aligned plain-text table: a header, a rule, the rows. Columns in which every filled cell is a number (or "–") are
/// aligned to the right. Wide (East Asian) characters count two columns, combining marks none; line breaks in cells
/// become spaces. Rows shorter than the header are filled with empty cells; longer ones get columns without a heading.
///
/// - Parameter width: what no line is to exceed; nil for no limit. A table that is wider breaks headings and words of its
///   widest columns into several lines, numbers never; where that does not do, each row becomes a paragraph that names the
///   columns.
package func textTable(columns: [String], rows: [[String]], width: Int? = nil) -> String {
  var table = Cells(columns: columns, rows: rows)
  if let width, table.lineWidth > width, !table.shrink(to: width) { return paragraphs(table, width: width) }
  let rule = table.widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
  func line(_ cells: [String]) -> String {
    var text = table.padded(cells).joined(separator: "  ")
    while text.last == " " { text.removeLast() }
    return text
  }
  return (table.broken(table.header).map(line) + [rule] + table.body.flatMap(table.broken).map(line))
    .joined(separator: "\n") + "\n"
}

/// Each row as its first cell, a number with the name of its column ("epoch 0.2"), and, below it, the others with the names
/// of theirs, which are not parted from them where a line holds both.
private func paragraphs(_ table: Cells, width: Int) -> String {
  table.body.map { row in
    let cells = zip(table.header, row).dropFirst().filter { !$1.isEmpty }.map { $0.isEmpty ? $1 : "\($0): \($1)" }
    var lines: [String] = []
    for (index, cell) in cells.enumerated() {
      let piece = cell + (index + 1 < cells.count ? "," : "")
      if let last = lines.last, displayWidth(last) + 1 + displayWidth(piece) <= width {
        lines[lines.count - 1] = last + " " + piece
      } else {
        lines.append(wrapped(piece, width: width, first: "  ", rest: "    "))
      }
    }
    let first = row.first ?? ""
    let isNumber = !first.isEmpty && first.allSatisfy { $0.isNumber || ".,\u{202F}\u{2009} ".contains($0) }
    let heading = isNumber ? "\(table.header.first ?? "") \(first)".trimmingCharacters(in: .whitespaces) : first
    return ([wrapped(heading, width: width)] + lines).map { $0 + "\n" }.joined()
  }.joined()
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

  /// The width of a line of text.
  var lineWidth: Int { widths.reduce(0, +) + 2 * max(widths.count - 1, 0) }

  /// Narrows the widest columns, as far as their longest words allow, until a line has that width.
  /// - Returns: false if they do not allow it; nothing is changed then.
  mutating func shrink(to width: Int) -> Bool {
    let least = widths.indices.map { column in
      let cells = body.map { $0[column] }
      let words = ([header[column]] + (numeric[column] ? [] : cells)).flatMap(unbreakableWords)
      return (words + (numeric[column] ? cells : [])).map(displayWidth).max() ?? 0
    }
    var narrowed = widths
    var excess = lineWidth - width
    while excess > 0 {
      let candidates = narrowed.indices.filter { narrowed[$0] > least[$0] }
      guard let widest = candidates.max(by: { narrowed[$0] < narrowed[$1] }) else { return false }
      narrowed[widest] -= 1
      excess -= 1
    }
    widths = narrowed
    return true
  }

  /// A row as the lines that it needs.
  func broken(_ cells: [String]) -> [[String]] {
    let columns = cells.enumerated().map { column, cell in
      displayWidth(cell) <= widths[column] ? [cell] : wrapped(cell, width: widths[column]).components(separatedBy: "\n")
    }
    return (0..<(columns.map(\.count).max() ?? 1)).map { line in columns.map { line < $0.count ? $0[line] : "" } }
  }

  func padded(_ cells: [String]) -> [String] {
    cells.enumerated().map { column, cell in
      let space = String(repeating: " ", count: max(0, widths[column] - displayWidth(cell)))
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
