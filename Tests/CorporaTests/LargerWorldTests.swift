// Worlds beyond the first edition's: items of what one sample lacks, worlds per seed, skew, filler, drawn scripts.

import Foundation
import Randomness
import Testing

@testable import Corpora

@Suite struct LargerWorldTests {
  static let variants = [
    WorldSpecification(heldOut: .sample, worldPerSeed: true),
    WorldSpecification(quality: .low, corruption: 0.1, agents: 16, topics: 9, skew: 0.5, heldOut: .sample),
    WorldSpecification(
      uniqueTokens: 24_000, agents: 32, topics: 400, skew: 1.5, entropy: 0.2, scripts: .drawn, heldOut: .sample,
      worldPerSeed: true),
    WorldSpecification(
      uniqueTokens: 48_000, directions: .forward, agents: 48, topics: 200, objects: 20, trades: 8, relations: 6,
      skew: 1, entropy: 0.25, scripts: .drawn, heldOut: .sample, worldPerSeed: true),
    WorldSpecification(agents: 36, topics: 40, trades: 12, relations: 2, entropy: 0.1, scripts: .drawn),
  ]

  static let seed: UInt64 = 3

  @Test(arguments: variants) func tasksAndLengths(specification: WorldSpecification) throws {
    let data = try WorldTests.dataset(specification, seed: Self.seed, items: 600)
    let names = ["endings", "knowledge"]
    let isSample = specification.heldOut == .sample
    #expect(data.tasks.map(\.name) == names + (isSample ? names.map { $0 + "-compositional" } : []))
    let size = data.tokenizer.vocabularySize
    for task in data.tasks {
      #expect(task.items.count == 600)
      #expect(Set(task.texts.map { $0.context + " " + $0.choices[$0.answer] }).count == 600)
      for (item, text) in zip(task.items, task.texts) {
        let length = task.name.hasPrefix("endings") ? 7 : 1
        #expect(item.choices.count == 4 && Set(item.choices).count == 4)
        #expect(item.choices.allSatisfy { $0.count == length })
        #expect(item.suffix.map { data.tokenizer.decode([$0]) } == (length == 1 ? ["."] : []))
        #expect(item.context.count + length + item.suffix.count <= 48)
        #expect(item.choices.joined().allSatisfy { (0..<Int32(size - 3)).contains($0) })
        #expect(data.tokenizer.decode(item.context) == text.context)
      }
    }
    for document in data.training + data.validation {
      #expect((20...48).contains(document.count) && document.allSatisfy { (0..<Int32(size - 3)).contains($0) })
    }
  }

