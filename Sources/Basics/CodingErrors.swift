// What a decoder or encoder complains about, in few enough words for one line.

/// A coding error in a few words, with the path of the offending value.
public func briefly(_ error: any Error) -> String {
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
