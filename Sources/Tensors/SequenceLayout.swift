// Which rows of a batch belong together and which of them ask: what attention needs to know about it.

/// Where a row stands for rotary positions, in a model that is told positions: what it reads stands in one place, what it
/// is asked for in another.
///
/// The keys of a row are rotated by `read`, its queries by `asked`. Read from left to right both are the row's number, and
/// nothing differs from attention without places.
public struct RowPlace: Hashable, Sendable {
  /// One more than the position of the token that is read, 0 for the token that stands before a sequence: the place
  /// after it, which it is naturally asked for.
  public var read: Int
  /// The position of the token that is asked for.
  public var asked: Int

  public init(read: Int, asked: Int) { (self.read, self.asked) = (read, asked) }
}

/// Which rows of its sequence a row sees, and which see it, in attention between blocks.
///
/// A row sees those whose rank is at most its limit, and those of its own group.
public struct RowView: Hashable, Sendable {
  public var rank: Int32
  public var limit: Int32
  /// Negative for a row of no group.
  public var group: Int32

  public init(rank: Int32, limit: Int32, group: Int32 = -1) {
    (self.rank, self.limit, self.group) = (rank, limit, group)
  }

  /// A rank that no limit reaches: such a row is seen by its group only.
  public static let hidden: Int32 = 1 << 24
}

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
  /// Where each row stands, if that is not its place in its sequence: empty, or one for each row.
  public var places: [RowPlace] = []
  /// What each row sees, if it is neither everything nor what stands before it: empty, or one for each row.
  public var views: [RowView] = []
  /// Every row asks.
  public let every = Queries()
  /// Only chosen rows ask.
  public let chosen = Queries()
  /// Whether a query sees only the keys of its own row and of those before it in its sequence.
  public var isCausal = false
  /// Whether no backward pass will follow, so that nothing is kept for it.
  public let isForwardOnly: Bool

  public init(isForwardOnly: Bool = false) { self.isForwardOnly = isForwardOnly }
}
