// The grades of `cloze`: what the items are, that choices alone tell nothing, and that what precedes them does.

import Foundation
import Testing

@testable import Corpora

/// Text of 200 words in which each word has three usual successors, the same words the more often the smaller their
/// number; documents of 20 to 2000 words.
private func chainedText(documents: Int) -> TextCollection {
  var state: UInt64 = 11
  func draw(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }
  func any() -> Int { min(draw(200), min(draw(200), draw(200))) }
  let names = ["ba", "ke", "mo", "ri", "tu"].flatMap { first in
    ["l", "n", "s", "x"].flatMap { middle in "aeiouyzwvq".map { "\(first)\(middle)\($0)" } }
  }
  let successors = names.map { _ in [any(), any(), any()] }
  var collection = TextCollection()
  for index in 0..<documents {
    var text = ""
    var word = any()
    for position in 0..<(index % 20 == 0 ? 2000 : 20 + draw(400)) {
      word = draw(4) == 0 ? any() : successors[word][draw(3)]
      text += (position == 0 ? "" : position % 15 == 0 ? "\n" : " ") + names[word] + (position % 15 == 14 ? "." : "")
    }
    collection.files.append(TextFile(path: "\(index)", bytes: Array(text.utf8)))
  }
  return collection
}

/// Token pairs of the training sequences, smoothed by single tokens.
private struct Pairs {
  var single: [Int32: Double] = [:]
  var both: [[Int32]: Double] = [:]
  var total = 0.0

  init(_ sequences: [[Int32]]) {
    for sequence in sequences {
      for (index, token) in sequence.enumerated() {
        single[token, default: 0] += 1
        if index > 0 { both[[sequence[index - 1], token], default: 0] += 1 }
        total += 1
      }
    }
  }

  func logProbability(_ token: Int32) -> Double { log((single[token, default: 0] + 1) / (total + 1000)) }

  func logProbability(_ tokens: [Int32], after last: Int32?) -> Double {
    var sum = 0.0
    var before = last
    for token in tokens {
      let alone = exp(logProbability(token))
      let after = before.map { (both[[$0, token], default: 0] + 2 * alone) / (single[$0, default: 0] + 2) }
      sum += log(after ?? alone)
      before = token
    }
    return sum
  }
}

private func accuracy(_ items: [EncodedItem], _ score: (EncodedItem, [Int32]) -> Double) -> Double {
  let right = items.count { item in
    let scores = item.choices.map { score(item, $0) }
    return scores.firstIndex(of: scores.max() ?? 0) == item.answer
  }
  return Double(right) / Double(items.count)
}

@Suite struct ClozeDifficultyTests {
  private static let text = chainedText(documents: 60)

  private func dataset(
    _ difficulty: ClozeDifficulty?, items: Int = 100
  ) throws -> Dataset {
    try CorpusSpecification.text(TextSpecification(text: Self.text, difficulty: difficulty))
      .dataset(seed: 1, context: 48, items: items, validationSequences: 20)
  }

  static let difficulties: [ClozeDifficulty] =
    ClozeGrade.allCases.compactMap(\.difficulty) + [
      ClozeDifficulty(words: 1, distractors: .sameDocument),
      ClozeDifficulty(words: 2, commonest: 50, matched: false, distractors: .sameDocument),
    ]

