// Multi-head attention over short sequences, with per-head RMSNorm of queries and keys and rotary positions fused in.
// One sequence and head at a time fits in the first-level cache; the products are the engine's own small ones. Matrices
// stand transposed there: a vector holds one element of sixteen queries or keys, and nothing is summed across it.
//
// Shape letters: H heads, W head width, L keys of the sequence, Q queries of the sequence, · p padded to 16.

import Foundation

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

  public init() {}
}

/// o = softmax(q̂ k̂ᵀ / √W) v per head, q̂ = rotate(g_q ⊙ q / rms(q)), k̂ likewise.
///
/// q stands in columns [`queryColumn`, + HW) of `queries`; k and v in `keys` from `keyColumn` and `keyColumn` + HW on.
/// Source: Hugging Face `Qwen3Attention`; rotation of halves, base θ: angle(position, i) = position · θ^(−2i/W).
public final class Attention: Operation {
  let layout: SequenceLayout
  let selection: SequenceLayout.Queries
  let queries: Tensor
  let queryColumn: Int
  let keys: Tensor
  let keyColumn: Int
  let output: Tensor
  let heads: Int
  let width: Int
  private let longest: Int
  private let long: Int  // longest p
  private let rotary: RotaryTable
  private let queryNorm: HeadNorm
  private let keyNorm: HeadNorm
  private let probabilities: Floats  // Pᵀ [L, Qp] per sequence and head
  // Scratch of one sequence and head. Columns of transposed matrices beyond the last query or key repeat it.
  private let xqT: Floats, qT: Floats, dqT: Floats, xkT: Floats, kT: Floats, dkT: Floats  // [W, long]
  private let qInverse: Floats, kInverse: Floats  // [long], 1 / rms
  private let q: Floats, dk: Floats  // [long, Wp]
  private let scores: Floats, dOT: Floats  // of sixteen queries: Sᵀ [long, 16], dOᵀ [Wp, 16]
  private let dScores: Floats  // dPᵀ, then dSᵀ [L, Q], step `long`
  private let positions: UnsafeMutablePointer<Int32>  // [long], the queries' positions
  private let gatheredKeys: Floats, gatheredValues: Floats  // [long, Wp], where a prefix stands elsewhere
  private let chosenAngles: Angles

  /// - Parameters:
  ///   - queryGain, keyGain: offsets of the norms' gains [W] in `parameters`.
  ///   - longest: the largest number of tokens in a sequence.
  public init(
    _ arena: Arena, _ parameters: ParameterBuffer, layout: SequenceLayout, selection: SequenceLayout.Queries,
    queries: Tensor, queryColumn: Int, keys: Tensor, keyColumn: Int, output: Tensor, heads: Int, queryGain: Int,
    keyGain: Int, epsilon: Float, rotary: RotaryTable, longest: Int
  ) {
    self.layout = layout
    self.selection = selection
    self.queries = queries
    self.queryColumn = queryColumn
    self.keys = keys
    self.keyColumn = keyColumn
    self.output = output
    self.heads = heads
    self.rotary = rotary
    width = output.columns / max(heads, 1)
    queryNorm = HeadNorm(
      arena, parameters, gain: queryGain, width: width, epsilon: epsilon, scale: 1 / Float(width).squareRoot(),
      rotary: rotary)
    keyNorm = HeadNorm(arena, parameters, gain: keyGain, width: width, epsilon: epsilon, scale: 1, rotary: rotary)
    let long = roundedUp(longest)
    let padded = roundedUp(width)
    func matrix() -> Floats { arena.floats(padded, long) }
    (xqT, qT, dqT, xkT, kT, dkT, q, dk) = (
      matrix(), matrix(), matrix(), matrix(), matrix(), matrix(), matrix(), matrix()
    )
    (gatheredKeys, gatheredValues) = (matrix(), matrix())
    (qInverse, kInverse) = (arena.floats(long), arena.floats(long))
    (scores, dOT) = (arena.floats(long, laneCount), arena.floats(padded, laneCount))
    dScores = arena.floats(long, long)
    positions = arena.integers(long)
    probabilities = arena.floats(product(keys.rows.capacity, heads), long)
    chosenAngles = Angles(
      cosines: arena.floats(rotary.half, long), sines: arena.floats(rotary.half, long), step: long)
    self.long = long
    self.longest = longest
    requireShapes(rotary, longest: longest)
  }

