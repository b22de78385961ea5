// The parameters of the python corpus. What its functions do: Behaviour.swift; how they are written:
// FunctionWriter.swift. The advanced ones: AdvancedBehaviour.swift, AdvancedWriter.swift.

/// Which functions there are.
public enum PythonDifficulty: String, Codable, Sendable, Hashable, CaseIterable {
  /// One loop, choice or selection, and a docstring that dictates it almost word for word.
  case basic
  /// Nested conditions, two lists, strings, dictionaries, a helper, recursion; docstrings in several wordings, some by
  /// examples; the task `infilling` beside `functions`.
  case advanced

  /// No document has more tokens, one end token included: the shortest context.
  public var longestDocument: Int {
    switch self {
    case .basic: FunctionWriter.longestDocument
    case .advanced: AdvancedWriter.longestDocument
    }
  }
}

/// A sample of the python corpus. A run's seed decides which functions are drawn and which behaviours are held out.
public struct PythonSpecification: Codable, Sendable, Hashable {
  /// Training tokens: whole functions are drawn while they fit. A function counts with one end token; the end tokens
  /// that fill it up to the context do not count, because they say nothing.
  public var uniqueTokens: Int
  public var difficulty: PythonDifficulty

  /// The shortest context that holds every basic function.
  public static let shortestContext = FunctionWriter.longestDocument

  /// The shortest context that holds every function; `uniqueTokens` must reach it too.
  public var shortestContext: Int { difficulty.longestDocument }

  /// What `uniqueTokens` may be, if `difficulty` asks for no more.
  public static let uniqueTokensRange = FunctionWriter.longestDocument...1_000_000_000

  /// Held-out behaviours of a seed: no more items can be asked for.
  public static func availableItems(seed: UInt64, difficulty: PythonDifficulty = .basic) -> Int {
    PythonCorpus(seed: seed, difficulty: difficulty).availableItems
  }

  public init(uniqueTokens: Int = 12_000, difficulty: PythonDifficulty = .basic) {
    (self.uniqueTokens, self.difficulty) = (uniqueTokens, difficulty)
  }

  /// Throws `invalidSpecification` for the first field outside its range.
  func validate() throws(CorpusError) {
    try requireCount(uniqueTokens, in: difficulty.longestDocument...Self.uniqueTokensRange.upperBound, "uniqueTokens")
  }
}

extension PythonSpecification {
  private enum CodingKeys: String, CodingKey { case uniqueTokens, difficulty }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      uniqueTokens: try container.decode(Int.self, forKey: .uniqueTokens),
      difficulty: try container.decodeIfPresent(PythonDifficulty.self, forKey: .difficulty) ?? .basic)
  }

  /// The difficulty is left out at its default, so that what was written before there was one stays what it was.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(uniqueTokens, forKey: .uniqueTokens)
    if difficulty != .basic { try container.encode(difficulty, forKey: .difficulty) }
  }
}