  @Test(arguments: difficulties) func itemsAreWhatTheDifficultySays(_ difficulty: ClozeDifficulty) throws {
    let data = try dataset(difficulty)
    #expect(try dataset(difficulty).tasks[0].texts == data.tasks[0].texts)
    #expect(itemsOccurringInTraining(data) == 0)
    let parts = try TextSpecification(text: Self.text).splits(seeds: [1], context: 48)[0]
    let frequent = commonestWordsOneByOne(difficulty.commonest ?? .max, in: parts.training)
    let documents = parts.heldOut.map { String(decoding: $0, as: UTF8.self) }
    #expect(data.tasks[0].items.count == 100)
    for (item, written) in zip(data.tasks[0].items, data.tasks[0].texts) {
      #expect(Set(written.choices).count == 4 && Set(item.choices.map(\.count)).count == 1)
      #expect(item.context.count >= 16 && item.context.count + item.choices[0].count <= 48)
      for choice in written.choices {
        let words = choice.split(whereSeparator: \.isWhitespace).map(String.init)
        #expect(words.count == difficulty.words && words.allSatisfy(frequent.contains), "\(choice)")
      }
      // The document of the right choice, and whether it has the others.
      guard let own = documents.first(where: { $0.contains(written.context + written.choices[written.answer]) }) else {
        Issue.record("\(written)")
        continue
      }
      if difficulty.distractors == .sameDocument { #expect(written.choices.allSatisfy(own.contains)) }
    }
  }

  /// Counted on the text, without tokens; words of equal frequency at the limit all count.
  private func commonestWordsOneByOne(_ count: Int, in documents: [[UInt8]]) -> Set<String> {
    var counts: [String: Int] = [:]
    for document in documents {
      for word in String(decoding: document, as: UTF8.self).split(whereSeparator: \.isWhitespace) {
        counts[String(word), default: 0] += 1
      }
    }
    let ranked = counts.values.sorted(by: >)
    let least = count < ranked.count ? ranked[count - 1] : 0
    return Set(counts.filter { $0.value + $0.value / 4 + 2 >= least }.keys)
  }

  /// Whatever looks at the choices alone is right once in a group of four; token pairs across the border tell more, by
  /// at least 15 points at the easy grade and 5 at the hard one.
  @Test(arguments: [(ClozeGrade.easy, 0.15), (.medium, 0.1), (.hard, 0.05)])
  func whatBaselinesKnow(_ grade: ClozeGrade, margin: Double) throws {
    let data = try dataset(grade.difficulty, items: 200)
    let items = data.tasks[0].items
    let pairs = Pairs(data.training)
    let blind: [(EncodedItem, [Int32]) -> Double] = [
      { _, choice in choice.reduce(0) { $0 + pairs.logProbability($1) } },
      { _, choice in pairs.logProbability(choice, after: nil) },
      { item, choice in Double(data.tokenizer.decode(choice).count) },
    ]
    for score in blind { #expect(abs(accuracy(items, score) - 0.25) < 0.03) }
    let seeing = accuracy(items) { pairs.logProbability($1, after: $0.context.last) }
    #expect(seeing > 0.25 + margin && seeing < 0.95, "\(grade): \(seeing)")
  }

  @Test func matchedChoicesAreAboutEquallyProbable() throws {
    let parts = try TextSpecification(text: Self.text).splits(seeds: [1], context: 48)[0]
    let text = EncodedText(training: parts.training, heldOut: parts.heldOut, tokenizer: .bytePairs(vocabulary: 512))
    let frequencies = PairFrequencies(text.training)
    func spread(_ difficulty: ClozeDifficulty) throws -> Double {
      try dataset(difficulty).tasks[0].items.map { item in
        let scores = item.choices.map { frequencies.logProbability($0[...]) }
        return (scores.max() ?? 0) - (scores.min() ?? 0)
      }.max() ?? 0
    }
    #expect(try spread(ClozeDifficulty(words: 2)) <= 1)
    #expect(try spread(ClozeDifficulty(words: 2, matched: false)) > 2)
  }

  /// Items without a difficulty are those of the programs before there were any.
  @Test func withoutADifficultyNothingHasChanged() throws {
    let data = try dataset(nil, items: 60)
    let items = data.tasks[0].items
    let everything = data.training + data.validation + items.flatMap { [$0.context, $0.probe] + $0.choices }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for token in everything.joined() { hash = (hash ^ UInt64(token)) &* 0x100_0000_01B3 }
    #expect(hash == 426_074_053_162_745_141)
  }

  @Test func codedForm() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func form(_ specification: TextSpecification) throws -> String {
      String(decoding: try encoder.encode(specification), as: UTF8.self)
    }
    let plain = TextSpecification(text: TextCollection(), tokenizer: .characters)
    #expect(try form(plain) == #"{"heldOutShare":0.1,"tokenizer":{"characters":{}},"version":2}"#)
    let graded = TextSpecification(
      text: TextCollection(), tokenizer: .characters, difficulty: ClozeGrade.medium.difficulty, natural: .kjv)
    #expect(
      try form(graded)
        == #"{"difficulty":{"commonest":300,"distractors":"elsewhere","matched":true,"words":2},"heldOutShare":0.1,"#
        + #""natural":"kjv","tokenizer":{"characters":{}},"version":2}"#)
    for specification in [plain, graded] {
      #expect(
        try JSONDecoder().decode(TextSpecification.self, from: encoder.encode(specification)) == specification)
    }
  }

  @Test(arguments: [
    (ClozeDifficulty(words: 0), "words"), (ClozeDifficulty(words: 17), "words"),
    (ClozeDifficulty(words: 1, commonest: 9), "commonest"),
  ])
  func outsideItsRange(_ difficulty: ClozeDifficulty, field: String) throws {
    let error = #expect(throws: CorpusError.self) { try dataset(difficulty, items: 0) }
    guard case .invalidSpecification(field, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// Documents differ a hundredfold in length, and yet a tenth of the tokens is held out.
  @Test(arguments: [TokenizerKind.characters, .bytePairs(vocabulary: 512)])
  func theShareOfTokens(_ tokenizer: TokenizerKind) throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      let parts = try TextSpecification(text: Self.text).splits(seeds: [seed], context: 48)[0]
      let text = EncodedText(training: parts.training, heldOut: parts.heldOut, tokenizer: tokenizer)
      let (training, heldOut) = (text.training, text.heldOut)
      func count(_ documents: [EncodedDocument]) -> Double { Double(documents.reduce(0) { $0 + $1.tokens.count }) }
      #expect((0.07...0.13).contains(count(heldOut) / (count(training) + count(heldOut))))
    }
  }
}
