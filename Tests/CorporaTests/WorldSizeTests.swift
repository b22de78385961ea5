// How scarce a sample is: what of the items' knowledge its documents tell at all, and how often, as in the table of
// Documentation/world.md.

import Testing

@testable import Corpora

/// How often the training documents tell what an item asks for, in other words than the item's.
struct Scarcity {
  var tokens = 0
  var vocabulary = 0
  /// Different facts and rules that there are, and that are told.
  var facts = 0
  var factsTold = 0
  /// By task, for each item the number of times.
  var told: [String: [Int]] = [:]

  init(_ specification: WorldSpecification, seed: UInt64, items: Int) throws {
    let data = try WorldTests.dataset(specification, seed: seed, items: items)
    let world = World(specification, seed: seed)
    let reader = try SentenceReader(world)
    let stop = reader.stop
    var facts: [Fact: Int] = [:]
    var transitions: [[Int]: Int] = [:]
    func read(_ document: [Int32]) -> [SentenceReader.Reading?] {
      document.split(separator: stop, omittingEmptySubsequences: true).map { reader.read(Array($0) + [stop]) }
    }
    for document in data.training {
      var previous: SentenceReader.Event?
      for reading in read(document) {
        if case .fact(let fact, _) = reading { facts[fact, default: 0] += 1 }
        guard case .event(let event) = reading else {
          previous = nil
          continue
        }
        if let previous {
          transitions[[event.topic, min(previous.position, event.position)], default: 0] += 1
        }
        previous = event
      }
    }
    tokens = data.uniqueTokens
    vocabulary = data.tokenizer.vocabularySize
    self.facts = world.facts.count
    factsTold = facts.count
    for task in data.tasks {
      told[task.name] = task.items.map { item in
        let readings = read(item.context + item.choices[item.answer] + item.suffix)
        switch readings.last ?? nil {
        case .fact(let fact, _): return facts[fact] ?? 0
        case .event(let event): return transitions[[event.topic, event.position - 1]] ?? 0
        case .topic, .filler, .boilerplate, nil: preconditionFailure("an item that asks for nothing")
        }
      }
    }
  }

  /// The share of a task's items that are told at least so often.
  func share(_ task: String, _ least: Int) -> Double {
    guard let counts = told[task], !counts.isEmpty else { return 0 }
    return Double(counts.count { $0 >= least }) / Double(counts.count)
  }
}

@Suite struct WorldSizeTests {
  /// The world of the table.
  static func specification(tokens: Int) -> WorldSpecification {
    WorldSpecification(
      uniqueTokens: tokens, agents: 64, topics: 400, objects: 32, trades: 8, relations: 4, skew: 1.2, entropy: 0.2,
      scripts: .drawn, heldOut: .sample, worldPerSeed: true)
  }

  /// From 24 000 to 200 000 tokens, what the sample tells grows, and even the largest leaves something untold: who
  /// remembers all that it tells at least three times, and guesses otherwise, is below 92 % on each task.
  @Test func tokensAreScarceAtEverySize() throws {
    let sizes = try [24_000, 48_000, 200_000].map { tokens in
      try Scarcity(Self.specification(tokens: tokens), seed: 1, items: 200)
    }
    for (small, large) in zip(sizes, sizes.dropFirst()) {
      #expect(small.factsTold < large.factsTold && large.factsTold < large.facts * 3 / 4)
      for task in ["endings", "knowledge"] { #expect(small.share(task, 3) < large.share(task, 3)) }
    }
    for task in ["endings", "knowledge"] {
      let remembered = sizes.map { $0.share(task, 3) }.map { $0 + (1 - $0) / 4 }
      #expect(remembered[0] > 0.35 && remembered[2] < 0.92, "\(task): \(remembered)")
    }
    // What is compositional is told less, or not at all: half of it is rules for pairs that no document tells.
    #expect(sizes.allSatisfy { $0.share("knowledge-compositional", 1) <= 0.5 })
    #expect(sizes[0].vocabulary == 644 && sizes[2].vocabulary == 644)
  }
}
