// The hidden world, put together. Its facts: WorldFacts.swift; what is held out: Holes.swift; documents: Story.swift;
// items: WorldItems.swift.

import Randomness

/// A fixed world, and the part of it that a sample leaves out.
struct World: Sendable {
  static let longestDocument = 48
  static let shortestContext = 40

  struct Agent: Sendable {
    let name: String
    let pronoun: String
    let trade: Int
    /// How often the person is talked about, relative to the others.
    let weight: Double
  }

  /// All that is true of one relation, in a fixed order.
  struct Facts: Sendable {
    let all: [Fact]
    /// How often the subjects are talked about, relative to each other.
    let weights: [Double]
    /// Draws the index of a fact by these weights.
    let lottery: Lottery
    private let bySubject: [String: [Int]]

    init(_ facts: [Fact], weights: [Double]) {
      all = facts
      self.weights = weights
      lottery = Lottery(weights)
      bySubject = Dictionary(grouping: facts.indices) { facts[$0].subject }
    }

    /// Indices of the facts about the subject.
    func own(_ subject: String) -> [Int] { bySubject[subject] ?? [] }
  }

  let specification: WorldSpecification
  let agents: [Agent]
  let trades: [Lexicon.Trade]
  let topics: [Lexicon.Topic]
  /// The relations that there are here.
  let relations: [Relation]
  /// Those of them whose facts `knowledge` asks for, beside rules.
  let askedFacts: [Relation]
  /// All that is true, by relation.
  let truths: [Facts]
  let tokenizer: WordTokenizer
  let agentLottery: Lottery
  let topicWeights: [Double]
  let topicLottery: Lottery
  private let known: Set<Fact>
  /// What no document says, whatever its seed.
  let never: Holes
  /// What the documents of one sample do not say besides.
  let missing: Holes
  /// Every sentence that states a held-out wording.
  let heldOutSentences: Set<[String]>
  /// Every held-out pairing of two events in a row.
  let heldOutPairings: Set<[[String]]>

  /// - Parameters:
  ///   - seed: the run's. Nil stands for the world of `worldSeed` alone, even if each seed has its own.
  ///   - isWhole: whether nothing is missing that the world says, as in documents that are not trained on.
  init(_ specification: WorldSpecification, seed: UInt64? = nil, isWhole: Bool = false) {
    self.specification = specification
    var stream = RandomStream(seed: Self.worldSeed(specification, seed), purpose: .corpusWorld)
    trades = Lexicon.trades(specification.trades)
    agents = Self.drawAgents(specification, &stream)
    topics =
      switch specification.scripts {
      case .written: Array(Lexicon.topics.prefix(specification.topics))
      case .drawn: Lexicon.drawTopics(specification.topics, &stream)
      }
    agentLottery = Lottery(agents.map(\.weight))
    topicWeights = Lottery.zipf(topics.count, exponent: specification.skew)
    topicLottery = Lottery(topicWeights)
    let further = Relation.further.prefix(specification.relations)
    relations = Relation.allCases.filter { relation in
      !Relation.further.contains { $0.relation == relation } || further.contains { $0.relation == relation }
    }
    askedFacts = Relation.askedFacts + further.map(\.relation)

    var never = Holes(topics: topics.count)
    never.leaveOutPairings(of: topics.indices.filter { specification.isCompositional($0) }, &stream)
    var truths = [[Fact]](repeating: [], count: Relation.allCases.count)
    Self.addFacts(specification, agents, trades, &stream, &truths)
    for relation in askedFacts {
      let facts = truths[relation.rawValue]
      switch specification.heldOut {
      case .compositional: never.leaveOutWordings(of: facts, relation, &stream)
      case .sample:
        let third = Self.everyThird(facts, &stream)
        never.leaveOutOneWording(of: third, specification.directions, trades, &stream)
      }
    }
    Self.addRules(agents, trades, &stream, &truths, &never)

    var missing = Holes(topics: topics.count)
    if let seed, !isWhole, specification.heldOut == .sample {
      var stream = RandomStream(seed: seed, purpose: .corpusItems, index: .max)
      missing.leaveOutOnePairing(of: topics.indices.filter { !specification.isCompositional($0) }, &stream)
      for relation in askedFacts + [.made, .adjective, .tool] {
        let facts = truths[relation.rawValue].filter { never.wordings[$0] == nil }
        missing.leaveOutOneWording(of: facts, specification.directions, trades, &stream)
      }
    }

    let weights = Self.subjectWeights(agents, trades, exponent: specification.skew)
    self.truths = truths.map { facts in Facts(facts, weights: facts.map { weights[$0.subject] ?? 1 }) }
    self.never = never
    self.missing = missing
    known = Set(truths.joined())
    tokenizer = WordTokenizer(words: Self.vocabulary(specification, truths, topics))
    heldOutSentences = never.sentences.union(missing.sentences)
    heldOutPairings = never.pairings(topics).union(missing.pairings(topics))
  }

