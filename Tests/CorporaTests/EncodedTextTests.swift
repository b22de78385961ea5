// The splits that a process has tokenised: once for all runs of a seed, and what makes them anew.

import Dispatch
import Synchronization
import Testing

@testable import Corpora

@Suite struct EncodedTextTests {
  private static func key(_ seed: UInt64) -> EncodedTexts.Key {
    EncodedTexts.Key(seed: seed, tokenizer: .characters, heldOutShare: 0.1, context: 48)
  }

  private static func text(_ words: String) -> EncodedText {
    EncodedText(training: [Array(words.utf8)], heldOut: [Array("held".utf8)], tokenizer: .characters)
  }

  @Test func manyRunsOfASeedShareOneSplit() {
    let texts = EncodedTexts()
    let made = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 16) { run in
      let seed = UInt64(run % 2)
      let text = try? texts.text(Self.key(seed), of: [[1, 2]]) {
        made.withLock { $0 += 1 }
        return Self.text("seed \(seed)")
      }
      #expect(text.map { $0.tokenizer.decode($0.training[0].tokens) } == "seed \(seed)")
    }
    #expect(made.withLock { $0 } == 2)
  }

  @Test func anotherTextIsTokenisedAnew() throws {
    let texts = EncodedTexts()
    var made = 0
    let sequence: [[[UInt8]]] = [[[1, 2], [3]], [[1, 2], [3]], [[1, 2], [4]], [[1, 2], [3]]]
    for contents in sequence {
      _ = try texts.text(Self.key(1), of: contents) {
        made += 1
        return Self.text("text")
      }
    }
    #expect(made == 3, "the text of before is not kept beside the other")
  }

  @Test func theLongestUnusedAreForgotten() throws {
    // Each split has 10 + 4 tokens.
    let texts = EncodedTexts(limit: 30)
    var made: [UInt64] = []
    for seed: UInt64 in [1, 2, 1, 3, 1, 2] {
      _ = try texts.text(Self.key(seed), of: []) {
        made.append(seed)
        return Self.text("ten tokens")
      }
    }
    #expect(made == [1, 2, 3, 2])
  }

  @Test func anErrorIsNotKept() throws {
    let texts = EncodedTexts()
    #expect(throws: CorpusError.noText(paths: [], omitted: [])) {
      try texts.text(Self.key(1), of: []) { () throws(CorpusError) -> EncodedText in
        throw .noText(paths: [], omitted: [])
      }
    }
    _ = try texts.text(Self.key(1), of: []) { Self.text("now") }
  }
}

@Suite struct CutTests {
  /// The cuts of a text tokenised by bytes, one sign each: `-` inside a character, `c` two controls, `<` line end, `>`
  /// line, `.` within, `w` word, `l` letters.
  private func cuts(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let document = EncodedDocument(bytes.map(Int32.init), of: bytes, lengths: bytes.map { _ in 1 })
    return document.cuts.map { cut in
      switch cut {
      case .character: "-"
      case .controls: "c"
      case .lineEnd: "<"
      case .line: ">"
      case .within: "."
      case .word: "w"
      case .letters: "l"
      }
    }.joined()
  }

  @Test(arguments: [
    ("", "."), ("a b", ".w.."), ("ab  cd", "...w..."), ("a\nb\n", ".<><c"), ("a\r\nb", ".<->."), ("\n\n", "ccc"),
    ("a\tb", ".<>."), ("a ", "..."), ("a \nb", "..<>."), ("e\u{301}x", ".--.."), ("红楼", ".--l--."),
    ("红。楼", ".--.--l--."), ("a红 楼", ".l--w.--."), ("เขา", ".--l--l--."), ("ก็", ".-----."),
    ("👍🏽x", ".-------.."), ("한글", ".--.--."), ("a\u{200B}b", ".<-->."), ("\u{1B}[m", "c>.."),
  ])
  func whatACutWouldPart(_ text: String, _ expected: String) {
    #expect(cuts(text) == expected)
  }
}
