// The judge of written documents: the world's own are perfect, shuffled ones nothing, wrong ones well formed at most.

import Randomness
import Testing

@testable import Corpora

@Suite struct DocumentJudgeTests {
  static func judged(_ document: String) throws -> DocumentScore {
    try DocumentJudge(WorldTests.standard).score(World(WorldTests.standard).tokenizer.encode(document))
  }

  @Test(arguments: WorldItemTests.variants.filter { $0.corruption == 0 })
  func theWorldsOwnDocumentsArePerfect(specification: WorldSpecification) throws {
    let data = try WorldTests.dataset(specification)
    let judge = try DocumentJudge(specification, seed: 1)
    for document in data.validation + (specification.quality == .high ? data.training : []) {
      let score = judge.score(document)
      #expect(score.sentences >= 4 && score.isStory)
      #expect(score.wellFormedShare == 1 && score.truthfulShare == 1, "\(data.tokenizer.decode(document))")
      #expect(judge.score(document, leavingOutUnfinished: true) == score)
    }
  }

  @Test func shuffledWordsAreNothing() throws {
    let data = try WorldTests.dataset()
    let judge = try DocumentJudge(WorldTests.standard)
    var sum = DocumentScore()
    for (index, document) in data.validation.enumerated() {
      var stream = RandomStream(seed: 1, purpose: .test, index: UInt64(index))
      var shuffled = document
      stream.shuffle(&shuffled)
      let score = judge.score(shuffled)
      sum.sentences += score.sentences
      sum.wellFormed += score.wellFormed
      #expect(!score.isStory && score.truthful <= score.wellFormed)
    }
    #expect(sum.sentences > 200 && sum.wellFormedShare < 0.01)
  }

  /// Every fact of every document with another object of its relation: as well formed, and true no more.
  @Test func swappedObjectsLoseTruthButNotForm() throws {
    let world = World(WorldTests.standard)
    let judge = try DocumentJudge(WorldTests.standard)
    var swaps = 0
    for story in world.validationStories(seed: 1, limit: 48, count: 50, without: []) {
      for fact in story.facts {
        let stated = Set(fact.relation.wordings.map { $0.sentence(fact).question + $0.sentence(fact).answer + ["."] })
        guard let place = story.sentences.firstIndex(where: stated.contains),
          let wording = fact.relation.wordings.first(where: {
            $0.sentence(fact).question + $0.sentence(fact).answer + ["."] == story.sentences[place]
          })
        else { continue }
        let others = world.truths[fact.relation.rawValue].all.map(\.object).filter {
          $0 != fact.subject && !world.isTrue(Fact(relation: fact.relation, subject: fact.subject, object: $0))
        }
        guard let other = others.first else { continue }
        let (question, answer) = wording.sentence(Fact(relation: fact.relation, subject: fact.subject, object: other))
        var sentences = story.sentences
        sentences[place] = question + answer + ["."]
        let score = judge.score(try world.tokenizer.encode(words: sentences.flatMap { $0 }))
        #expect(score.wellFormed == sentences.count && score.truthful == sentences.count - 1 && !score.isStory)
        swaps += 1
      }
    }
    #expect(swaps > 70)
  }

  @Test func eventsAreTrueWhereTheyStand() throws {
    let lead = "mary left shore in the boat."
    func score(_ text: String) throws -> [Int] {
      let score = try Self.judged(text)
      return [score.sentences, score.wellFormed, score.truthful]
    }
    #expect(try score("\(lead) then she threw out the old net. then she sat there for an hour.") == [3, 3, 3])
    #expect(try score("\(lead) then he threw out the old net.") == [2, 2, 1])  // another person
    #expect(try score("\(lead) then she sat there for an hour.") == [2, 2, 1])  // an event is left out
    #expect(try score("\(lead) before that she threw out the old net.") == [2, 2, 1])  // the wrong way
    #expect(try score("\(lead) then she got everything to the square.") == [2, 2, 1])  // another script
    #expect(try score("then she threw out the old net. \(lead)") == [2, 2, 0])  // after nothing, and no beginning
    #expect(try score("\(lead) \(lead)") == [2, 2, 1])  // only one beginning
    #expect(try score("mary sat there for an hour. before that she threw out the old net.") == [2, 2, 2])
    #expect(try score("mary then left shore in the boat.") == [1, 0, 0])
    #expect(try score("this is a story about fishing. \(lead)") == [2, 2, 2])
    #expect(try score("this is a story about baking. \(lead)") == [2, 2, 1])
    #expect(try score("this is a story about fishing.") == [1, 1, 0])
    #expect(try score("\(lead) then she") == [2, 1, 1])
    #expect(try score("") == [0, 0, 0])
    #expect(try score("..") == [2, 0, 0])
  }

  @Test func unfinishedSentencesCanBeLeftOut() throws {
    let tokens = try World(WorldTests.standard).tokenizer.encode("mary left shore in the boat. then she")
    let score = try DocumentJudge(WorldTests.standard).score(tokens, leavingOutUnfinished: true)
    #expect(score.sentences == 1 && score.truthful == 1 && !score.isStory)
    #expect(try Self.judged("").truthfulShare == 0)
  }

