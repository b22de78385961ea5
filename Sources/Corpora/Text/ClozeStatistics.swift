// What the training part of a text says of words and stretches of tokens: which words are frequent, and how probable a
// stretch is by itself. Which items are made of them: Cloze.swift.

import Foundation

/// The most frequent words of some documents; of equally frequent ones those with the smaller ids.
func commonestWords(_ count: Int, in documents: [EncodedDocument]) -> Set<ArraySlice<Int32>> {
  var counts: [ArraySlice<Int32>: Int] = [:]
  for document in documents {
    for word in document.words(in: document.tokens.startIndex..<document.tokens.endIndex) {
      counts[document.tokens[word], default: 0] += 1
    }
  }
  let ranked = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key) }
  return Set(ranked.prefix(count).map(\.key))
}

/// How often tokens and pairs of tokens occur.
struct PairFrequencies {
  private typealias Pair = BytePairTokenizer.Pair

  private var single: [Int32: Double] = [:]
  private var pairs: [Pair: Double] = [:]
  private var total = 0.0
  /// What a pair's probability owes to its second token alone, in occurrences.
  private static let weight = 10.0

  init(_ documents: [EncodedDocument]) {
    for document in documents {
      for token in document.tokens { single[token, default: 0] += 1 }
      for (left, right) in zip(document.tokens, document.tokens.dropFirst()) {
        pairs[Pair(left: left, right: right), default: 0] += 1
      }
      total += Double(document.tokens.count)
    }
  }

  /// Σ log p(token | the one before it), the first by itself: p(b | a) = (n(ab) + 10 p(b)) / (n(a) + 10),
  /// p(b) = (n(b) + 1) / (n + number of different tokens + 1). In nats.
  func logProbability(_ tokens: ArraySlice<Int32>) -> Double {
    var sum = 0.0
    var before: Int32?
    for token in tokens {
      let alone = (single[token, default: 0] + 1) / (total + Double(single.count) + 1)
      if let left = before {
        let both = pairs[Pair(left: left, right: token), default: 0]
        sum += log((both + Self.weight * alone) / (single[left, default: 0] + Self.weight))
      } else {
        sum += log(alone)
      }
      before = token
    }
    return sum
  }
}
