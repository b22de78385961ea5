// JSON of which there is exactly one spelling, and the hash of a run's specification made from it.
// The spelling does not depend on Foundation's: keys by bytes, numbers by Swift's shortest description.

import Basics
import Foundation
import Wording

/// Any JSON value. Numbers keep whether they are whole, so that 64-bit seeds survive.
package enum JSONValue: Sendable, Hashable, Codable {
  case null
  case boolean(Bool)
  case integer(Int)
  case unsigned(UInt64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let integer = try? container.decode(Int.self) {
      // Numbers first: each failed attempt costs an error, and long arrays are of numbers.
      self = .integer(integer)
    } else if let number = try? container.decode(Double.self) {
      let isLarge = number >= Double(Int.max)
      let unsigned = isLarge ? (try? container.decode(UInt64.self)) ?? UInt64(exactly: number) : nil
      // Whole numbers that were written with a fraction beyond a double's precision are whole ones.
      self = unsigned.map { .unsigned($0) } ?? Int(exactly: number).map { .integer($0) } ?? .number(number)
    } else if let string = try? container.decode(String.self) {
      self = .string(string)
    } else if let boolean = try? container.decode(Bool.self) {
      self = .boolean(boolean)
    } else if let array = try? container.decode([JSONValue].self) {
      self = .array(array)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .boolean(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .unsigned(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }

  /// The one spelling of the value: keys sorted by their UTF-8 bytes, no blanks, slashes not escaped, numbers by
  /// Swift's shortest description without the `.0` of whole ones. `indented` adds line breaks and two blanks per level.
  package func canonical(indented: Bool = false) -> String {
    var text = ""
    write(to: &text, indentation: indented ? 0 : nil)
    return text
  }

  private func write(to text: inout String, indentation: Int?) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += "\(value)"
    case .unsigned(let value): text += "\(value)"
    case .number(let value): text += numeral(value)
    case .string(let value): text += Escaped.json(value)
    case .array(let values):
      Self.write(values, between: "[", "]", to: &text, indentation: indentation) { value, text, inner in
        value.write(to: &text, indentation: inner)
      }
    case .object(let entries):
      let sorted = entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      Self.write(sorted, between: "{", "}", to: &text, indentation: indentation) { entry, text, inner in
        text += Escaped.json(entry.key)
        text += inner == nil ? ":" : ": "
        entry.value.write(to: &text, indentation: inner)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], between open: String, _ close: String, to text: inout String, indentation: Int?,
    _ writeElement: (Element, inout String, Int?) -> Void
  ) {
    let inner = indentation.map { $0 + 2 }
    text += open
    for (i, element) in elements.enumerated() {
      if i > 0 { text += "," }
      if let inner { text += "\n" + String(repeating: " ", count: inner) }
      writeElement(element, &text, inner)
    }
    if let indentation, !elements.isEmpty { text += "\n" + String(repeating: " ", count: indentation) }
    text += close
  }
}

/// Encodes a value as `JSONValue`. Numbers that are not finite become the strings "inf", "-inf" and "nan" if
/// `allowingNonFinite`, else they are refused.
/// - Throws: `EncodingError`.
package func jsonValue<T: Encodable>(_ value: T, allowingNonFinite: Bool = false) throws -> JSONValue {
  let encoder = JSONEncoder()
  if allowingNonFinite {
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  }
  return try JSONDecoder().decode(JSONValue.self, from: try encoder.encode(value))
}

/// A decoder that reads back what `jsonValue(_:allowingNonFinite: true)` wrote.
package func recordDecoder() -> JSONDecoder {
  let decoder = JSONDecoder()
  decoder.nonConformingFloatDecodingStrategy = .convertFromString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return decoder
}

/// The name of a run: the first 16 hexadecimal digits of the SHA-256 of its specification's canonical JSON.
/// - Throws: `EncodingError` if the specification contains a number that is not finite.
package func specificationHash<T: Encodable>(_ value: T) throws -> String {
  String(sha256(Data(try jsonValue(value).canonical().utf8)).prefix(16))
}
