// Text corpora: sequences and `cloze` items. Reading: TextReadingTests.swift; documents and splits:
// TextDocumentTests.swift; tokenisers: BytePairTests.swift.

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

  @Test(arguments: kinds) func datasetOfASeed(kind: TokenizerKind) throws {
    let scratch = try Scratch()
    let text = Scratch.paragraphs(150).joined(separator: "\n")
    try scratch.write("world.txt", text)
    let corpus = try CorpusSpecification.text(
      TextSpecification(paths: [scratch.path], tokenizer: kind, heldOutShare: 0.3))
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
    #expect(throws: CorpusError.tooFewTokens(available: all.uniqueTokens, requested: 1_000_000)) {
      try data(1_000_000)
    }
  }

  /// A passage whose tested stretch also stands in the training part is never an item, and the check would see it.
  @Test func repeatedPassagesAreNoItems() throws {
    let scratch = try Scratch()
    let shared = "a sentence that stands in every single document of this corpus and must not be asked for. "
    for (index, text) in Scratch.paragraphs(60).enumerated() { try scratch.write("\(index)", shared + text) }
    let specification = try TextSpecification(paths: [scratch.path], tokenizer: .characters, heldOutShare: 0.5)
    var data = try CorpusSpecification.text(specification)
      .dataset(seed: 1, context: 30, items: 200, validationSequences: 0)
    #expect(itemsOccurringInTraining(data) == 0)
    #expect(!data.tasks[0].texts.contains { shared.contains($0.context + $0.choices[$0.answer]) })
    data.training.append(data.tasks[0].items[5].probe)
    #expect((1...3).contains(itemsOccurringInTraining(data)), "with it those whose stretch is a part of it")
  }

  /// The same text in other lines is the same text: what stands in the training part so is no item.
  @Test(arguments: kinds) func passagesInOtherLinesAreNoItems(kind: TokenizerKind) throws {
    let scratch = try Scratch()
    let stories = Scratch.paragraphs(120)
    try scratch.write("plain.txt", stories.joined(separator: "\n"))
    let wrapped = stories.prefix(40).joined().split(separator: " ")
    try scratch.write("wrapped.txt", wrapped.joined(separator: "\r\n"))
    for seed in 1...3 as ClosedRange<UInt64> {
      let specification = try TextSpecification(paths: [scratch.path], tokenizer: kind, heldOutShare: 0.4)
      let data = try CorpusSpecification.text(specification)
        .dataset(seed: seed, context: 30, items: 40, validationSequences: 30)
      #expect(itemsOccurringInTraining(data) == 0)
      let split = try specification.splits(seeds: [seed], context: 30)[0]
      let training = split.training.map { String(decoding: comparable($0), as: UTF8.self) }
      for item in data.tasks[0].items {
        let probe = String(decoding: comparable(item.probe, data.tokenizer), as: UTF8.self)
        #expect(!training.contains { $0.contains(probe) }, "\(probe)")
      }
      #expect(data.validation.count == 30)
      for sequence in data.validation {
        let text = String(decoding: comparable(sequence, data.tokenizer), as: UTF8.self)
        #expect(!training.contains { $0.contains(text) }, "\(text)")
      }
    }
  }

  /// The check sees it, too, though it has only the tokens.
  @Test func aLeakInOtherLinesIsSeen() throws {
    let scratch = try Scratch()
    try scratch.write("world.txt", Scratch.paragraphs(100).joined(separator: "\n"))
    var data = try CorpusSpecification.text(TextSpecification(paths: [scratch.path], tokenizer: .characters))
      .dataset(seed: 1, context: 30, items: 20, validationSequences: 0)
    #expect(itemsOccurringInTraining(data) == 0)
    let probe = data.tokenizer.decode(data.tasks[0].items[3].probe)
    data.training.append(try data.tokenizer.encode("x" + probe.replacing(" ", with: "\n\n")))
    #expect(itemsOccurringInTraining(data) == 1)
  }

  @Test func whatIsAskedForInVain() throws {
    let scratch = try Scratch()
    try scratch.write("short", Scratch.paragraphs(9).joined(separator: "\n"))
    func dataset(items: Int = 4, sequences: Int = 4, share: Double = 0.3, context: Int = 30) throws -> Dataset {
      try CorpusSpecification.text(
        TextSpecification(paths: [scratch.path], tokenizer: .characters, heldOutShare: share)
      ).dataset(seed: 1, context: context, items: items, validationSequences: sequences)
    }
    let items = #expect(throws: CorpusError.self) { try dataset(items: 10_000) }
    guard case .tooFewItems("cloze", let available, 10_000) = items else {
      Issue.record("\(String(describing: items))")
      return
    }
    #expect(try dataset(items: available).tasks[0].items.count == available, "as many as the message says")
    let sequences = #expect(throws: CorpusError.self) { try dataset(sequences: 10_000) }
    guard case .tooFewSequences(let available, 10_000) = sequences else {
      Issue.record("\(String(describing: sequences))")
      return
    }
    #expect(try dataset(sequences: available).validation.count == available)
    #expect(throws: CorpusError.self) { try dataset(share: 1) }
    #expect(throws: CorpusError.contextTooShort(context: 5, minimum: 6)) { try dataset(context: 5) }
    try scratch.write("short", "one line only")
    #expect(throws: CorpusError.textTooShort(bytes: 13, repeated: 0)) { try dataset() }
  }

  /// What an earlier program made of the same text is not what this one makes of it.
  @Test func aSpecificationOfAnEarlierVersionIsRefused() throws {
    let coded = Data(#"{"tokenizer":{"characters":{}},"heldOutShare":0.1}"#.utf8)
    let old = try JSONDecoder().decode(TextSpecification.self, from: coded)
    #expect(!old.isCurrent)
    #expect(throws: CorpusError.otherTextVersion(1)) {
      try CorpusSpecification.text(old).dataset(seed: 1, context: 30, items: 0, validationSequences: 0)
    }
    let new = TextSpecification(text: TextCollection(), tokenizer: .characters)
    let again = try JSONDecoder().decode(TextSpecification.self, from: JSONEncoder().encode(new))
    #expect(again.isCurrent && again == new)
    #expect(throws: CorpusError.noText(paths: [], omitted: [])) {
      try CorpusSpecification.text(again).dataset(seed: 1, context: 30, items: 0, validationSequences: 0)
    }
  }

  @Test(
    arguments: [
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
