// Whether two texts are the same to a reader: white space, line ends, invisible characters and the encoding of accents
// play no part.

import Foundation

/// The text without white space and default-ignorable characters (soft hyphens, joiners), in composed form. Texts that
/// differ only in line ends, wrapping or indentation have the same.
func comparable(_ bytes: [UInt8]) -> [UInt8] {
  if bytes.allSatisfy({ $0 < 0x80 }) { return bytes.filter { !isBlank($0) } }
  let composed = String(decoding: bytes, as: UTF8.self).precomposedStringWithCanonicalMapping
  var result: [UInt8] = []
  result.reserveCapacity(bytes.count)
  for scalar in composed.unicodeScalars {
    if scalar.isASCII {
      if !isBlank(UInt8(scalar.value)) { result.append(UInt8(scalar.value)) }
    } else if !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint {
      result += UTF8.encode(scalar).map(Array.init) ?? []
    }
  }
  return result
}

/// The text of some tokens in comparable form, without the halves of characters at its ends.
func comparable(_ tokens: some Sequence<Int32>, _ tokenizer: any Tokenizer) -> [UInt8] {
  let half: Unicode.Scalar = "\u{FFFD}"
  var scalars = tokenizer.decode(Array(tokens)).unicodeScalars[...]
  while scalars.first == half { scalars.removeFirst() }
  while scalars.last == half { scalars.removeLast() }
  return comparable(Array(String(scalars).utf8))
}

/// The texts seen so far, in little memory.
struct DistinctTexts {
  private var texts: [[UInt8]] = []
  private var indices: [Int: [Int]] = [:]

  /// Adds a text.
  /// - Returns: the number of the text before it that is the same, counting from 0; nil if there is none.
  mutating func insert(_ bytes: [UInt8]) -> Int? {
    let form = comparable(bytes)
    let key = form.hashValue
    let same = indices[key, default: []].first { comparable(texts[$0]) == form }
    if same == nil { indices[key, default: []].append(texts.count) }
    texts.append(bytes)
    return same
  }
}

/// Which of the stretches occur in one of the texts, all in comparable form; an empty stretch always does.
func occurring(_ stretches: [[UInt8]], in texts: [[UInt8]]) -> Set<Int> {
  var found = Set(stretches.indices.filter { stretches[$0].isEmpty })
  // Stretches of about the same length are looked for together: a short one would find too many places for a long one.
  let groups = Dictionary(grouping: Set(stretches).filter { !$0.isEmpty }) { $0.count.leadingZeroBitCount }
  var known = Set<[UInt8]>()
  for group in groups.values { known.formUnion(occurring(group, in: texts)) }
  for index in stretches.indices where known.contains(stretches[index]) { found.insert(index) }
  return found
}

/// Those of the different stretches that occur. A rolling hash of the length of the shortest finds the places to look
/// at (Karp and Rabin 1987), so the time is linear in the texts.
private func occurring(_ stretches: [[UInt8]], in texts: [[UInt8]]) -> Set<[UInt8]> {
  let length = stretches.map(\.count).min() ?? 0
  if length == 0 { return [] }
  let base: UInt64 = 0x9E37_79B9_7F4A_7C15
  let leaving = (0..<length).reduce(UInt64(1)) { power, _ in power &* base }
  let wanted = Dictionary(grouping: stretches) { $0.prefix(length).reduce(UInt64(0)) { $0 &* base &+ UInt64($1) } }
  var found = Set<[UInt8]>()
  for text in texts where text.count >= length {
    text.withUnsafeBufferPointer { text in
      var hash: UInt64 = 0
      for end in text.indices {
        hash = hash &* base &+ UInt64(text[end])
        if end >= length { hash = hash &- UInt64(text[end - length]) &* leaving }
        guard end + 1 >= length, let candidates = wanted[hash] else { continue }
        let rest = text[(end + 1 - length)...]
        for stretch in candidates where rest.starts(with: stretch) { found.insert(stretch) }
      }
    }
  }
  return found
}
