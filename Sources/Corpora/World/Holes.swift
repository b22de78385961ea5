// What is held out: wordings of facts and rules, and pairings of the wordings of two events in a row. Held out of all
// documents of a world, of each fact (but causes) one forward and one backward wording, of each rule some pairs (things
// a person could make, an adjective of each thing, one person's tool per trade) in every wording, and of two events
// in a row one of three pairings. Held out of one sample, of each fact and rule one wording in all, and of two events
// in a row one of nine pairings: few enough for the sample to be what the world says but for chance.

import Randomness

/// What is not said.
struct Holes: Sendable {
  /// Wordings of a fact or rule.
  var wordings: [Fact: Set<Int>] = [:]
  /// `successors[topic][k][a]`: the wording of event k + 1 that does not stand next to wording a of event k, if any.
  private(set) var successors: [[[Int?]]]

  /// No holes.
  init(topics: Int) {
    let none = [[Int?]](
      repeating: [Int?](repeating: nil, count: Lexicon.wordingsPerEvent), count: Lexicon.eventsPerTopic - 1)
    successors = [[[Int?]]](repeating: none, count: topics)
  }

  /// The topics whose events have pairings that are held out.
  var topics: [Int] {
    successors.indices.filter { successors[$0].contains { $0.contains { $0 != nil } } }
  }

  /// Wordings of the relation in which some fact is held out, of those that are offered.
  func wordings(of relation: Relation, _ directions: Directions) -> [Int] {
    let held = wordings.reduce(into: Set<Int>()) { all, entry in
      if entry.key.relation == relation { all.formUnion(entry.value) }
    }
    return held.filter { directions.offers(relation.wordings[$0]) }.sorted()
  }

  /// Every sentence that states a held-out wording.
  var sentences: Set<[String]> {
    Set(
      wordings.flatMap { fact, wordings in
        wordings.map { wording in
          let (question, answer) = fact.relation.wordings[wording].sentence(fact)
          return question + answer + ["."]
        }
      })
  }

  /// Every held-out pairing of two events in a row.
  func pairings(_ topics: [Lexicon.Topic]) -> Set<[[String]]> {
    var all = Set<[[String]]>()
    for (topic, transitions) in zip(topics, successors) {
      for (position, wordings) in transitions.enumerated() {
        for (wording, next) in wordings.enumerated() {
          if let next { all.insert([topic.events[position][wording], topic.events[position + 1][next]]) }
        }
      }
    }
    return all
  }
}

extension Holes {
  /// Of each two events in a row three pairings: after wording a, wording (a + shift) mod 3.
  mutating func leaveOutPairings(of topics: [Int], _ stream: inout RandomStream) {
    for topic in topics {
      for position in successors[topic].indices {
        let shift = stream.below(Lexicon.wordingsPerEvent)
        for wording in 0..<Lexicon.wordingsPerEvent {
          successors[topic][position][wording] = (wording + shift) % Lexicon.wordingsPerEvent
        }
      }
    }
  }

  /// Of each two events in a row one pairing.
  mutating func leaveOutOnePairing(of topics: [Int], _ stream: inout RandomStream) {
    for topic in topics {
      for position in successors[topic].indices {
        successors[topic][position][stream.below(Lexicon.wordingsPerEvent)] = stream.below(Lexicon.wordingsPerEvent)
      }
    }
  }

  /// Of each fact one forward and, where there is one, one backward wording. Each wording is held out of at least four
  /// facts that have neither a person nor an object in common, so that a question can be asked in one wording of four
  /// facts: none of the four answers was ever seen in it, and only the subject tells which is right.
  mutating func leaveOutWordings(of facts: [Fact], _ relation: Relation, _ stream: inout RandomStream) {
    for isForward in [true, false] {
      let wordings = relation.wordings.indices.filter { relation.wordings[$0].isForward == isForward }
      if wordings.isEmpty { continue }
      // Facts with the same object, or both facts of a pair of friends, get different wordings.
      let groups = Dictionary(grouping: facts) { relation == .friend ? min($0.subject, $0.object) : $0.object }
      let names = groups.keys.sorted()
      for (name, rank) in zip(names, stream.permutation(names.count)) {
        for (slot, fact) in (groups[name] ?? []).enumerated() {
          self.wordings[fact, default: []].insert(wordings[(rank + slot) % wordings.count])
        }
      }
    }
  }

  /// Of each of the facts one wording in all, of as many wordings as can each be asked about four facts of which none
  /// is true with the object of another; nothing if there are not even four such facts.
  mutating func leaveOutOneWording(
    of facts: [Fact], _ directions: Directions, _ trades: [Lexicon.Trade], _ stream: inout RandomStream
  ) {
    guard let relation = facts.first?.relation else { return }
    // Facts of one group cannot be asked together.
    func group(_ fact: Fact) -> String {
      switch relation {
      case .friend: min(fact.subject, fact.object)
      case .made: trades.first { $0.things.contains(fact.object) }?.name ?? ""
      case .adjective: trades.first { $0.adjectives.contains(fact.object) }?.name ?? ""
      case .lives, .owns, .trade, .kept, .cause, .tool, .speaks, .plays, .grows, .wears, .reads, .fears: fact.object
      }
    }
    let groups = Dictionary(grouping: facts, by: group)
    let names = groups.keys.sorted()
    let order = stream.permutation(names.count)
    var wordings = relation.wordings.indices.filter { directions.offers(relation.wordings[$0]) }
    stream.shuffle(&wordings)
    while !wordings.isEmpty {
      var held: [(fact: Fact, wording: Int)] = []
      var groupsWith: [Int: Set<String>] = [:]
      for (name, rank) in zip(names, order) {
        for (slot, fact) in (groups[name] ?? []).enumerated() {
          let wording = wordings[(rank + slot) % wordings.count]
          held.append((fact, wording))
          groupsWith[wording, default: []].insert(name)
        }
      }
      if wordings.allSatisfy({ groupsWith[$0, default: []].count >= 4 }) {
        for (fact, wording) in held { self.wordings[fact] = [wording] }
        return
      }
      wordings.removeLast()
    }
  }
}
