// The items of the world: `endings` (which event comes next) and `knowledge` (facts and rules). Four items share the
// same four choices and each choice is right once, so without the context no scorer can do better than one in four.

import Randomness

/// An item as words, before it is encoded.
struct WordItem: Sendable {
  var context: [String]
  var choices: [[String]]
  var answer: Int
  /// How many words at the end of the context belong to the sentence (for endings, sentences) under test.
  var tested: Int
}

extension World {
  /// Groups drawn before giving up on finding new ones.
  private static let attemptsPerItem = 50

  /// Four contexts with four right endings: two topics, in each two positions of the script, one pronoun.
  func endings(seed: UInt64, count: Int, limit: Int) throws(CorpusError) -> [WordItem] {
    try collect("endings", count: count) { attempt, _ in
      var stream = RandomStream(seed: seed, purpose: .corpusItems, index: UInt64(2 * attempt))
      let agent = stream.pick(agents)
      let companions = agents.filter { $0.pronoun == agent.pronoun }
      var group: [(context: [String], answer: [String], tested: Int)] = []
      for topic in stream.permutation(topics.count).prefix(2) {
        for position in stream.permutation(Lexicon.eventsPerTopic - 1).prefix(2).map({ $0 + 1 }) {
          let length = min(position, 2)
          let teller = stream.pick(companions)
          var run = drawRun(topic: topic, start: position - length, length: length, &stream)
          let wording = heldOutSuccessor(topic: topic, position: position - 1, wording: run.wordings[length - 1])
          let events = tell(run, of: teller, backwards: false)
          run.wordings.append(wording)
          let ending = tell(run, of: teller, backwards: false)[length]
          let answer = Array(ending.dropFirst(Story.forwardMarker.count))
          var lead = stream.chance(0.5) ? [Story.naming(topics[topic], atStart: true)] : []
          let target = 30 - Story.forwardMarker.count - events.reduce(0) { $0 + $1.count }
          for _ in 0..<8 {
            let (_, sentence) = drawFact(about: teller, &stream)
            let size = (lead + [sentence]).reduce(0) { $0 + $1.count }
            if size <= target && !lead.contains(sentence) { lead.append(sentence) }
          }
          let context = (lead + events).flatMap { $0 } + Story.forwardMarker
          group.append((context, answer, events[length - 1].count + Story.forwardMarker.count))
        }
      }
      return arrange(group, &stream)
    }
  }

  /// Half facts in held-out wordings, half rules for held-out pairs; each ends a story of a person who is in no choice.
  func knowledge(seed: UInt64, count: Int, limit: Int) throws(CorpusError) -> [WordItem] {
    try collect("knowledge", count: count) { attempt, found in
      var stream = RandomStream(seed: seed, purpose: .corpusItems, index: UInt64(2 * attempt + 1))
      let relation = stream.pick(found.isMultiple(of: 2) ? Relation.askedFacts : Relation.askedRules)
      let wording = stream.pick(relation.wordings.indices.filter { isOffered(relation.wordings[$0]) })
      guard let facts = drawFacts(relation, heldOutOf: wording, &stream) else { return [] }
      let involved = Set(facts.flatMap { [$0.subject, $0.object] })
      let tellers = agents.filter { !involved.contains($0.name) }
      var group: [(context: [String], answer: [String], tested: Int)] = []
      for fact in facts {
        let (question, answer) = relation.wordings[wording].sentence(fact)
        let topic = stream.below(topics.count)
        let length = 2 + stream.below(2)
        let start = stream.below(Lexicon.eventsPerTopic - length + 1)
        let run = drawRun(topic: topic, start: start, length: length, &stream)
        let isBackwards = specification.directions == .both && stream.chance(0.4)
        let naming = stream.chance(0.5) ? [Story.naming(topics[topic], atStart: true)] : []
        let events = tell(run, of: stream.pick(tellers), backwards: isBackwards)
        let room = limit - question.count - answer.count - events.reduce(0) { $0 + $1.count }
        let lead = (naming.joined().count <= room ? naming : []) + events
        group.append((lead.flatMap { $0 } + question, answer, question.count))
      }
      return arrange(group, &stream)
    }
  }

  /// Four facts that no document states in this wording; no answer is true in the place of another.
  func drawFacts(_ relation: Relation, heldOutOf wording: Int, _ stream: inout RandomStream) -> [Fact]? {
    var facts: [Fact] = []
    var candidates = truths[relation.rawValue].filter { !trainingWordings($0).contains(wording) }
    stream.shuffle(&candidates)
    for fact in candidates where facts.count < 4 {
      let isClash = facts.contains { other in
        let crossed = [
          Fact(relation: relation, subject: fact.subject, object: other.object),
          Fact(relation: relation, subject: other.subject, object: fact.object),
        ]
        let isMentioned = fact.subject == other.object || fact.object == other.subject
        return isMentioned || crossed.contains(where: isTrue)
      }
      if !isClash { facts.append(fact) }
    }
    return facts.count == 4 ? facts : nil
  }

  /// Makes four items of four contexts with their answers; the right answer takes each of the four places once.
  private func arrange(
    _ group: [(context: [String], answer: [String], tested: Int)], _ stream: inout RandomStream
  ) -> [WordItem] {
    zip(group.indices, stream.permutation(group.count)).map { index, place in
      var others = group.indices.filter { $0 != index }
      stream.shuffle(&others)
      others.insert(index, at: place)
      return WordItem(
        context: group[index].context, choices: others.map { group[$0].answer }, answer: place,
        tested: group[index].tested)
    }
  }

  /// Distinct groups until there are enough items. Groups stay together, so any multiple of four items is balanced.
  ///
  /// - Parameter group: draws a group given the number of the attempt and of the groups found so far.
  func collect(
    _ task: String, count: Int, group: (_ attempt: Int, _ found: Int) -> [WordItem]
  ) throws(CorpusError) -> [WordItem] {
    var items: [WordItem] = []
    var seen = Set<[String]>()
    for attempt in 0..<max(100, Self.attemptsPerItem * count) {
      if items.count >= count { break }
      let drawn = group(attempt, items.count / 4)
      let contexts = drawn.map { $0.context + [$0.choices[$0.answer].joined(separator: " ")] }
      if Set(contexts).count == drawn.count && seen.isDisjoint(with: contexts) {
        seen.formUnion(contexts)
        items += drawn
      }
    }
    guard items.count >= count else { throw .tooFewItems(task: task, available: items.count, requested: count) }
    return Array(items.prefix(count))
  }

  func itemSet(_ name: String, _ items: [WordItem]) throws(CorpusError) -> ItemSet {
    var set = ItemSet(name: name, items: [], texts: [])
    for item in items {
      let context = try tokenizer.encode(words: item.context)
      var choices: [[Int32]] = []
      for choice in item.choices { choices.append(try tokenizer.encode(words: choice)) }
      let written = MultipleChoiceItem(
        context: WordTokenizer.join(item.context), choices: item.choices.map(WordTokenizer.join), answer: item.answer)
      set.items.append(
        EncodedItem(
          context: context, choices: choices, characters: written.characters, answer: item.answer,
          probe: context.suffix(item.tested) + choices[item.answer],
          suffix: item.choices[item.answer].last == "." ? [] : try tokenizer.encode(words: ["."])))
      set.texts.append(written)
    }
    return set
  }
}
