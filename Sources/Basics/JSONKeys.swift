// What a JSON decoder does not report: that an object names a key twice. Which of the two values counts differs from
// reader to reader, so such a file has no agreed meaning.

import Foundation

/// The first key that an object of the text, at any depth, has twice; nil if every key is there once.
///
/// Keys are compared as Swift's strings are, so spellings of one text that differ in composition count as the same: a
/// dictionary of them would keep one.
/// - Parameter json: UTF-8 that a decoder has accepted; of other text the result says nothing.
public func firstRepeatedKey(inJSON json: some RandomAccessCollection<UInt8>) -> String? {
  /// The keys of each object that is open, nil for an array.
  var open: [Set<String>?] = []
  var isKeyNext = false
  var place = json.startIndex
  while place < json.endIndex {
    switch json[place] {
    case UInt8(ascii: "{"):
      open.append([])
      isKeyNext = true
    case UInt8(ascii: "["):
      open.append(nil)
      isKeyNext = false
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      _ = open.popLast()
      isKeyNext = false
    case UInt8(ascii: ","): isKeyNext = open.last.map { $0 != nil } ?? false
    case UInt8(ascii: "\""):
      let (text, end) = string(in: json, from: place)
      place = end
      if isKeyNext, let last = open.indices.last {
        let key = decoded(text)
        if open[last]?.insert(key).inserted == false { return key }
        isKeyNext = false
      }
      continue
    default: break
    }
    place = json.index(after: place)
  }
  return nil
}

/// A string literal with its quotes, and the place behind it.
private func string<JSON: RandomAccessCollection<UInt8>>(
  in json: JSON, from start: JSON.Index
) -> (text: JSON.SubSequence, end: JSON.Index) {
  var place = json.index(after: start)
  while place < json.endIndex, json[place] != UInt8(ascii: "\"") {
    let isEscape = json[place] == UInt8(ascii: "\\")
    place = json.index(after: place)
    if isEscape, place < json.endIndex { place = json.index(after: place) }
  }
  let end = place < json.endIndex ? json.index(after: place) : place
  return (json[start..<end], end)
}

private func decoded(_ literal: some RandomAccessCollection<UInt8>) -> String {
  if literal.contains(UInt8(ascii: "\\")), let text = try? JSONDecoder().decode(String.self, from: Data(literal)) {
    return text
  }
  return String(decoding: literal.dropFirst().dropLast(), as: UTF8.self)
}
