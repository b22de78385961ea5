// What every tokeniser offers, and the word tokeniser of the closed vocabularies. Byte pairs and characters: Text/.

/// A reversible map between text and token ids. The last three ids are special: end, begin and mask, in this order.
/// Documents contain neither mask nor begin; a trainer puts them where its objective needs them. Only functions are followed
/// by end tokens.
public protocol Tokenizer: Sendable {
  /// Number of ids, with the three special ones.
  var vocabularySize: Int { get }
  /// The ids of a text.
  func encode(_ text: String) throws(CorpusError) -> [Int32]
  /// The text of some ids; special ids are written `<end>`, `<begin>`, `<mask>`.
  func decode(_ tokens: [Int32]) -> String
  /// The same tokenizer for Hugging Face's library.
  var huggingFaceDefinition: TokenizerDefinition { get }
}

extension Tokenizer {
  /// Stands for a hidden token in masked diffusion.
  public var maskToken: Int32 { Int32(vocabularySize - 1) }
  /// Precedes the first token of a sequence in autoregression.
  public var beginToken: Int32 { Int32(vocabularySize - 2) }
  /// Fills a sequence after its last token.
  public var endToken: Int32 { Int32(vocabularySize - 3) }

  /// How a special id is written, or nil for an ordinary one.
  func specialName(_ token: Int32) -> String? {
    switch token {
    case maskToken: "<mask>"
    case beginToken: "<begin>"
    case endToken: "<end>"
    default: nil
    }
  }
}

/// A tokeniser of any text, learnt from some.
protocol TextTokenizer: Tokenizer {
  /// The ids of texts in UTF-8, one after the other; what they have in common is worked out once.
  func encode(_ texts: [[UInt8]]) -> [[Int32]]
  /// How many bytes of a text each of its ids stands for.
  func lengths(of tokens: [Int32], in text: [UInt8]) -> [Int]
}

/// One id per word or punctuation mark of a closed vocabulary. Words are separated by blanks; marks are written without
/// a blank before them, so `encode(decode(tokens)) == tokens`.
public struct WordTokenizer: Tokenizer {
  static let marks: Set<Character> = [".", "?"]

  /// The ordinary words in the order of their ids.
  public let words: [String]
  private let ids: [String: Int32]

  public var vocabularySize: Int { words.count + 3 }

  /// - Parameter words: the vocabulary; duplicates are dropped and the rest sorted.
  init(words: some Sequence<String>) {
    self.words = Set(words).sorted()
    ids = Dictionary(uniqueKeysWithValues: self.words.enumerated().map { ($1, Int32($0)) })
  }

  public func encode(_ text: String) throws(CorpusError) -> [Int32] {
    try encode(words: Self.split(text))
  }

  func encode(words: [String]) throws(CorpusError) -> [Int32] {
    var tokens: [Int32] = []
    tokens.reserveCapacity(words.count)
    for word in words {
      guard let id = ids[word] else { throw .unknownWord(word) }
      tokens.append(id)
    }
    return tokens
  }

  public func decode(_ tokens: [Int32]) -> String {
    Self.join(
      tokens.map { token in
        if let name = specialName(token) { return name }
        return words.indices.contains(Int(token)) ? words[Int(token)] : "<\(token)>"
      })
  }

  static func split(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    func close() {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    for character in text {
      if character.isWhitespace {
        close()
      } else if marks.contains(character) {
        close()
        words.append(String(character))
      } else {
        word.append(character)
      }
    }
    close()
    return words
  }

  static func join(_ words: [String]) -> String {
    var text = ""
    for word in words {
      let isMark = word.count == 1 && word.first.map(marks.contains) == true
      if !text.isEmpty && !isMark { text += " " }
      text += word
    }
    return text
  }
}
