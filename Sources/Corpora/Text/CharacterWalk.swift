// Where the characters of a text begin and end. What is made of them: TextSections.swift, Cut.swift.

/// The characters (grapheme clusters) of a text, one after the other, as ranges of its bytes.
///
/// A pair of ASCII bytes is told apart without a look at Unicode's tables: only CR LF is one character.
struct CharacterWalk: Sequence, IteratorProtocol {
  let text: [UInt8]
  private let string: String
  private var offset = 0

  /// - Parameter text: valid UTF-8.
  init(_ text: [UInt8]) {
    self.text = text
    string = String(decoding: text, as: UTF8.self)
  }

  mutating func next() -> Range<Int>? {
    guard offset < text.count else { return nil }
    let start = offset
    let isSingle = text[start] < 0x80 && text[start] != 0x0D && (start + 1 == text.count || text[start + 1] < 0x80)
    if isSingle {
      offset += 1
    } else {
      let index = string.utf8.index(string.startIndex, offsetBy: start)
      offset = string.utf8.distance(from: string.startIndex, to: string.index(after: index))
    }
    return start..<offset
  }

  /// The first Unicode scalar of a character.
  func scalar(_ character: Range<Int>) -> Unicode.Scalar {
    if text[character.lowerBound] < 0x80 { return Unicode.Scalar(text[character.lowerBound]) }
    return string.unicodeScalars[string.utf8.index(string.startIndex, offsetBy: character.lowerBound)]
  }
}

extension Unicode.Scalar {
  /// Nothing that is seen: a control character, a line or paragraph separator, an invisible sign of formatting.
  var isControl: Bool {
    if isASCII { return value < 0x20 || value == 0x7F }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }

  /// A blank that takes up room in a line.
  var isSpace: Bool { isASCII ? value == 0x20 : properties.generalCategory == .spaceSeparator }

  /// Ends a line: LF, VT, FF, CR (also before LF), NEL, and the separators of lines and paragraphs.
  var isLineEnd: Bool { (0x0A...0x0D).contains(value) || [0x85, 0x2028, 0x2029].contains(value) }

  /// A letter of a script that puts no blanks between its words.
  var isUnspacedLetter: Bool {
    guard value >= 0x0E00, Self.unspacedScripts.contains(where: { $0.contains(value) }) else { return false }
    return properties.isAlphabetic || properties.isIdeographic
  }

  /// Thai, Lao, Tibetan, Myanmar, Khmer, Tai Le to New Tai Lue, Tai Tham, Balinese, kana, Bopomofo, Han, Yi, Javanese.
  private static let unspacedScripts: [ClosedRange<UInt32>] = [
    0x0E00...0x0FFF, 0x1000...0x109F, 0x1780...0x17FF, 0x1950...0x19DF, 0x1A20...0x1AAF, 0x1B00...0x1B7F,
    0x2E80...0x2FDF, 0x3005...0x3007, 0x3021...0x312F, 0x31A0...0x31BF, 0x31F0...0x31FF, 0x3400...0x4DBF,
    0x4E00...0xA4CF, 0xA980...0xA9DF, 0xF900...0xFAFF, 0xFF66...0xFF9D, 0x1B000...0x1B16F, 0x20000...0x3FFFD,
  ]
}