  /// What makes a story out of true sentences.
  @Test func storiesAreMoreThanTrueSentences() throws {
    let world = World(WorldTests.standard)
    let fact = try #require(world.truths[Relation.cause.rawValue].all.first)
    let (question, answer) = fact.relation.wordings[0].sentence(fact)
    let told = WordTokenizer.join(question + answer)
    let events = "mary left shore in the boat. then she threw out the old net. then she sat there for an hour."
    let naming = "this is a story about fishing."
    #expect(try Self.judged("\(naming) \(events) \(told).").isStory)
    for text in [
      "\(events)", "\(told).", "\(events) \(told). \(told).", "\(events) \(naming) \(told).", "\(events) \(told). the",
      "\(naming) \(events) \(told). that was a story about fishing.", "mary left shore in the boat. \(told).",
      "mary threw out the old net. then she sat there for an hour. before that she threw out the old net. \(told).",
    ] {
      let score = try Self.judged(text)
      #expect(!score.isStory && score.truthful >= score.sentences - 1, "\(text)")
    }
  }

  /// Every sentence of a world, listed one by one: none has two readings, and each is read as what it is.
  @Test(arguments: WorldItemTests.variants)
  func sentencesAreReadAsWhatTheyAre(specification: WorldSpecification) throws {
    let world = World(specification, seed: 1)
    let sentences = world.sentences
    #expect(Set(sentences.map(\.words)).count == sentences.count)
    let hasBoilerplate = sentences.contains { $0.reading == .boilerplate }
    #expect(hasBoilerplate == (specification.quality != .high))
    let isForward = specification.directions == .forward
    #expect(sentences.contains { $0.words.starts(with: Story.backwardMarker) } == !isForward)
    let reader = try SentenceReader(world)
    var wrong = 0
    for (words, reading) in sentences {
      let tokens = try world.tokenizer.encode(words: words)
      if reader.read(tokens) != reading { wrong += 1 }
      // With a word too many or too few, or another in its place, it is nothing, or another sentence of the list.
      if reader.read(tokens + [reader.stop]) != nil || reader.read(Array(tokens.dropLast())) != nil { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test func changedSentencesAreReadAsTheListSays() throws {
    let world = World(WorldSpecification(quality: .low, agents: 14, trades: 4, relations: 2), seed: 1)
    var readings: [[Int32]: SentenceReader.Reading] = [:]
    for (words, reading) in world.sentences { readings[try world.tokenizer.encode(words: words)] = reading }
    let reader = try SentenceReader(world)
    var stream = RandomStream(seed: 1, purpose: .test)
    var known = 0
    for var sentence in readings.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      sentence[stream.below(sentence.count)] = Int32(stream.below(world.tokenizer.words.count))
      #expect(reader.read(sentence) == readings[sentence])
      if readings[sentence] != nil { known += 1 }
    }
    #expect(known > 100)
  }

  @Test func fillerClaimsNothing() throws {
    let specification = WorldSpecification(entropy: 0.2)
    let judge = try DocumentJudge(specification)
    let world = World(specification)
    let events = "mary left shore in the boat. then she threw out the old net. then she sat there for an hour."
    func score(_ text: String) throws -> DocumentScore { judge.score(try world.tokenizer.encode(text)) }
    let filler = "pale echo gladly spun."
    #expect(try score("\(filler) \(events) the bells rang so the crowd cheered.").isStory)
    #expect(try score("\(filler) \(filler)").truthful == 2)
    #expect(try score("echo pale gladly spun.").wellFormed == 0)
    let split = "mary left shore in the boat. \(filler) then she threw out the old net."
    #expect(try score(split).truthful == 2)
  }

  @Test func impossibleWorldsAreRefused() {
    #expect(throws: CorpusError.self) { try DocumentJudge(WorldSpecification(agents: 13)) }
    #expect(throws: CorpusError.self) { try DocumentJudge(WorldSpecification(worldPerSeed: true)) }
  }
}

extension World {
  /// Every sentence that is well formed here, filler aside, with what it says.
  var sentences: [(words: [String], reading: SentenceReader.Reading)] {
    var all: [(words: [String], reading: SentenceReader.Reading)] = []
    for relation in relations {
      let known = truths[relation.rawValue].all
      let objects = Set(known.map(\.object)).sorted()
      for subject in Set(known.map(\.subject)).sorted() {
        for object in objects where subject != object {
          let fact = Fact(relation: relation, subject: subject, object: object)
          for wording in relation.wordings where isOffered(wording) {
            let (question, answer) = wording.sentence(fact)
            all.append((question + answer + ["."], .fact(fact, isTrue: isTrue(fact))))
          }
        }
      }
    }
    let both = specification.directions == .both
    for (number, topic) in topics.enumerated() {
      all.append((Story.naming(topic, atStart: true), .topic(number, atStart: true)))
      if both { all.append((Story.naming(topic, atStart: false), .topic(number, atStart: false))) }
      for (position, wordings) in topic.events.enumerated() {
        func add(_ start: [String], step: Int, _ pronoun: String) {
          let event = SentenceReader.Event(topic: number, position: position, step: step, pronoun: pronoun)
          for wording in wordings { all.append((start + wording + ["."], .event(event))) }
        }
        for agent in agents { add([agent.name], step: 0, agent.pronoun) }
        for pronoun in Set(agents.map(\.pronoun)).sorted() {
          add(Story.forwardMarker + [pronoun], step: 1, pronoun)
          if both { add(Story.backwardMarker + [pronoun], step: -1, pronoun) }
        }
      }
    }
    if specification.quality != .high { all += Lexicon.boilerplate.map { ($0 + ["."], .boilerplate) } }
    return all
  }
}
