// A JSON object that vouches for itself: its field `seal` is the SHA-256 of everything else in it. It shows what was
// altered by accident or by hand; it is not a signature. What is sealed is decided by the callers.

import Basics
import Foundation

/// What the seal of an object says.
package enum Seal: Sendable, Equatable {
  /// It is that of the contents.
  case sound
  /// There is none: the object was written before objects had one, or somebody took it away.
  case absent

  /// The field that carries it.
  static let field = "seal"
}

/// A value that was read from a JSON object, and the seal of that object.
package struct Unsealed<Value> {
  package let value: Value
  package let seal: Seal
}

/// The value as an indented JSON object with a line break behind it, its keys in order, with the seal over its
/// canonical form. Numbers that are not finite become strings.
/// - Throws: `StoreError` of kind `.badData` if the value is not a JSON object.
package func sealedText(_ value: some Encodable) throws(StoreError) -> String {
  let json: JSONValue
  do {
    json = try jsonValue(value, allowingNonFinite: true)
  } catch {
    throw StoreError(.badData, "cannot write a record as JSON: \(briefly(error))")
  }
  guard case .object(var fields) = json else {
    throw StoreError(.badData, "cannot seal what is not a JSON object")
  }
  fields[Seal.field] = nil
  fields[Seal.field] = .string(digest(of: fields))
  return JSONValue.object(fields).canonical(indented: true) + "\n"
}

/// The value in a JSON object whose seal is sound or absent. Nothing but what the seal covers is read, however the text
/// is laid out.
/// - Parameter path: what complaints call the file.
/// - Throws: `StoreError` of kind `.badData` if the seal is not that of the contents, or the object not such a value.
package func unsealed<Value: Decodable>(
  _ type: Value.Type = Value.self, from data: Data, path: String
) throws(StoreError) -> Unsealed<Value> {
  do {
    guard case .object(var fields) = try JSONDecoder().decode(JSONValue.self, from: data) else {
      throw StoreError(.badData, "\(path): not a valid record (no JSON object)")
    }
    let seal = fields.removeValue(forKey: Seal.field)
    if let seal, seal != .string(digest(of: fields)) {
      throw StoreError(.badData, "\(path): was altered (its seal is not that of its contents)")
    }
    let value = try recordDecoder().decode(Value.self, from: Data(JSONValue.object(fields).canonical().utf8))
    return Unsealed(value: value, seal: seal == nil ? .absent : .sound)
  } catch let error as StoreError {
    throw error
  } catch {
    throw StoreError(.badData, "\(path): not a valid record (\(briefly(error)))")
  }
}

private func digest(of fields: [String: JSONValue]) -> String {
  sha256(Data(JSONValue.object(fields).canonical().utf8))
}
