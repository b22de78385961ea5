// Where a tokenised document may be cut: what stands on both sides of every border between two tokens.

/// What a cut between two tokens would part. All but the first are borders between characters (grapheme clusters).
enum Cut: Sendable {
  /// One character, such as a letter and its accent, or CR LF.
  case character
  /// Two control characters, such as line ends.
  case controls
  /// The end of a line, or what stands before a tab, and the control character after it.
  case lineEnd
  /// What begins a line, or follows a tab, and the control character before it.
  case line
  /// Two characters of a word, or a blank and what is not a word.
  case within
  /// A word with the blank before it, and what it follows.
  case word
  /// Two letters of a script without blanks, or such a letter and a mark before it.
  case letters

  /// Whether there is a border between characters.
  var isBorder: Bool { self != .character }

  /// Whether something that is seen, or a blank, follows.
  var isCleanBeginning: Bool {
    switch self {
    case .line, .within, .word, .letters: true
    case .character, .controls, .lineEnd: false
    }
  }

  /// Whether something that is seen, or a blank, precedes.
  var isCleanEnd: Bool {
    switch self {
    case .lineEnd, .within, .word, .letters: true
    case .character, .controls, .line: false
    }
  }

  /// How good a place it is for a continuation to begin at, 0 the best; nil if it is none. A choice that begins inside
  /// a word would be told by its first letters.
  var rank: Int? {
    switch self {
    case .word, .letters: 0
    case .line: 1
    case .within: 2
    case .lineEnd, .controls: 3
    case .character: nil
    }
  }

  /// Whether a word begins.
  var beginsWord: Bool { self == .word || self == .letters || self == .line }

  /// Whether a word ends.
  var endsWord: Bool { self == .word || self == .letters || self == .lineEnd }
}

/// A document as tokens with the places at which it may be cut.
struct EncodedDocument: Sendable {
  let tokens: [Int32]
  /// Element i is what a cut before token i would part; there is one more than tokens.
  let cuts: [Cut]

  /// - Parameters:
  ///   - text: valid UTF-8.
  ///   - lengths: the bytes of each token.
  init(_ tokens: [Int32], of text: [UInt8], lengths: [Int]) {
    self.tokens = tokens
    var cuts: [Cut] = []
    cuts.reserveCapacity(tokens.count + 1)
    var walk = CharacterWalk(text)
    var before = Side.edge
    var character = walk.next()
    var offset = 0
    for length in lengths + [0] {
      while let current = character, current.lowerBound < offset {
        before = Side(walk.scalar(current))
        character = walk.next()
      }
      let isBorder = character.map { $0.lowerBound == offset } ?? (offset == text.count)
      if isBorder {
        let after = character.map { Side(walk.scalar($0)) } ?? .edge
        cuts.append(Self.cut(before, after, isBeforeWord: Self.isBeforeWord(character, walk)))
      } else {
        cuts.append(.character)
      }
      offset += length
    }
    self.cuts = cuts
  }

  /// The border nearest to the end of the range that suits best: a clean end, else any; nil if there is none.
  func end(in range: ClosedRange<Int>) -> Int? {
    range.last { cuts[$0].isCleanEnd } ?? range.last { cuts[$0].isBorder }
  }

  /// The border nearest to the beginning of the range that suits best: a clean beginning, else any.
  func beginning(in range: ClosedRange<Int>) -> Int? {
    range.first { cuts[$0].isCleanBeginning } ?? range.first { cuts[$0].isBorder }
  }

  /// The words that begin and end within a range of tokens, each with the blank before it and the marks after it.
  func words(in range: Range<Int>) -> some Sequence<Range<Int>> {
    sequence(state: range.lowerBound) { start in
      guard let beginning = (start..<range.upperBound).first(where: { cuts[$0].beginsWord }),
        let end = (beginning + 1..<range.upperBound + 1).first(where: { cuts[$0].endsWord })
      else { return nil }
      start = end
      return beginning..<end
    }
  }

  /// The kind of a character, as far as cuts care.
  private enum Side {
    case edge, control, space, unspaced, other

    init(_ scalar: Unicode.Scalar) {
      self = scalar.isControl ? .control : scalar.isSpace ? .space : scalar.isUnspacedLetter ? .unspaced : .other
    }
  }

  private static func cut(_ before: Side, _ after: Side, isBeforeWord: Bool) -> Cut {
    switch (before, after) {
    case (.control, .control), (.edge, .control), (.control, .edge): .controls
    case (_, .control): .lineEnd
    case (.control, _): .line
    case (.edge, _): .within
    case (_, .space) where isBeforeWord: .word
    case (.unspaced, .unspaced), (.other, .unspaced): .letters
    default: .within
    }
  }

  /// Whether a blank is the last one before something that is seen.
  private static func isBeforeWord(_ character: Range<Int>?, _ walk: CharacterWalk) -> Bool {
    guard let character, character.upperBound < walk.text.count else { return false }
    let next = walk.scalar(character.upperBound..<character.upperBound + 1)
    return !next.isSpace && !next.isControl
  }
}
