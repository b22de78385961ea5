// The world's documents: determinism, size, directions, agreement and quality. Items: WorldItemTests.swift.

import Randomness
import Testing

@testable import Corpora

@Suite struct WorldTests {
  static let standard = WorldSpecification()

  static func dataset(
    _ specification: WorldSpecification = standard, seed: UInt64 = 1, items: Int = 8
  ) throws -> Dataset {
    try CorpusSpecification.world(specification).dataset(
      seed: seed, context: 48, items: items, validationSequences: 50)
  }

  @Test func sameSeedSameDataset() throws {
    let first = try Self.dataset()
    let second = try Self.dataset()
    #expect(first.training == second.training)
    #expect(first.validation == second.validation)
    #expect(first.tasks.map(\.texts) == second.tasks.map(\.texts))
    let other = try Self.dataset(seed: 2)
    #expect(first.training != other.training)
    #expect(first.validation != other.validation)
    #expect(first.tasks.map(\.texts) != other.tasks.map(\.texts))
  }

  @Test func worldSeedDecidesTheFacts() {
    let world = World(Self.standard)
    #expect(world.facts == World(Self.standard).facts)
    #expect(world.facts != World(WorldSpecification(worldSeed: 2)).facts)
  }

  @Test func smallerBudgetIsAPrefix() throws {
    let large = try Self.dataset(WorldSpecification(uniqueTokens: 20_000))
    let small = try Self.dataset(WorldSpecification(uniqueTokens: 10_000))
    #expect(small.training == Array(large.training.prefix(small.training.count)))
    #expect((9_952...10_000).contains(small.uniqueTokens))
    #expect((19_952...20_000).contains(large.uniqueTokens))
  }

  @Test(arguments: Quality.allCases) func documentsAreWholeAndFit(quality: Quality) throws {
    let data = try Self.dataset(WorldSpecification(quality: quality))
    let stop = try #require(try data.tokenizer.encode(".").first)
    for document in data.training + data.validation {
      #expect((20...48).contains(document.count))
      #expect(document.last == stop)
    }
    let mean = Double(data.uniqueTokens) / Double(data.training.count)
    #expect((40...46).contains(mean))
    #expect(data.tokenizer.vocabularySize <= 320)
  }

  @Test func shortContextGivesShortDocuments() throws {
    let corpus = CorpusSpecification.world(Self.standard)
    let data = try corpus.dataset(seed: 1, context: 40, items: 8, validationSequences: 8)
    #expect(data.training.allSatisfy { $0.count <= 40 })
    for item in data.tasks.flatMap(\.items) { #expect(item.context.count + (item.choices.first?.count ?? 0) <= 40) }
    #expect(throws: CorpusError.contextTooShort(context: 39, minimum: 40)) {
      try corpus.dataset(seed: 1, context: 39, items: 8, validationSequences: 8)
    }
  }

  /// The largest world still encodes: every word of every document and item is in the vocabulary.
  @Test func vocabularyIsClosed() throws {
    let specification = WorldSpecification(quality: .low, corruption: 0.1, agents: 16, topics: 9)
    let data = try Self.dataset(specification, items: 100)
    for document in data.training {
      let text = data.tokenizer.decode(document)
      #expect(try data.tokenizer.encode(text) == document)
    }
    #expect(throws: CorpusError.unknownWord("zebra")) { try data.tokenizer.encode("mary owns the zebra.") }
  }

  @Test func specialTokensAreTheLastThree() throws {
    let tokenizer = World(Self.standard).tokenizer
    let size = Int32(tokenizer.vocabularySize)
    #expect([tokenizer.endToken, tokenizer.beginToken, tokenizer.maskToken] == [size - 3, size - 2, size - 1])
    #expect(tokenizer.words.count + 3 == tokenizer.vocabularySize)
    #expect(tokenizer.decode([size - 3, size - 2, size - 1]) == "<end> <begin> <mask>")
    let data = try Self.dataset()
    #expect(data.training.joined().allSatisfy { $0 < size - 3 })
  }

  @Test func scriptsAreWellFormed() {
    let events = Lexicon.topics.flatMap(\.events)
    #expect(Lexicon.topics.allSatisfy { $0.events.count == Lexicon.eventsPerTopic })
    #expect(events.allSatisfy { $0.count == Lexicon.wordingsPerEvent })
    let wordings = events.flatMap { $0 }
    #expect(wordings.allSatisfy { $0.count == Lexicon.wordsPerEvent })
    #expect(Set(wordings).count == wordings.count)
  }

  /// Both directions of every fact, and both of cause and effect and of narration, occur; a forward world has one.
  @Test func directions() {
    for directions in Directions.allCases {
      let world = World(WorldSpecification(directions: directions))
      for fact in Relation.askedFacts.flatMap({ world.truths[$0.rawValue].all }) where fact.relation != .friend {
        let offered = Set(world.trainingWordings(fact).map { fact.relation.wordings[$0].isForward })
        #expect(offered == (directions == .both ? [true, false] : [true]))
      }
      let text = world.trainingStories(seed: 1, limit: 48).map { WordTokenizer.join($0.words) }
      for backward in ["before that", "belongs to", "because the", "was made by", "that was a story"] {
        #expect(text.contains { $0.contains(backward) } == (directions == .both))
      }
      for forward in ["then he", " owns the ", " so the ", " made the ", "this is a story"] {
        #expect(text.contains { $0.contains(forward) })
      }
    }
  }

