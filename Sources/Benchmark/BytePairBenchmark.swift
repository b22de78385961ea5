// Speed of learning byte pairs from a text and of encoding it, which every run on a user's own text begins with.

import Corpora
import Foundation
import Randomness

/// What a text for measuring byte pairs is made of.
enum BenchmarkText: String, CaseIterable {
  /// Words with blanks between them: a few thousand, each many times.
  case words
  /// Characters of three bytes without any blank, which are one long word for the tokeniser.
  case unspaced

  static let bytes = 300_000
  static let vocabulary = 512

  /// Documents of about 2000 bytes, the same every time.
  var documents: [[UInt8]] {
    var stream = RandomStream(seed: 1, purpose: .test)
    /// Frequent ones come first, as in Zipf's law.
    func rank(_ count: Int) -> Int { Int(pow(Double(count), stream.uniform())) - 1 }
    var lexicon: [String] = []
    for index in 0..<4000 {
      switch self {
      case .words:
        let letters = (0..<(2 + stream.below(8))).map { _ in stream.pick(Array("etaoinshrdlu")) }
        lexicon.append(String(letters) + " ")
      case .unspaced:
        if let character = Unicode.Scalar(0x4E00 + UInt32(index)) { lexicon.append(String(character)) }
      }
    }
    var documents: [[UInt8]] = []
    while documents.count * 2000 < Self.bytes {
      var document: [UInt8] = []
      while document.count < 2000 { document += lexicon[rank(lexicon.count)].utf8 }
      documents.append(document)
    }
    return documents
  }
}

/// Learns or encodes again and again for a while; tokens of the text a second.
func measureBytePairs(_ text: BenchmarkText, task: BenchmarkTask, seconds: Double) -> BenchmarkMeasurement {
  let documents = text.documents
  let tokenizer = BytePairTokenizer(training: documents, vocabulary: BenchmarkText.vocabulary)
  let tokens = documents.reduce(0) { $0 + tokenizer.encode(bytes: $1).count }
  let passes = rate(seconds: seconds) {
    if task == .learnBytePairs {
      _ = BytePairTokenizer(training: documents, vocabulary: BenchmarkText.vocabulary)
    } else {
      for document in documents { _ = tokenizer.encode(bytes: document) }
    }
  }
  return BenchmarkMeasurement(
    shape: text.rawValue, objective: "–", tokensPerSecond: passes * Double(tokens), task: task, backend: "–")
}
