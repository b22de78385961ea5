// The world's items: one right choice, no way to guess it from the choices, and nothing to recall from training.

import Foundation
import Randomness
import Testing

@testable import Corpora

@Suite struct WorldItemTests {
  static let variants = [
    WorldSpecification(), WorldSpecification(quality: .low), WorldSpecification(corruption: 0.3),
    WorldSpecification(directions: .forward), WorldSpecification(agents: 16, topics: 9, worldSeed: 7),
  ]

  @Test(arguments: variants) func sixHundredDistinctItems(specification: WorldSpecification) throws {
    let data = try WorldTests.dataset(specification, items: 600)
    #expect(data.tasks.map(\.name) == ["endings", "knowledge"])
    for task in data.tasks {
      #expect(task.items.count == 600)
      #expect(Set(task.texts.map { $0.context + $0.choices[$0.answer] }).count == 600)
    }
  }

  /// A scorer that sees only the choices cannot beat chance: each choice is right exactly once in the four times that
  /// it is offered, and each place is right equally often.
  @Test(arguments: variants) func choicesDoNotGiveTheAnswerAway(specification: WorldSpecification) throws {
    for task in try WorldTests.dataset(specification, seed: 5, items: 400).tasks {
      var offered: [String: Int] = [:]
      var right: [String: Int] = [:]
      var places = [0, 0, 0, 0]
      for text in task.texts {
        for choice in text.choices { offered[choice, default: 0] += 1 }
        right[text.choices[text.answer], default: 0] += 1
        places[text.answer] += 1
      }
      for (choice, count) in offered { #expect(count == 4 * right[choice, default: 0], "\(task.name): \(choice)") }
      #expect(places == [100, 100, 100, 100])
    }
  }

  /// Nor does a bigram model of the training text beat chance (0.25): neighbouring words do not give the answer away.
  @Test func neighboursDoNotGiveTheAnswerAway() throws {
    let data = try WorldTests.dataset(items: 400)
    let size = data.tokenizer.vocabularySize
    var counts = [[Double]](repeating: [Double](repeating: 0.1, count: size), count: size)
    for document in data.training {
      for (word, next) in zip(document, document.dropFirst()) { counts[Int(word)][Int(next)] += 1 }
    }
    let totals = counts.map { $0.reduce(0, +) }
    for task in data.tasks {
      let right = task.items.count { item in
        let scores = item.choices.map { choice in
          zip(item.context.suffix(1) + choice, choice).reduce(0) { sum, pair in
            sum + log(counts[Int(pair.0)][Int(pair.1)] / totals[Int(pair.0)])
          }
        }
        return scores.firstIndex(of: scores.max() ?? 0) == item.answer
      }
      #expect((0.19...0.31).contains(Double(right) / 400), "\(task.name): \(right) of 400")
    }
  }

  @Test func lengths() throws {
    for task in try WorldTests.dataset(items: 400).tasks {
      for item in task.items {
        #expect(item.choices.count == 4 && Set(item.choices).count == 4)
        #expect(Set(item.choices.map(\.count)).count == 1)
        let length = item.choices[0].count
        #expect(length == (task.name == "endings" ? 7 : 1))
        #expect(item.suffix.count == (task.name == "endings" ? 0 : 1))  // an answer's full stop is not part of it
        #expect(item.context.count + length <= 48)
        if task.name == "endings" { #expect((15...30).contains(item.context.count)) }
      }
    }
  }

  @Test func textsAreTheItems() throws {
    let data = try WorldTests.dataset(items: 40)
    for task in data.tasks {
      for (item, text) in zip(task.items, task.texts) {
        #expect(data.tokenizer.decode(item.context) == text.context)
        #expect(item.choices.map(data.tokenizer.decode) == text.choices)
        #expect(item.characters == text.choices.map(\.count))
        #expect(item.answer == text.answer)
        #expect((item.context + item.choices[item.answer]).suffix(item.probe.count) == item.probe[...])
      }
    }
  }

  /// Read from the text alone: the right ending is the event after the last one, the others are not.
  @Test func oneEndingFollowsTheScript() throws {
    var places: [String: (topic: Int, position: Int)] = [:]
    for (topic, script) in Lexicon.topics.enumerated() {
      for (position, event) in script.events.enumerated() {
        for wording in event { places[wording.joined(separator: " ")] = (topic, position) }
      }
    }
    func place(_ sentence: some Sequence<String>) -> (topic: Int, position: Int)? {
      places[sentence.filter { $0 != "." }.suffix(5).joined(separator: " ")]
    }
    let task = try WorldTests.dataset(items: 400).tasks[0]
    var sameTopic = 0
    for text in task.texts {
      let words = WordTokenizer.split(text.context)
      #expect(words.last == "then")
      let last = try #require(place(words.dropLast()))
      for (index, choice) in text.choices.enumerated() {
        let next = try #require(place(WordTokenizer.split(choice)))
        #expect((next.topic == last.topic && next.position == last.position + 1) == (index == text.answer))
        if next.topic == last.topic { sameTopic += 1 }
      }
    }
    #expect(sameTopic == 800)
  }

  /// Read from the text alone: completing the question with the right answer gives a true sentence, with another none.
  @Test func oneAnswerIsTrue() throws {
    let world = World(WorldTests.standard)
    let facts = world.facts
    let sentences = Set(
      facts.flatMap { fact in
        fact.relation.wordings.map { WordTokenizer.join($0.sentence(fact).question + $0.sentence(fact).answer) }
      })
    let task = try WorldTests.dataset(items: 400).tasks[1]
    for text in task.texts {
      let question = WordTokenizer.join(
        WordTokenizer.split(text.context).split(separator: ".").last.map(Array.init) ?? [])
      for (index, choice) in text.choices.enumerated() {
        #expect(sentences.contains(question + " " + choice) == (index == text.answer), "\(text)")
      }
    }
  }

  /// The four items of a group ask in the same words about four subjects, so the words of the question alone do not
  /// tell which answer is right. Every world has such a group for every relation and wording that it speaks.
  @Test func groupsDifferInTheSubjectOnly() throws {
    let task = try WorldTests.dataset(items: 400).tasks[1]
    for start in stride(from: 0, to: 400, by: 4) {
      let group = task.texts[start..<start + 4]
      #expect(Set(group.map { $0.choices.sorted() }).count == 1)
      let questions = group.map { WordTokenizer.split($0.context).split(separator: ".").last.map(Array.init) ?? [] }
      let length = questions[0].count
      #expect(questions.allSatisfy { $0.count == length })
      #expect((0..<length).count { place in Set(questions.map { $0[place] }).count > 1 } == 1)
    }
  }

  @Test(arguments: [12, 14, 16], [1, 2, 3] as [UInt64]) func everyWordingCanBeAsked(agents: Int, worldSeed: UInt64) {
    let world = World(WorldSpecification(agents: agents, worldSeed: worldSeed))
    for relation in Relation.askedFacts + Relation.askedRules {
      for wording in relation.wordings.indices {
        let found = (0..<20).contains { index in
          var stream = RandomStream(seed: 1, purpose: .test, index: UInt64(index))
          return world.drawFacts(relation, world.never, wording, &stream) != nil
        }
        #expect(found, "\(relation), wording \(wording)")
      }
    }
  }

  @Test func halfOfKnowledgeIsRules() throws {
    let world = World(WorldTests.standard)
    let items = try world.knowledge(world.itemSources[0], seed: 1, count: 400, limit: 48)
    let rules = Set(
      Relation.askedRules.flatMap { relation in
        world.truths[relation.rawValue].all.flatMap { fact in
          relation.wordings.map { $0.sentence(fact).question + $0.sentence(fact).answer }
        }
      })
    let count = items.count { rules.contains($0.context.suffix($0.tested) + $0.choices[$0.answer]) }
    #expect(count == 200)
  }

  /// No word of an answer occurs in the story before the question.
  @Test func storiesDoNotMentionAnswers() throws {
    let task = try WorldTests.dataset(items: 400).tasks[1]
    for text in task.texts {
      let story = WordTokenizer.split(text.context).split(separator: ".").dropLast().joined()
      let answers = Set(text.choices.flatMap(WordTokenizer.split))
      #expect(answers.isDisjoint(with: story), "\(text)")
    }
  }

  @Test(arguments: variants) func nothingHeldOutIsInTraining(specification: WorldSpecification) throws {
    for seed: UInt64 in 1...2 {
      let data = try WorldTests.dataset(specification, seed: seed, items: 100)
      #expect(itemsOccurringInTraining(data) == 0)
      let world = World(specification)
      let stories = world.trainingStories(seed: seed, limit: 48)
      #expect(!stories.contains(where: world.statesHeldOut))
    }
  }

  @Test func leaksAreCounted() throws {
    var data = try WorldTests.dataset(items: 40)
    for task in data.tasks {
      let item = task.items[3]
      data.training = [item.context + item.choices[item.answer]]
      #expect(itemsOccurringInTraining(data) == 1)
      data.training = [item.context + item.choices[(item.answer + 1) % 4]]
      #expect(itemsOccurringInTraining(data) == 0)
    }
    // Only the tested sentence matters, wherever it stands.
    let item = data.tasks[1].items[0]
    data.training = [data.validation[0] + item.probe + data.validation[1]]
    #expect(itemsOccurringInTraining(data) >= 1)
    // A generator that forgets what is held out is caught.
    let world = World(WorldTests.standard)
    data.training = try world.heldOutSentences.map { try world.tokenizer.encode(words: $0) }
    #expect(itemsOccurringInTraining(data) == 40)
  }

  @Test func tooManyItems() {
    let world = World(WorldTests.standard)
    #expect(throws: CorpusError.tooFewItems(task: "endings", available: 0, requested: 5)) {
      try world.collect("endings", count: 5) { _, _ in [] }
    }
  }
}