  @Test func factsAreStatedOftenEnough() {
    let world = World(Self.standard)
    let stories = world.trainingStories(seed: 1, limit: 48)
    var counts: [Fact: Int] = [:]
    for fact in stories.flatMap(\.facts) { counts[fact, default: 0] += 1 }
    for relation in Relation.askedFacts + [.cause] {
      let facts = world.truths[relation.rawValue].all
      let mean = Double(facts.reduce(0) { $0 + counts[$1, default: 0] }) / Double(facts.count)
      #expect((5...15).contains(mean), "\(relation) is stated \(mean) times")
    }
  }

  /// Every "then she" and "before that he" agrees with the last person who opened the run of events.
  @Test func pronounsAgree() {
    let world = World(Self.standard)
    let pronouns = Dictionary(uniqueKeysWithValues: world.agents.map { ($0.name, $0.pronoun) })
    var checked = 0
    for story in world.trainingStories(seed: 3, limit: 48) {
      var teller: String?
      for sentence in story.sentences {
        if let pronoun = sentence.first(where: { $0 == "she" || $0 == "he" }) {
          #expect(teller.flatMap { pronouns[$0] } == pronoun)
          checked += 1
        } else {
          teller = sentence.first
        }
      }
    }
    #expect(checked > 500)
  }

  /// Things are only said to be what agrees with their class, and made only by their trade.
  @Test func rulesHoldForClasses() {
    let world = World(Self.standard)
    for trade in Lexicon.trades {
      for fact in world.truths[Relation.adjective.rawValue].all where trade.things.contains(fact.subject) {
        #expect(trade.adjectives.contains(fact.object))
      }
      for fact in world.truths[Relation.made.rawValue].all where trade.things.contains(fact.object) {
        #expect(world.isTrue(Fact(relation: .trade, subject: fact.subject, object: trade.name)))
      }
    }
  }

  @Test func validationIsFresh() throws {
    let data = try Self.dataset()
    #expect(Set(data.training).isDisjoint(with: data.validation))
    #expect(Set(data.validation).count == 50)
  }

  @Test func tiersDifferInInformativeDocuments() throws {
    let validation = try Self.dataset().validation
    for quality in Quality.allCases {
      let specification = WorldSpecification(uniqueTokens: 40_000, quality: quality)
      let world = World(specification)
      let stories = world.trainingStories(seed: 1, limit: 48)
      let boilerplate = Set(Lexicon.boilerplate.map { $0 + ["."] })
      let informative = stories.count { boilerplate.isDisjoint(with: $0.sentences) }
      let share = Double(informative) / Double(stories.count)
      #expect(abs(share - quality.informativeShare) < 0.07, "\(quality): \(share)")
      #expect(try Self.dataset(specification).validation == validation)
    }
  }

  @Test func corruptionReplacesThatShareOfWords() {
    let clean = World(WorldSpecification()).trainingStories(seed: 1, limit: 48)
    let noisy = World(WorldSpecification(corruption: 0.2)).trainingStories(seed: 1, limit: 48)
    #expect(clean.count == noisy.count)
    let pairs = zip(clean.flatMap(\.words), noisy.flatMap(\.words)).filter { ![".", "?"].contains($0.0) }
    let share = Double(pairs.count { $0 != $1 }) / Double(pairs.count)
    #expect(abs(share - 0.2) < 0.02)
    #expect(zip(clean, noisy).allSatisfy { $0.count == $1.count })
  }

  @Test(arguments: [
    (WorldSpecification(uniqueTokens: 10), "uniqueTokens"), (WorldSpecification(corruption: 1.5), "corruption"),
    (WorldSpecification(corruption: .nan), "corruption"), (WorldSpecification(agents: 13), "agents"),
    (WorldSpecification(topics: 10), "topics"), (WorldSpecification(topics: 5, heldOut: .sample), "topics"),
    (WorldSpecification(topics: 401, scripts: .drawn), "topics"), (WorldSpecification(agents: 102), "agents"),
    (WorldSpecification(objects: 13), "objects"), (WorldSpecification(objects: 11), "objects"),
    (WorldSpecification(trades: 5), "trades"), (WorldSpecification(agents: 60, trades: 13), "trades"),
    (WorldSpecification(relations: 7), "relations"), (WorldSpecification(skew: -0.1), "skew"),
    (WorldSpecification(skew: .nan), "skew"), (WorldSpecification(entropy: 0.26), "entropy"),
  ])
  func rejects(_ specification: WorldSpecification, field: String) {
    let error = #expect(throws: CorpusError.self) { try Self.dataset(specification) }
    #expect(error?.description.contains("field \(field) is") == true)
  }

  @Test func rejectsNegativeCounts() {
    #expect(throws: CorpusError.invalidSpecification(field: "items", value: "-1", allowed: "0 or more")) {
      try Self.dataset(items: -1)
    }
  }
}

extension World {
  /// All that is true.
  var facts: [Fact] { truths.flatMap(\.all) }
}
