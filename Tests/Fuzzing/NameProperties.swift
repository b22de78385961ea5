// A name from outside through every writer. What reads the format here is as small as the format's rules allow, and goes by
// bytes, as the format's own readers do.

import Basics
import Figures
import Files
import Foundation
import Reporting
import Transformer
import Wording

/// Of every format: the reader gets the text back, or the structure around it is that around a harmless name.
func checkNames(_ bytes: [UInt8]) throws {
  let name = String(decoding: bytes, as: UTF8.self)
  try checkScripts(name)
  try checkTables(name)
  try checkJSON(name)
  try checkReport(name)
}

private func same(_ a: String, _ b: String) -> Bool { Array(a.utf8) == Array(b.utf8) }

/// Shells, Slurm, gnuplot.
private func checkScripts(_ name: String) throws {
  let command = Escaped.shellCommand([name, "x", name])
  let words = shellWords(command)
  try require(
    words?.count == 3 && words.map { same($0[0], name) && same($0[2], name) } == true, "other words: \(command)")

  let path = Escaped.slurmPath(name)
  try require(same(unescaped(path, pairs: ["\\\\": "\\", "\\\"": "\"", "%%": "%"]), name), "another path: \(path)")
  try require(path.utf8.count { $0 == UInt8(ascii: "%") } % 2 == 0, "a pattern: \(path)")

  let comment = Escaped.comment(name)
  let isOneLine = !comment.utf8.contains { $0 < 0x20 || $0 == 0x7F } && comment.utf8.last != UInt8(ascii: "\\")
  try require(isOneLine, "more than a comment: \(comment)")

  let literal = Escaped.gnuplotString(name)
  try require(gnuplotText(literal).map { same($0, name) } == true, "another string: \(literal)")
  let markup = Escaped.gnuplotEnhanced(name)
  let signs = Dictionary(uniqueKeysWithValues: "^_{}@&~\\".map { ("\\\($0)", String($0)) })
  try require(same(unescaped(markup, pairs: signs), name), "another label: \(markup)")
}

private func checkTables(_ name: String) throws {
  let fields = csvRecords(csv(columns: [name, "b"], rows: [["1", name], [name, name]]))
  let expected = [[name, "b"], ["1", name], [name, name]]
  try require(fields.map { $0.map { Array($0.utf8) } } == expected.map { $0.map { Array($0.utf8) } }, "other fields")

  let table = markdownTable(
    columns: ["a", Escaped.markdown(name)], rows: [[Escaped.markdown(name), "1"], [name, name]])
  let lines = table.utf8.split(separator: UInt8(ascii: "\n"))
  try require(lines.count == 4, "a table of \(lines.count) lines")
  try require(lines.allSatisfy { bars($0) == 3 }, "another number of cells: \(table)")
}

private func checkJSON(_ name: String) throws {
  let literal = Escaped.json(name)
  let decoded = try JSONDecoder().decode(String.self, from: Data(literal.utf8))
  try require(same(decoded, name), "another string: \(literal)")
  try require(
    firstRepeatedKey(inJSON: Array("{\(literal): 1, \(Escaped.json(name + "x")): 2}".utf8)) == nil, "a key twice")
  try require(firstRepeatedKey(inJSON: Array("{\(literal): 1, \(literal): 2}".utf8)) == name, "no key twice")

  if name == "__metadata__" { return }
  var file = SafetensorsFile(metadata: [name: name])
  file.set(name, int32s: [7], shape: [1])
  let again = try SafetensorsFile(bytes: file.encoded(), name: "FILE")
  try require(again.entries.keys.first.map { same($0, name) } == true, "another tensor")
  try require(again.metadata.first.map { same($0.key, name) && same($0.value, name) } == true, "other metadata")
}

/// A verdict in which every text is the name: the page has no tag and no attribute more than with another name.
private func checkReport(_ name: String) throws {
  try withScratch { root in
    func page(_ name: String) throws -> String {
      let folder = "\(root)/crossover"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try write(Array(verdict.naming(name).canonical().utf8), to: folder + "/verdict.json")
      let claims = try ReportedClaim.all(in: root).reported
      try require(claims.count == 1, "no claim")
      try require(
        bars(Substring(markdownReport(claims).split(separator: "\n")[2]).utf8) == 5, "another number of cells")
      return try htmlReport(claims, configuration: .text("c" + name), version: name)
    }
    let (tested, plain) = (try page(name), try page("x"))
    for sign in "<>\"'" {
      let byte = sign.asciiValue
      try require(tested.utf8.count { $0 == byte } == plain.utf8.count { $0 == byte }, "another number of \(sign)")
    }
  }
}

/// The committed verdict, whose texts are replaced.
private let verdict: JSONValue = {
  let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("figures/crossover/verdict.json")
  guard let data = try? Data(contentsOf: path), let value = try? JSONDecoder().decode(JSONValue.self, from: data) else {
    fatalError("cannot read \(path.path)")
  }
  return value
}()

