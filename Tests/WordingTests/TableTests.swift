// Plain-text, Markdown and CSV tables.

import Foundation
import Testing

@testable import Wording

@Suite struct TableTests {
  @Test func numbersAlignRightAndWideCharactersCountTwice() {
    let text = textTable(
      columns: ["corpus", "accuracy", "note"],
      rows: [["漢字", "0.5", "a"], ["e\u{301}té", "−12.25", ""], ["x", "–", "two\nlines"]])
    #expect(
      text == """
        corpus  accuracy  note
        ──────  ────────  ─────────
        漢字         0.5  a
        e\u{301}té       −12.25
        x              –  two lines

        """)
  }

  @Test(arguments: [
    ("0.25", true), ("−3e-4", true), ("≈ 35", true), ("0.48 ± 0.02", true), ("95 %", true), ("1.5M", true),
    ("nan", true), ("holds", false), ("3 seeds", false), ("", false), ("-", false), ("2x", false), ("width 64", false),
  ])
  func whatCountsAsANumber(_ cell: String, _ number: Bool) {
    let text = textTable(columns: ["long heading"], rows: [[cell]])
    #expect(text.contains("\n ") == number)
  }

  /// Headings and words give way before numbers do; nothing is wider than asked for, and no word is lost.
  @Test(arguments: [24, 40, 60, 80]) func tablesFitTheWidth(_ width: Int) {
    let columns = ["claim", "validation loss", "what was compared"]
    let rows = [
      ["crossover", "0.25", "DLM's final accuracy − AR's best, the mean of both tasks"], ["noise", "12.5", "AR"],
    ]
    let text = textTable(columns: columns, rows: rows, width: width)
    #expect(text.split(separator: "\n").allSatisfy { displayWidth(String($0)) <= width }, "\(text)")
    let words = Set(text.split(whereSeparator: \.isWhitespace).map { $0.trimmingCharacters(in: [",", ":"]) })
    for word in (columns.dropFirst() + rows.flatMap { $0 }).flatMap({ $0.split(separator: " ") }) {
      #expect(words.contains(word.trimmingCharacters(in: [","])), "\(word) in \(text)")
    }
    #expect(textTable(columns: columns, rows: rows, width: 200) == textTable(columns: columns, rows: rows))
  }

  @Test func aTableThatCannotBeNarrowedBecomesParagraphs() {
    let text = textTable(
      columns: ["claim", "a", "b"], rows: [["x", "1234567890", "1234567890"], ["y", "", "2"]], width: 20)
    #expect(text == "x\n  a: 1234567890,\n  b: 1234567890\ny\n  b: 2\n")
  }

  /// A number says nothing by itself.
  @Test func aRowThatBeginsWithANumberHasTheNameOfItsColumn() {
    let text = textTable(
      columns: ["epoch", "a", "b"], rows: [["0.2", "1234567890", "1234567890"], ["mean", "", "2"]], width: 20)
    #expect(text.hasPrefix("epoch 0.2\n  a: 1234567890,\n") && text.hasSuffix("mean\n  b: 2\n"), "\(text)")
  }

  @Test func shortAndLongRows() {
    #expect(textTable(columns: ["a", "b"], rows: [["1"], ["2", "x", "3"]]) == "a  b\n─  ─  ─\n1\n2  x  3\n")
    #expect(textTable(columns: [], rows: []) == "\n\n")
    #expect(textTable(columns: ["a"], rows: []) == "a\n─\n")
  }

  @Test func markdown() {
    #expect(
      markdownTable(columns: ["claim", "p"], rows: [["a|b", "0.5"], ["c", "0.25"]]) == """
        | claim |    p |
        | ----- | ---: |
        | a\\|b  |  0.5 |
        | c     | 0.25 |

        """)
  }

  @Test func commaSeparatedValues() {
    #expect(
      csv(columns: ["a", "b, c"], rows: [["say \"hi\"", "1"], ["two\nlines", ""], ["\r\n", "ü"]])
        == "a,\"b, c\"\r\n\"say \"\"hi\"\"\",1\r\n\"two\nlines\",\r\n\"\r\n\",ü\r\n")
  }

  @Test func widths() {
    #expect(displayWidth("abc") == 3 && displayWidth("漢字") == 4 && displayWidth("e\u{301}") == 1)
    #expect(displayWidth("🌍") == 2 && displayWidth("한글") == 4)
    #expect(displayWidth("±≈…") == 3 && displayWidth("\u{200B}") == 0)
  }
}
