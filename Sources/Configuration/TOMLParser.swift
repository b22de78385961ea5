// TOML 1.0 from text to values that know their lines. It may be given any text: nothing nests deeper than `deepest`, and
// whatever is wrong ends in one problem with line and column. Strings and numbers: TOMLParser+Values.swift.

/// Parses one document.
struct TOMLParser {
  /// The most keys of a dotted key or header, and the most arrays and inline tables inside each other.
  static let deepest = 16

  let file: String
  let bytes: [UInt8]
  var position = 0
  var line = 1
  private var lineStart = 0
  private var depth = 0
  private let root = Table(line: 1, origin: .header)

  /// A table in the making. TOML forbids to define one twice, and which ones may grow depends on how they came about.
  private final class Table {
    enum Origin { case implied, header, dotted, inline }
    enum Item {
      case value(TOMLEntry)
      case table(Table)
      case tables([Table], line: Int)
    }

    var line: Int
    var origin: Origin
    var items: [String: Item] = [:]

    init(line: Int, origin: Origin) {
      self.line = line
      self.origin = origin
    }

    func entry(file: String) -> TOMLEntry {
      let entries = items.mapValues { item -> TOMLEntry in
        switch item {
        case .value(let entry): entry
        case .table(let table): table.entry(file: file)
        case .tables(let tables, let line):
          TOMLEntry(node: .array(tables.map { $0.entry(file: file) }), place: TOMLPlace(file: file, line: line))
        }
      }
      return TOMLEntry(node: .table(entries), place: TOMLPlace(file: file, line: line))
    }
  }

