// As much of JSON Schema as Documentation/replicate.schema.json uses, to hold real output against it. A keyword that is
// not known here is an error, so that nothing in the schema is taken for checked that is not.

import Files
import Foundation

/// A schema with its definitions.
package struct JSONSchema {
  private let root: [String: JSONValue]

  /// That of the repository's documentation.
  package static let ofDocuments = Result {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Documentation/replicate.schema.json")
    return try JSONSchema(Data(contentsOf: file))
  }

  package init(_ data: Data) throws {
    guard case .object(let root) = try JSONDecoder().decode(JSONValue.self, from: data) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    self.root = root
  }

  /// What keeps the text from being a document of the schema, one line each; empty if nothing does.
  package func problems(in text: String) -> [String] {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else { return ["no JSON"] }
    return problems(value, .object(root), at: "")
  }

  private static let annotations: Set<String> = ["$schema", "$defs", "title", "description"]

  private func problems(_ value: JSONValue, _ schema: JSONValue, at path: String) -> [String] {
    guard case .object(let rules) = schema else { return ["\(path): a schema that is no object"] }
    return rules.filter { !Self.annotations.contains($0.key) }.sorted { $0.key < $1.key }.flatMap {
      problems(value, keyword: $0.key, $0.value, rules, at: path)
    }
  }

  private func problems(
    _ value: JSONValue, keyword: String, _ rule: JSONValue, _ rules: [String: JSONValue], at path: String
  ) -> [String] {
    switch (keyword, rule) {
    case ("$ref", .string(let name)):
      guard case .object(let definitions)? = root["$defs"], let target = definitions[String(name.dropFirst(8))] else {
        return ["\(path): no definition \(name)"]
      }
      return problems(value, target, at: path)
    case ("type", .string(let type)): return has(value, type) ? [] : ["\(path): not of type \(type)"]
    case ("const", _): return value == rule ? [] : ["\(path): not \(rule.canonical())"]
    case ("enum", .array(let values)):
      return values.contains(value) ? [] : ["\(path): \(value.canonical()) is none of \(rule.canonical())"]
    case ("required", .array(let keys)):
      guard case .object(let fields) = value else { return [] }
      return keys.compactMap { key in
        if case .string(let key) = key, fields[key] == nil { return "\(path): lacks \(key)" }
        return nil
      }
    case ("properties", .object(let properties)):
      guard case .object(let fields) = value else { return [] }
      return fields.sorted { $0.key < $1.key }.flatMap { key, field in
        properties[key].map { problems(field, $0, at: path + "/" + key) } ?? []
      }
    case ("additionalProperties", _):
      guard case .object(let fields) = value else { return [] }
      let known: [String: JSONValue] = if case .object(let known)? = rules["properties"] { known } else { [:] }
      return fields.filter { known[$0.key] == nil }.sorted { $0.key < $1.key }.flatMap { key, field in
        rule == .boolean(false)
          ? ["\(path): unknown key \(key)"] : problems(field, rule, at: path + "/" + key)
      }
    case ("items", _):
      guard case .array(let elements) = value else { return [] }
      return elements.enumerated().flatMap { problems($1, rule, at: path + "/\($0)") }
    case ("anyOf", .array(let choices)):
      let found = choices.map { problems(value, $0, at: path) }
      return found.contains(where: \.isEmpty) ? [] : found.first ?? []
    case ("oneOf", .array(let choices)):
      let found = choices.map { problems(value, $0, at: path) }
      let fitting = found.count(where: \.isEmpty)
      // Of choices that none fits, the one that fits but for what is deep inside says most.
      return fitting == 1
        ? []
        : ["\(path): fits \(fitting) of oneOf"]
          + (found.filter { !$0.contains { $0.hasPrefix("\(path)/kind") } }.first ?? [])
    default: return ["\(path): the keyword \(keyword) is not known to the tests"]
    }
  }

  private func has(_ value: JSONValue, _ type: String) -> Bool {
    switch (value, type) {
    case (.object, "object"), (.array, "array"), (.string, "string"), (.boolean, "boolean"), (.null, "null"): true
    case (.integer, "integer"), (.unsigned, "integer"): true
    case (.integer, "number"), (.unsigned, "number"), (.number, "number"): true
    default: false
    }
  }
}
