// Reads a TOML file into plain values. TOMLKit does the parsing only; what the values must be is `TableReader`'s
// concern.

import Foundation
import TOMLKit

/// A TOML value as written, without any conversion between types.
enum TOMLNode: Sendable, Equatable {
  case table([String: TOMLNode])
  case array([TOMLNode])
  case string(String)
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  /// A date or a time, which no setting here uses.
  case date(String)

  /// The value as a message shows it: its type and, where it is short, itself.
  var found: String {
    switch self {
    case .table: "a table"
    case .array(let elements): "an array of \(elements.count)"
    case .string(let text): "the string \"\(text.count <= 40 ? text : text.prefix(39) + "…")\""
    case .integer(let value): "\(value)"
    case .number(let value): value.isFinite ? numeral(value) : "\(value)"
    case .boolean(let value): "\(value)"
    case .date(let text): "the \(text)"
    }
  }
}

/// A number in the shortest form that reads back as the same value, without the `.0` of whole numbers.
func numeral(_ value: Double) -> String {
  let text = "\(value)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// Parses a configuration file.
///
/// - Returns: the reader of the document's root table. Read everything that may stand there, then call `finish()`.
/// - Throws: `ConfigurationError` with one problem if the file cannot be read or is not TOML. A key that is given twice
///   is not TOML.
public func parseTOML(path: String) throws(ConfigurationError) -> TableReader {
  var status = stat()
  if stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
    // It is read more than once, and a device may never end.
    throw ConfigurationError([
      ConfigurationProblem(file: path, message: "is a pipe or a device; save the configuration in a file")
    ])
  }
  let data: Data
  do {
    data = try readFile(path, namedBy: .user)
  } catch {
    let exists = FileManager.default.fileExists(atPath: path)
    let message = exists
      ? "cannot be read; give a readable file by --config"
      : "no such file; give the experiments' configuration by --config"
    throw ConfigurationError([ConfigurationProblem(file: path, message: message)])
  }
  guard let text = String(validating: data, as: UTF8.self) else {
    throw ConfigurationError([ConfigurationProblem(file: path, message: "is not UTF-8; save it as UTF-8 text")])
  }
  return try parseTOML(text: text, file: path)
}

/// Parses the text of a configuration file; `file` is the name that its problems bear.
public func parseTOML(text: String, file: String) throws(ConfigurationError) -> TableReader {
  // The parser takes a C string and would silently stop at a NUL.
  if let nul = text.utf8.firstIndex(of: 0) {
    let line = text.utf8[..<nul].count { $0 == UInt8(ascii: "\n") } + 1
    throw ConfigurationError([ConfigurationProblem(file: file, line: line, message: "a NUL character; remove it")])
  }
  let locations = KeyLocations(text)
  if let refusal = locations.refusal {
    throw ConfigurationError([ConfigurationProblem(file: file, line: refusal.line, message: refusal.message)])
  }
  let root: [String: TOMLNode]
  do {
    root = plain(try TOMLTable(string: text))
  } catch let error as TOMLParseError {
    let position = error.source.begin
    throw ConfigurationError([
      ConfigurationProblem(
        file: file, line: position.line, column: position.column, message: "not valid TOML: \(error.description)")
    ])
  } catch {
    throw ConfigurationError([ConfigurationProblem(file: file, message: "not valid TOML: \(error)")])
  }
  let source = TableSource(
    file: file, path: ConfigurationPath(), entries: root, locations: locations, problems: ProblemList())
  return TableReader([source])
}

private func plain(_ table: TOMLTable) -> [String: TOMLNode] {
  var entries: [String: TOMLNode] = [:]
  for (key, value) in table { entries[key] = plain(value) }
  return entries
}

private func plain(_ value: any TOMLValueConvertible) -> TOMLNode {
  if let table = value.table { return .table(plain(table)) }
  if let array = value.array { return .array(array.map { plain($0) }) }
  if let string = value.string { return .string(string) }
  if let integer = value.int { return .integer(integer) }
  if let number = value.double { return .number(number) }
  if let boolean = value.bool { return .boolean(boolean) }
  return .date("\(value.type) \(value.debugDescription)")
}
