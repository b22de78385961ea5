// Finds the line on which each key, table header and array element of a TOML text stands.
// It checks no syntax and reads no values, but finds what the parser could not survive; it may be given any text.

/// The line (from 1) of every key, table and array element of a TOML document.
///
/// It understands table headers, dotted keys, quoted keys, arrays of tables, inline tables, arrays over several lines
/// and all four kinds of strings. A table that is only implied by a longer header stands where that header does.
struct KeyLocations: Sendable {
  private let lines: [ConfigurationPath: Int]
  /// The first thing that must not reach the parser, which frees nested tables by recursion and hands out C strings.
  let refusal: (line: Int, message: String)?

  /// The most keys of a dotted key or header, and the most arrays and inline tables inside each other.
  static let deepest = 16

  init(_ text: String) {
    var scanner = LocationScanner(text)
    lines = scanner.scan()
    refusal = scanner.refusal
  }

  /// The line of the path, or that of the nearest enclosing table that has one.
  func line(of path: ConfigurationPath) -> Int? {
    var elements = path.elements
    while !elements.isEmpty {
      if let line = lines[ConfigurationPath(elements)] { return line }
      elements.removeLast()
    }
    return nil
  }
}

private struct LocationScanner {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var lines: [ConfigurationPath: Int] = [:]
  /// How many `[[tables]]` each array of tables has so far.
  private var tableCounts: [ConfigurationPath: Int] = [:]
  /// Arrays and inline tables that are open.
  private var nesting = 0
  private(set) var refusal: (line: Int, message: String)?

