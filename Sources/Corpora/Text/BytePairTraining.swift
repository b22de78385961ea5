// Learns byte-pair merges. Each distinct word is kept once with its count, and a merge updates the pair counts of only
// the words that contain the pair.

extension BytePairTokenizer {
  /// Learns merges from the texts: again and again the most frequent pair, of equally frequent ones the smallest
  /// (left id, then right id), until the vocabulary is full or no pair occurs twice.
  ///
  /// - Parameter vocabulary: most ids, with 256 bytes and three special ones.
  init(training texts: [[UInt8]], vocabulary: Int) {
    var frequencies: [ArraySlice<UInt8>: Int] = [:]
    for text in texts {
      for word in Self.words(text) { frequencies[word, default: 0] += 1 }
    }
    var words = frequencies.map { (tokens: $0.key.map(Int32.init), count: $0.value) }
    var counts: [Pair: Int] = [:]
    var places: [Pair: Set<Int>] = [:]
    for (index, word) in words.enumerated() {
      for pair in Self.pairs(word.tokens) {
        counts[pair, default: 0] += word.count
        places[pair, default: []].insert(index)
      }
    }
    var merges: [Pair] = []
    while merges.count < vocabulary - 259 {
      guard let best = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), best.value > 1 else { break }
      let token = Int32(256 + merges.count)
      merges.append(best.key)
      for index in places[best.key] ?? [] {
        let word = words[index]
        for pair in Self.pairs(word.tokens) { counts[pair, default: 0] -= word.count }
        words[index].tokens = Self.replace(best.key, by: token, in: word.tokens)
        for pair in Self.pairs(words[index].tokens) {
          counts[pair, default: 0] += word.count
          places[pair, default: []].insert(index)
        }
      }
      counts[best.key] = nil
      places[best.key] = nil
    }
    self.init(merges: merges)
  }

  private static func pairs(_ tokens: [Int32]) -> [Pair] {
    zip(tokens, tokens.dropFirst()).map { Pair(left: $0, right: $1) }
  }
}
