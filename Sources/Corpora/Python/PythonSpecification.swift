// The parameters of the python corpus. What its functions do: Behaviour.swift; how they are written:
// FunctionWriter.swift.

/// A sample of the python corpus. A run's seed decides which functions are drawn and which behaviours are held out.
public struct PythonSpecification: Codable, Sendable, Hashable {
  /// Training tokens: whole functions are drawn while they fit. A function counts with one end token; the end tokens
  /// that fill it up to the context do not count, because they say nothing.
  public var uniqueTokens: Int

  /// The shortest context that holds every function; `uniqueTokens` must reach it too.
  public static let shortestContext = FunctionWriter.longestDocument

  /// What `uniqueTokens` may be.
  public static let uniqueTokensRange = FunctionWriter.longestDocument...1_000_000_000

  /// Held-out behaviours of a seed: no more items can be asked for.
  public static func availableItems(seed: UInt64) -> Int { PythonCorpus(seed: seed).availableItems }

  public init(uniqueTokens: Int = 12_000) { self.uniqueTokens = uniqueTokens }

  /// Throws `invalidSpecification` for the first field outside its range.
  func validate() throws(CorpusError) {
    try requireCount(uniqueTokens, in: Self.uniqueTokensRange, "uniqueTokens")
  }
}