  init(_ text: String) {
    bytes = Array(text.utf8)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  mutating func scan() -> [ConfigurationPath: Int] {
    var table = ConfigurationPath()
    skipBlanks(acrossLines: true)
    while let byte = peek {
      if byte == UInt8(ascii: "[") {
        table = scanHeader()
      } else {
        scanPair(in: table)
      }
      skipBlanks(acrossLines: true)
    }
    return lines
  }

  /// Ends the scan.
  private mutating func refuse(_ message: String) {
    if refusal == nil { refusal = (line, message) }
    position = bytes.count
  }

  /// Passes a backslash in a string and the character behind it.
  private mutating func skipEscape() {
    if starts(with: #"\u0000"#) || starts(with: #"\U00000000"#) { return refuse("a NUL character; remove it") }
    advance(2)
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func starts(with text: StaticString) -> Bool {
    position + text.utf8CodeUnitCount <= bytes.count
      && text.withUTF8Buffer { bytes[position..<position + $0.count].elementsEqual($0) }
  }

  private mutating func advance(_ count: Int = 1) {
    for _ in 0..<count where position < bytes.count {
      if bytes[position] == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
  }

  private mutating func skipBlanks(acrossLines: Bool) {
    while let byte = peek {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): advance()
      case UInt8(ascii: "\n") where acrossLines: advance()
      case UInt8(ascii: "#"): while let next = peek, next != UInt8(ascii: "\n") { advance() }
      default: return
      }
    }
  }

  private mutating func record(_ path: ConfigurationPath) {
    if lines[path] == nil { lines[path] = line }
  }

  /// `[a.b]` or `[[a.b]]`; the path of the table that the following pairs belong to.
  private mutating func scanHeader() -> ConfigurationPath {
    let isArray = starts(with: "[[")
    advance(isArray ? 2 : 1)
    while peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") { advance() }
    // At anything else the parser would abort.
    guard let byte = peek, Self.isBareKey(byte) || "\"']".utf8.contains(byte) else {
      refuse("not valid TOML: a table's header without a key; write [name] or [[name]]")
      return ConfigurationPath()
    }
    let keys = scanKeys()
    var path = ConfigurationPath()
    for (i, key) in keys.enumerated() {
      path = path.appending(key)
      if isArray, i == keys.count - 1 {
        record(path)
        path = path.appending(tableCounts[path, default: 0])
        tableCounts[ConfigurationPath(path.elements.dropLast()), default: 0] += 1
        record(path)
      } else {
        record(path)
        // A header that passes through an array of tables means its latest table.
        if let count = tableCounts[path] { path = path.appending(count - 1) }
      }
    }
    // A table that an earlier header implied is now opened by its own.
    if !isArray { lines[path] = line }
    advance(isArray ? 2 : 1)
    return path
  }

  /// Whether keys without quotes consist of such bytes.
  private static func isBareKey(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private mutating func scanPair(in table: ConfigurationPath) {
    let start = position
    var path = table
    for key in scanKeys() {
      path = path.appending(key)
      record(path)
    }
    if peek == UInt8(ascii: "=") { advance() }
    skipBlanks(acrossLines: false)
    scanValue(at: path)
    if position == start { advance() }
  }

  /// A dotted key, up to the `=` or `]` behind it.
  private mutating func scanKeys() -> [String] {
    var keys: [String] = []
    while true {
      skipBlanks(acrossLines: false)
      keys.append(scanKey())
      if keys.count > KeyLocations.deepest {
        refuse("a key of too many parts; at most \(KeyLocations.deepest) are read")
      }
      skipBlanks(acrossLines: false)
      guard peek == UInt8(ascii: ".") else { return keys }
      advance()
    }
  }

  private mutating func scanKey() -> String {
    if let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      advance()
      let start = position
      while let byte = peek, byte != quote {
        if byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") { skipEscape() } else { advance() }
      }
      let key = String(decoding: bytes[start..<position], as: UTF8.self)
      advance()
      return key
    }
    let start = position
    while let byte = peek, !" \t\r\n.=]#".utf8.contains(byte) { advance() }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func scanValue(at path: ConfigurationPath) {
    nesting += 1
    defer { nesting -= 1 }
    if nesting > KeyLocations.deepest {
      return refuse("arrays and tables nested too deeply; at most \(KeyLocations.deepest) inside each other are read")
    }
    switch peek {
    case UInt8(ascii: "["): scanArray(at: path)
    case UInt8(ascii: "{"): scanInlineTable(at: path)
    case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString()
    default: skipBareValue()
    }
  }

  /// A number, a truth value or a date. The parser would abort at a bracket in its place and at some unfinished times,
  /// which are the only values with a blank or a colon.
  private mutating func skipBareValue() {
    let start = position
    while let byte = peek, !",]}#\n".utf8.contains(byte) { advance() }
    var text = bytes[start..<position]
    while let last = text.last, " \t\r".utf8.contains(last) { text.removeLast() }
    let isPlain = text.allSatisfy { Self.isBareKey($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: ".") }
    if text.isEmpty || !isPlain {
      refuse("not a value that is read here; write a number, a \"string\", true, false, [ ] or { }")
    }
  }

  private mutating func scanArray(at path: ConfigurationPath) {
    advance()
    var index = 0
    skipBlanks(acrossLines: true)
    while let byte = peek, byte != UInt8(ascii: "]") {
      if byte == UInt8(ascii: ",") {
        advance()
      } else {
        record(path.appending(index))
        let start = position
        scanValue(at: path.appending(index))
        if position == start { advance() }
        index += 1
      }
      skipBlanks(acrossLines: true)
    }
    advance()
  }

  private mutating func scanInlineTable(at path: ConfigurationPath) {
    advance()
    skipBlanks(acrossLines: true)
    while let byte = peek, byte != UInt8(ascii: "}") {
      if byte == UInt8(ascii: ",") { advance() } else { scanPair(in: path) }
      skipBlanks(acrossLines: true)
    }
    advance()
  }

  private mutating func skipString() {
    guard let quote = peek else { return }
    let escapes = quote == UInt8(ascii: "\"")
    let isLong = starts(with: "\"\"\"") || starts(with: "'''")
    advance(isLong ? 3 : 1)
    while let byte = peek {
      if byte == UInt8(ascii: "\\"), escapes {
        skipEscape()
      } else if isLong, starts(with: "\"\"\"") && escapes || starts(with: "'''") && !escapes {
        advance(3)
        // Up to two quotes may stand directly before the closing three.
        while peek == quote { advance() }
        return
      } else if !isLong, byte == quote {
        return advance()
      } else {
        advance()
      }
    }
  }
}
