// Strings, numbers, booleans and dates of TOML. Tables and arrays: TOMLParser.swift.

extension TOMLParser {
  /// `"…"`, with escapes.
  mutating func basicString() throws(ConfigurationError) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += try escape()
      default:
        try requirePrintable(byte, in: "a string; close it in its line")
        text.append(byte)
        position += 1
      }
    }
    throw problem("a string is not closed; expected `\"`")
  }

  /// `'…'`, without escapes.
  mutating func literalString() throws(ConfigurationError) -> String {
    position += 1
    let start = position
    while let byte = peek {
      if byte == UInt8(ascii: "'") {
        position += 1
        return String(decoding: bytes[start..<position - 1], as: UTF8.self)
      }
      try requirePrintable(byte, in: "a string; close it in its line")
      position += 1
    }
    throw problem("a string is not closed; expected `'`")
  }

  /// What follows `"""` or `'''`, up to the same; a line break directly after the quotes does not count.
  mutating func multilineString(quote: StaticString) throws(ConfigurationError) -> String {
    let start = line
    let hasEscapes = quote.utf8Start.pointee == UInt8(ascii: "\"")
    let mark = quote.utf8Start.pointee
    var text: [UInt8] = []
    _ = skipLineBreak()
    while let byte = peek {
      if byte == mark, position + 2 < bytes.count, bytes[position + 1] == mark, bytes[position + 2] == mark {
        position += 3
        // Up to two further quotes belong to the string.
        for _ in 0..<2 where peek == mark {
          text.append(mark)
          position += 1
        }
        return String(decoding: text, as: UTF8.self)
      }
      if skipLineBreak() {
        text.append(UInt8(ascii: "\n"))
      } else if hasEscapes, byte == UInt8(ascii: "\\") {
        if try !skipContinuation() { text += try escape() }
      } else {
        try requirePrintable(byte, in: "a string")
        text.append(byte)
        position += 1
      }
    }
    throw problem("a string is not closed", line: start)
  }

  /// A backslash at a line's end takes away all white space up to the next character.
  private mutating func skipContinuation() throws(ConfigurationError) -> Bool {
    let start = position
    position += 1
    try skipSpace()
    guard skipLineBreak() else {
      position = start
      return false
    }
    repeat { try skipSpace() } while skipLineBreak()
    return true
  }

  private mutating func escape() throws(ConfigurationError) -> [UInt8] {
    position += 1
    guard let byte = peek else { throw problem("a string is not closed") }
    position += 1
    switch byte {
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
    case UInt8(ascii: "u"): return try scalar(digits: 4)
    case UInt8(ascii: "U"): return try scalar(digits: 8)
    default: throw problem("an escape that TOML does not know; write `\\\\` for a backslash")
    }
  }

  private mutating func scalar(digits: Int) throws(ConfigurationError) -> [UInt8] {
    let end = position + digits
    guard end <= bytes.count, let code = UInt32(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16),
      bytes[position] != UInt8(ascii: "+"), bytes[position] != UInt8(ascii: "-"), let scalar = Unicode.Scalar(code)
    else { throw problem("expected \(digits) hexadecimal digits of a Unicode character") }
    guard code != 0 else { throw problem("a NUL character; remove it") }
    position = end
    return Array(String(scalar).utf8)
  }

  /// A number, a boolean or a date.
  mutating func scalar() throws(ConfigurationError) -> TOMLNode {
    let start = position
    while let byte = peek, Self.isWord(byte) { position += 1 }
    // A date and a time may have a blank between them.
    if position - start == 10, position + 1 < bytes.count, peek == UInt8(ascii: " "),
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position + 1]), bytes[start + 4] == UInt8(ascii: "-")
    {
      position += 1
      while let byte = peek, Self.isWord(byte) { position += 1 }
    }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    func refuse(_ message: String) -> ConfigurationError {
      position = start
      return problem(message)
    }
    switch word {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "inf", "+inf": return .number(.infinity)
    case "-inf": return .number(-.infinity)
    case "nan", "+nan", "-nan": return .number(.nan)
    case "": throw refuse("expected a value")
    default: break
    }
    if let node = Self.integer(word).map({ TOMLNode.integer($0) }) ?? Self.number(word).map({ .number($0) }) {
      return node
    }
    if word.wholeMatch(of: Self.integerShape) != nil { throw refuse("the number \(word) is too large") }
    if word.wholeMatch(of: Self.dateShape) != nil { return .date(word) }
    throw refuse("`\(word)` is neither a number, a boolean nor a date; strings need quotes")
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."), UInt8(ascii: ":"):
      true
    default: byte >= 0x80
    }
  }

  nonisolated(unsafe) private static let integerShape = /[+-]?(0|[1-9](_?[0-9])*)/
  nonisolated(unsafe) private static let prefixedShape =
    /0(x[0-9a-fA-F](_?[0-9a-fA-F])*|o[0-7](_?[0-7])*|b[01](_?[01])*)/
  nonisolated(unsafe) private static let numberShape =
    /[+-]?(0|[1-9](_?[0-9])*)(\.[0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?/
  nonisolated(unsafe) private static let dateShape =
    /\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?)?|\d\d:\d\d:\d\d(\.\d+)?/

  private static func integer(_ word: String) -> Int? {
    let digits = word.replacing("_", with: "")
    if word.wholeMatch(of: integerShape) != nil { return Int(digits) }
    guard word.wholeMatch(of: prefixedShape) != nil else { return nil }
    let radix = word.hasPrefix("0x") ? 16 : word.hasPrefix("0o") ? 8 : 2
    return Int(digits.dropFirst(2), radix: radix)
  }

  private static func number(_ word: String) -> Double? {
    guard word.wholeMatch(of: numberShape) != nil, word.wholeMatch(of: integerShape) == nil else { return nil }
    return Double(word.replacing("_", with: ""))
  }
}
