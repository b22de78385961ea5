// Source text to lexemes, with Python's rules for lines, indentation and brackets.

/// A lexeme and the line where it begins.
struct Lexeme {
  enum Kind: Hashable {
    case name(String)
    case keyword(String)
    case sign(String)
    case integer(Int)
    case float(Double)
    case string(String)
    case lineEnd, indent, dedent, end
  }

  var kind: Kind
  var line: Int
}

struct PythonLexer {
  static let keywords: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or",
    "pass", "raise", "return", "try", "while", "with", "yield",
  ]
  /// Longest first.
  private static let signs = [
    "**=", "//=", "+=", "-=", "*=", "/=", "%=", "**", "//", "==", "!=", "<=", ">=", "->", "+", "-", "*", "/", "%", "<",
    ">",
    "=", "(", ")", "[", "]", "{", "}", ",", ":", ".",
  ].map { Array($0.utf8) }

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var brackets: [UInt8] = []
  private var indentations = [0]
  private var lexemes: [Lexeme] = []

  /// - Throws: ``PythonError`` for text that has no lexemes.
  static func lexemes(of source: String) throws(PythonError) -> [Lexeme] {
    let bytes = Array(source.utf8)
    if bytes.count > PythonLimits.source { throw .limit(line: 1, .source) }
    var lexer = PythonLexer(bytes: bytes)
    return try lexer.all()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func append(_ kind: Lexeme.Kind) { lexemes.append(Lexeme(kind: kind, line: line)) }

  private mutating func all() throws(PythonError) -> [Lexeme] {
    try startLine()
    while let byte = current {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"): position += 1
      case UInt8(ascii: "#"): skipComment()
      case UInt8(ascii: "\n"):
        position += 1
        if brackets.isEmpty { append(.lineEnd) }
        line += 1
        if brackets.isEmpty { try startLine() }
      case UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
      case UInt8(ascii: "\""), UInt8(ascii: "'"): try string(quote: byte)
      case _ where Self.isLetter(byte): try word()
      default: try sign()
      }
    }
    if !brackets.isEmpty { throw .syntax(line: line, "a bracket is never closed") }
    if let last = lexemes.last?.kind, last != .lineEnd, last != .dedent { append(.lineEnd) }
    for _ in indentations.dropFirst() { append(.dedent) }
    append(.end)
    return lexemes
  }

  private mutating func skipComment() {
    while let byte = current, byte != UInt8(ascii: "\n") { position += 1 }
  }

  /// Skips empty lines and turns the blanks before the first word into indents and dedents.
  private mutating func startLine() throws(PythonError) {
    while true {
      let start = position
      while current == UInt8(ascii: " ") { position += 1 }
      let depth = position - start
      if current == UInt8(ascii: "\t") { throw .unsupported(line: line, "tabs as indentation") }
      if current == UInt8(ascii: "#") { skipComment() }
      if current == nil { return }
      if current == UInt8(ascii: "\n") {
        position += 1
        line += 1
        continue
      }
      if depth > indentations[indentations.count - 1] {
        if indentations.count > PythonLimits.nesting { throw .limit(line: line, .nesting) }
        indentations.append(depth)
        append(.indent)
      }
      while depth < indentations[indentations.count - 1] {
        indentations.removeLast()
        append(.dedent)
      }
      if depth != indentations[indentations.count - 1] {
        throw .syntax(line: line, "the indentation matches no outer level")
      }
      return
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || byte == UInt8(ascii: "_")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private mutating func digits() -> String {
    let start = position
    while let byte = current, Self.isDigit(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func number() throws(PythonError) {
    var text = digits()
    var isFloat = false
    if current == UInt8(ascii: ".") {
      isFloat = true
      position += 1
      text += "." + digits()
    }
    if let byte = current, Self.isLetter(byte) { throw .unsupported(line: line, "a number followed by a letter") }
    if isFloat {
      append(.float(Double(text.hasSuffix(".") ? text + "0" : text) ?? 0))
      return
    }
    if text.count > 1 && text.hasPrefix("0") && text.contains(where: { $0 != "0" }) {
      throw .syntax(line: line, "a number with leading zeros")
    }
    guard let value = Int(text) else { throw .limit(line: line, .integer) }
    append(.integer(value))
  }

  private mutating func word() throws(PythonError) {
    let start = position
    while let byte = current, Self.isLetter(byte) || Self.isDigit(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") {
      throw .unsupported(line: line, "a string with the prefix \(text)")
    }
    append(Self.keywords.contains(text) ? .keyword(text) : .name(text))
  }

  private mutating func string(quote: UInt8) throws(PythonError) {
    let first = line
    let isTriple = bytes[position...].starts(with: [quote, quote, quote])
    let ending = Array(repeating: quote, count: isTriple ? 3 : 1)
    position += ending.count
    var content: [UInt8] = []
    while !bytes[position...].starts(with: ending) {
      guard let byte = current, byte != UInt8(ascii: "\n") || isTriple else {
        throw .syntax(line: first, "a string is never closed")
      }
      position += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      if byte != UInt8(ascii: "\\") {
        content.append(byte)
        continue
      }
      switch current {
      case UInt8(ascii: "n"): content.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): content.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): content.append(bytes[position])
      default: throw .unsupported(line: line, "an escape sequence other than \\n, \\t, \\\\, \\' and \\\"")
      }
      position += 1
    }
    position += ending.count
    lexemes.append(Lexeme(kind: .string(String(decoding: content, as: UTF8.self)), line: first))
  }

  private mutating func sign() throws(PythonError) {
    guard let sign = Self.signs.first(where: { bytes[position...].starts(with: $0) }) else {
      throw .unsupported(line: line, "a character other than letters, digits and the signs of its operators")
    }
    position += sign.count
    switch sign[0] {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
      brackets.append(sign[0])
      if brackets.count > PythonLimits.nesting { throw .limit(line: line, .nesting) }
    case UInt8(ascii: ")"): try close(UInt8(ascii: "("))
    case UInt8(ascii: "]"): try close(UInt8(ascii: "["))
    case UInt8(ascii: "}"): try close(UInt8(ascii: "{"))
    default: break
    }
    append(.sign(String(decoding: sign, as: UTF8.self)))
  }

  private mutating func close(_ opening: UInt8) throws(PythonError) {
    if brackets.popLast() != opening { throw .syntax(line: line, "a closing bracket without its opening one") }
  }
}