  func isTrue(_ fact: Fact) -> Bool { known.contains(fact) }

  /// The wordings in which documents may state the fact.
  func trainingWordings(_ fact: Fact) -> [Int] {
    let hidden = [never.wordings[fact], missing.wordings[fact]]
    return fact.relation.wordings.indices.filter { wording in
      isOffered(fact.relation.wordings[wording]) && !hidden.contains { $0?.contains(wording) == true }
    }
  }

  /// Wording of event `position + 1` that no document puts next to the given wording of event `position`, if any.
  func heldOutSuccessor(topic: Int, position: Int, wording: Int) -> Int? {
    never.successors[topic][position][wording] ?? missing.successors[topic][position][wording]
  }

  /// Whether the world speaks in the direction of the wording.
  func isOffered(_ wording: Wording) -> Bool { specification.directions.offers(wording) }
}

extension Directions {
  /// Whether a world that speaks in these directions has the wording.
  func offers(_ wording: Wording) -> Bool { self == .both || wording.isForward }
}

extension WorldSpecification {
  /// Whether pairings of events of the topic are held out of all documents.
  func isCompositional(_ topic: Int) -> Bool {
    switch heldOut {
    case .compositional: true
    case .sample: topic % 3 == 2
    }
  }
}

extension World {
  /// What the world is drawn from.
  private static func worldSeed(_ specification: WorldSpecification, _ seed: UInt64?) -> UInt64 {
    guard let seed, specification.worldPerSeed else { return specification.worldSeed }
    var stream = RandomStream(seed: specification.worldSeed, purpose: .corpusWorld, index: seed)
    return stream.next()
  }

  /// As many women as men; the trades in turn.
  private static func drawAgents(_ specification: WorldSpecification, _ stream: inout RandomStream) -> [Agent] {
    let count = specification.agents
    let names = zip(Lexicon.words(.woman, count / 2), Lexicon.words(.man, count / 2))
    let people = names.flatMap { [($0, "she"), ($1, "he")] }
    let order = stream.permutation(count)
    let weights = Lottery.zipf(count, exponent: specification.skew)
    return people.indices.map { index in
      Agent(
        name: people[index].0, pronoun: people[index].1, trade: order[index] % specification.trades,
        weight: weights[index])
    }
  }

  /// How often persons and things are talked about. Of things, the first of each trade are the most frequent.
  private static func subjectWeights(
    _ agents: [Agent], _ trades: [Lexicon.Trade], exponent: Double
  ) -> [String: Double] {
    let things = (0..<Lexicon.thingsPerTrade).flatMap { place in trades.map { $0.things[place] } }
    let thingWeights = Lottery.zipf(things.count, exponent: exponent)
    let all = agents.map { ($0.name, $0.weight) } + zip(things, thingWeights).map { ($0, $1) }
    return Dictionary(uniqueKeysWithValues: all)
  }

  /// Every word that a document or an item may use, of this world or of another with the same structure.
  private static func vocabulary(
    _ specification: WorldSpecification, _ truths: [[Fact]], _ topics: [Lexicon.Topic]
  ) -> Set<String> {
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
    if specification.scripts == .drawn { words.formUnion(Lexicon.drawnTopicWords) }
    if specification.entropy > 0 { words.formUnion(Filler.places.joined()) }
    words.formUnion(Story.forwardMarker + Story.backwardMarker)
    words.formUnion(Lexicon.boilerplate.joined())
    return words
  }
}
