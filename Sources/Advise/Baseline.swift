// What a text costs without any context: the entropy that a model must get below to have learnt anything.

import Corpora
import Foundation

/// Cross-entropies of held-out text under counts of the training part, nats per token.
package struct Baseline: Codable, Hashable, Sendable {
  /// −Σ log p(token) / tokens with p from the training tokens, one added to each count.
  package let unigram: Double
  /// The same by bytes, times the bytes of a token: what byte pairs of noise cannot get below, although noise in byte
  /// pairs looks as if it had structure, because a pair that is a token never occurs as two.
  package let bytes: Double

  /// What counts: the lower one.
  package var value: Double { min(unigram, bytes) }

  package init(unigram: Double, bytes: Double) {
    (self.unigram, self.bytes) = (unigram, bytes)
  }

  /// Of one split's validation sequences.
  package init(_ dataset: Dataset) {
    let tokenizer = dataset.tokenizer
    var tokens = [Double](repeating: 1, count: tokenizer.vocabularySize)
    var letters = [Double](repeating: 1, count: 256)
    func utf8(_ sequence: [Int32]) -> String.UTF8View { tokenizer.decode(sequence).utf8 }
    for sequence in dataset.training {
      for token in sequence { tokens[Int(token)] += 1 }
      for byte in utf8(sequence) { letters[Int(byte)] += 1 }
    }
    func costs(_ counts: [Double]) -> [Double] {
      let sum = counts.reduce(0, +)
      return counts.map { -log($0 / sum) }
    }
    let (tokenCosts, letterCosts) = (costs(tokens), costs(letters))
    var (sum, byteSum, count) = (0.0, 0.0, 0.0)
    for sequence in dataset.validation {
      for token in sequence { sum += tokenCosts[Int(token)] }
      for byte in utf8(sequence) { byteSum += letterCosts[Int(byte)] }
      count += Double(sequence.count)
    }
    self.init(unigram: sum / max(count, 1), bytes: byteSum / max(count, 1))
  }
}
