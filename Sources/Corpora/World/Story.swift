// One document of the world: facts about persons and things around a stretch of a topic's script. What may not be
// written is decided in World.swift.

import Randomness

/// A story as sentences of words; each sentence ends with its full stop.
struct Story: Sendable {
  var sentences: [[String]] = []
  /// What the story states, for counting.
  var facts: [Fact] = []

  var words: [String] { sentences.flatMap { $0 } }
  var count: Int { sentences.reduce(0) { $0 + $1.count } }

  static let forwardMarker = ["then"]
  static let backwardMarker = ["before", "that"]

  static func naming(_ topic: Lexicon.Topic, atStart: Bool) -> [String] {
    [atStart ? "this" : "that", atStart ? "is" : "was", "a", "story", "about"] + topic.name + ["."]
  }
}

/// A stretch of a script with the wording of each event, in the order of the script.
struct EventRun: Sendable {
  var topic: Int
  /// Position of the first event.
  var start: Int
  var wordings: [Int]
}

extension World {
  /// A run of events in which no held-out pairing of wordings occurs.
  func drawRun(topic: Int, start: Int, length: Int, _ stream: inout RandomStream) -> EventRun {
    var wordings = [stream.below(Lexicon.wordingsPerEvent)]
    for position in start..<(start + length - 1) {
      let hidden = heldOutSuccessor(topic: topic, position: position, wording: wordings[wordings.count - 1])
      wordings.append(stream.pick((0..<Lexicon.wordingsPerEvent).filter { $0 != hidden }))
    }
    return EventRun(topic: topic, start: start, wordings: wordings)
  }

  /// Such a run that ends with the given wording of its last event.
  func drawRun(topic: Int, start: Int, length: Int, last: Int, _ stream: inout RandomStream) -> EventRun {
    var wordings = [last]
    for position in (start..<(start + length - 1)).reversed() {
      let before = (0..<Lexicon.wordingsPerEvent).filter {
        heldOutSuccessor(topic: topic, position: position, wording: $0) != wordings[0]
      }
      wordings.insert(stream.pick(before), at: 0)
    }
    return EventRun(topic: topic, start: start, wordings: wordings)
  }

  /// The run as sentences: the first names the person, the others say "then she" or, told backwards, "before that she".
  func tell(_ run: EventRun, of agent: Agent, backwards: Bool) -> [[String]] {
    let events = run.wordings.enumerated().map { topics[run.topic].events[run.start + $0][$1] }
    return (backwards ? events.reversed() : events).enumerated().map { index, event in
      let marker = backwards ? Story.backwardMarker : Story.forwardMarker
      return (index == 0 ? [agent.name] : marker + [agent.pronoun]) + event + ["."]
    }
  }

  /// A fact that documents may state, for the sentence's relation drawn by weight; half of the facts about persons are
  /// about the person of the story.
  func drawFact(about agent: Agent, _ stream: inout RandomStream) -> (fact: Fact, sentence: [String]) {
    while true {
      var point = stream.uniform() * relations.reduce(0) { $0 + $1.weight }
      let drawn = relations.first { relation in
        point -= relation.weight
        return point < 0
      }
      let relation = drawn ?? .lives
      let isOwn = stream.chance(0.5)
      let facts = truths[relation.rawValue]
      let index =
        relation.isPersonal && isOwn
        ? stream.pick(facts.own(agent.name)) : facts.lottery.draw(&stream)
      let fact = facts.all[index]
      let wordings = trainingWordings(fact)
      if wordings.isEmpty { continue }
      let (question, answer) = fact.relation.wordings[stream.pick(wordings)].sentence(fact)
      return (fact, question + answer + ["."])
    }
  }

  /// One informative document of at most `limit` tokens.
  func drawStory(limit: Int, _ stream: inout RandomStream) -> Story {
    let agent = agents[agentLottery.draw(&stream)]
    let topic = topicLottery.draw(&stream)
    // Filler takes the room of a fourth event and, where there is much of it, of the topic's name.
    let filler = drawFiller(&stream)
    let length = limit >= Self.longestDocument && stream.chance(0.35) && filler.isEmpty ? 4 : 3
    let start = stream.below(Lexicon.eventsPerTopic - length + 1)
    let run = drawRun(topic: topic, start: start, length: length, &stream)
    let isBackwards = specification.directions == .both && stream.chance(0.4)
    let events = tell(run, of: agent, backwards: isBackwards)

    // The topic is named at the start, at the end or not at all.
    let place = stream.below(3)
    let most = limit - (events + filler).reduce(0) { $0 + $1.count } - Self.roomForFact
    let naming = [true, false].map { atStart in
      let sentence = Story.naming(topics[topic], atStart: atStart)
      let isNamed = atStart ? place == 0 : place == 1 && specification.directions == .both
      return isNamed && (filler.isEmpty || sentence.count <= most) ? [sentence] : []
    }
    var before: [[String]] = []
    var after: [[String]] = []
    var facts: [Fact] = []
    var count = (naming.joined() + events).reduce(0) { $0 + $1.count }
    for sentence in filler where count + sentence.count + Self.roomForFact <= limit {
      count += sentence.count
      if stream.chance(0.5) { before.append(sentence) } else { after.append(sentence) }
    }
    let target = stream.chance(0.15) ? 26 : limit - 12 + stream.below(9)
    // Where there is room for short facts only, as beside filler or a name of two words, it can take many tries.
    let isTight = specification.scripts == .drawn || specification.entropy > 0
    for attempt in 0..<(isTight ? 100 : 12)
    where count < target && attempt < 12 || facts.isEmpty {
      let (fact, sentence) = drawFact(about: agent, &stream)
      if facts.contains(fact) || count + sentence.count > limit { continue }
      facts.append(fact)
      count += sentence.count
      if stream.chance(0.5) { before.append(sentence) } else { after.append(sentence) }
    }
    return Story(sentences: naming[0] + before + events + after + naming[1], facts: facts)
  }

  /// Tokens that filler leaves to facts at least; but for a few wordings, a fact has no more.
  private static let roomForFact = 8
}
