// Learns byte-pair merges, in time near linear in the text: each distinct word is kept once with its count as a chain
// of ids, a merge visits only the places of its pair, and a heap knows which pair is the most frequent.

extension BytePairTokenizer {
  /// Learns merges from the texts: again and again the most frequent pair, of equally frequent ones the smallest
  /// (left id, then right id), until the vocabulary is full or no pair occurs twice.
  ///
  /// No merge joins a part of a character (Unicode scalar) with anything but the rest of it, so every id stands for a
  /// part of one character or for whole ones.
  /// - Parameter vocabulary: most ids, with 256 bytes and three special ones.
  public init(training texts: [[UInt8]], vocabulary: Int) {
    var learner = BytePairLearner(texts)
    self.init(merges: learner.learn(atMost: vocabulary - 259))
  }
}

private struct BytePairLearner {
  typealias Pair = BytePairTokenizer.Pair

  /// The ids of all distinct words, one word after the other; −1 where a merge has taken the id.
  private var tokens: [Int32] = []
  /// The neighbours of an id within its word, −1 where it begins or ends.
  private var next: [Int32] = []
  private var previous: [Int32] = []
  /// How often the word of an id occurs.
  private var frequencies: [Int32] = []
  private var pairs: [Pair: Occurrences] = [:]
  private var heap = BinaryHeap<Candidate>()
  /// What each id stands for.
  private var shapes = (0...255).map { Shape(UInt8($0)) }

  private struct Occurrences {
    var count = 0
    /// Where the left id stands, or stood before another merge, in rising order.
    var places: [Int32] = []
  }

  /// A pair with the count that it had once; counts only fall, so the largest is found at last.
  private struct Candidate: Comparable {
    let count: Int
    let pair: Pair

    static func < (first: Candidate, second: Candidate) -> Bool {
      (second.count, first.pair) < (first.count, second.pair)
    }
  }

  init(_ texts: [[UInt8]]) {
    var counts: [ArraySlice<UInt8>: Int32] = [:]
    for text in texts {
      for word in BytePairTokenizer.words(text) { counts[word, default: 0] += 1 }
    }
    for (word, count) in counts {
      for (index, byte) in word.enumerated() {
        let place = Int32(tokens.count)
        tokens.append(Int32(byte))
        previous.append(index == 0 ? -1 : place - 1)
        next.append(index == word.count - 1 ? -1 : place + 1)
        frequencies.append(count)
      }
    }
    for place in tokens.indices where next[place] >= 0 { _ = add(Int32(place)) }
    heap = BinaryHeap(pairs.map { Candidate(count: $1.count, pair: $0) })
  }

  mutating func learn(atMost limit: Int) -> [Pair] {
    var merges: [Pair] = []
    while merges.count < limit, let best = mostFrequent() {
      let token = Int32(256 + merges.count)
      merges.append(best)
      shapes.append(shapes[Int(best.left)].joined(shapes[Int(best.right)]) ?? .stray)
      merge(best, into: token)
    }
    return merges
  }

  /// The most frequent pair that occurs twice or more.
  private mutating func mostFrequent() -> Pair? {
    while let candidate = heap.popMin() {
      let count = pairs[candidate.pair]?.count ?? 0
      if count == candidate.count { return count > 1 ? candidate.pair : nil }
      if count > 1 { heap.insert(Candidate(count: count, pair: candidate.pair)) }
    }
    return nil
  }

  private mutating func merge(_ pair: Pair, into token: Int32) {
    var new: [Pair] = []
    for place in pairs.removeValue(forKey: pair)?.places ?? [] {
      let left = Int(place)
      guard tokens[left] == pair.left, next[left] >= 0, tokens[Int(next[left])] == pair.right else { continue }
      let right = Int(next[left])
      let (before, after) = (previous[left], next[right])
      if before >= 0 { remove(before) }
      if after >= 0 { remove(Int32(right)) }
      tokens[left] = token
      tokens[right] = -1
      next[left] = after
      if after >= 0 { previous[Int(after)] = place }
      for changed in [before, after >= 0 ? place : -1] where changed >= 0 {
        if let pair = add(changed) { new.append(pair) }
      }
    }
    for pair in new { heap.insert(Candidate(count: pairs[pair]?.count ?? 0, pair: pair)) }
  }

  private func pair(at place: Int32) -> Pair {
    Pair(left: tokens[Int(place)], right: tokens[Int(next[Int(place)])])
  }

  /// One occurrence less of the pair at a place.
  private mutating func remove(_ place: Int32) {
    pairs[pair(at: place)]?.count -= Int(frequencies[Int(place)])
  }

  /// One occurrence more of the pair at a place, if its ids may be merged; the pair if it is a new one.
  private mutating func add(_ place: Int32) -> Pair? {
    let pair = pair(at: place)
    guard shapes[Int(pair.left)].joined(shapes[Int(pair.right)]) != nil else { return nil }
    let isNew = pairs[pair] == nil
    pairs[pair, default: Occurrences()].count += Int(frequencies[Int(place)])
    pairs[pair]?.places.append(place)
    return isNew ? pair : nil
  }
}

/// What the bytes of an id are to the characters of a text in UTF-8.
private enum Shape {
  /// Characters from their first to their last byte.
  case whole
  /// The beginning of a character that lacks this many bytes.
  case beginning(missing: Int)
  /// This many bytes from within a character, up to its end or not.
  case inside(Int)
  /// No UTF-8.
  case stray

  init(_ byte: UInt8) {
    switch byte {
    case 0x00...0x7F: self = .whole
    case 0x80...0xBF: self = .inside(1)
    case 0xC2...0xDF: self = .beginning(missing: 1)
    case 0xE0...0xEF: self = .beginning(missing: 2)
    case 0xF0...0xF4: self = .beginning(missing: 3)
    default: self = .stray
    }
  }

  /// The shape of both together; nil if they would join a part of a character with another character.
  func joined(_ other: Shape) -> Shape? {
    switch (self, other) {
    case (.whole, .whole): .whole
    case (.beginning(let missing), .inside(let count)) where count <= missing:
      count == missing ? .whole : .beginning(missing: missing - count)
    case (.inside(let first), .inside(let second)) where first + second <= 3: .inside(first + second)
    default: nil
    }
  }
}
