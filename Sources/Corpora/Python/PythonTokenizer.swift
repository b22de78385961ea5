// One id a word, sign or line break of the corpus's functions. A line break carries the indentation of the line after
// it, so that every token means the same wherever it stands.

/// The closed vocabulary of the python corpus. `encode(decode(tokens)) == tokens` for ordinary tokens, and what decodes
/// from a document is Python source.
public struct PythonTokenizer: Tokenizer {
  /// Longest first, so that `//` is not read as two signs.
  static let signs = [
    "\"\"\"", ".append", "+=", "-=", "*=", "//", "==", "!=", "<=", ">=", "+", "-", "*", "%", "<", ">", "=", "(", ")",
    "[",
    "]", ",", ":",
  ]
  static let deepestIndentation = 4
  private static let numbers = (0...10).map(String.init)
  static let keywords = [
    "False", "True", "and", "break", "continue", "def", "else", "for", "if", "in", "not", "or", "return", "while",
  ]
  private static let functions = ["abs", "len", "max", "min", "range", "sum"]

  /// The ordinary words in the order of their ids.
  public let words: [String]
  private let ids: [String: Int32]

  public var vocabularySize: Int { words.count + 3 }

  public init() {
    var all = Set(Self.signs + Self.numbers + Self.keywords + Self.functions)
    for depth in 0...Self.deepestIndentation { all.insert(FunctionWriter.lineBreak(depth)) }
    for (_, behaviours) in Behaviour.families {
      for behaviour in behaviours {
        for arguments in FunctionWriter.arguments(behaviour) { all.formUnion(behaviour.docstring(arguments).words) }
      }
    }
    all.formUnion(FunctionWriter.functionNames + FunctionWriter.elementNames)
    all.formUnion(["total", "result"])
    words = all.sorted()
    ids = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, Int32($0)) })
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

  public func encode(_ text: String) throws(CorpusError) -> [Int32] { try encode(words: Self.split(text)) }

  public func decode(_ tokens: [Int32]) -> String {
    var text = ""
    var before: String? = nil
    var last = ""
    for token in tokens {
      let word = specialName(token) ?? (words.indices.contains(Int(token)) ? words[Int(token)] : "<\(token)>")
      if Self.needsBlank(between: last, and: word, before: before) { text += " " }
      text += word
      (before, last) = (last, word)
    }
    return text
  }

  /// Words and numbers as they stand, signs, line breaks with their indentation.
  static func split(_ text: String) -> [String] {
    var words: [String] = []
    var rest = text[...]
    while let first = rest.first {
      if first == "\n" {
        let blanks = rest.dropFirst().prefix { $0 == " " }.count
        words.append("\n" + String(repeating: " ", count: blanks))
        rest = rest.dropFirst(1 + blanks)
      } else if first.isWhitespace {
        rest = rest.dropFirst()
      } else if let sign = signs.first(where: { rest.hasPrefix($0) }) {
        words.append(sign)
        rest = rest.dropFirst(sign.count)
      } else {
        let word = rest.prefix { isWord($0) }
        words.append(word.isEmpty ? String(first) : String(word))
        rest = rest.dropFirst(max(1, word.count))
      }
    }
    return words
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  /// Whether a blank stands between two neighbours, as Python is usually written; `before` stands before the first.
  private static func needsBlank(between left: String, and right: String, before: String?) -> Bool {
    guard let end = left.last, let start = right.first else { return false }
    if left.first == "\n" || start == "\n" { return false }
    if "([".contains(end) || ")],:".contains(start) || right == ".append" { return false }
    if left == "\"\"\"" || right == "\"\"\"" { return false }
    if start == "(" || start == "[" {
      let isCalled = isWord(end) && !keywords.contains(left) || ")]".contains(end)
      return !(isCalled || left == ".append")
    }
    if left == "-" && (isWord(start) || start == "(") { return !isUnary(after: before) }
    return true
  }

  /// Whether a minus after this word has only a right operand.
  private static func isUnary(after word: String?) -> Bool {
    guard let word, let end = word.last else { return true }
    if word.first == "\n" || keywords.contains(word) { return !["False", "True"].contains(word) }
    return !(isWord(end) || end == ")" || end == "]")
  }
}
