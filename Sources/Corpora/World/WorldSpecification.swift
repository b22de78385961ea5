// The parameters of the world corpus. What they mean for the text: World.swift and Story.swift.

/// How much of the training text is informative. The rest is, half and half, boilerplate and near-duplicates of earlier
/// documents. Validation documents and items are the same for every tier.
public enum Quality: String, Codable, Sendable, Hashable, CaseIterable {
  case high, medium, low

  /// Share of informative documents.
  public var informativeShare: Double {
    switch self {
    case .high: 1
    case .medium: 0.6
    case .low: 0.3
    }
  }
}

/// In which directions the text states what it knows.
public enum Directions: String, Codable, Sendable, Hashable, CaseIterable {
  /// "mary owns the horse" and "the horse belongs to mary"; stories told forwards and backwards.
  case both
  /// Subject first and cause first only; stories told only in forward order.
  case forward
}

/// Where the scripts of the topics come from.
public enum Scripts: String, Codable, Sendable, Hashable, CaseIterable {
  /// Up to nine, written by hand, the same in every world.
  case written
  /// Drawn with the world from a pool of words that all topics share: up to 400.
  case drawn
}

/// What the items ask for. Neither kind occurs in the training text.
public enum HeldOut: String, Codable, Sendable, Hashable, CaseIterable {
  /// What no document of the world ever says, whatever its seed: the tasks `endings` and `knowledge` ask for new
  /// combinations.
  case compositional
  /// Of two thirds of the world, what the documents of this seed happen not to say, though the world says it as often
  /// as anything else: so `endings` and `knowledge` ask for what the generator would write. Of the last third, as
  /// above: the tasks `endings-compositional` and `knowledge-compositional`.
  case sample
}

/// A sample of the world corpus. The hidden world depends on `worldSeed` and the structure only, unless each seed has
/// its own (`worldPerSeed`); a run's seed decides which documents and items are drawn from it.
///
/// In JSON, fields from `objects` on are left out where they have their default, so that specifications of the first
/// edition, which did not know them, are encoded as before.
public struct WorldSpecification: Sendable, Hashable {
  /// Training tokens: whole documents are drawn while they fit.
  public var uniqueTokens: Int
  public var quality: Quality
  /// Share of the words of training documents replaced by random words.
  public var corruption: Double
  public var directions: Directions
  /// Number of persons, even: 12...100.
  public var agents: Int
  /// Number of topics with a script: 4...400, of written ones up to 9; at least 6 if `heldOut` is `sample`.
  public var topics: Int
  /// Fixes facts, rules and what is held out.
  public var worldSeed: UInt64
  /// Number of homes, of animals and of the objects of each further relation: 12...`agents`. With fewer than persons,
  /// some persons share theirs. Nil stands for as many as persons.
  public var objects: Int?
  /// Number of trades, each with a tool, four things and three adjectives: 4...12, at most a third of the persons.
  public var trades: Int
  /// Number of further relations between persons and objects: 0...6.
  public var relations: Int
  /// Exponent of Zipf's law for how often persons, topics and things are talked about, and asked for: the one of rank r
  /// r^−skew as often as the first; 0 is evenly.
  public var skew: Double
  /// Share of the text that is filler, sentences of freely chosen words, which nothing predicts: 0...0.25.
  public var entropy: Double
  public var scripts: Scripts
  public var heldOut: HeldOut
  /// Whether each seed has a world of its own, drawn from `worldSeed` and the seed. All worlds share a vocabulary.
  public var worldPerSeed: Bool

  public init(
    uniqueTokens: Int = 20_000, quality: Quality = .high, corruption: Double = 0, directions: Directions = .both,
    agents: Int = 12, topics: Int = 8, worldSeed: UInt64 = 1, objects: Int? = nil, trades: Int = 4, relations: Int = 0,
    skew: Double = 0, entropy: Double = 0, scripts: Scripts = .written, heldOut: HeldOut = .compositional,
    worldPerSeed: Bool = false
  ) {
    self.uniqueTokens = uniqueTokens
    self.quality = quality
    self.corruption = corruption
    self.directions = directions
    self.agents = agents
    self.topics = topics
    self.worldSeed = worldSeed
    self.objects = objects
    self.trades = trades
    self.relations = relations
    self.skew = skew
    self.entropy = entropy
    self.scripts = scripts
    self.heldOut = heldOut
    self.worldPerSeed = worldPerSeed
  }

