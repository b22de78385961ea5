// A TOML document as values that know where they stand, and how one document is laid over another. How text becomes such
// values: TOMLParser.swift; what the values must be is `TableReader`'s concern.

import Wording

/// A TOML value as written, without any conversion between types.
enum TOMLNode: Sendable, Equatable {
  case table([String: TOMLEntry])
  case array([TOMLEntry])
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
    case .date(let text): "the date \(text)"
    }
  }
}

/// A value with the place where it stands: of a table its header, of anything else its key.
struct TOMLEntry: Sendable, Equatable {
  var node: TOMLNode
  var place: TOMLPlace
}

/// A line of a configuration file, or of what stands for one on the command line.
struct TOMLPlace: Sendable, Equatable {
  var file: String
  /// Counted from 1; nil for the command line and for files that cannot be read.
  var line: Int?
}

extension TOMLEntry {
  /// This document with another laid over it: tables are merged key by key, everything else is replaced.
  func overlaid(by other: TOMLEntry) -> TOMLEntry {
    guard case .table(var entries) = node, case .table(let changes) = other.node else { return other }
    for (key, change) in changes { entries[key] = entries[key]?.overlaid(by: change) ?? change }
    return TOMLEntry(node: .table(entries), place: other.place)
  }

  /// Where another document, laid over this one, has something else in the place of a table: without the table nothing
  /// else could be said of the settings that is of use.
  func lostTables(under other: TOMLEntry, at path: ConfigurationPath = ConfigurationPath()) -> [ConfigurationProblem] {
    guard case .table(let entries) = node else { return [] }
    guard case .table(let changes) = other.node else {
      let remedy = path.description == "preset" ? "; the option --preset chooses one" : ""
      return [
        ConfigurationProblem(
          file: other.place.file, line: other.place.line, path: path.description,
          message: "expected a table, found \(other.node.found)\(remedy)")
      ]
    }
    return changes.sorted { $0.key < $1.key }.flatMap { key, change in
      entries[key]?.lostTables(under: change, at: path.appending(key)) ?? []
    }
  }
}
