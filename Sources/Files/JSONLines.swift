// Files with one JSON object a line. A last line that a crash has cut off is tolerated and reported, nothing else is.

import Foundation

/// What a file of JSON lines contains.
package struct JSONLines<Record: Sendable>: Sendable {
  package let records: [Record]
  /// The number of the last line if it has no line break: the writing of it was interrupted, and it is left out.
  package let truncatedLine: Int?

  package init(records: [Record], truncatedLine: Int? = nil) {
    self.records = records
    self.truncatedLine = truncatedLine
  }
}

/// Reads a file of JSON lines.
/// - Throws: `StoreError` naming file and line if a complete line is not a `Record`.
package func readJSONLines<Record: Decodable & Sendable>(
  _ path: String, as type: Record.Type = Record.self
) throws(StoreError) -> JSONLines<Record> {
  try parseJSONLines(readFile(path, limit: SizeLimit.lines), path: path)
}

/// The same from the bytes of a file; `path` is what complaints call it.
package func parseJSONLines<Record: Decodable & Sendable>(
  _ data: Data, path: String, as type: Record.Type = Record.self
) throws(StoreError) -> JSONLines<Record> {
  let decoder = recordDecoder()
  var records: [Record] = []
  var start = data.startIndex
  while let end = data[start...].firstIndex(of: UInt8(ascii: "\n")) {
    do {
      records.append(try decoder.decode(Record.self, from: data[start..<end]))
    } catch {
      throw StoreError(
        .badData, "\(path):\(records.count + 1): not a valid record (\(briefly(error)))")
    }
    start = data.index(after: end)
  }
  return JSONLines(records: records, truncatedLine: start == data.endIndex ? nil : records.count + 1)
}

/// Each record in canonical JSON (sorted keys, shortest numbers) with a line break behind it. Numbers that are not
/// finite are written as the strings "inf", "-inf" and "nan".
package func jsonLines<Record: Encodable>(_ records: [Record]) throws(StoreError) -> Data {
  var text = ""
  do {
    for record in records { text += try jsonValue(record, allowingNonFinite: true).canonical() + "\n" }
  } catch {
    throw StoreError(.badData, "cannot write a record as JSON: \(briefly(error))")
  }
  return Data(text.utf8)
}

/// A coding error in a few words, with the path of the offending value.
package func briefly(_ error: any Error) -> String {
  func at(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
    let path = (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? "" : " at \(path)"
  }
  switch error {
  case DecodingError.keyNotFound(let key, let context): return "nothing\(at(context, key))"
  case DecodingError.typeMismatch(let type, let context): return "no \(type)\(at(context))"
  case DecodingError.valueNotFound(let type, let context): return "no \(type)\(at(context))"
  case DecodingError.dataCorrupted(let context):
    let place = at(context)
    return place.isEmpty ? "not JSON" : "a wrong value\(place)"
  case EncodingError.invalidValue(let value, let context):
    return "\(value) at \(context.codingPath.map(\.stringValue).joined(separator: "."))"
  default: return "\(error)"
  }
}
