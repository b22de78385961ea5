// One id per word, sign or line break of the corpus's functions. A line break carries the indentation of the line after
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
  /// What advanced functions have beside those.
  private static let advancedSigns = [".get", "{", "}"]
  private static let allSigns = (signs + advancedSigns).map { Array($0) }
  /// Strings of advanced functions, quotes included.
  private static let strings =
    ["", "x", LetterKind.vowels].map { "'\($0)'" } + Set("aetdmr").map { "'\($0)'" }
  /// The largest number that advanced functions have a word for.
  static let largestNumber = 20
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

  public init(difficulty: PythonDifficulty = .basic) {
    let all =
      switch difficulty {
      case .basic: Self.basicWords
      case .advanced: Self.advancedWords
      }
    words = all.sorted()
    ids = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, Int32($0)) })
  }

  private static var basicWords: Set<String> {
    var all = Set(Self.signs + Self.numbers + Self.keywords + Self.functions)
    for depth in 0...Self.deepestIndentation { all.insert(FunctionWriter.lineBreak(depth)) }
    for (_, behaviours) in Behaviour.families {
      for behaviour in behaviours {
        for arguments in FunctionWriter.arguments(behaviour) { all.formUnion(behaviour.docstring(arguments).words) }
      }
    }
    all.formUnion(FunctionWriter.functionNames + FunctionWriter.elementNames)
    all.formUnion(["total", "result"])
    return all
  }

  private static var advancedWords: Set<String> {
    var all = Set(signs + advancedSigns + strings + Phrasing.vocabulary)
    all.subtract(["-=", ">="])
    all.formUnion((0...largestNumber).map(String.init))
    for depth in 0...deepestIndentation { all.insert(FunctionWriter.lineBreak(depth)) }
    all.formUnion(["and", "def", "else", "for", "if", "in", "not", "return", "len", "max", "min", "range", "sum"])
    all.formUnion(FunctionWriter.functionNames + FunctionWriter.listNames + FunctionWriter.elementNames)
    all.formUnion(AdvancedWriter.names + ["total", "result"])
    return all
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
      } else if let sign = allSigns.first(where: { rest.starts(with: $0) }) {
        words.append(String(sign))
        rest = rest.dropFirst(sign.count)
      } else if first == "'", let end = rest.dropFirst().firstIndex(of: "'") {
        words.append(String(rest[...end]))
        rest = rest[rest.index(after: end)...]
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
    if "([{".contains(end) || ")]},:".contains(start) || right == ".append" || right == ".get" { return false }
    if left == "\"\"\"" || right == "\"\"\"" { return false }
    if start == "(" || start == "[" {
      let isCalled = isWord(end) && !isOperator(left) || ")]".contains(end)
      return !(isCalled || left == ".append" || left == ".get")
    }
    if left == "-" && (isWord(start) || start == "(") { return !isUnary(after: before) }
    return true
  }

  /// Whether a word is followed by an expression: a keyword, or what stands before the result of an example.
  private static func isOperator(_ word: String) -> Bool { keywords.contains(word) || word == AdvancedWriter.gives }

  /// Whether a minus after this word has only a right operand.
  private static func isUnary(after word: String?) -> Bool {
    guard let word, let end = word.last else { return true }
    if word.first == "\n" || isOperator(word) { return !["False", "True"].contains(word) }
    return !(isWord(end) || end == ")" || end == "]")
  }
}
