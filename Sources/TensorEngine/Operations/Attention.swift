// Multi-head attention over short sequences, with per-head RMSNorm of queries and keys and rotary positions fused in.
// One sequence and head at a time fits in the first-level cache; the products are the engine's own small ones.
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
  private let padded: Int
  private let queryNorm: HeadNorm
  private let keyNorm: HeadNorm
  private let probabilities: Floats  // per sequence and head [Q, Lp]
  private let q: Floats, kT: Floats, k: Floats, v: Floats, vT: Floats  // [Q, Wp], [Wp, Lp], [L, Wp], [L, Wp], [Wp, Lp]
  private let o: Floats, dScores: Floats, dQ: Floats, dK: Floats  // [Q, Wp], [Q, Lp], [Q, Wp], [L, Wp]

  /// - Parameters:
  ///   - queryGain, keyGain: offsets of the norms' gains [W] in `parameters`.
  ///   - longest: the largest number of tokens in a sequence.
  public init(
    _ arena: Arena, _ parameters: ParameterBuffer, layout: SequenceLayout, selection: SequenceLayout.Queries,
    queries: Tensor, queryColumn: Int, keys: Tensor, keyColumn: Int, output: Tensor, heads: Int, queryGain: Int, keyGain: Int, epsilon: Float, rotary: RotaryTable, longest: Int
  ) {
    self.layout = layout
    self.selection = selection
    self.queries = queries
    self.queryColumn = queryColumn
    self.keys = keys
    self.keyColumn = keyColumn
    self.output = output
    self.heads = heads
    width = output.columns / heads
    padded = roundedUp(width)
    queryNorm = HeadNorm(
      parameters, gain: queryGain, width: width, epsilon: epsilon, scale: 1 / Float(width).squareRoot(), rotary: rotary)
    keyNorm = HeadNorm(parameters, gain: keyGain, width: width, epsilon: epsilon, scale: 1, rotary: rotary)
    let long = roundedUp(longest)  // scratch rows beyond a sequence's length are read by whole blocks, never used
    probabilities = arena.floats(output.rows.capacity * heads * long)
    q = arena.floats(long * padded)
    k = arena.floats(long * padded)
    v = arena.floats(long * padded)
    o = arena.floats(long * padded)
    dQ = arena.floats(long * padded)
    dK = arena.floats(long * padded)
    kT = arena.floats(long * padded)
    vT = arena.floats(long * padded)
    dScores = arena.floats(long * long)
  }

  public func forward() {
    var stored = probabilities
    eachSequenceAndHead { part in
      gather(part)
      let p = stored
      stored += part.queries * part.paddedKeys
      for block in part.blocks {  // S [Q, Lp] = q̂ k̂ᵀ
        nativeProduct(
          m: block.count, n: block.visible, k: width, a: q + block.start * padded, rowStep: padded, kStep: 1, b: kT,
          bStep: part.paddedKeys, c: p + block.start * part.paddedKeys, cStep: part.paddedKeys)
      }
      for query in 0..<part.queries { softmax(p + query * part.paddedKeys, visible: part.visible(query), of: part.paddedKeys) }
      for block in part.blocks {  // o [Q, W] = P v
        nativeProduct(
          m: block.count, n: width, k: block.visible, a: p + block.start * part.paddedKeys, rowStep: part.paddedKeys,
          kStep: 1, b: v, bStep: padded, c: output.value + (part.firstQuery + block.start) * output.columns + part.head * width,
          cStep: output.columns)
      }
    }
  }

  public func backward() {
    var stored = probabilities
    eachSequenceAndHead { part in
      gather(part)
      transpose(v, rows: part.keys, columns: width, into: vT, step: part.paddedKeys)
      let p = stored
      stored += part.queries * part.paddedKeys
      let dO = output.gradient + part.firstQuery * output.columns + part.head * width  // [Q, W], step D
      for block in part.blocks {  // dP [Q, Lp] = dO vᵀ
        nativeProduct(
          m: block.count, n: block.visible, k: width, a: dO + block.start * output.columns, rowStep: output.columns, kStep: 1,
          b: vT, bStep: part.paddedKeys, c: dScores + block.start * part.paddedKeys, cStep: part.paddedKeys)
      }
      for query in 0..<part.queries {
        softmaxBackward(
          p + query * part.paddedKeys, dScores + query * part.paddedKeys, visible: part.visible(query), of: part.paddedKeys)
      }
      for block in part.blocks {  // dQ [Q, W] = dS k̂
        nativeProduct(
          m: block.count, n: width, k: block.visible, a: dScores + block.start * part.paddedKeys, rowStep: part.paddedKeys,
          kStep: 1, b: k, bStep: padded, c: dQ + block.start * padded, cStep: padded)
      }
      for query in 0..<part.queries { copy(dO + query * output.columns, to: o + query * padded, count: width) }
      let dV = keys.gradient + part.firstKey * keys.columns + keyColumn + (heads + part.head) * width
      for start in stride(from: 0, to: part.keys, by: 16) {  // dK [L, W] = dSᵀ q̂ and dV [L, W] = Pᵀ dO
        let count = min(16, part.keys - start)
        let first = part.firstQueryThatSees(key: start)
        let asking = part.queries - first
        nativeProduct(
          m: count, n: width, k: asking, a: dScores + first * part.paddedKeys + start, rowStep: 1, kStep: part.paddedKeys,
          b: q + first * padded, bStep: padded, c: dK + start * padded, cStep: padded)
        nativeProduct(
          m: count, n: width, k: asking, a: p + first * part.paddedKeys + start, rowStep: 1, kStep: part.paddedKeys,
          b: o + first * padded, bStep: padded, c: dV + start * keys.columns, cStep: keys.columns)
      }
      for query in 0..<part.queries {
        let at = (part.firstQuery + query) * queries.columns + queryColumn + part.head * width
        queryNorm.backward(queries.value + at, dQ + query * padded, into: queries.gradient + at, position: part.position(query))
      }
      for key in 0..<part.keys {
        let at = (part.firstKey + key) * keys.columns + keyColumn + part.head * width
        keyNorm.backward(keys.value + at, dK + key * padded, into: keys.gradient + at, position: key)
      }
    }
  }

  /// Normalised, rotated queries and keys and the values of one head, in scratch.
  private func gather(_ part: Part) {
    for query in 0..<part.queries {
      let source = queries.value + (part.firstQuery + query) * queries.columns + queryColumn + part.head * width
      queryNorm.forward(source, into: q + query * padded, position: part.position(query))
    }
    for key in 0..<part.keys {
      let source = keys.value + part.row(ofKey: key) * keys.columns + keyColumn + part.head * width
      keyNorm.forward(source, into: k + key * padded, position: key)
      copy(source + heads * width, to: v + key * padded, count: width)
    }
    transpose(k, rows: part.keys, columns: width, into: kT, step: part.paddedKeys)
  }

  @inline(__always) private func copy(_ source: Floats, to target: Floats, count: Int) {
    eachGroup(count) { i, n in store(load(source + i, n), target + i, n) }
  }

  /// target [columns, step] = sourceᵀ, by blocks of sixteen by sixteen; source rows are padded, so whole blocks are read.
  private func transpose(_ source: Floats, rows: Int, columns: Int, into target: Floats, step: Int) {
    for row in stride(from: 0, to: rows, by: 16) {
      for column in stride(from: 0, to: columns, by: 16) {
        transpose16(source + (row * padded + column), padded, into: target + (column * step + row), step)
      }
    }
  }

  /// One sequence and head of the batch.
  private struct Part {
    let isCausal: Bool
    let selection: SequenceLayout.Queries
    let head: Int
    let firstPrefixKey: Int, prefixKeys: Int
    let firstKey: Int, keys: Int, paddedKeys: Int  // keys: with those of the prefix
    let firstQuery: Int, queries: Int

    @inline(__always) func row(ofKey key: Int) -> Int {
      key < prefixKeys ? firstPrefixKey &+ key : firstKey &+ key &- prefixKeys
    }

    @inline(__always) func position(_ query: Int) -> Int { selection.positions[firstQuery &+ query] }
    @inline(__always) func visible(_ query: Int) -> Int { isCausal ? position(query) &+ 1 : keys }

    /// Groups of up to sixteen queries with the number of keys that any of them sees.
    var blocks: some Sequence<(start: Int, count: Int, visible: Int)> {
      stride(from: 0, to: queries, by: 16).lazy.map { start in
        let count = min(16, queries - start)
        return (start, count, visible(start + count - 1))
      }
    }

    func firstQueryThatSees(key: Int) -> Int {
      guard isCausal else { return 0 }
      var query = 0
      while query < queries && position(query) < key { query += 1 }
      return query & ~15  // whole blocks: within one, what a query does not see has probability zero
    }
  }

  @inline(__always) private func eachSequenceAndHead(_ body: (Part) -> Void) {
    for sequence in 0..<layout.keyOffsets.count - 1 {
      let firstKey = layout.keyOffsets[sequence]
      var firstPrefixKey = 0
      var prefixKeys = 0
      if !layout.prefixes.isEmpty, let prefix = layout.prefixes[sequence] {
        firstPrefixKey = layout.keyOffsets[prefix]
        prefixKeys = layout.keyOffsets[prefix + 1] - firstPrefixKey
      }
      let keyCount = layout.keyOffsets[sequence + 1] - firstKey + prefixKeys
      let firstQuery = selection.offsets[sequence]
      let queryCount = selection.offsets[sequence + 1] - firstQuery
      for head in 0..<heads {
        body(
          Part(
            isCausal: layout.isCausal, selection: selection, head: head, firstPrefixKey: firstPrefixKey,
            prefixKeys: prefixKeys, firstKey: firstKey, keys: keyCount, paddedKeys: roundedUp(keyCount),
            firstQuery: firstQuery, queries: queryCount))
      }
    }
  }

  /// p = softmax over the first `visible` scores; zero in the rest of the row.
  @inline(__always) private func softmax(_ p: Floats, visible: Int, of count: Int) {
    var tops = Lanes(repeating: -.infinity)
    eachGroup(visible) { i, n in tops = larger(tops, load(p + i, n, fill: -.infinity)) }
    let top = largest(tops)
    var sums = Lanes.zero
    eachGroup(visible) { i, n in
      let e = exponential(load(p + i, n, fill: -.infinity) - top)
      sums += e
      store(e, p + i)
    }
    let scale = 1 / total(sums)
    for i in stride(from: 0, to: roundedUp(visible), by: 16) { store(load(p + i) * scale, p + i) }
    for i in stride(from: roundedUp(visible), to: count, by: 16) { store(.zero, p + i) }
  }

  /// dS = P ⊙ (dP − Σ P ⊙ dP), in place of dP.
  @inline(__always) private func softmaxBackward(_ p: Floats, _ d: Floats, visible: Int, of count: Int) {
    var dots = Lanes.zero
    eachGroup(visible) { i, n in dots.addProduct(load(p + i, n), load(d + i, n)) }
    let mean = total(dots)
    eachGroup(visible) { i, n in store(load(p + i, n) * (load(d + i, n) - mean), d + i) }
    for i in stride(from: roundedUp(visible), to: count, by: 16) { store(.zero, d + i) }
  }
}
