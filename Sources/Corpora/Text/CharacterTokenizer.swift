// One id per Unicode scalar. Scalars that the training part does not have share one id, so encoding never fails, but
// such text is not recovered by decoding: it becomes U+FFFD.

/// Unicode scalars as tokens: id 0 is the unknown scalar, the others are sorted by code point.
public struct CharacterTokenizer: Tokenizer, TextTokenizer {
  public static let unknown: Int32 = 0
  let scalars: [Unicode.Scalar]
  private let ids: [Unicode.Scalar: Int32]

  public var vocabularySize: Int { scalars.count + 4 }

  /// - Parameter texts: UTF-8; every scalar in them gets an id.
  init(training texts: [[UInt8]]) {
    var known: Set<Unicode.Scalar> = []
    for text in texts { known.formUnion(String(decoding: text, as: UTF8.self).unicodeScalars) }
    self.init(scalars: known.sorted())
  }

  /// - Parameter scalars: all different, sorted.
  init(scalars: [Unicode.Scalar]) {
    self.scalars = scalars
    ids = Dictionary(uniqueKeysWithValues: scalars.enumerated().map { ($1, Int32($0 + 1)) })
  }

  public func encode(_ text: String) throws(CorpusError) -> [Int32] {
    text.unicodeScalars.map { ids[$0] ?? Self.unknown }
  }

  func encode(_ texts: [[UInt8]]) -> [[Int32]] {
    texts.map { String(decoding: $0, as: UTF8.self).unicodeScalars.map { ids[$0] ?? Self.unknown } }
  }

  func lengths(of tokens: [Int32], in text: [UInt8]) -> [Int] {
    String(decoding: text, as: UTF8.self).unicodeScalars.map { UTF8.width($0) }
  }

  public func decode(_ tokens: [Int32]) -> String {
    var text = ""
    for token in tokens {
      if scalars.indices.contains(Int(token) - 1) {
        text.unicodeScalars.append(scalars[Int(token) - 1])
      } else {
        text += specialName(token) ?? "\u{FFFD}"
      }
    }
    return text
  }
}