  private init(_ text: String, file: String) {
    bytes = Array(text.utf8)
    self.file = file
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The document's root table.
  /// - Parameter file: the name that problems bear.
  static func parse(_ text: String, file: String) throws(ConfigurationError) -> TOMLEntry {
    var parser = TOMLParser(text, file: file)
    return try parser.document()
  }

  private mutating func document() throws(ConfigurationError) -> TOMLEntry {
    var table = root
    while true {
      try skipSpace(acrossLines: true)
      guard let byte = peek else { return root.entry(file: file) }
      if byte == UInt8(ascii: "[") {
        table = try header()
      } else {
        try pair(in: table)
      }
      try endOfLine()
    }
  }

  // MARK: Tables

  /// `[a.b]` or `[[a.b]]`: the table that the following keys belong to.
  private mutating func header() throws(ConfigurationError) -> Table {
    let start = line
    position += 1
    let isArray = skip("[")
    let keys = try dottedKey()
    guard skip("]"), !isArray || skip("]") else { throw problem("expected `\(isArray ? "]]" : "]")`") }
    var table = root
    for key in keys.dropLast() {
      switch table.items[key] {
      case nil:
        let implied = Table(line: start, origin: .implied)
        table.items[key] = .table(implied)
        table = implied
      case .table(let inner)? where inner.origin != .inline: table = inner
      case .tables(let tables, _)?: table = tables[tables.count - 1]
      case .value?, .table?: throw problem("`\(key)` is not a table that a header can reach into", line: start)
      }
    }
    let key = keys[keys.count - 1]
    let new = Table(line: start, origin: .header)
    switch (table.items[key], isArray) {
    case (nil, false): table.items[key] = .table(new)
    case (nil, true): table.items[key] = .tables([new], line: start)
    case (.tables(let tables, let first)?, true): table.items[key] = .tables(tables + [new], line: first)
    case (.table(let inner)?, false) where inner.origin == .implied:
      inner.origin = .header
      inner.line = start
      return inner
    default: throw problem("`\(keys.joined(separator: "."))` is defined twice", line: start)
    }
    return new
  }

  /// `a.b = value`.
  private mutating func pair(in table: Table) throws(ConfigurationError) {
    let start = line
    let keys = try dottedKey()
    guard skip("=") else { throw problem("expected `=` after the key `\(keys.joined(separator: "."))`") }
    try skipSpace()
    var table = table
    for key in keys.dropLast() {
      switch table.items[key] {
      case nil:
        let implied = Table(line: start, origin: .dotted)
        table.items[key] = .table(implied)
        table = implied
      case .table(let inner)? where inner.origin == .dotted: table = inner
      default: throw problem("`\(key)` is defined elsewhere, so a dotted key cannot add to it", line: start)
      }
    }
    let key = keys[keys.count - 1]
    guard table.items[key] == nil else { throw problem("the key `\(key)` is given twice", line: start) }
    let node = try value()
    table.items[key] = .value(TOMLEntry(node: node, place: TOMLPlace(file: file, line: start)))
  }

  /// A bare or quoted key, or several with dots between them; blanks around them are passed.
  private mutating func dottedKey() throws(ConfigurationError) -> [String] {
    var keys: [String] = []
    repeat {
      try skipSpace()
      switch peek {
      case UInt8(ascii: "\"")?: keys.append(try basicString())
      case UInt8(ascii: "'")?: keys.append(try literalString())
      default:
        let start = position
        while let byte = peek, Self.isBareKey(byte) { position += 1 }
        guard position > start else { throw problem("expected a key") }
        keys.append(String(decoding: bytes[start..<position], as: UTF8.self))
      }
      guard keys.count <= Self.deepest else { throw problem("a key of more than \(Self.deepest) parts; use fewer") }
      try skipSpace()
    } while skip(".")
    return keys
  }

  private static func isBareKey(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  // MARK: Values

  mutating func value() throws(ConfigurationError) -> TOMLNode {
    switch peek {
    case nil: throw problem("expected a value, found the end of the file")
    case UInt8(ascii: "\"")?: return .string(try skip("\"\"\"") ? multilineString(quote: "\"") : basicString())
    case UInt8(ascii: "'")?: return .string(try skip("'''") ? multilineString(quote: "'") : literalString())
    case UInt8(ascii: "[")?: return try nested { parser throws(ConfigurationError) in try parser.array() }
    case UInt8(ascii: "{")?: return try nested { parser throws(ConfigurationError) in try parser.inlineTable() }
    default: return try scalar()
    }
  }

  private mutating func nested(
    _ read: (inout TOMLParser) throws(ConfigurationError) -> TOMLNode
  ) throws(ConfigurationError) -> TOMLNode {
    depth += 1
    guard depth <= Self.deepest else {
      throw problem("arrays and inline tables more than \(Self.deepest) deep; nest them less")
    }
    position += 1
    let node = try read(&self)
    depth -= 1
    return node
  }

  private mutating func array() throws(ConfigurationError) -> TOMLNode {
    var elements: [TOMLEntry] = []
    while true {
      try skipSpace(acrossLines: true)
      if skip("]") { return .array(elements) }
      let start = line
      elements.append(TOMLEntry(node: try value(), place: TOMLPlace(file: file, line: start)))
      try skipSpace(acrossLines: true)
      if skip(",") { continue }
      guard skip("]") else { throw problem("expected `,` or `]` in an array") }
      return .array(elements)
    }
  }

  private mutating func inlineTable() throws(ConfigurationError) -> TOMLNode {
    let table = Table(line: line, origin: .inline)
    try skipSpace()
    if !skip("}") {
      repeat {
        try skipSpace()
        try pair(in: table)
        try skipSpace()
      } while skip(",")
      guard skip("}") else { throw problem("expected `,` or `}` in an inline table, which must be on one line") }
    }
    return table.entry(file: file).node
  }

  // MARK: Characters

  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Passes the text if it stands here.
  mutating func skip(_ text: StaticString) -> Bool {
    let isHere =
      position + text.utf8CodeUnitCount <= bytes.count
      && text.withUTF8Buffer { bytes[position..<position + $0.count].elementsEqual($0) }
    if isHere { position += text.utf8CodeUnitCount }
    return isHere
  }

  /// Passes a line break if there is one.
  mutating func skipLineBreak() -> Bool {
    guard skip("\n") || skip("\r\n") else { return false }
    line += 1
    lineStart = position
    return true
  }

  /// Passes blanks and tabs, and line breaks and comments too if `acrossLines`.
  mutating func skipSpace(acrossLines: Bool = false) throws(ConfigurationError) {
    while true {
      if skip(" ") || skip("\t") { continue }
      guard acrossLines, try skipComment() || skipLineBreak() else { return }
    }
  }

  /// Passes a comment, which must not have control characters, up to its line's end.
  private mutating func skipComment() throws(ConfigurationError) -> Bool {
    guard peek == UInt8(ascii: "#") else { return false }
    while let byte = peek, byte != UInt8(ascii: "\n") {
      if byte == UInt8(ascii: "\r"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\n") { break }
      try requirePrintable(byte, in: "a comment")
      position += 1
    }
    return true
  }

  private mutating func endOfLine() throws(ConfigurationError) {
    try skipSpace()
    _ = try skipComment()
    guard peek == nil || skipLineBreak() else { throw problem("expected the end of the line") }
  }

  func requirePrintable(_ byte: UInt8, in place: String) throws(ConfigurationError) {
    guard byte >= 0x20 && byte != 0x7F || byte == UInt8(ascii: "\t") else {
      throw problem("the control character \(byte) in \(place); remove it")
    }
  }

  /// A problem at the present place.
  func problem(_ message: String, line: Int? = nil) -> ConfigurationError {
    ConfigurationError([
      ConfigurationProblem(
        file: file, line: line ?? self.line, column: line == nil ? position - lineStart + 1 : nil,
        message: "not valid TOML: \(message)")
    ])
  }
}
