// One batch of token sequences of any lengths, and which of its rows are scored against which tokens.

import TensorEngine

/// Sequences laid end to end, and the rows whose logits are wanted.
///
/// What is masked, shifted or weighted is the objective's business; the transformer only sees tokens and targets.
public struct Batch: Sendable {
  /// [N] the tokens of all sequences.
  public private(set) var tokens: [Int32] = []
  /// [sequences + 1] the row at which each sequence starts, and N.
  public private(set) var offsets: [Int] = [0]
  /// [sequences] the earlier sequence that a sequence goes on from, if it does.
  public private(set) var prefixes: [Int?] = []
  /// [M] rows to be scored, ascending.
  public private(set) var rows: [Int] = []
  /// [M] the token that each scored row should predict.
  public private(set) var targets: [Int32] = []
  /// [N] where each row stands, if that is not its place in its sequence; else empty.
  public private(set) var places: [RowPlace] = []
  /// [N] what each row sees, if it is neither everything nor what stands before it; else empty.
  public private(set) var views: [RowView] = []
  /// [M] its weight in the loss.
  public private(set) var weights: [Float] = []

  public init() {}

  public var sequenceCount: Int { offsets.count - 1 }

  public mutating func removeAll() {
    tokens.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    offsets.append(0)
    prefixes.removeAll(keepingCapacity: true)
    rows.removeAll(keepingCapacity: true)
    targets.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    views.removeAll(keepingCapacity: true)
  }

  /// Adds a token to the sequence that is being written; `target` has its row scored.
  ///
  /// - Parameters:
  ///   - place: where the row stands; all rows of a batch have one, or none has.
  ///   - view: what the row sees; all rows of a batch have one, or none has.
  public mutating func append(
    _ token: Int32, target: Int32? = nil, weight: Float = 1, place: RowPlace? = nil, view: RowView? = nil
  ) {
    if let place { places.append(place) }
    if let view { views.append(view) }
    if let target {
      rows.append(tokens.count)
      targets.append(target)
      weights.append(weight)
    }
    tokens.append(token)
  }

  /// Ends the sequence that is being written.
  ///
  /// - Parameter prefix: number of an earlier sequence, itself without prefix, whose tokens stand before those written.
  ///   Under causal attention the result is that of the whole sequence. Only for forward passes.
  public mutating func endSequence(continuing prefix: Int? = nil) {
    offsets.append(tokens.count)
    prefixes.append(prefix)
  }

  /// Position of a sequence's first row: the length of what it goes on from.
  func firstPosition(_ sequence: Int) -> Int { prefixes[sequence].map { offsets[$0 + 1] - offsets[$0] } ?? 0 }
}
