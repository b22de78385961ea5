// Byte-level byte pairs (Sennrich et al. 2016 on bytes, as in GPT-2): encoding and decoding. Learning the merges:
// BytePairTraining.swift.

/// Ids 0...255 are the bytes, so that any text can be encoded; id 256 + i is the i-th merge of two earlier ids. Text is
/// first cut into words (a run of letters, of digits, or of other marks, each with one blank before it; or blanks), and
/// merges never cross words.
public struct BytePairTokenizer: Tokenizer, TextTokenizer {
  public static let vocabularyRange = 259...65_536

  struct Pair: Hashable, Comparable, Sendable {
    var left: Int32
    var right: Int32

    static func < (first: Pair, second: Pair) -> Bool {
      (first.left, first.right) < (second.left, second.right)
    }
  }

  /// In the order in which they were learnt.
  let merges: [Pair]
  private let ranks: [Pair: Int]
  /// The bytes of every ordinary id.
  let contents: [[UInt8]]

  public var vocabularySize: Int { contents.count + 3 }

  init(merges: [Pair]) {
    self.merges = merges
    ranks = Dictionary(uniqueKeysWithValues: merges.enumerated().map { ($1, $0) })
    var contents = (0...255).map { [UInt8($0)] }
    for pair in merges { contents.append(contents[Int(pair.left)] + contents[Int(pair.right)]) }
    self.contents = contents
  }

  public func encode(_ text: String) throws(CorpusError) -> [Int32] { encode(bytes: Array(text.utf8)) }

  /// The ids of any bytes.
  public func encode(bytes: [UInt8]) -> [Int32] { encode([bytes])[0] }

  func encode(_ texts: [[UInt8]]) -> [[Int32]] {
    var cache: [ArraySlice<UInt8>: [Int32]] = [:]
    return texts.map { text in
      var tokens: [Int32] = []
      for word in Self.words(text) {
        if let known = cache[word] {
          tokens += known
        } else {
          let new = merged(word)
          cache[word] = new
          tokens += new
        }
      }
      return tokens
    }
  }

  func lengths(of tokens: [Int32], in text: [UInt8]) -> [Int] { tokens.map { contents[Int($0)].count } }

  public func decode(_ tokens: [Int32]) -> String {
    var text = ""
    var pending: [UInt8] = []
    for token in tokens {
      if let name = specialName(token) {
        text += String(decoding: pending, as: UTF8.self) + name
        pending = []
      } else {
        pending += bytes([token])
      }
    }
    return text + String(decoding: pending, as: UTF8.self)
  }

  /// The bytes of ordinary ids; special ids have none.
  public func bytes(_ tokens: [Int32]) -> [UInt8] {
    tokens.flatMap { contents.indices.contains(Int($0)) ? contents[Int($0)] : [] }
  }

  /// Applies the earliest learnt merge as long as there is one, of equal ones the leftmost first; n log n for n bytes.
  private func merged(_ word: ArraySlice<UInt8>) -> [Int32] {
    var tokens = word.map(Int32.init)
    var next = Array(1...tokens.count)
    var previous = Array(-1..<tokens.count - 1)
    /// The rank of the merge of an id with the next one, −1 if there is none; `tokens.count` ends the chain.
    func rank(_ place: Int) -> Int {
      guard next[place] < tokens.count else { return -1 }
      return ranks[Pair(left: tokens[place], right: tokens[next[place]])] ?? -1
    }
    var heap = BinaryHeap(tokens.indices.compactMap { rank($0) < 0 ? nil : Candidate(rank: rank($0), place: $0) })
    while let candidate = heap.popMin() {
      let place = candidate.place
      guard tokens[place] >= 0, rank(place) == candidate.rank else { continue }
      let taken = next[place]
      tokens[place] = Int32(256 + candidate.rank)
      tokens[taken] = -1
      next[place] = next[taken]
      if next[place] < tokens.count { previous[next[place]] = place }
      for changed in [previous[place], place] where changed >= 0 && rank(changed) >= 0 {
        heap.insert(Candidate(rank: rank(changed), place: changed))
      }
    }
    return tokens.filter { $0 >= 0 }
  }

  /// A merge that can be applied at a place.
  private struct Candidate: Comparable {
    let rank: Int
    let place: Int

    static func < (first: Candidate, second: Candidate) -> Bool {
      (first.rank, first.place) < (second.rank, second.place)
    }
  }

  private enum Kind {
    case letter, digit, mark, blank

    init(_ byte: UInt8) {
      switch byte {
      case 0x41...0x5A, 0x61...0x7A, 0x80...0xFF: self = .letter
      case 0x30...0x39: self = .digit
      case 0x20, 0x09...0x0D: self = .blank
      default: self = .mark
      }
    }
  }

  /// The words, which together are the bytes.
  static func words(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var words: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      let kind = Kind(bytes[start])
      var end = start + 1
      if kind == .blank {
        while end < bytes.count && Kind(bytes[end]) == .blank { end += 1 }
        // The last blank belongs to the word after it if it is a space.
        if end < bytes.count && bytes[end - 1] == 0x20 {
          if end - 1 > start { words.append(bytes[start..<end - 1]) }
          start = end - 1
          let next = Kind(bytes[end])
          while end < bytes.count && Kind(bytes[end]) == next { end += 1 }
        }
      } else {
        while end < bytes.count && Kind(bytes[end]) == kind { end += 1 }
      }
      words.append(bytes[start..<end])
      start = end
    }
    return words
  }
}
