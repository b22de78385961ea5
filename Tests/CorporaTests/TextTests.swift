// Text corpora: files, documents, the split, windows and `cloze` items. Tokenisers: BytePairTests.swift.

import Foundation
import Testing

@testable import Corpora

/// A directory that is removed when the value goes away.
final class Scratch {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "corpora-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  /// Paragraphs of English, the `count` first stories of the world.
  static func paragraphs(_ count: Int) -> [String] {
    let world = World(WorldSpecification(uniqueTokens: 48 * count))
    return world.trainingStories(seed: 9, limit: 48).prefix(count).map { WordTokenizer.join($0.words) + "\n" }
  }
}

@Suite struct TextTests {
  static let kinds: [TokenizerKind] = [.characters, .bytePairs(vocabulary: 320)]

  @Test func filesAreSortedAndHiddenOnesLeftOut() throws {
    let scratch = try Scratch()
    for name in ["b.txt", "a/z.txt", ".hidden", ".git/config", "c.txt", "a.txt"] { try scratch.write(name, name) }
    try scratch.write("empty.txt", "")
    try scratch.write("blank.txt", " \r\n\n")
    let files = try TextSpecification(paths: [scratch.path + "/c.txt", scratch.path]).files()
    #expect(files.map { String($0.path.dropFirst(scratch.path.count + 1)) } == ["a.txt", "a/z.txt", "b.txt", "c.txt"])
    #expect(files.map(\.bytes) == ["a.txt", "a/z.txt", "b.txt", "c.txt"].map { Array($0.utf8) })
  }

  @Test func singleFileIsCutAtBlankLines() throws {
    let scratch = try Scratch()
    let text = Scratch.paragraphs(20).joined(separator: "\r\n\n")
    try scratch.write("only.txt", text)
    let documents = try TextSpecification(paths: [scratch.path]).documents()
    #expect(documents.flatMap { $0 } == Array(text.utf8))
    #expect(documents.count >= 5)
    #expect(documents.dropLast().allSatisfy { $0.count >= 200 && $0.last == 0x0A })
    try scratch.write("only.txt", Scratch.paragraphs(20).joined())
    #expect(try TextSpecification(paths: [scratch.path]).documents().count >= 5)
  }

  @Test func duplicatesAreDropped() throws {
    let scratch = try Scratch()
    for name in ["1", "2", "3"] { try scratch.write(name, name == "2" ? "other" : "same") }
    #expect(try TextSpecification(paths: [scratch.path]).documents() == ["same", "other"].map { Array($0.utf8) })
  }

  @Test func splitHasNoOverlap() throws {
    let scratch = try Scratch()
    for (index, text) in Scratch.paragraphs(40).enumerated() { try scratch.write("\(index)", text) }
    let specification = TextSpecification(paths: [scratch.path], heldOutShare: 0.25)
    let documents = Set(try specification.documents())
    for seed: UInt64 in 1...5 {
      let parts = try specification.split(seed: seed)
      #expect(Set(parts.training).isDisjoint(with: parts.heldOut))
      #expect(Set(parts.training + parts.heldOut) == documents)
      let share = Double(parts.heldOut.joined().count) / Double(documents.joined().count)
      #expect(share >= 0.25 && share < 0.3)
    }
    #expect(try specification.split(seed: 1).heldOut != specification.split(seed: 2).heldOut)
  }