  public func forward() {
    requireLayout(longest: longest)
    var kept = probabilities
    eachSequenceAndHead { part in
      let rows = keyRows(part)
      prepare(part, rows)
      // What follows a prefix has no backward pass, and more keys than the place for its rows' probabilities allows for.
      let p = part.prefixKeys > 0 ? dScores : kept
      part.eachBlock { block in
        nativeProduct(  // Sᵀ [L, 16] = k̂ q̂ᵀ
          m: roundedUp(block.seen), n: laneCount, k: width, a: kT, rowStep: 1, kStep: long, b: qT + block.start,
          bStep: long,
          c: scores, cStep: laneCount)
        softmax(part, block, into: p + block.start)
        nativeProduct(  // o [16, W] = P v
          m: block.count, n: width, k: block.seen, a: p + block.start, rowStep: 1, kStep: part.paddedQueries, b: rows.v,
          bStep: rows.step, c: output.value + outputOffset(part, block.start), cStep: output.columns)
      }
      if part.prefixKeys == 0 { kept += part.keys * part.paddedQueries }
    }
  }

  public func backward() {
    requireNoPrefixes()
    requireLayout(longest: longest)
    var p = probabilities
    eachSequenceAndHead { part in
      let rows = keyRows(part)
      prepare(part, rows)
      backward(part, rows, p)
      p += part.keys * part.paddedQueries
    }
    queryNorm.collectGainGradient()
    keyNorm.collectGainGradient()
  }

  private func backward(_ part: Part, _ rows: KeyRows, _ p: Floats) {
    let padded = roundedUp(width)
    let dO = output.gradient + outputOffset(part, 0)  // [Q, W], step D
    part.eachBlock { block in
      transposeIn(dO + block.start * output.columns, output.columns, rows: block.count, into: dOT, laneCount)
      nativeProduct(  // dPᵀ [L, 16] = v dOᵀ
        m: block.seen, n: laneCount, k: width, a: rows.v, rowStep: rows.step, kStep: 1, b: dOT, bStep: laneCount,
        c: dScores + block.start, cStep: long)
      softmaxBackward(p + block.start, part.paddedQueries, dScores + block.start, seen: block.seen)
      nativeProduct(  // dq̂ᵀ [W, 16] = k̂ᵀ dSᵀ
        m: width, n: laneCount, k: block.seen, a: kT, rowStep: long, kStep: 1, b: dScores + block.start, bStep: long,
        c: dqT + block.start, cStep: long)
      transposeOut(qT + block.start, rows: block.count, into: q + block.start * padded, padded)
    }
    let dV = keys.gradient + keyOffset(part, 0) + heads * width
    for start in stride(from: 0, to: part.keys, by: laneCount) {
      let count = min(laneCount, part.keys - start)
      let first = part.firstQueryThatSees(key: start)
      nativeProduct(  // dk̂ [16, W] = dSᵀ q̂
        m: count, n: width, k: part.queries - first, a: dScores + (start * long + first), rowStep: long, kStep: 1,
        b: q + first * padded, bStep: padded, c: dk + start * padded, cStep: padded)
      nativeProduct(  // dv [16, W] = Pᵀ dO
        m: count, n: width, k: part.queries - first, a: p + (start * part.paddedQueries + first),
        rowStep: part.paddedQueries, kStep: 1, b: dO + first * output.columns, bStep: output.columns,
        c: dV + start * keys.columns, cStep: keys.columns)
    }
    for start in stride(from: 0, to: part.queries, by: laneCount) {
      let count = min(laneCount, part.queries - start)
      queryNorm.backward(
        columns: xqT + start, dqT + start, long, inverse: load(qInverse + start), angles: part.angles, at: start,
        count: count)
      transposeOut(dqT + start, rows: count, into: queries.gradient + queryOffset(part, start), queries.columns)
    }
    for start in stride(from: 0, to: part.keys, by: laneCount) {
      let count = min(laneCount, part.keys - start)
      transposeIn(dk + start * padded, padded, rows: count, into: dkT + start, long)
      keyNorm.backward(
        columns: xkT + start, dkT + start, long, inverse: load(kInverse + start), angles: rotary.columns, at: start,
        count: count)
      transposeOut(dkT + start, rows: count, into: keys.gradient + keyOffset(part, start), keys.columns)
    }
  }

