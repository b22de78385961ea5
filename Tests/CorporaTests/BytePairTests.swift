// Byte pairs and characters: known merges, losslessness, determinism.

import Randomness
import Testing

@testable import Corpora

@Suite struct BytePairTests {
  /// Sennrich et al.'s example: low ×5, lower ×2, newest ×6, widest ×3. With ties broken towards small ids the merges
  /// are e+s (9), es+t (9), l+o (7), lo+w (7).
  @Test func knownMerges() {
    let counts = [("low", 5), ("lower", 2), ("newest", 6), ("widest", 3)]
    let text = counts.map { String(repeating: $0.0 + "\n", count: $0.1) }.joined()
    let tokenizer = BytePairTokenizer(training: [Array(text.utf8)], vocabulary: 259 + 4)
    func id(_ character: Character) -> Int32 { Int32(character.asciiValue ?? 0) }
    #expect(
      tokenizer.merges == [
        .init(left: id("e"), right: id("s")), .init(left: 256, right: id("t")),
        .init(left: id("l"), right: id("o")), .init(left: 258, right: id("w")),
      ])
    #expect(tokenizer.encode(bytes: Array("lowest".utf8)) == [259, 257])
    #expect(tokenizer.vocabularySize == 263)
  }

  @Test func tiesTakeTheSmallestPair() {
    let tokenizer = BytePairTokenizer(training: [Array("zx\nzx\nab\nab".utf8)], vocabulary: 300)
    #expect(tokenizer.merges == [.init(left: 97, right: 98), .init(left: 122, right: 120)])
  }

  /// Overlapping occurrences: the incremental counts equal a recount from scratch after every merge.
  @Test func incrementalCountsEqualRecounts() {
    let text = Array("aaaa aaa aaaaaaa abab ababab banana bananas aab aab".utf8)
    let learnt = BytePairTokenizer(training: [text], vocabulary: 259 + 12).merges
    var words = BytePairTokenizer.words(text).map { $0.map(Int32.init) }
    for (index, merge) in learnt.enumerated() {
      var counts: [BytePairTokenizer.Pair: Int] = [:]
      for word in words {
        for (left, right) in zip(word, word.dropFirst()) { counts[.init(left: left, right: right), default: 0] += 1 }
      }
      let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
      #expect(best?.key == merge)
      words = words.map { Self.replace(merge, by: Int32(256 + index), in: $0) }
    }
    #expect(learnt.count >= 6)
  }

  /// The tokens with every occurrence of the pair, from the left, replaced.
  static func replace(_ pair: BytePairTokenizer.Pair, by token: Int32, in tokens: [Int32]) -> [Int32] {
    var result: [Int32] = []
    for id in tokens {
      if result.last == pair.left && id == pair.right {
        result[result.count - 1] = token
      } else {
        result.append(id)
      }
    }
    return result
  }

  /// Text without blanks is one word for the tokeniser: encoding it is the same as one merge after the other.
  @Test func longWordsAreEncodedInTheOrderOfTheMerges() {
    var stream = RandomStream(seed: 3, purpose: .test)
    let text = (0..<3000).map { _ in stream.pick(["红", "楼", "梦", "里", "的", "人", "aa", "ab", "é"]) }.joined()
    let tokenizer = BytePairTokenizer(training: [Array(text.utf8)], vocabulary: 300)
    #expect(tokenizer.merges.count > 30)
    var expected = text.utf8.map(Int32.init)
    for (index, merge) in tokenizer.merges.enumerated() {
      expected = Self.replace(merge, by: Int32(256 + index), in: expected)
    }
    #expect(tokenizer.encode(bytes: Array(text.utf8)) == expected)
  }

  /// An id is a part of one character or some whole ones, so that a text can be cut between characters.
  @Test func mergesDoNotJoinPartsOfCharacters() {
    var stream = RandomStream(seed: 4, purpose: .test)
    let characters = (0..<200).map { String(Unicode.Scalar(0x4E00 + $0) ?? "?") } + ["é", "ß", "a", "b", "😀", "😁"]
    let text = (0..<4000).map { _ in stream.pick(characters) }.joined()
    let tokenizer = BytePairTokenizer(training: [Array(text.utf8)], vocabulary: 700)
    #expect(tokenizer.merges.count > 300)
    for index in tokenizer.merges.indices {
      let bytes = tokenizer.bytes([Int32(256 + index)])
      let isWhole = String(validating: bytes, as: UTF8.self) != nil
      let isPart = characters.contains { Array($0.utf8).count > bytes.count && contains(Array($0.utf8), bytes) }
      #expect(isWhole || isPart, "\(bytes)")
    }
  }

  private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: part) }
  }

  static let texts = [
    "", " ", "a", "The quick brown fox.", "two\r\nlines\r\n\r\n", "  leading and trailing  ", "tab\tand\u{0}null",
    "naïve café Ærø", "日本語のテキスト", "👩‍👩‍👧‍👦 family 🏳️‍🌈 flag", "e\u{301} combining", "x = [1, 2.5e-3]  # comment\n",
  ]

  @Test(arguments: texts) func roundTripOfText(_ text: String) throws {
    let sample = "The fox and the brown fox. café 🏳️‍🌈 \r\n\r\n"
    let tokenizer = BytePairTokenizer(training: [Array(sample.utf8)], vocabulary: 290)
    let tokens = try tokenizer.encode(text)
    #expect(Array(tokenizer.decode(tokens).utf8) == Array(text.utf8))
    #expect(tokens.allSatisfy { $0 < tokenizer.endToken })
    let characters = CharacterTokenizer(training: [Array(text.utf8)])
    #expect(Array(characters.decode(try characters.encode(text)).utf8) == Array(text.utf8))
  }

  @Test func roundTripOfAnyBytes() {
    let bytes = (0...255).map { UInt8($0) } + (0...255).reversed().map { UInt8($0) } + [32, 32, 255, 32, 10, 32]
    let tokenizer = BytePairTokenizer(training: [bytes + bytes], vocabulary: 400)
    #expect(tokenizer.merges.count > 50)
    #expect(tokenizer.bytes(tokenizer.encode(bytes: bytes)) == bytes)
    #expect(BytePairTokenizer.words(bytes).flatMap { $0 } == bytes)
  }

  @Test func wordsKeepOneBlank() {
    let words = BytePairTokenizer.words(Array("the cat's  12 mice\n\n  sat".utf8))
      .map { String(decoding: $0, as: UTF8.self) }
    #expect(words == ["the", " cat", "'", "s", " ", " 12", " mice", "\n\n ", " sat"])
  }

  @Test func specialTokensAreNamed() {
    let tokenizer = BytePairTokenizer(training: [], vocabulary: 300)
    #expect(tokenizer.vocabularySize == 259)
    #expect(tokenizer.decode([104, tokenizer.maskToken, 105, tokenizer.endToken]) == "h<mask>i<end>")
    #expect(tokenizer.beginToken == 257)
  }

  @Test func unknownCharacters() throws {
    let tokenizer = CharacterTokenizer(training: [Array("abc".utf8)])
    #expect(tokenizer.vocabularySize == 7)
    #expect(try tokenizer.encode("azc") == [1, CharacterTokenizer.unknown, 3])
    #expect(tokenizer.decode([1, 0, 3, tokenizer.maskToken]) == "a\u{FFFD}c<mask>")
  }
}
