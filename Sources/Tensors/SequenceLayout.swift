// Which rows of a batch belong together and which of them ask: what attention needs to know about it.

/// How the rows of a batch form sequences, and which of them ask.
public final class SequenceLayout {
  /// The rows that ask in an attention block.
  public final class Queries {
    /// Row of each sequence's first query, and one past the last: [sequences + 1].
    public var offsets: [Int] = []
    /// Position of each query row within its sequence, ascending.
    public var positions: [Int] = []
  }

  /// Row of each sequence's first key, and one past the last: [sequences + 1].
  public var keyOffsets: [Int] = []
  /// For each sequence the earlier one whose keys stand before its own: a common beginning that is computed once. Such
  /// sequences have no backward pass. Empty if there are none.
  public var prefixes: [Int?] = []
  /// Every row asks.
  public let every = Queries()
  /// Only chosen rows ask.
  public let chosen = Queries()
  /// Whether a query sees only keys at or before its own position.
  public var isCausal = false
  /// Whether no backward pass will follow, so that nothing is kept for it.
  public let isForwardOnly: Bool

  public init(isForwardOnly: Bool = false) { self.isForwardOnly = isForwardOnly }
}
