// Text from data that a person reads on a terminal: nothing of it is a command.

import Testing
@testable import Wording

@Suite struct TerminalTextTests {
  @Test(arguments: [
    ("plain é 红 👩‍👩‍👧‍👦\n\tx", "plain é 红 👩‍👩‍👧‍👦\n\tx"), ("\u{1B}[31mred\u{7}", "␛[31mred␇"), ("a\r\nb\u{8}", "a␍\nb␈"),
    ("\u{9B}2J\u{7F}", "<U+009B>2J␡"), ("a\u{202E}b\u{2069}", "a<U+202E>b<U+2069>"), ("\u{1B}\u{301}[A", "␛\u{301}[A"),
    ("\u{600}\u{1B}c", "\u{600}␛c"), ("\u{2028}", "<U+2028>"), ("\0", "␀"),
  ])
  func whatATerminalWouldObeyIsShown(_ text: String, _ shown: String) {
    #expect(visible(text) == shown)
    #expect(visible(shown) == shown)
  }

  @Test func blanks() {
    #expect(visible("a\tb\nc", blanks: .tabsShown) == "a→b\nc")
    #expect(visible("a\tb\nc\r\n", blanks: .shown) == "a→b⏎c␍⏎")
    #expect(
      oneLine("a\tb\nc\u{1B}\u{301}\u{9B}\u{202E}\u{2029}") == "a\\tb\\nc\\u{1B}\u{301}\\u{009B}\\u{202E}\\u{2029}")
  }

  /// By scalars, so no neighbour hides one; everything else stays what it is.
  @Test func everyScalar() {
    for value in [UInt32](0...0x2FFF) + [UInt32](0xFFF0...0x1_00FF) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = "\u{600}\(scalar)\u{301}"
      let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
      #expect(
        visible(text).unicodeScalars.contains(scalar)
          == !(isControl || oneLine(text) != text && scalar != "\n" && scalar != "\t"))
      #expect(!isControl || !oneLine(text).unicodeScalars.contains(scalar))
    }
  }
}