  /// x, q̂ and k̂ of one head, transposed, and 1 / rms.
  private func prepare(_ part: Part, _ rows: KeyRows) {
    for start in stride(from: 0, to: part.queries, by: laneCount) {
      let source = queries.value + queryOffset(part, start)
      transposeIn(source, queries.columns, rows: min(laneCount, part.queries - start), into: xqT + start, long)
      store(
        queryNorm.forward(columns: xqT + start, into: qT + start, long, angles: part.angles, at: start),
        qInverse + start)
    }
    for start in stride(from: 0, to: part.keys, by: laneCount) {
      transposeIn(
        rows.k + start * rows.step, rows.step, rows: min(laneCount, part.keys - start), into: xkT + start, long)
      store(
        keyNorm.forward(columns: xkT + start, into: kT + start, long, angles: rotary.columns, at: start),
        kInverse + start)
    }
  }

  @inline(__always) private func queryOffset(_ part: Part, _ query: Int) -> Int {
    (part.firstQuery &+ query) &* queries.columns &+ queryColumn &+ part.head &* width
  }

  @inline(__always) private func keyOffset(_ part: Part, _ key: Int) -> Int {
    (part.firstKey &+ key) &* keys.columns &+ keyColumn &+ part.head &* width
  }

  @inline(__always) private func outputOffset(_ part: Part, _ query: Int) -> Int {
    (part.firstQuery &+ query) &* output.columns &+ part.head &* width
  }

  /// k and v [L, W] of one head, each row `step` after the one before.
  private struct KeyRows {
    let k: Floats, v: Floats
    let step: Int
  }

  /// The keys and values where they stand, or gathered if some are those of a prefix.
  private func keyRows(_ part: Part) -> KeyRows {
    let k = keys.value + keyOffset(part, 0)
    guard part.prefixKeys > 0 else { return KeyRows(k: k, v: k + heads * width, step: keys.columns) }
    let step = roundedUp(width)
    for key in 0..<part.keys {
      let row = key < part.prefixKeys ? part.firstPrefixKey + key : part.firstKey + key - part.prefixKeys
      let source = keys.value + (row * keys.columns + keyColumn + part.head * width)
      (gatheredKeys + key * step).update(from: source, count: width)
      (gatheredValues + key * step).update(from: source + heads * width, count: width)
    }
    return KeyRows(k: gatheredKeys, v: gatheredValues, step: step)
  }

  /// target [Wp, 16] = sourceᵀ, of up to sixteen rows of a head; the last stands in for those that are missing.
  private func transposeIn(_ source: Floats, _ step: Int, rows: Int, into target: Floats, _ targetStep: Int) {
    for column in stride(from: 0, to: width, by: laneCount) {
      let from = source + column, to = target + column * targetStep
      transpose16({ load(from + min($0, rows &- 1) &* step) }, { store($1, to + $0 &* targetStep) })
    }
  }

  /// target [rows, W] = sourceᵀ, the way back.
  private func transposeOut(_ source: Floats, rows: Int, into target: Floats, _ step: Int) {
    for column in stride(from: 0, to: width, by: laneCount) {
      let from = source + column * long, to = target + column
      let count = min(laneCount, width - column)
      transpose16({ load(from + $0 &* long) }, { row, v in if row < rows { store(v, to + row &* step, count) } })
    }
  }

  /// One sequence and head of the batch.
  private struct Part {
    let isCausal: Bool
    let positions: UnsafeMutablePointer<Int32>  // of the queries
    let angles: Angles  // of the queries
    let head: Int
    let firstPrefixKey: Int, prefixKeys: Int
    let firstKey: Int, keys: Int  // keys: with those of the prefix
    let firstQuery: Int, queries: Int

    var paddedQueries: Int { roundedUp(queries) }

