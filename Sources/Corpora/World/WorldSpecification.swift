// The parameters of the world corpus. What they mean for the text: World.swift and WorldStory.swift.

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
  /// Subject first and cause first only; stories told forwards only.
  case forward
}

/// A sample of the world corpus. The hidden world depends on `worldSeed` and the structure only; a run's seed decides
/// which documents and items are drawn from it.
public struct WorldSpecification: Codable, Sendable, Hashable {
  /// Training tokens: whole documents are drawn while they fit.
  public var uniqueTokens: Int
  public var quality: Quality
  /// Share of the words of training documents replaced by random words.
  public var corruption: Double
  public var directions: Directions
  /// Number of persons: 12, 14 or 16.
  public var agents: Int
  /// Number of topics with a script: 4...9.
  public var topics: Int
  /// Fixes facts, rules and what is held out.
  public var worldSeed: UInt64

  public init(
    uniqueTokens: Int = 20_000, quality: Quality = .high, corruption: Double = 0, directions: Directions = .both,
    agents: Int = 12, topics: Int = 8, worldSeed: UInt64 = 1
  ) {
    self.uniqueTokens = uniqueTokens
    self.quality = quality
    self.corruption = corruption
    self.directions = directions
    self.agents = agents
    self.topics = topics
    self.worldSeed = worldSeed
  }

  /// What `uniqueTokens` may be: from the longest document on.
  public static let uniqueTokensRange = World.longestDocument...1_000_000_000
  /// What `corruption` may be.
  public static let corruptionRange = 0...1.0
  /// What `agents` may be, if it is even.
  public static let agentsRange = 12...16
  /// What `topics` may be.
  public static let topicsRange = 4...Lexicon.topics.count

  /// Throws `invalidSpecification` for the first field outside its range.
  func validate() throws(CorpusError) {
    func require(_ isValid: Bool, _ field: String, _ value: Any, _ allowed: String) throws(CorpusError) {
      if !isValid { throw .invalidSpecification(field: field, value: "\(value)", allowed: allowed) }
    }
    try requireCount(uniqueTokens, in: Self.uniqueTokensRange, "uniqueTokens")
    try require(Self.corruptionRange.contains(corruption), "corruption", corruption, "0...1")
    try require(Self.agentsRange.contains(agents) && agents % 2 == 0, "agents", agents, "12, 14 or 16")
    try require(Self.topicsRange.contains(topics), "topics", topics, "\(Self.topicsRange)")
  }
}