  /// What `uniqueTokens` may be: from the longest document on.
  public static let uniqueTokensRange = World.longestDocument...1_000_000_000
  /// What `corruption` may be.
  public static let corruptionRange = 0...1.0
  /// What `agents` may be, if it is even.
  public static let agentsRange = 12...100
  /// What `topics` may be; see `topicsRange(of:_:)`.
  public static let topicsRange = 4...Lexicon.mostTopics
  /// What `objects` may be, if it is at most `agents`.
  public static let objectsRange = 12...100
  /// What `trades` may be, at most a third of `agents`.
  public static let tradesRange = 4...12
  /// What `relations` may be.
  public static let relationsRange = 0...Relation.further.count
  /// What `skew` may be.
  public static let skewRange = 0...3.0
  /// What `entropy` may be: beside three events and a fact there is no room for more.
  public static let entropyRange = 0...0.25

  /// What `topics` may be for these scripts and this kind of items.
  public static func topicsRange(of scripts: Scripts, _ heldOut: HeldOut) -> ClosedRange<Int> {
    let fewest =
      switch heldOut {
      case .compositional: topicsRange.lowerBound
      case .sample: 6
      }
    return switch scripts {
    case .written: fewest...Lexicon.topics.count
    case .drawn: fewest...topicsRange.upperBound
    }
  }

  /// Throws `invalidSpecification` for the first field outside its range.
  func validate() throws(CorpusError) {
    func require(_ isValid: Bool, _ field: String, _ value: Any, _ allowed: String) throws(CorpusError) {
      if !isValid { throw .invalidSpecification(field: field, value: "\(value)", allowed: allowed) }
    }
    try requireCount(uniqueTokens, in: Self.uniqueTokensRange, "uniqueTokens")
    try require(Self.corruptionRange.contains(corruption), "corruption", corruption, "0...1")
    try require(
      Self.agentsRange.contains(agents) && agents % 2 == 0, "agents", agents, "even numbers in \(Self.agentsRange)")
    let topicsRange = Self.topicsRange(of: scripts, heldOut)
    try require(
      topicsRange.contains(topics), "topics", topics,
      "\(topicsRange) for \(scripts.rawValue) scripts and \(heldOut.rawValue) items")
    if let objects { try require((12...agents).contains(objects), "objects", objects, "12...\(agents), the agents") }
    let trades = Self.tradesRange.lowerBound...min(Self.tradesRange.upperBound, agents / 3)
    try require(trades.contains(self.trades), "trades", self.trades, "\(trades) for \(agents) agents")
    try require(Self.relationsRange.contains(relations), "relations", relations, "\(Self.relationsRange)")
    try require(Self.skewRange.contains(skew), "skew", skew, "0...3")
    try require(Self.entropyRange.contains(entropy), "entropy", entropy, "0...0.25")
  }
}

extension WorldSpecification: Codable {
  enum CodingKeys: String, CodingKey {
    case uniqueTokens, quality, corruption, directions, agents, topics, worldSeed
    case objects, trades, relations, skew, entropy, scripts, heldOut, worldPerSeed
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      uniqueTokens: try values.decode(Int.self, forKey: .uniqueTokens),
      quality: try values.decode(Quality.self, forKey: .quality),
      corruption: try values.decode(Double.self, forKey: .corruption),
      directions: try values.decode(Directions.self, forKey: .directions),
      agents: try values.decode(Int.self, forKey: .agents),
      topics: try values.decode(Int.self, forKey: .topics),
      worldSeed: try values.decode(UInt64.self, forKey: .worldSeed))
    func read<Value: Decodable>(_ field: WritableKeyPath<Self, Value>, _ key: CodingKeys) throws {
      if let value = try values.decodeIfPresent(Value.self, forKey: key) { self[keyPath: field] = value }
    }
    objects = try values.decodeIfPresent(Int.self, forKey: .objects)
    try read(\.trades, .trades)
    try read(\.relations, .relations)
    try read(\.skew, .skew)
    try read(\.entropy, .entropy)
    try read(\.scripts, .scripts)
    try read(\.heldOut, .heldOut)
    try read(\.worldPerSeed, .worldPerSeed)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(uniqueTokens, forKey: .uniqueTokens)
    try values.encode(quality, forKey: .quality)
    try values.encode(corruption, forKey: .corruption)
    try values.encode(directions, forKey: .directions)
    try values.encode(agents, forKey: .agents)
    try values.encode(topics, forKey: .topics)
    try values.encode(worldSeed, forKey: .worldSeed)
    let standard = Self()
    func write<Value: Encodable & Equatable>(_ field: KeyPath<Self, Value>, _ key: CodingKeys) throws {
      if self[keyPath: field] != standard[keyPath: field] { try values.encode(self[keyPath: field], forKey: key) }
    }
    try write(\.objects, .objects)
    try write(\.trades, .trades)
    try write(\.relations, .relations)
    try write(\.skew, .skew)
    try write(\.entropy, .entropy)
    try write(\.scripts, .scripts)
    try write(\.heldOut, .heldOut)
    try write(\.worldPerSeed, .worldPerSeed)
  }
}
