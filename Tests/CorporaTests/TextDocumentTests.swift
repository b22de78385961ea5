// The documents of a text corpus, how they are split, and which texts count as the same.

import Foundation
import Testing

@testable import Corpora

@Suite struct TextDocumentTests {
  private func documents(_ texts: [String], share: Double = 0.1) -> TextDocuments {
    let files = texts.enumerated().map { TextFile(path: "\($0)", bytes: Array($1.utf8)) }
    return TextDocuments(files, heldOutShare: share, context: 48)
  }

  /// Different numbers, so that nothing is there twice.
  private func prose(_ bytes: Int, from first: Int = 0) -> String {
    var text = ""
    var number = first
    while text.utf8.count < bytes {
      text += "line number \(number) of it.\n"
      number += 1
    }
    return String(text.prefix(bytes))
  }

  @Test func longFilesAreCutAndShortOnesAreNot() {
    let long = prose(60_000)
    let cut = documents([long, prose(3000, from: 1_000_000)])
    #expect(cut.documents.count > 30)
    #expect(cut.documents.joined().elementsEqual((long + prose(3000, from: 1_000_000)).utf8), "nothing is lost")
    #expect(cut.documents.allSatisfy { $0.count <= 3000 })
    let many = documents((0..<50).map { prose(4000, from: $0 * 1000) })
    #expect(many.documents.count == 50 && many.documents.allSatisfy { $0.count == 4000 })
  }

  /// Any share of any mixture of files, in the splits of every seed.
  @Test(arguments: [0.05, 0.1, 0.3, 0.5, 0.8]) func theShareIsNearTheOneAskedFor(_ share: Double) throws {
    let mixtures = [
      [200_000, 3000], [100_000], Array(repeating: 5000, count: 40), [50_000, 50_000],
      [90_000] + Array(repeating: 300, count: 50),
    ]
    for sizes in mixtures {
      let texts = sizes.enumerated().map { prose($1, from: $0 * 100_000) }
      let cut = documents(texts, share: share)
      for seed in 1...10 as ClosedRange<UInt64> {
        let split = try cut.split(seed: seed, heldOutShare: share)
        #expect(abs(split.heldOutShare / share - 1) < 0.25, "\(sizes.prefix(3)): \(split.heldOutShare)")
        #expect(split.training.count + split.heldOut.count == cut.documents.count)
      }
    }
  }

  @Test func splitHasNoOverlap() throws {
    let cut = documents(Scratch.paragraphs(40), share: 0.25)
    for seed in 1...5 as ClosedRange<UInt64> {
      let parts = try cut.split(seed: seed, heldOutShare: 0.25)
      #expect(Set(parts.training).isDisjoint(with: parts.heldOut))
      #expect(Set(parts.training + parts.heldOut) == Set(cut.documents))
    }
    let heldOut = try (1...2).map { try cut.split(seed: $0, heldOutShare: 0.25).heldOut }
    #expect(heldOut[0] != heldOut[1])
  }

  /// Sections that stand in the text twice are used once and counted.
  @Test func repeatedSectionsAreUsedOnce() {
    let story = prose(30_000)
    let cut = documents([story, story + prose(500, from: 50_000)])
    let once = documents([story])
    #expect(cut.repeatedBytes > 20_000)
    #expect(cut.bytes < once.bytes + 10_000)
    #expect(once.repeatedBytes == 0)
  }

  @Test func aTextOfOneDocumentCannotBeSplit() {
    #expect(throws: CorpusError.textTooShort(bytes: 300, repeated: 0)) {
      try documents([prose(300)]).split(seed: 1, heldOutShare: 0.1)
    }
  }
}

@Suite struct TextComparisonTests {
  @Test(arguments: [
    ("a b", "ab"), ("a\r\nb", "a\tb\u{C}"), ("é\u{2003}x", "e\u{301}x"), ("soft\u{AD}hyphen", "softhyphen"),
    ("漢\n字", "漢字"), ("\u{FEFF}a", "a"), ("", " \u{A0}\u{2028}"),
  ])
  func sameText(_ one: String, _ other: String) {
    #expect(comparable(Array(one.utf8)) == comparable(Array(other.utf8)))
  }

  @Test func otherText() {
    let texts = ["ab", "aB", "a-b", "äb", "ab1"].map { comparable(Array($0.utf8)) }
    #expect(Set(texts).count == texts.count)
  }

  /// The same as a plain search, for stretches of all lengths.
  @Test func stretchesAreFoundWhereTheyOccur() {
    var state: UInt32 = 7
    func draw(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(ascii: "a") + UInt8(state >> 30)
      }
    }
    let texts = [draw(300), draw(5), [], draw(200)]
    var stretches: [[UInt8]] = [[], texts[1], Array(texts[0].suffix(40)), Array(texts[3].prefix(1))]
    for length in 1...9 { for _ in 0..<20 { stretches.append(draw(length)) } }
    stretches.append(draw(50))
    let expected = Set(
      stretches.indices.filter { index in
        let stretch = String(decoding: stretches[index], as: UTF8.self)
        return stretch.isEmpty || texts.contains { String(decoding: $0, as: UTF8.self).contains(stretch) }
      })
    #expect(occurring(stretches, in: texts) == expected)
    #expect(expected.count > 30 && expected.count < stretches.count)
    #expect(occurring([], in: texts).isEmpty && occurring([[1]], in: []).isEmpty)
  }
}
