// Texts of the world's scripts: everything that is shown to a model, or asked of it, is cut between characters.

import Foundation
import Randomness
import Testing

@testable import Corpora

/// Texts made of a few words, by the rules of their scripts.
enum Script: String, CaseIterable, Sendable {
  case english, windows, chinese, japanese, thai, hindi, tamil, korean, arabic, emoji, oneLine, carriageReturns, pages

  var words: [String] {
    switch self {
    case .english, .windows, .oneLine, .carriageReturns, .pages:
      ["the", "miller", "walks", "old", "river", "house", "slowly", "under", "cafe\u{301}", "naïve"]
    case .chinese: ["红楼梦", "里", "的", "人", "山水", "之间", "有", "人家", "说", "道", "黛玉", "宝玉", "𠀀", "听", "雨"]
    case .japanese: ["私は", "本を", "読みました", "カタカナ", "桜が", "咲く", "が\u{3099}", "猫"]
    case .thai: ["เขา", "ไป", "ที่", "บ้าน", "หนังสือ", "น้ำผึ้ง", "ผู้หญิง", "กำลัง", "นั่ง", "อยู่"]
    case .hindi: ["वह", "घर", "गया", "किताबें", "मेज़", "पर", "थीं", "क्षत्रिय", "योद्धा", "नमस्ते"]
    case .tamil: ["அவன்", "வீட்டிற்குச்", "சென்றான்", "புத்தகம்", "நிலா", "பூக்கள்"]
    case .korean: ["한국어", "책을", "\u{1112}\u{1161}\u{11AB}글", "읽는다", "사람들이", "왔다"]
    case .arabic: ["ذَهَبَ", "الرَّجُلُ", "إلى", "البَيْتِ", "كِتَابٌ", "قَدِيمٌ"]
    case .emoji: ["👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "word", "🇩🇪", "e\u{301}"]
    }
  }

  private var blank: String {
    switch self {
    case .chinese, .japanese, .thai: ""
    default: " "
    }
  }

  /// The mark after a sentence, and what follows the last sentence of a line.
  private var ends: (sentence: String, line: String) {
    switch self {
    case .chinese, .japanese: ("。", "\n")
    case .thai: (" ", "\n")
    case .hindi: ("। ", "\n")
    case .windows: (". ", "\r\n")
    case .carriageReturns: (". ", "\r")
    case .pages: (". ", "\u{0C}")
    case .oneLine: (". ", "")
    default: (". ", "\n")
    }
  }

  func text(sentences: Int) -> String {
    var stream = RandomStream(seed: 6, purpose: .test)
    var text = ""
    for number in 1...sentences {
      let sentence = (0..<(4 + stream.below(8))).map { _ in stream.pick(words) }
      text += sentence.joined(separator: blank) + ends.sentence + (number % 5 == 0 ? ends.line : "")
    }
    return text
  }
}

@Suite struct TextScriptTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let script: Script
    let tokenizer: TokenizerKind
    var testDescription: String { "\(script) \(tokenizer)" }
  }

  static let cases = Script.allCases.flatMap { script in
    [TokenizerKind.characters, .bytePairs(vocabulary: 320)].map { Case(script: script, tokenizer: $0) }
  }

  @Test(arguments: cases) func everythingIsCutBetweenCharacters(_ example: Case) throws {
    let scratch = try Scratch()
    let text = example.script.text(sentences: 500)
    try scratch.write("text.txt", text)
    let data = try CorpusSpecification.text(
      TextSpecification(paths: [scratch.path], tokenizer: example.tokenizer, heldOutShare: 0.3)
    ).dataset(seed: 1, context: 48, items: 40, validationSequences: 40)

    let whole = Whole(text)
    for sequence in data.training + data.validation {
      #expect(whole.contains(data.tokenizer.decode(sequence)))
    }
    #expect(data.training.allSatisfy { $0.count <= 48 } && data.validation.allSatisfy { (24...48).contains($0.count) })

    let task = data.tasks[0]
    #expect(task.items.count == 40 && itemsOccurringInTraining(data) == 0)
    for (item, written) in zip(task.items, task.texts) {
      #expect(Set(item.choices.map(\.count)).count == 1 && (8...16).contains(item.choices[0].count))
      #expect((16...32).contains(item.context.count))
      #expect(Set(written.choices).count == 4)
      #expect(whole.contains(written.context + written.choices[written.answer]))
      for choice in written.choices {
        #expect(whole.contains(choice))
        #expect(choice.first?.unicodeScalars.first?.isControl == false)
        #expect(choice.last?.unicodeScalars.first?.isControl == false)
      }
      #expect(written.context.first?.unicodeScalars.first?.isControl == false)
      #expect(written.context.last?.unicodeScalars.first?.isControl == false)
      #expect(
        written.characters == written.choices.map { $0.unicodeScalars.count } && item.characters == written.characters)
      #expect(Set(written.choices.map { $0.first == " " }).count == 1, "all four begin alike")
    }
    if example.script != .emoji {
      let starts = task.texts.flatMap(\.choices).compactMap { $0.first?.unicodeScalars.first }
      #expect(starts.allSatisfy { $0 == " " || $0.isUnspacedLetter }, "no choice begins inside a word")
    }
  }

  /// A text in which parts are looked for that begin and end between its characters.
  private struct Whole {
    let bytes: Data
    let borders: Set<Int>

    init(_ text: String) {
      bytes = Data(text.utf8)
      borders = Set(text.indices.map { text.utf8.distance(from: text.startIndex, to: $0) } + [text.utf8.count])
    }

    func contains(_ part: String) -> Bool {
      var rest = 0..<bytes.count
      while let found = bytes.range(of: Data(part.utf8), in: rest) {
        if borders.contains(found.lowerBound) && borders.contains(found.upperBound) { return true }
        rest = found.lowerBound + 1..<bytes.count
      }
      return false
    }
  }

  /// In a script without blanks, a text with few line ends offers as many places as one with many.
  @Test func chineseIsNotCutAtLineEndsOnly() throws {
    let scratch = try Scratch()
    try scratch.write("text.txt", Script.chinese.text(sentences: 400).replacing("\n", with: ""))
    let data = try CorpusSpecification.text(TextSpecification(paths: [scratch.path], heldOutShare: 0.2))
      .dataset(seed: 1, context: 48, items: 60, validationSequences: 10)
    #expect(data.tasks[0].items.count == 60)
  }
}