  @Test(arguments: kinds) func datasetOfASeed(kind: TokenizerKind) throws {
    let scratch = try Scratch()
    let text = Scratch.paragraphs(150).joined(separator: "\n")
    try scratch.write("world.txt", text)
    let corpus = CorpusSpecification.text(TextSpecification(paths: [scratch.path], tokenizer: kind, heldOutShare: 0.3))
    let data = try corpus.dataset(seed: 1, context: 30, items: 40, validationSequences: 20)
    let again = try corpus.dataset(seed: 1, context: 30, items: 40, validationSequences: 20)
    #expect(data.training == again.training && data.validation == again.validation)
    #expect(data.tasks.map(\.texts) == again.tasks.map(\.texts))
    let other = try corpus.dataset(seed: 2, context: 30, items: 40, validationSequences: 20)
    #expect(data.training != other.training && data.tasks[0].texts != other.tasks[0].texts)

    #expect((data.training + data.validation).allSatisfy { (1...30).contains($0.count) })
    #expect(data.validation.count == 20)
    for sequence in data.validation { #expect(text.contains(data.tokenizer.decode(sequence))) }
    #expect((data.training + data.validation).joined().allSatisfy { $0 < data.tokenizer.endToken })

    let task = data.tasks[0]
    #expect(task.name == "cloze" && task.items.count == 40)
    #expect(itemsOccurringInTraining(data) == 0)
    var offered: [[Int32]: Int] = [:]
    var right: [[Int32]: Int] = [:]
    var places = [0, 0, 0, 0]
    for (item, written) in zip(task.items, task.texts) {
      #expect((10...20).contains(item.context.count) && (5...10).contains(item.choices[0].count))
      #expect(item.choices.allSatisfy { $0.count == item.choices[0].count })
      #expect(Set(item.choices).count == 4)
      #expect(item.characters == item.choices.map { data.tokenizer.decode($0).unicodeScalars.count })
      #expect(text.contains(written.context + written.choices[written.answer]))
      // A continuation may follow another passage too only if the text repeats itself.
      for choice in item.choices { offered[choice, default: 0] += 1 }
      right[item.choices[item.answer], default: 0] += 1
      places[item.answer] += 1
    }
    for (choice, count) in offered { #expect(count == 4 * right[choice, default: 0]) }
    #expect(places == [10, 10, 10, 10])
    let startsAtBlank = task.texts.count { $0.choices.allSatisfy { $0.first == " " } }
    #expect(startsAtBlank == 40)
  }

  @Test func budget() throws {
    let scratch = try Scratch()
    try scratch.write("world.txt", Scratch.paragraphs(60).joined(separator: "\n"))
    func data(_ tokens: Int?) throws -> Dataset {
      try CorpusSpecification.text(
        TextSpecification(paths: [scratch.path], tokenizer: .characters, uniqueTokens: tokens)
      ).dataset(seed: 1, context: 30, items: 0, validationSequences: 0)
    }
    let all = try data(nil)
    let some = try data(1000)
    #expect(some.uniqueTokens == 1000)
    #expect(try data(0).training == all.training)
    #expect(Array(all.training.prefix(some.training.count - 1)) == some.training.dropLast())
    #expect(throws: CorpusError.corpusTooSmall(part: "training", tokens: all.uniqueTokens, needed: 1_000_000)) {
      try data(1_000_000)
    }
  }

  /// A passage whose tested stretch also stands in the training part is never an item, and the check would see it.
  @Test func repeatedPassagesAreNoItems() throws {
    let scratch = try Scratch()
    let shared = "a sentence that stands in every single document of this corpus and must not be asked for. "
    for (index, text) in Scratch.paragraphs(60).enumerated() { try scratch.write("\(index)", shared + text) }
    let specification = TextSpecification(paths: [scratch.path], tokenizer: .characters, heldOutShare: 0.5)
    var data = try CorpusSpecification.text(specification)
      .dataset(seed: 1, context: 30, items: 200, validationSequences: 0)
    #expect(itemsOccurringInTraining(data) == 0)
    #expect(!data.tasks[0].texts.contains { shared.contains($0.context + $0.choices[$0.answer]) })
    data.training.append(data.tasks[0].items[5].probe)
    #expect(itemsOccurringInTraining(data) == 1)
  }

  @Test func unreadableInput() throws {
    let scratch = try Scratch()
    func dataset(_ name: String, items: Int = 4, share: Double = 0.3) throws -> Dataset {
      let specification = TextSpecification(
        paths: [scratch.path + "/" + name], tokenizer: .characters, heldOutShare: share)
      return try CorpusSpecification.text(specification)
        .dataset(seed: 1, context: 30, items: items, validationSequences: 4)
    }
    #expect(throws: CorpusError.missingFile(path: scratch.path + "/absent")) { try dataset("absent") }
    try scratch.write("blank", "\n\n")
    #expect(throws: CorpusError.noText(paths: [scratch.path + "/blank"])) { try dataset("blank") }
    try scratch.write("latin1", Array("na".utf8) + [0xEF] + Array("ve".utf8))
    let error = #expect(throws: CorpusError.self) { try dataset("latin1") }
    #expect(error == .notUTF8(path: scratch.path + "/latin1", offset: 2))
    #expect(error?.description.contains("latin1: not valid UTF-8 at byte 2; convert") == true)
    try scratch.write("line", "one line only")
    #expect(throws: CorpusError.tooFewDocuments(found: 1, needed: 2)) { try dataset("line") }
    try scratch.write("short", Scratch.paragraphs(4).joined(separator: "\n"))
    #expect(throws: CorpusError.self) { try dataset("short", items: 10_000) }
    #expect(throws: CorpusError.self) { try dataset("short", share: 1) }
    #expect(throws: CorpusError.noText(paths: [])) { try TextSpecification(paths: []).files() }
    #expect(throws: CorpusError.contextTooShort(context: 5, minimum: 6)) {
      try CorpusSpecification.text(TextSpecification(paths: [scratch.path]))
        .dataset(seed: 1, context: 5, items: 0, validationSequences: 0)
    }
  }

  @Test(arguments: [
    ([0x61, 0xC3, 0xA9], nil), ([0x61, 0xC3], 1), ([0x80], 0), ([0xC0, 0x80], 0), ([0xE0, 0x80, 0x80], 0),
    ([0xED, 0xA0, 0x80], 0), ([0xF0, 0x9F, 0x98, 0x80], nil), ([0x62, 0xF0, 0x9F, 0x98], 1),
    ([0xF5, 0x80, 0x80, 0x80], 0),
    ([0xF4, 0x90, 0x80, 0x80], 0), ([0xE2, 0x82, 0xAC, 0xFF], 3), ([], nil),
  ] as [([UInt8], Int?)])
  func invalidUTF8(_ bytes: [UInt8], offset: Int?) {
    #expect(firstInvalidUTF8(bytes) == offset)
    #expect((offset == nil) == (String(validating: bytes, as: UTF8.self) != nil))
  }
}
