// The hidden world: its facts and rules, and what is held out of all training text. It depends on the specification's
// world seed and structure, never on a run's seed. Documents: WorldStory.swift; items: WorldItems.swift.

import Randomness

/// A fixed world.
///
/// Held out of every document, whatever its seed: of each fact (but causes) one forward and one backward wording; of
/// each rule some pairs (things a person could make, an adjective of each thing, the tool of one person a trade) in every wording; and
/// of two events in a row one of three pairings of their wordings.
struct World: Sendable {
  static let longestDocument = 48
  static let shortestContext = 40

  struct Agent: Sendable {
    let name: String
    let pronoun: String
    let trade: Int
  }

  let specification: WorldSpecification
  let agents: [Agent]
  let topics: [Lexicon.Topic]
  /// All that is true, in a fixed order, by relation.
  let truths: [[Fact]]
  let tokenizer: WordTokenizer
  private let known: Set<Fact>
  /// Wordings of a fact or rule that no document uses.
  private let heldOut: [Fact: Set<Int>]
  /// `shifts[topic][k]`: after wording a of event k, wording (a + shift) mod 3 of event k + 1 is held out.
  private let shifts: [[Int]]
  /// Every sentence that states a held-out wording.
  let heldOutSentences: Set<[String]>
  /// Every held-out pairing of two events in a row.
  let heldOutPairings: Set<[[String]]>

  init(_ specification: WorldSpecification) {
    self.specification = specification
    var stream = RandomStream(seed: specification.worldSeed, purpose: .corpusWorld)
    let agents = Self.drawAgents(specification.agents, &stream)
    topics = Array(Lexicon.topics.prefix(specification.topics))
    shifts = topics.map { _ in (1..<Lexicon.eventsPerTopic).map { _ in stream.below(Lexicon.wordingsPerEvent) } }

    var truths = [[Fact]](repeating: [], count: Relation.allCases.count)
    var heldOut: [Fact: Set<Int>] = [:]
    Self.drawFacts(agents, &stream, &truths)
    for relation in Relation.askedFacts {
      Self.holdOutWordings(truths[relation.rawValue], relation, &stream, &heldOut)
    }
    Self.drawRules(agents, &stream, &truths, &heldOut)
    self.agents = agents
    self.truths = truths
    self.heldOut = heldOut
    known = Set(truths.joined())
    tokenizer = WordTokenizer(words: Self.vocabulary(truths, topics))
    heldOutSentences = Set(heldOut.flatMap { fact, wordings in
      wordings.map { wording in
        let (question, answer) = fact.relation.wordings[wording].sentence(fact)
        return question + answer + ["."]
      }
    })
    heldOutPairings = Set(zip(topics, shifts).flatMap { topic, shifts in
      shifts.enumerated().flatMap { position, shift in
        topic.events[position].enumerated().map { wording, event in
          [event, topic.events[position + 1][(wording + shift) % Lexicon.wordingsPerEvent]]
        }
      }
    })
  }

  func isTrue(_ fact: Fact) -> Bool { known.contains(fact) }

  /// The wordings in which documents may state the fact.
  func trainingWordings(_ fact: Fact) -> [Int] {
    let hidden = heldOut[fact] ?? []
    return fact.relation.wordings.indices.filter { isOffered(fact.relation.wordings[$0]) && !hidden.contains($0) }
  }

  /// Wording of event `position + 1` that no document puts next to the given wording of event `position`.
  func heldOutSuccessor(topic: Int, position: Int, wording: Int) -> Int {
    (wording + shifts[topic][position]) % Lexicon.wordingsPerEvent
  }

  /// Whether the world speaks in the direction of the wording.
  func isOffered(_ wording: Wording) -> Bool { specification.directions == .both || wording.isForward }
}

extension World {
  /// As many women as men; the trades in turn.
  private static func drawAgents(_ count: Int, _ stream: inout RandomStream) -> [Agent] {
    let people = zip(Lexicon.women, Lexicon.men).prefix(count / 2).flatMap { [($0, "she"), ($1, "he")] }
    let order = stream.permutation(count)
    return zip(people, order).map { person, rank in
      Agent(name: person.0, pronoun: person.1, trade: rank % Lexicon.trades.count)
    }
  }

