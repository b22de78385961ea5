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

/// What items are about, and which numbers they are drawn from.
struct ItemSource: Sendable {
  let holes: Holes
  /// What the names of its tasks end with.
  let endings: ChoiceTask
  let knowledge: ChoiceTask
  /// Whether half of `knowledge` are rules; otherwise it asks for what the world talks about.
  let isCompositional: Bool
  /// Streams of random numbers: of every `stride` the one at `place` is for endings, the next for knowledge.
  let place: Int
  let stride: Int

  func stream(seed: UInt64, attempt: Int, isKnowledge: Bool) -> RandomStream {
    RandomStream(
      seed: seed, purpose: .corpusItems, index: UInt64(stride * attempt + place + (isKnowledge ? 1 : 0)))
  }
}

extension World {
  /// Groups drawn before giving up on finding new ones.
  private static let attemptsPerItem = 50

  /// The kinds of items that the specification asks for.
  var itemSources: [ItemSource] {
    switch specification.heldOut {
    case .compositional:
      [ItemSource(holes: never, endings: .endings, knowledge: .knowledge, isCompositional: true, place: 0, stride: 2)]
    case .sample:
      [
        ItemSource(
          holes: missing, endings: .endings, knowledge: .knowledge, isCompositional: false, place: 0, stride: 4),
        ItemSource(
          holes: never, endings: .endingsCompositional, knowledge: .knowledgeCompositional, isCompositional: true,
          place: 2, stride: 4),
      ]
    }
  }

