// Files with one JSON object per line. A last line that a crash has cut off is tolerated and reported, nothing else is.

import Basics
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

/// Reads the bytes of a file of JSON lines; `path` is what complaints call it.
/// - Throws: `StoreError` naming file and line if a complete line is not a `Record`.
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