    /// How many keys are computed for a block of queries that ends before `end`: whole blocks, unless the sequence ends.
    @inline(__always) private func seen(_ end: Int) -> Int {
      isCausal ? min(keys, roundedUp(Int(positions[end &- 1]) &+ 1)) : keys
    }

    /// Calls `body` for each group of up to sixteen queries. (A lazy sequence of them would allocate its closure.)
    @inline(__always) func eachBlock(_ body: (Block) -> Void) {
      var start = 0
      while start < queries {
        body(block(start))
        start &+= laneCount
      }
    }

    /// The group that begins with a query, and the number of keys that any of it sees.
    @inline(__always) private func block(_ start: Int) -> Block {
      let count = min(laneCount, queries &- start)
      return Block(start: start, count: count, seen: seen(start &+ count))
    }

    /// The first query of the first block in which somebody sees a key.
    func firstQueryThatSees(key: Int) -> Int {
      guard isCausal else { return 0 }
      var start = 0
      while start < queries && block(start).seen <= key { start &+= laneCount }
      return min(start, queries)
    }
  }

  private struct Block {
    let start: Int, count: Int, seen: Int
  }

  @inline(__always) private func eachSequenceAndHead(_ body: (Part) -> Void) {
    for sequence in 0..<layout.keyOffsets.count - 1 {
      let firstKey = layout.keyOffsets[sequence]
      let firstQuery = selection.offsets[sequence]
      let queryCount = selection.offsets[sequence + 1] - firstQuery
      let prefix = layout.prefixes.isEmpty ? nil : layout.prefixes[sequence]
      // Queries from position 0 on have the table's angles; of others they are put side by side for each sequence.
      let isFromTheStart = selection === layout.every && prefix == nil
      for query in 0..<queryCount {
        let position = selection.positions[firstQuery + query]
        positions[query] = Int32(truncatingIfNeeded: position)
        if !isFromTheStart { rotary.copyColumn(of: position, to: query, of: chosenAngles) }
      }
      let prefixKeys = prefix.map { layout.keyOffsets[$0 + 1] - layout.keyOffsets[$0] } ?? 0
      for head in 0..<heads {
        body(
          Part(
            isCausal: layout.isCausal, positions: positions, angles: isFromTheStart ? rotary.columns : chosenAngles,
            head: head,
            firstPrefixKey: prefix.map { layout.keyOffsets[$0] } ?? 0, prefixKeys: prefixKeys, firstKey: firstKey,
            keys: layout.keyOffsets[sequence + 1] - firstKey + prefixKeys, firstQuery: firstQuery, queries: queryCount))
      }
    }
  }

  /// Pᵀ [L, 16] = softmax of each column of `scores` over the keys that the query sees; zero for the others.
  @inline(__always) private func softmax(_ part: Part, _ block: Block, into p: Floats) {
    if part.isCausal {
      let positions = UnsafeRawPointer(part.positions + block.start).loadUnaligned(as: SIMD16<Int32>.self)
      for key in min(Int(part.positions[block.start]) &+ 1, block.seen)..<block.seen {
        let s = scores + key &* laneCount
        let hidden = (positions &- SIMD16(repeating: Int32(truncatingIfNeeded: key))) &>> 31
        store(choose(hidden, Lanes(repeating: -.infinity), load(s)), s)
      }
    }
    var tops = Lanes(repeating: -.infinity)
    for key in 0..<block.seen { tops = larger(tops, load(scores + key &* laneCount)) }
    for key in 0..<block.seen {
      let s = scores + key &* laneCount
      store(exponential(load(s) - tops), s)
    }
    let scale = 1 / totals(block.seen) { key, sum in sum += load(scores + key &* laneCount) }
    for key in 0..<block.seen { store(load(scores + key &* laneCount) * scale, p + key &* part.paddedQueries) }
  }

  /// dS = P ⊙ (dP − Σ P ⊙ dP) for sixteen queries, in place of dP.
  @inline(__always) private func softmaxBackward(_ p: Floats, _ step: Int, _ d: Floats, seen: Int) {
    let mean = totals(seen) { key, sum in sum.addProduct(load(p + key &* step), load(d + key &* long)) }
    for key in 0..<seen { store(load(p + key &* step) * (load(d + key &* long) - mean), d + key &* long) }
  }
}
