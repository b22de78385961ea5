// The parameters of a corpus of the user's own files. Reading: TextFiles.swift; splitting: TextSplit.swift; tokens and
// items: TextDataset.swift.

/// How text becomes tokens.
public enum TokenizerKind: Codable, Hashable, Sendable {
  /// One id a Unicode scalar of the training part, and one id for every other scalar.
  case characters
  /// Byte-level byte pairs with at most this many ids: 256 bytes, the merges and three special ids.
  case bytePairs(vocabulary: Int)
}

/// A corpus of UTF-8 files. The texts are not coded, only what is made of them: a decoded specification has none.
public struct TextSpecification: Codable, Hashable, Sendable {
  /// Raised whenever the same texts would give other documents, tokens or items.
  public static let currentVersion = 2
  /// How much text of any kind supplies enough items, as messages say it.
  package static let enough = "30 kB or more"
  /// Tokens of context: long enough for sentences, and what messages tell to lower a longer one to.
  package static let usualContext = 48

  public var text = TextCollection()
  /// nil for specifications of before there were versions.
  public private(set) var version: Int? = currentVersion
  public var tokenizer: TokenizerKind
  /// Training tokens; nil or 0 for all that there are.
  public var uniqueTokens: Int?
  /// Share of the text, by bytes, that is kept for validation and items, as nearly as whole documents allow.
  public var heldOutShare: Double
  /// What the `cloze` items are; nil for those of `ClozeGrade.long`.
  public var difficulty: ClozeDifficulty?
  /// Where the texts come from, if they are a natural corpus, so that they can be read again.
  public var natural: NaturalCorpus?

  public init(
    text: TextCollection, tokenizer: TokenizerKind = .bytePairs(vocabulary: 512), uniqueTokens: Int? = nil,
    heldOutShare: Double = 0.1, difficulty: ClozeDifficulty? = nil, natural: NaturalCorpus? = nil
  ) {
    self.text = text
    self.tokenizer = tokenizer
    self.uniqueTokens = uniqueTokens
    self.heldOutShare = heldOutShare
    self.difficulty = difficulty
    self.natural = natural
  }

  /// The corpus of these files and directories.
  /// - Throws: what `TextSelection.read` throws.
  public init(
    paths: [String], tokenizer: TokenizerKind = .bytePairs(vocabulary: 512), uniqueTokens: Int? = nil,
    heldOutShare: Double = 0.1
  ) throws(CorpusError) {
    self.init(
      text: try TextSelection(paths: paths).read(), tokenizer: tokenizer, uniqueTokens: uniqueTokens,
      heldOutShare: heldOutShare)
  }

  /// `difficulty` and `natural` are coded only where there are any: without them the form is that of earlier programs.
  private enum CodingKeys: String, CodingKey {
    case version, tokenizer, uniqueTokens, heldOutShare, difficulty, natural
  }

  /// Whether this program makes of the texts what the program did that wrote the specification.
  public var isCurrent: Bool { version == Self.currentVersion }

  /// What `uniqueTokens` may be; 0 for all that there are.
  public static let uniqueTokensRange = 0...1_000_000_000

  /// Throws `invalidSpecification` for the first field outside its range.
  func validate() throws(CorpusError) {
    if case .bytePairs(let vocabulary) = tokenizer, !BytePairTokenizer.vocabularyRange.contains(vocabulary) {
      let range = BytePairTokenizer.vocabularyRange
      throw .invalidSpecification(
        field: "vocabulary", value: "\(vocabulary)", allowed: "\(range.lowerBound)...\(range.upperBound)")
    }
    if let uniqueTokens { try requireCount(uniqueTokens, in: Self.uniqueTokensRange, "uniqueTokens") }
    try difficulty?.validate()
    guard heldOutShare > 0 && heldOutShare < 1 else {
      throw .invalidSpecification(field: "heldOutShare", value: "\(heldOutShare)", allowed: "between 0 and 1")
    }
  }
}