extension JSONValue {
  /// The same with another text in place of those that people read.
  fileprivate func naming(_ name: String) -> JSONValue {
    guard case .object(var fields) = self else { return self }
    // Without its envelope, if it has one.
    if case .object(let result)? = fields["result"] { fields = result }
    // A seal would not be that of the new contents, and what belongs to the old ones does not to these.
    for key in ["seal", "files", "configuration"] { fields[key] = nil }
    for key in ["sentence", "statement", "effect", "label"] { fields[key] = .string(name) }
    let part = JSONValue.object([
      "key": .string(name), "name": .string(name), "role": .string("judged"), "rule": .string(name),
      "numbers": .string(name), "missing": .array([]),
    ])
    fields["parts"] = .array([part, part])
    fields["remarks"] = .array([.string(name), .string("y")])
    fields["tables"] = .array([
      .object([
        "title": .string(name), "columns": .array([.string(name), .string("b")]),
        "rows": .array([.array([.string(name), .string(name)])]),
      ])
    ])
    return .object(fields)
  }
}

// MARK: - Readers

/// The words of a command that has nothing but plain words and single quotes, and a backslash before a quote.
private func shellWords(_ command: String) -> [String]? {
  var words: [[UInt8]] = [[]]
  var isQuoted = false
  var isEscaped = false
  for byte in command.utf8 {
    if isEscaped {
      words[words.count - 1].append(byte)
      isEscaped = false
    } else if byte == UInt8(ascii: "'") {
      isQuoted.toggle()
    } else if isQuoted {
      words[words.count - 1].append(byte)
    } else if byte == UInt8(ascii: "\\") {
      isEscaped = true
    } else if byte == UInt8(ascii: " ") {
      words.append([])
    } else if byte >= 0x80 || "$`\"\n\t;&|<>()*?[]#~!{}".utf8.contains(byte) {
      return nil
    } else {
      words[words.count - 1].append(byte)
    }
  }
  return isQuoted || isEscaped ? nil : words.map { String(decoding: $0, as: UTF8.self) }
}

/// Replaces pairs of bytes, from the left.
private func unescaped(_ text: String, pairs: [String: String]) -> String {
  let bytes = Array(text.utf8)
  var result: [UInt8] = []
  var i = 0
  while i < bytes.count {
    if i + 1 < bytes.count, let plain = pairs[String(decoding: bytes[i...i + 1], as: UTF8.self)] {
      result += Array(plain.utf8)
      i += 2
    } else {
      result.append(bytes[i])
      i += 1
    }
  }
  return String(decoding: result, as: UTF8.self)
}

/// What a double-quoted gnuplot string with octal escapes stands for; nil if it ends early, or has a command.
private func gnuplotText(_ literal: String) -> String? {
  let bytes = Array(literal.utf8)
  guard bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") else { return nil }
  var result: [UInt8] = []
  var i = 1
  while i < bytes.count - 1 {
    if bytes[i] == UInt8(ascii: "\\") {
      guard i + 3 < bytes.count, let value = UInt8(String(decoding: bytes[i + 1...i + 3], as: UTF8.self), radix: 8)
      else {
        return nil
      }
      result.append(value)
      i += 4
    } else {
      if bytes[i] < 0x20 || "\"`".utf8.contains(bytes[i]) { return nil }
      result.append(bytes[i])
      i += 1
    }
  }
  return String(decoding: result, as: UTF8.self)
}

/// The records of a CSV file after RFC 4180.
private func csvRecords(_ text: String) -> [[String]] {
  var records: [[[UInt8]]] = [[[]]]
  var isQuoted = false
  let bytes = Array(text.utf8)
  var i = 0
  while i < bytes.count {
    let byte = bytes[i]
    let next = i + 1 < bytes.count ? bytes[i + 1] : 0
    if byte == UInt8(ascii: "\""), isQuoted, next == byte {
      records[records.count - 1][records[records.count - 1].count - 1].append(byte)
      i += 1
    } else if byte == UInt8(ascii: "\"") {
      isQuoted.toggle()
    } else if byte == UInt8(ascii: ","), !isQuoted {
      records[records.count - 1].append([])
    } else if byte == 0x0D, next == 0x0A, !isQuoted {
      records.append([[]])
      i += 1
    } else {
      records[records.count - 1][records[records.count - 1].count - 1].append(byte)
    }
    i += 1
  }
  return records.dropLast().map { $0.map { String(decoding: $0, as: UTF8.self) } }
}

/// The bars of a line that end cells, as cmark-gfm counts them.
private func bars(_ line: some Sequence<UInt8>) -> Int {
  var count = 0
  var isEscaped = false
  for byte in line {
    if byte == UInt8(ascii: "|"), !isEscaped { count += 1 }
    isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
  }
  return count
}