@Suite struct TextSectionTests {
  @Test(arguments: Script.allCases) func sectionsOfEveryScript(_ script: Script) {
    let text = Array(script.text(sentences: 300).utf8)
    let parts = sections(of: text, size: 300)
    #expect(parts.flatMap { $0 } == text)
    #expect(parts.count > text.count / 700)
    #expect(parts.dropLast().allSatisfy { (300...700).contains($0.count) } && (parts.last?.count ?? 0) >= 150)
    let whole = String(decoding: text, as: UTF8.self)
    #expect(parts.reduce(0) { $0 + String(decoding: $1, as: UTF8.self).count } == whole.count, "cut between characters")
    let ends = parts.dropLast().compactMap { String(decoding: $0, as: UTF8.self).last }
    switch script {
    case .oneLine: #expect(ends.allSatisfy { $0 == " " })
    case .thai, .tamil: #expect(ends.allSatisfy { $0 == " " || $0 == "\n" })
    default: #expect(ends.count { $0.isNewline } > ends.count / 2)
    }
  }

  /// The best place within reach, wherever the others are.
  @Test(arguments: [
    ("aaaa bbb. ccc\nddd\n\neee fff ggg hhh", "aaaa bbb. ccc\nddd\n\n"),
    ("aaaa bbb. ccc\nddd eee fff ggg hhh", "aaaa bbb. ccc\n"),
    ("aaaa bbbbb. ccc ddd eee fff ggg hhh", "aaaa bbbbb. "), ("aaaa bbbbb ccc ddd eee fff ggg hhhh", "aaaa bbbbb "),
    ("aaaabbbbbcccdddeeefffggghhhiiijjj", "aaaabbbbbc"),
    ("aaaabbb\r\nccc\r\n\r\nddd eee fff ggg hhh", "aaaabbb\r\nccc\r\n\r\n"),
    ("aaaabbb\rccc\r\rddd eee fff ggg hhh iii", "aaaabbb\rccc\r\r"),
    ("aaaa bbbb\n\u{0C}ccc\nddd eee fff ggg hhh", "aaaa bbbb\n\u{0C}"),
    ("山水之间有。人家", "山水之间有。"), ("aaaa bbbb? \"C c!\" dd eee fff ggg hhh", "aaaa bbbb? "),
  ])
  func theBestPlaceWithinReach(_ text: String, _ first: String) {
    let parts = sections(of: Array(text.utf8), size: 10)
    #expect(parts.first.map { String(decoding: $0, as: UTF8.self) } == first)
  }

  @Test func aCharacterIsNeverCut() {
    let long = "a" + String(repeating: "\u{301}", count: 500)
    let parts = sections(of: Array((long + long + long).utf8), size: 100)
    #expect(parts.map(\.count) == [1001, 1001, 1001])
    #expect(sections(of: [], size: 10).isEmpty)
    #expect(sections(of: Array("short".utf8), size: 10).count == 1)
  }

  /// One blank line makes no difference to a text whose lines would do.
  @Test func oneBlankLine() throws {
    let scratch = try Scratch()
    let lines = Scratch.paragraphs(60)
    try scratch.write("lines", lines.joined())
    func documents() throws -> Int {
      try TextSpecification(paths: [scratch.path + "/lines"]).documents(context: 48).documents.count
    }
    let without = try documents()
    try scratch.write("lines", lines.prefix(30).joined() + "\n" + lines.dropFirst(30).joined())
    let with = try documents()
    #expect(without > 10 && abs(with - without) <= 1)
  }
}