  private static func drawFacts(_ agents: [Agent], _ stream: inout RandomStream, _ truths: inout [[Fact]]) {
    func add(_ relation: Relation, _ subject: String, _ object: String) {
      truths[relation.rawValue].append(Fact(relation: relation, subject: subject, object: object))
    }
    let homes = stream.permutation(agents.count)
    let animals = stream.permutation(agents.count)
    let pairs = stream.permutation(agents.count)
    for (index, agent) in agents.enumerated() {
      add(.lives, agent.name, Lexicon.homes[homes[index]])
      add(.owns, agent.name, Lexicon.animals[animals[index]])
      add(.trade, agent.name, Lexicon.trades[agent.trade].name)
      if let place = pairs.firstIndex(of: index) { add(.friend, agent.name, agents[pairs[place ^ 1]].name) }
    }
    // Three things of each class, two things in each store.
    let kept = Lexicon.trades.flatMap { trade in
      stream.permutation(trade.things.count).prefix(3).map { trade.things[$0] }
    }
    for (thing, place) in zip(kept, stream.permutation(kept.count)) {
      add(.kept, thing, Lexicon.stores[place % Lexicon.stores.count])
    }
    for (cause, effect) in Lexicon.causes { add(.cause, cause, effect) }
  }

  /// Of each fact one forward and, where there is one, one backward wording. Each wording is held out of at least four
  /// facts that have neither a person nor an object in common, so that a question can be asked in one wording of four
  /// facts: none of the four answers was ever seen in it, and only the subject tells which is right.
  private static func holdOutWordings(
    _ facts: [Fact], _ relation: Relation, _ stream: inout RandomStream, _ heldOut: inout [Fact: Set<Int>]
  ) {
    for isForward in [true, false] {
      let wordings = relation.wordings.indices.filter { relation.wordings[$0].isForward == isForward }
      if wordings.isEmpty { continue }
      // Facts with the same object, or both facts of a pair of friends, get different wordings.
      let groups = Dictionary(grouping: facts) { relation == .friend ? min($0.subject, $0.object) : $0.object }
      let names = groups.keys.sorted()
      for (name, rank) in zip(names, stream.permutation(names.count)) {
        for (slot, fact) in (groups[name] ?? []).enumerated() {
          heldOut[fact, default: []].insert(wordings[(rank + slot) % wordings.count])
        }
      }
    }
  }

  private static func drawRules(
    _ agents: [Agent], _ stream: inout RandomStream, _ truths: inout [[Fact]], _ heldOut: inout [Fact: Set<Int>]
  ) {
    func add(_ fact: Fact, isHeldOut: Bool) {
      truths[fact.relation.rawValue].append(fact)
      if isHeldOut { heldOut[fact] = Set(fact.relation.wordings.indices) }
    }
    for (index, trade) in Lexicon.trades.enumerated() {
      let things = stream.permutation(trade.things.count).map { trade.things[$0] }
      for (rank, agent) in agents.filter({ $0.trade == index }).enumerated() {
        for (place, thing) in things.enumerated() {
          // Each person two of the four things; the next person of the trade the other two.
          add(Fact(relation: .made, subject: agent.name, object: thing), isHeldOut: (place / 2 + rank) % 2 == 0)
        }
        add(Fact(relation: .tool, subject: agent.name, object: trade.tool), isHeldOut: rank == 0)
      }
      for (place, thing) in things.enumerated() {
        for (rank, adjective) in trade.adjectives.enumerated() {
          let isHeldOut = (place + rank) % trade.adjectives.count == 0
          add(Fact(relation: .adjective, subject: thing, object: adjective), isHeldOut: isHeldOut)
        }
      }
    }
  }

  /// Every word that a document or an item of this world may use.
  private static func vocabulary(_ truths: [[Fact]], _ topics: [Lexicon.Topic]) -> Set<String> {
    var words: Set<String> = ["he", "she", "."]
    for fact in truths.joined() {
      for wording in fact.relation.wordings {
        let (question, answer) = wording.sentence(fact)
        words.formUnion(question + answer)
      }
    }
    for topic in topics {
      words.formUnion(topic.events.joined().joined())
      words.formUnion(Story.naming(topic, atStart: true) + Story.naming(topic, atStart: false))
    }
    words.formUnion(Story.forwardMarker + Story.backwardMarker)
    words.formUnion(Lexicon.boilerplate.joined())
    return words
  }
}
