// Draws what is true in a world: facts about persons and things, and rules of their trades.

import Randomness

extension World {
  /// Facts: who lives where, owns what, and so on; the causes are the same in every world.
  static func addFacts(
    _ specification: WorldSpecification, _ agents: [Agent], _ trades: [Lexicon.Trade],
    _ stream: inout RandomStream, _ truths: inout [[Fact]]
  ) {
    func add(_ relation: Relation, _ subject: String, _ object: String) {
      truths[relation.rawValue].append(Fact(relation: relation, subject: subject, object: object))
    }
    let count = specification.objects ?? agents.count
    let homes = stream.permutation(agents.count)
    let animals = stream.permutation(agents.count)
    let pairs = stream.permutation(agents.count)
    let homeNames = Lexicon.words(.home, count), animalNames = Lexicon.words(.animal, count)
    var friends = [Int](repeating: 0, count: agents.count)
    for (place, agent) in pairs.enumerated() { friends[agent] = pairs[place ^ 1] }
    for (index, agent) in agents.enumerated() {
      add(.lives, agent.name, homeNames[homes[index] % count])
      add(.owns, agent.name, animalNames[animals[index] % count])
      add(.trade, agent.name, trades[agent.trade].name)
      add(.friend, agent.name, agents[friends[index]].name)
    }
    // Three things of each class, two things in each store.
    let kept = trades.flatMap { trade in
      stream.permutation(trade.things.count).prefix(3).map { trade.things[$0] }
    }
    let stores = Lexicon.words(.store, kept.count / 2)
    for (thing, place) in zip(kept, stream.permutation(kept.count)) {
      add(.kept, thing, stores[place % stores.count])
    }
    for (cause, effect) in Lexicon.causes { add(.cause, cause, effect) }
    for (relation, kind) in Relation.further.prefix(specification.relations) {
      let names = Lexicon.words(kind, count)
      for (agent, object) in zip(agents, stream.permutation(agents.count)) {
        add(relation, agent.name, names[object % count])
      }
    }
  }

  /// Rules: who makes what, how things are, who works with what. Some pairs are never told at all.
  static func addRules(
    _ agents: [Agent], _ trades: [Lexicon.Trade], _ stream: inout RandomStream, _ truths: inout [[Fact]],
    _ never: inout Holes
  ) {
    func add(_ fact: Fact, isHeldOut: Bool) {
      truths[fact.relation.rawValue].append(fact)
      if isHeldOut { never.wordings[fact] = Set(fact.relation.wordings.indices) }
    }
    for (index, trade) in trades.enumerated() {
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

  /// A third of the facts, drawn so that it has as many different objects as can be.
  static func everyThird(_ facts: [Fact], _ stream: inout RandomStream) -> [Fact] {
    let groups = Dictionary(grouping: facts, by: \.object)
    let names = groups.keys.sorted()
    let order = stream.permutation(names.count).flatMap { groups[names[$0]] ?? [] }
    return order.enumerated().filter { $0.offset % 3 == 2 }.map(\.element)
  }
}
