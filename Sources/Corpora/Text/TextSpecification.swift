// The parameters of a corpus of the user's own files. Reading: TextFiles.swift; splitting and items: TextDataset.swift.

/// How text becomes tokens.
public enum TokenizerKind: Codable, Hashable, Sendable {
  /// One id a Unicode scalar of the training part, and one id for every other scalar.
  case characters
  /// Byte-level byte pairs with at most this many ids: 256 bytes, the merges and three special ids.
  case bytePairs(vocabulary: Int)
}

/// A corpus of UTF-8 files. Two runs read the same corpus if `files()` gives the same contents in the same order;
/// paths are not part of what is learnt, so they are not coded either: a decoded specification has none.
public struct TextSpecification: Codable, Hashable, Sendable {
  /// Files, or directories read with everything below them that is not hidden.
  public var paths: [String] = []
  public var tokenizer: TokenizerKind
  /// Training tokens; nil or 0 for all that there are.
  public var uniqueTokens: Int?
  /// Share of the text, by bytes of whole documents, that is kept for validation and items.
  public var heldOutShare: Double

  public init(
    paths: [String], tokenizer: TokenizerKind = .bytePairs(vocabulary: 512), uniqueTokens: Int? = nil,
    heldOutShare: Double = 0.1
  ) {
    self.paths = paths
    self.tokenizer = tokenizer
    self.uniqueTokens = uniqueTokens
    self.heldOutShare = heldOutShare
  }

  private enum CodingKeys: String, CodingKey {
    case tokenizer, uniqueTokens, heldOutShare
  }

  /// Throws `invalidSpecification` for the first field outside its range.
  func validate() throws(CorpusError) {
    if case .bytePairs(let vocabulary) = tokenizer, !BytePairTokenizer.vocabularyRange.contains(vocabulary) {
      let range = BytePairTokenizer.vocabularyRange
      throw .invalidSpecification(
        field: "vocabulary", value: "\(vocabulary)", allowed: "\(range.lowerBound)...\(range.upperBound)")
    }
    if let uniqueTokens, uniqueTokens < 0 {
      throw .invalidSpecification(field: "uniqueTokens", value: "\(uniqueTokens)", allowed: "0 (all) or more")
    }
    guard heldOutShare > 0 && heldOutShare < 1 else {
      throw .invalidSpecification(field: "heldOutShare", value: "\(heldOutShare)", allowed: "between 0 and 1")
    }
  }
}
