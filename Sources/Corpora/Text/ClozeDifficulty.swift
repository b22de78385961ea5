// How hard the `cloze` items of a text corpus are. How they are made: Cloze.swift; what the training part says of words
// and stretches: ClozeStatistics.swift.

/// What the continuations of `cloze` items are. A choice alone never tells whether it is right: the four items of a
/// group share their choices.
///
/// Short continuations of words that a model has often seen are decided by what fits the words before them. Long and
/// rare ones differ among themselves in probability by more than their context can make up for, whichever it is.
public struct ClozeDifficulty: Codable, Hashable, Sendable {
  /// Where the wrong choices of an item come from.
  public enum Distractors: String, Codable, Sendable, CaseIterable {
    /// Each from another document.
    case elsewhere
    /// All from the document of the right one, so that the topic does not tell.
    case sameDocument
  }

  /// Words of a continuation; a word is what stands between two blanks, with its marks.
  public var words: Int
  /// Only words among this many most frequent ones of the training part; nil for any.
  public var commonest: Int?
  /// Whether the choices of an item are about equally probable by the token pairs of the training part, to one nat.
  public var matched: Bool
  public var distractors: Distractors

  public init(words: Int, commonest: Int? = nil, matched: Bool = true, distractors: Distractors = .elsewhere) {
    (self.words, self.commonest, self.matched, self.distractors) = (words, commonest, matched, distractors)
  }

  public static let wordsRange = 1...16
  public static let commonestRange = 10...1_000_000

  /// Throws `invalidSpecification` for the first field outside its range.
  func validate() throws(CorpusError) {
    try requireCount(words, in: Self.wordsRange, "words")
    if let commonest { try requireCount(commonest, in: Self.commonestRange, "commonest") }
  }
}

/// The grades of `cloze` that have names.
public enum ClozeGrade: String, CaseIterable, Sendable {
  /// One of the 100 most frequent words.
  case easy
  /// Two of the 300 most frequent words, choices matched.
  case medium
  /// Four of the 300 most frequent words, choices matched.
  case hard
  /// A sixth to a third of the context, whatever is there; with half as much before it, it is new.
  case long

  /// nil for `long`, which specifications without a difficulty have.
  public var difficulty: ClozeDifficulty? {
    switch self {
    case .easy: ClozeDifficulty(words: 1, commonest: 100, matched: false)
    case .medium: ClozeDifficulty(words: 2, commonest: 300)
    case .hard: ClozeDifficulty(words: 4, commonest: 300)
    case .long: nil
    }
  }
}