  /// The choices alone leave every scorer at chance, whatever it knows of the training text: each set of choices is
  /// offered four times, and each of them is right once. Counted for the words' frequency, for length, and for bigrams
  /// within the choice.
  @Test(arguments: variants) func choicesAloneLeaveChance(specification: WorldSpecification) throws {
    let data = try WorldTests.dataset(specification, seed: Self.seed, items: 400)
    let size = data.tokenizer.vocabularySize
    var words = [Double](repeating: 0.1, count: size)
    var pairs: [[Int32]: Double] = [:]
    for document in data.training {
      for word in document { words[Int(word)] += 1 }
      for (word, next) in zip(document, document.dropFirst()) { pairs[[word, next], default: 0] += 1 }
    }
    let scorers: [(ItemSet, EncodedItem, Int) -> Double] = [
      { _, item, choice in item.choices[choice].reduce(0) { $0 + log(words[Int($1)]) } },
      { _, item, choice in Double(item.characters[choice]) },
      { _, item, choice in Double(-item.characters[choice]) },
      { _, item, choice in
        let choice = item.choices[choice]
        var score = log(words[Int(choice[0])])
        for (word, next) in zip(choice, choice.dropFirst()) {
          score += log((pairs[[word, next]] ?? 0) + 0.1) - log(words[Int(word)])
        }
        return score
      },
    ]
    for task in data.tasks {
      for (number, score) in scorers.enumerated() {
        // A tie is a share of a point, so that the order of the choices plays no part.
        let points = task.items.reduce(0.0) { sum, item in
          let scores = (0..<4).map { score(task, item, $0) }
          let best = (scores.max() ?? 0) - 1e-9
          let winners = scores.indices.filter { scores[$0] >= best }
          return sum + (winners.contains(item.answer) ? 1 / Double(winners.count) : 0)
        }
        #expect(abs(points - 100) < 1e-6, "\(task.name), scorer \(number): \(points) of 400")
      }
      for place in 0..<4 { #expect(task.items.count { $0.answer == place } == 100) }
    }
  }

  /// Who knows the world has every item right, and no other choice is true.
  @Test(arguments: variants) func aPerfectReaderIsAlwaysRight(specification: WorldSpecification) throws {
    let data = try WorldTests.dataset(specification, seed: Self.seed, items: 400)
    let world = World(specification, seed: Self.seed)
    var places: [[String]: (topic: Int, position: Int)] = [:]
    for (topic, script) in world.topics.enumerated() {
      for (position, event) in script.events.enumerated() {
        for wording in event { places[wording] = (topic, position) }
      }
    }
    let sentences = Set(
      world.facts.flatMap { fact in
        fact.relation.wordings.map { $0.sentence(fact).question + $0.sentence(fact).answer }
      })
    for task in data.tasks {
      for text in task.texts {
        let told = WordTokenizer.split(text.context).split(separator: ".").map(Array.init)
        let fits = text.choices.map { choice in
          let words = WordTokenizer.split(choice)
          if task.name.hasPrefix("knowledge") { return sentences.contains((told.last ?? []) + words) }
          guard told.last == ["then"], let last = places[told[told.count - 2].suffix(5)],
            let next = places[words.dropLast().suffix(5)]
          else { return false }
          return next.topic == last.topic && next.position == last.position + 1
        }
        #expect(fits == text.choices.indices.map { $0 == text.answer }, "\(task.name): \(text)")
      }
    }
  }

  @Test(arguments: variants) func nothingHeldOutIsInTraining(specification: WorldSpecification) throws {
    for seed: UInt64 in 1...2 {
      let data = try WorldTests.dataset(specification, seed: seed, items: 200)
      #expect(itemsOccurringInTraining(data) == 0)
      let world = World(specification, seed: seed)
      #expect(!world.trainingStories(seed: seed, limit: 48).contains(where: world.statesHeldOut))
    }
  }

  /// What the sample lacks another sample of the same world has, and the generator of validation documents writes; what
  /// is compositional nobody writes.
  @Test func theGeneratorWritesWhatTheSampleLacks() throws {
    let specification = WorldSpecification(agents: 24, heldOut: .sample)
    let data = try WorldTests.dataset(specification, items: 200)
    let other = try WorldTests.dataset(
      WorldSpecification(uniqueTokens: 150_000, agents: 24, heldOut: .sample), seed: 2, items: 0)
    let world = World(specification, seed: 1)
    let whole = World(specification, seed: 1, isWhole: true)
    let fresh = whole.validationStories(seed: 9, limit: 48, count: 3000, without: [])
    for (name, training, bounds) in [
      ("other sample", other.training, 0.6...1.0),
      ("validation", try fresh.map { try world.tokenizer.encode(words: $0.words) }, 0.85...1.0),
    ] {
      var copy = data
      copy.training = training
      copy.tasks = Array(data.tasks.prefix(2))
      let written = Double(itemsOccurringInTraining(copy)) / 400
      #expect(bounds.contains(written), "\(name): \(written)")
      copy.tasks = Array(data.tasks.suffix(2))
      #expect(itemsOccurringInTraining(copy) == 0)
    }
  }

  /// Each fact and rule that the sample lacks in one wording may be told in the others, in both directions.
  @Test(arguments: variants.filter { $0.heldOut == .sample })
  func whatIsAskedCanBeInferred(specification: WorldSpecification) {
    let world = World(specification, seed: Self.seed)
    #expect(world.missing.wordings.count > world.agents.count * 3)
    for (fact, wordings) in world.missing.wordings {
      #expect(wordings.count == 1 && world.never.wordings[fact] == nil)
      let open = world.trainingWordings(fact).map { fact.relation.wordings[$0].isForward }
      let hasBoth = specification.directions == .both && fact.relation != .friend
      #expect(Set(open) == (hasBoth ? [true, false] : [true]))
    }
    #expect(Set(world.missing.topics).isDisjoint(with: world.never.topics))
    #expect(world.missing.topics.count + world.never.topics.count == world.topics.count)
  }

  @Test func eachSeedHasItsWorld() throws {
    let specification = Self.variants[2]
    let first = World(specification, seed: 1), second = World(specification, seed: 2)
    #expect(first.facts != second.facts && first.topics.map(\.events) != second.topics.map(\.events))
    #expect(first.facts == World(specification, seed: 1).facts)
    #expect(first.tokenizer.words == second.tokenizer.words)
    #expect(first.tokenizer.words == World(specification).tokenizer.words)
    var shared = specification
    shared.worldPerSeed = false
    #expect(World(shared, seed: 1).facts == World(shared, seed: 2).facts)
    #expect(World(shared, seed: 1).missing.sentences != World(shared, seed: 2).missing.sentences)
    // What is held out and what is true do not depend on the size or the quality of the sample.
    var other = specification
    (other.uniqueTokens, other.quality) = (50_000, .medium)
    let small = try WorldTests.dataset(specification, items: 40), large = try WorldTests.dataset(other, items: 40)
    #expect(small.tasks.map(\.texts) == large.tasks.map(\.texts) && small.validation == large.validation)
    #expect(try WorldTests.dataset(specification, items: 80).training == small.training)
  }

  @Test func smallerBudgetIsAPrefix() throws {
    var specification = Self.variants[2]
    let small = try WorldTests.dataset(specification)
    specification.uniqueTokens = 48_000
    let large = try WorldTests.dataset(specification)
    #expect(small.training == Array(large.training.prefix(small.training.count)))
  }

  @Test func skewIsZipfs() {
    let weights = Lottery.zipf(4, exponent: 1)
    let lottery = Lottery(weights)
    var stream = RandomStream(seed: 1, purpose: .test)
    var drawn = [0, 0, 0, 0]
    var first = [0, 0, 0, 0]
    for _ in 0..<20_000 {
      drawn[lottery.draw(&stream)] += 1
      let order = lottery.order(&stream)
      #expect(order.sorted() == [0, 1, 2, 3])
      first[order[0]] += 1
    }
    let total = weights.reduce(0, +)
    for index in 0..<4 {
      for counts in [drawn, first] { #expect(abs(Double(counts[index]) / 20_000 - weights[index] / total) < 0.012) }
    }
    // Without skew nothing changes.
    var one = RandomStream(seed: 1, purpose: .test), two = one
    #expect(Lottery(Lottery.zipf(9, exponent: 0)).draw(&one) == two.below(9))
    #expect(Lottery(Lottery.zipf(9, exponent: 0)).order(&one) == two.permutation(9))
  }

  @Test func topicsAndPersonsAreTalkedAboutBySkew() {
    var specification = Self.variants[2]
    specification.uniqueTokens = 60_000
    let world = World(specification, seed: 1)
    let stories = world.trainingStories(seed: 1, limit: 48)
    let name = world.agents[0].name
    let share = Double(stories.count { $0.sentences.contains { $0.first == name } }) / Double(stories.count)
    let expected = world.agents[0].weight / world.agents.reduce(0) { $0 + $1.weight }
    #expect(share > expected && share < expected + 0.25)
  }

  @Test(arguments: [0.1, 0.2, 0.25]) func fillerHasItsShare(entropy: Double) throws {
    for scripts in Scripts.allCases {
      let world = World(WorldSpecification(uniqueTokens: 60_000, entropy: entropy, scripts: scripts))
      let sentences = world.trainingStories(seed: 1, limit: 48).flatMap(\.sentences)
      let reader = try SentenceReader(world)
      var filler = 0
      for sentence in sentences where reader.read(try world.tokenizer.encode(words: sentence)) == .filler {
        filler += sentence.count
      }
      let share = Double(filler) / Double(sentences.reduce(0) { $0 + $1.count })
      #expect((0.9 * entropy...1.1 * entropy).contains(share), "\(scripts): \(share)")
    }
  }

  @Test func drawnScriptsAreWellFormed() {
    let world = World(WorldSpecification(topics: 400, scripts: .drawn))
    let wordings = world.topics.flatMap(\.events).joined()
    #expect(Set(world.topics.map(\.name)).count == 400 && Set(wordings).count == 400 * 15)
    #expect(wordings.allSatisfy { $0.count == Lexicon.wordsPerEvent })
    // Single words do not give topics away: each is used by many.
    var topicsWith: [String: Set<Int>] = [:]
    for (number, topic) in world.topics.enumerated() {
      for word in topic.events.joined().joined() { topicsWith[word, default: []].insert(number) }
    }
    #expect(topicsWith.values.allSatisfy { $0.count >= 20 })
  }

  /// Classes of words have no word in common, so a name is never a home, nor a noun of a script an answer.
  @Test func classesOfWordsAreApart() {
    let people: [Lexicon.Kind] = [.woman, .man]
    let trades = Lexicon.trades(12)
    var all = (people + [.home, .animal, .store] + Relation.further.map(\.objects)).flatMap { Lexicon.words($0, 100) }
    for trade in trades {
      all += [trade.name, trade.tool]
      all += trade.things + trade.adjectives
    }
    all += Lexicon.drawnTopicWords.filter { $0 != "the" }
    all += Set(Filler.places.joined()).subtracting(["the", "."])
    #expect(Set(all).count == all.count)
  }

  @Test(arguments: variants) func documentsArePerfect(specification: WorldSpecification) throws {
    let data = try WorldTests.dataset(specification, seed: Self.seed)
    let judge = try DocumentJudge(specification, seed: Self.seed)
    let isClean = specification.quality == .high && specification.corruption == 0
    for document in data.validation + (isClean ? data.training : []) {
      let score = judge.score(document)
      #expect(score.isStory && score.truthfulShare == 1, "\(data.tokenizer.decode(document))")
    }
    if specification.worldPerSeed {
      let others = try DocumentJudge(specification, seed: Self.seed + 1)
      #expect(data.validation.count { others.score($0).isStory } < data.validation.count / 5)
    }
  }

  /// In a debug build on a busy machine about three seconds; in a release build a fraction of one.
  @Test func twoHundredThousandTokensAreQuick() throws {
    var specification = Self.variants[3]
    specification.uniqueTokens = 200_000
    let start = ContinuousClock.now
    let data = try WorldTests.dataset(specification, items: 500)
    #expect(ContinuousClock.now - start < .seconds(30))
    #expect((199_952...200_000).contains(data.uniqueTokens))
  }

  /// The corners of what can be set, in the shortest context: enough items, nothing leaked, nothing too long.
  @Test(arguments: [
    WorldSpecification(directions: .forward, agents: 12, topics: 6, skew: 3, heldOut: .sample),
    WorldSpecification(
      agents: 100, topics: 400, objects: 12, trades: 12, relations: 6, skew: 3, entropy: 0.25, scripts: .drawn,
      heldOut: .sample, worldPerSeed: true),
  ])
  func corners(specification: WorldSpecification) throws {
    let data = try CorpusSpecification.world(specification).dataset(
      seed: 1, context: World.shortestContext, items: 400, validationSequences: 20)
    #expect(itemsOccurringInTraining(data) == 0)
    #expect((data.training + data.validation).allSatisfy { $0.count <= World.shortestContext })
    for item in data.tasks.flatMap(\.items) {
      #expect(item.context.count + item.choices[0].count + item.suffix.count <= World.shortestContext)
    }
    let judge = try DocumentJudge(specification, seed: 1)
    #expect((data.training + data.validation).allSatisfy { judge.score($0).isStory })
  }

  @Test(arguments: variants) func jsonGoesThereAndBack(specification: WorldSpecification) throws {
    let json = try JSONEncoder().encode(specification)
    #expect(try JSONDecoder().decode(WorldSpecification.self, from: json) == specification)
    #expect(String(decoding: json, as: UTF8.self).contains("heldOut") == (specification.heldOut == .sample))
  }
}
