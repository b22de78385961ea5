// The files for Hugging Face's tokenizers as JSON: ids, special tokens, the begin token. That the library gives the
// engine's ids is tested with the library itself, in Tests/Python.

import Foundation
import Testing

@testable import Corpora

@Suite struct TokenizerFilesTests {
  static let text = Array("a cab, a \"tab\" \\ 12 \u{1}\u{E9}\u{4E16}\u{4E16}\n  a cab\n".utf8)
  static let tokenizers: [any Tokenizer] = [
    WordTokenizer(words: [".", "?", "who", "say \"it\""]), PythonTokenizer(), CharacterTokenizer(training: [text]),
    BytePairTokenizer(training: [text, text], vocabulary: 300),
  ]

  private func files(_ tokenizer: any Tokenizer, precedesBegin: Bool = false) throws -> [String: [String: Any]] {
    var files: [String: [String: Any]] = [:]
    for (name, contents) in tokenizer.huggingFaceFiles(context: 48, precedesBegin: precedesBegin) {
      files[name] = try #require(try JSONSerialization.jsonObject(with: Data(contents.utf8)) as? [String: Any])
    }
    return files
  }

  @Test(arguments: tokenizers.indices) func everyOrdinaryIDHasAWord(number: Int) throws {
    let tokenizer = Self.tokenizers[number]
    let file = try #require(try files(tokenizer)["tokenizer.json"])
    let vocabulary = try #require((file["model"] as? [String: Any])?["vocab"] as? [String: Int])
    #expect(vocabulary.values.sorted() == Array(0..<tokenizer.vocabularySize - 3))
    #expect(file["post_processor"] is NSNull)
  }

  @Test(arguments: tokenizers.indices) func specialTokensHaveTheLastIDs(number: Int) throws {
    let tokenizer = Self.tokenizers[number]
    let files = try files(tokenizer)
    let added = try #require(files["tokenizer.json"]?["added_tokens"] as? [[String: Any]])
    let end = tokenizer.vocabularySize - 3
    #expect(added.map { $0["id"] as? Int } == [end, end + 1, end + 2])
    #expect(added.map { $0["content"] as? String } == ["<end>", "<begin>", "<mask>"])
    for name in ["tokenizer_config.json", "special_tokens_map.json"] {
      let roles = ["bos_token", "eos_token", "pad_token", "mask_token"].map { files[name]?[$0] as? String }
      #expect(roles == ["<begin>", "<end>", "<end>", "<mask>"])
    }
    #expect(files["tokenizer_config.json"]?["model_max_length"] as? Int == 48)
  }

  /// Scalars that Unicode calls equivalent are two: Å and the sign for ångström.
  @Test(
    arguments: [
      CharacterTokenizer(training: [text, Array("\u{C5}\u{212B}e\u{301}\u{E9}\"\\\u{FFFD}".utf8)]),
      BytePairTokenizer(training: [text, text], vocabulary: 300),
    ] as [any Tokenizer])
  func aTextsTokenizerIsReadBack(_ tokenizer: any Tokenizer) throws {
    let file = try #require(tokenizer.huggingFaceFiles(context: 48, precedesBegin: true).first).contents
    let read = try textTokenizer(ofHuggingFace: Data(file.utf8))
    #expect(read.vocabularySize == tokenizer.vocabularySize)
    for token in 0..<Int32(tokenizer.vocabularySize) { #expect(read.decode([token]) == tokenizer.decode([token])) }
    let text = String(decoding: Self.text, as: UTF8.self) + "\u{C5}\u{212B} unseen \u{1F642}"
    #expect(try read.encode(text) == tokenizer.encode(text))
    for length in stride(from: 0, to: file.utf8.count, by: 97) {
      #expect(throws: NoTextTokenizer.self) { try textTokenizer(ofHuggingFace: Data(file.utf8.prefix(length))) }
    }
  }

  @Test func whatIsNoTextsTokenizerIsRefused() throws {
    for model in [
      "{\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [[\"a\", \"b\"]]}",
      "{\"type\": \"BPE\", \"vocab\": {\"a\": 300}, \"merges\": [[\"a\", \"a\"]]}",
      "{\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [[\"a\", \"a\"], [\"a\", \"a\"]]}",
      "{\"type\": \"WordLevel\", \"vocab\": {\"<unknown>\": 0, \"word\": 1}}",
      "{\"type\": \"WordLevel\", \"vocab\": {\"<unknown>\": 0, \"a\": 2}}",
      "{\"type\": \"WordLevel\", \"vocab\": {\"<unknown>\": 0, \"a\": 1, \"a\": 2}}",
      "{\"type\": \"Unigram\", \"vocab\": {}}",
    ] {
      #expect(throws: NoTextTokenizer.self, "\(model)") {
        try textTokenizer(ofHuggingFace: Data("{\"model\": \(model)}".utf8))
      }
    }
  }

  @Test func theBeginTokenIsPutFirstWhereItIsWanted() throws {
    let tokenizer = PythonTokenizer()
    let file = try #require(try files(tokenizer, precedesBegin: true)["tokenizer.json"])
    let processor = try #require(file["post_processor"] as? [String: Any])
    let begin = (processor["special_tokens"] as? [String: [String: Any]])?["<begin>"]
    #expect(begin?["ids"] as? [Int] == [Int(tokenizer.beginToken)])
  }

  /// Of two merges that stand for the same bytes the earlier one has the word.
  @Test func equalMergesShareTheEarlierID() throws {
    let (a, b, c) = (Int32(97), Int32(98), Int32(99))
    let tokenizer = BytePairTokenizer(
      merges: [(a, b), (b, c), (256, c), (a, 257)].map { .init(left: $0.0, right: $0.1) })
    let file = try #require(try files(tokenizer)["tokenizer.json"])
    let vocabulary = try #require((file["model"] as? [String: Any])?["vocab"] as? [String: Int])
    #expect(vocabulary["abc"] == 258 && vocabulary.count == 259 && !vocabulary.values.contains(259))
    #expect(vocabulary["\u{120}"] == 32 && vocabulary["\u{E9}"] == 0xE9 && vocabulary["\u{10A}"] == 10)
  }
}