  /// Four contexts with four right endings: two topics, in each two positions of the script, one pronoun.
  func endings(_ source: ItemSource, seed: UInt64, count: Int) throws(CorpusError) -> [WordItem] {
    let eligible = source.holes.topics
    let lottery = Lottery(eligible.map { topicWeights[$0] })
    return try collect(source.endings.rawValue, count: count) { attempt, _ in
      var stream = source.stream(seed: seed, attempt: attempt, isKnowledge: false)
      let agent = agents[agentLottery.draw(&stream)]
      let companions = agents.filter { $0.pronoun == agent.pronoun }
      let companionLottery = Lottery(companions.map(\.weight))
      var group: [(context: [String], answer: [String], tested: Int)] = []
      for topic in lottery.order(&stream).prefix(2).map({ eligible[$0] }) {
        for position in stream.permutation(Lexicon.eventsPerTopic - 1).prefix(2).map({ $0 + 1 }) {
          let length = min(position, 2)
          let teller = companions[companionLottery.draw(&stream)]
          var run = drawRun(source.holes, topic: topic, before: position, length: length, &stream)
          guard let wording = source.holes.successors[topic][position - 1][run.wordings[length - 1]] else { return [] }
          let events = tell(run, of: teller, backwards: false)
          run.wordings.append(wording)
          let ending = tell(run, of: teller, backwards: false)[length]
          let answer = Array(ending.dropFirst(Story.forwardMarker.count))
          var lead = stream.chance(0.5) ? [Story.naming(topics[topic], atStart: true)] : []
          let target = 30 - Story.forwardMarker.count - events.reduce(0) { $0 + $1.count }
          lead += drawFiller(room: target - lead.joined().count, &stream)
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

  /// The events before `position`, of which the last has a wording with a successor that is held out.
  private func drawRun(
    _ holes: Holes, topic: Int, before position: Int, length: Int, _ stream: inout RandomStream
  ) -> EventRun {
    let (start, successors) = (position - length, holes.successors[topic][position - 1])
    let open = successors.indices.filter { successors[$0] != nil }
    return open.count == successors.count || open.isEmpty
      ? drawRun(topic: topic, start: start, length: length, &stream)
      : drawRun(topic: topic, start: start, length: length, last: stream.pick(open), &stream)
  }

  /// Facts and rules in held-out wordings; each ends a story of a person who is in no choice.
  func knowledge(
    _ source: ItemSource, seed: UInt64, count: Int, limit: Int
  ) throws(CorpusError) -> [WordItem] {
    let wordings = Dictionary(
      uniqueKeysWithValues: relations.map {
        ($0, source.holes.wordings(of: $0, specification.directions))
      })
    let asked = (askedFacts + [.made, .adjective, .tool]).filter { wordings[$0]?.isEmpty == false }
    // Room for the full stop; the first edition left none.
    let afterwards = specification.heldOut == .sample ? 1 : 0
    return try collect(source.knowledge.rawValue, count: count) { attempt, found in
      var stream = source.stream(seed: seed, attempt: attempt, isKnowledge: true)
      let relation =
        source.isCompositional
        ? stream.pick(found.isMultiple(of: 2) ? askedFacts : Relation.askedRules)
        : asked[Lottery(asked.map(\.weight)).draw(&stream)]
      guard let open = wordings[relation], !open.isEmpty else { return [] }
      let wording = stream.pick(open)
      guard let facts = drawFacts(relation, source.holes, wording, &stream) else { return [] }
      let involved = Set(facts.flatMap { [$0.subject, $0.object] })
      let tellers = agents.filter { !involved.contains($0.name) }
      let tellerLottery = Lottery(tellers.map(\.weight))
      var group: [(context: [String], answer: [String], tested: Int)] = []
      for fact in facts {
        let (question, answer) = relation.wordings[wording].sentence(fact)
        let topic = topicLottery.draw(&stream)
        let length = 2 + stream.below(2)
        let start = stream.below(Lexicon.eventsPerTopic - length + 1)
        let run = drawRun(topic: topic, start: start, length: length, &stream)
        let isBackwards = specification.directions == .both && stream.chance(0.4)
        let naming = stream.chance(0.5) ? [Story.naming(topics[topic], atStart: true)] : []
        let events = tell(run, of: tellers[tellerLottery.draw(&stream)], backwards: isBackwards)
        var room = limit - question.count - answer.count - afterwards - events.reduce(0) { $0 + $1.count }
        var lead = naming.joined().count <= room ? naming : []
        room -= lead.joined().count
        lead += drawFiller(room: room, &stream)
        group.append(((lead + events).flatMap { $0 } + question, answer, question.count))
      }
      return arrange(group, &stream)
    }
  }

  /// Four facts that no document states in this wording; no answer is true in the place of another.
  func drawFacts(_ relation: Relation, _ holes: Holes, _ wording: Int, _ stream: inout RandomStream) -> [Fact]? {
    let all = truths[relation.rawValue]
    let candidates = all.all.indices.filter { holes.wordings[all.all[$0]]?.contains(wording) == true }
    guard candidates.count >= 4 else { return nil }
    var facts: [Fact] = []
    for index in Lottery(candidates.map { all.weights[$0] }).order(&stream) {
      let fact = all.all[candidates[index]]
      let isClash = facts.contains { other in
        let crossed = [
          Fact(relation: relation, subject: fact.subject, object: other.object),
          Fact(relation: relation, subject: other.subject, object: fact.object),
        ]
        let isMentioned = fact.subject == other.object || fact.object == other.subject
        return isMentioned || crossed.contains(where: isTrue)
      }
      if !isClash { facts.append(fact) }
      if facts.count == 4 { return facts }
    }
    return nil
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

  /// - Parameter limit: tokens that a sequence may have. What follows a choice is left out where it has no room.
  func itemSet(_ task: ChoiceTask, _ items: [WordItem], limit: Int) throws(CorpusError) -> ItemSet {
    let stop = try tokenizer.encode(words: ["."])
    var set = ItemSet(task, items: [], texts: [])
    for item in items {
      let context = try tokenizer.encode(words: item.context)
      var choices: [[Int32]] = []
      for choice in item.choices { choices.append(try tokenizer.encode(words: choice)) }
      let written = MultipleChoiceItem(
        context: WordTokenizer.join(item.context), choices: item.choices.map(WordTokenizer.join), answer: item.answer)
      let isOpen = item.choices[item.answer].last != "."
      set.items.append(
        EncodedItem(
          context: context, choices: choices, characters: written.characters, answer: item.answer,
          probe: context.suffix(item.tested) + choices[item.answer],
          suffix: isOpen && context.count + choices[item.answer].count < limit ? stop : []))
      set.texts.append(written)
    }
    return set
  }
}
