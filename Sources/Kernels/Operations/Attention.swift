// Multi-head attention over short sequences, with per-head RMSNorm of queries and keys and rotary positions fused in.
// One sequence and a few heads at a time fit in the first-level cache; the products are the engine's own small ones.
// Matrices stand transposed there: a vector holds one element of sixteen queries or keys, and nothing is summed across it.
// Narrow heads are turned over together, as many as fill a vector. Where rows have places of their own (SequenceLayout),
// they replace the rows' numbers as rotary positions, not in what sees what.
//
// Which sequences and heads there are, and what their queries see, is in Attention+Walk.swift.
//
// Shape letters: H heads, W head width, G columns of the heads that are turned over together, L keys of the sequence, Q
// queries of the sequence, · p padded to 16.

import Tensors

/// o = softmax(q̂ k̂ᵀ / √W) v per head, q̂ = rotate(g_q ⊙ q / rms(q)), k̂ likewise.
///
/// q is in columns [`queryColumn`, + HW) of `queries`; k and v in `keys` from `keyColumn` and `keyColumn` + HW on.
/// Source: Hugging Face `Qwen3Attention`; rotation of halves, base θ: angle(position, i) = position · θ^(−2i/W).
final class Attention: Operation {
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
  let headsInGroup: Int
  private let groupStep: Int  // Gp of a whole group
  let rotary: RotaryTable
  private let queryNorm: HeadNorm
  private let keyNorm: HeadNorm
  private let probabilities: Floats  // Pᵀ [L, Qp] per sequence and head
  // Scratch of one sequence and group. Columns of transposed matrices beyond the last query or key repeat it.
  private let xqT: Floats, qT: Floats, dqT: Floats, xkT: Floats, kT: Floats, dkT: Floats, dOT: Floats  // [Gp, long]
  private let qInverse: Floats, kInverse: Floats  // [heads of the group, long], 1 / rms
  private let q: Floats, dk: Floats  // [long, Gp]
  private let scores: Floats  // of sixteen queries: Sᵀ [long, 16]
  private let dScores: Floats  // dPᵀ, then dSᵀ [L, Q], step `long`
  let positions: UnsafeMutablePointer<Int32>  // [long], the queries' positions
  let limits: UnsafeMutablePointer<Int32>, groups: UnsafeMutablePointer<Int32>  // [long], of the queries' views
  let keyRanks: UnsafeMutablePointer<Int32>, keyGroups: UnsafeMutablePointer<Int32>  // [long], of the keys'
  private let gatheredKeys: Floats, gatheredValues: Floats  // [long, Gp], where a prefix stands elsewhere
  let chosenAngles: Angles
  let keyAngles: Angles  // where rows have places of their own

  /// - Parameter longest: the largest number of tokens in a sequence.
  init(
    _ arena: Arena, _ parameters: ParameterBuffer, layout: SequenceLayout, selection: SequenceLayout.Queries,
    queries: Tensor, queryColumn: Int, keys: Tensor, keyColumn: Int, output: Tensor, heads: Int,
    constants: AttentionConstants, rotary: RotaryTable, longest: Int
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
      arena, parameters, gain: constants.queryGain, width: width, epsilon: constants.epsilon,
      scale: 1 / Float(width).squareRoot(), rotary: rotary)
    keyNorm = HeadNorm(
      arena, parameters, gain: constants.keyGain, width: width, epsilon: constants.epsilon, scale: 1, rotary: rotary)
    let long = roundedUp(longest)
    headsInGroup = max(1, min(heads, laneCount / max(width, 1)))
    let padded = roundedUp(headsInGroup * width)
    func matrix() -> Floats { arena.floats(padded, long) }
    (xqT, qT, dqT, xkT, kT, dkT, dOT) = (matrix(), matrix(), matrix(), matrix(), matrix(), matrix(), matrix())
    (q, dk, gatheredKeys, gatheredValues) = (matrix(), matrix(), matrix(), matrix())
    (qInverse, kInverse) = (arena.floats(headsInGroup, long), arena.floats(headsInGroup, long))
    scores = arena.floats(long, laneCount)
    dScores = arena.floats(long, long)
    positions = arena.integers(long)
    (limits, groups) = (arena.integers(long), arena.integers(long))
    (keyRanks, keyGroups) = (arena.integers(long), arena.integers(long))
    probabilities = arena.floats(layout.isForwardOnly ? 0 : product(keys.rows.capacity, heads), long)
    func angles() -> Angles {
      Angles(cosines: arena.floats(rotary.half, long), sines: arena.floats(rotary.half, long), step: long)
    }
    (chosenAngles, keyAngles) = (angles(), angles())
    groupStep = padded
    self.long = long
    self.longest = longest
    requireShapes(rotary, longest: longest)
  }

  func forward() {
    requireLayout(longest: longest)
    var kept = probabilities
    eachSequenceAndGroup { part in
      let rows = keyRows(part)
      prepare(part, rows)
      for head in 0..<part.heads {
        // What follows a prefix has no backward pass, and more keys than the place for its rows' probabilities allows for.
        let isKept = part.prefixKeys == 0 && !layout.isForwardOnly
        let p = isKept ? kept : dScores
        let first = head &* width  // the head's row in transposed matrices
        part.eachBlock { block in
          nativeProduct(  // Sᵀ [L, 16] = k̂ q̂ᵀ
            m: roundedUp(block.seen), n: laneCount, k: width, a: kT + first &* long, rowStep: 1, kStep: long,
            b: qT + (first &* long &+ block.start), bStep: long, c: scores, cStep: laneCount)
          softmax(part, block, into: p + block.start)
          nativeProduct(  // o [16, W] = P v
            m: block.count, n: width, k: block.seen, a: p + block.start, rowStep: 1, kStep: part.paddedQueries,
            b: rows.v + first, bStep: rows.step, c: output.value + (outputOffset(part, block.start) &+ first),
            cStep: output.columns)
        }
        if isKept { kept += part.keys * part.paddedQueries }
      }
    }
  }

  func backward() {
    requireNoPrefixes()
    requireLayout(longest: longest)
    var p = probabilities
    eachSequenceAndGroup { part in
      let rows = keyRows(part)
      prepare(part, rows)
      part.eachBlock { block in
        transposeIn(
          output.gradient + outputOffset(part, block.start), output.columns, rows: block.count, part.columns,
          into: dOT + block.start)
        transposeOut(qT + block.start, rows: block.count, groupStep, into: q + block.start * groupStep, groupStep)
      }
      for head in 0..<part.heads {
        backward(part, head: head, rows, p)
        p += part.keys * part.paddedQueries
      }
      normsBackward(part)
    }
    queryNorm.collectGainGradient()
    keyNorm.collectGainGradient()
  }

  /// dq̂ᵀ, dk̂ and dv of one head.
  private func backward(_ part: Part, head: Int, _ rows: KeyRows, _ p: Floats) {
    let first = head &* width
    let dO = output.gradient + (outputOffset(part, 0) &+ first)  // [Q, W], step D
    part.eachBlock { block in
      nativeProduct(  // dPᵀ [L, 16] = v dOᵀ
        m: block.seen, n: laneCount, k: width, a: rows.v + first, rowStep: rows.step, kStep: 1,
        b: dOT + (first &* long &+ block.start), bStep: long, c: dScores + block.start, cStep: long)
      softmaxBackward(p + block.start, part.paddedQueries, dScores + block.start, seen: block.seen)
      nativeProduct(  // dq̂ᵀ [W, 16] = k̂ᵀ dSᵀ
        m: width, n: laneCount, k: block.seen, a: kT + first &* long, rowStep: long, kStep: 1,
        b: dScores + block.start, bStep: long, c: dqT + (first &* long &+ block.start), cStep: long)
    }
    let dV = keys.gradient + (keyOffset(part, 0) &+ heads &* width &+ first)
    for start in stride(from: 0, to: part.keys, by: laneCount) {
      let count = min(laneCount, part.keys - start)
      let query = part.firstQueryThatSees(key: start)
      nativeProduct(  // dk̂ [16, W] = dSᵀ q̂
        m: count, n: width, k: part.queries - query, a: dScores + (start * long + query), rowStep: long, kStep: 1,
        b: q + (query * groupStep + first), bStep: groupStep, c: dk + (start * groupStep + first), cStep: groupStep)
      nativeProduct(  // dv [16, W] = Pᵀ dO
        m: count, n: width, k: part.queries - query, a: p + (start * part.paddedQueries + query),
        rowStep: part.paddedQueries, kStep: 1, b: dO + query * output.columns, bStep: output.columns,
        c: dV + start * keys.columns, cStep: keys.columns)
    }
  }

  /// dq and dk of the group's heads from dq̂ᵀ and dk̂.
  private func normsBackward(_ part: Part) {
    for start in stride(from: 0, to: part.queries, by: laneCount) {
      let count = min(laneCount, part.queries - start)
      for head in 0..<part.heads {
        let place = head &* width &* long &+ start
        queryNorm.backward(
          columns: xqT + place, dqT + place, long, inverse: load(qInverse + (head &* long &+ start)),
          angles: part.angles, at: start, count: count)
      }
      transposeOut(
        dqT + start, rows: count, part.columns, into: queries.gradient + queryOffset(part, start), queries.columns)
    }
    for start in stride(from: 0, to: part.keys, by: laneCount) {
      let count = min(laneCount, part.keys - start)
      transposeIn(dk + start * groupStep, groupStep, rows: count, part.columns, into: dkT + start)
      for head in 0..<part.heads {
        let place = head &* width &* long &+ start
        keyNorm.backward(
          columns: xkT + place, dkT + place, long, inverse: load(kInverse + (head &* long &+ start)),
          angles: part.keyAngles, at: start, count: count)
      }
      transposeOut(dkT + start, rows: count, part.columns, into: keys.gradient + keyOffset(part, start), keys.columns)
    }
  }

  /// x, q̂ and k̂ of the group's heads, transposed, and 1 / rms.
  private func prepare(_ part: Part, _ rows: KeyRows) {
    for start in stride(from: 0, to: part.queries, by: laneCount) {
      transposeIn(
        queries.value + queryOffset(part, start), queries.columns, rows: min(laneCount, part.queries - start),
        part.columns, into: xqT + start)
      for head in 0..<part.heads {
        let place = head &* width &* long &+ start
        store(
          queryNorm.forward(columns: xqT + place, into: qT + place, long, angles: part.angles, at: start),
          qInverse + (head &* long &+ start))
      }
    }
    for start in stride(from: 0, to: part.keys, by: laneCount) {
      transposeIn(
        rows.k + start * rows.step, rows.step, rows: min(laneCount, part.keys - start), part.columns, into: xkT + start)
      for head in 0..<part.heads {
        let place = head &* width &* long &+ start
        store(
          keyNorm.forward(columns: xkT + place, into: kT + place, long, angles: part.keyAngles, at: start),
          kInverse + (head &* long &+ start))
      }
    }
  }

  @inline(__always) private func queryOffset(_ part: Part, _ query: Int) -> Int {
    (part.firstQuery &+ query) &* queries.columns &+ queryColumn &+ part.firstHead &* width
  }

  @inline(__always) private func keyOffset(_ part: Part, _ key: Int) -> Int {
    (part.firstKey &+ key) &* keys.columns &+ keyColumn &+ part.firstHead &* width
  }

  @inline(__always) private func outputOffset(_ part: Part, _ query: Int) -> Int {
    (part.firstQuery &+ query) &* output.columns &+ part.firstHead &* width
  }

  /// k and v [L, G] of a group, each row `step` after the one before.
  private struct KeyRows {
    let k: Floats, v: Floats
    let step: Int
  }

  /// The keys and values where they stand, or gathered if some are those of a prefix.
  private func keyRows(_ part: Part) -> KeyRows {
    let k = keys.value + keyOffset(part, 0)
    guard part.prefixKeys > 0 else { return KeyRows(k: k, v: k + heads * width, step: keys.columns) }
    for key in 0..<part.keys {
      let row = row(key, part.firstPrefixKey, part.prefixKeys, part.firstKey)
      let source = keys.value + (row * keys.columns + keyColumn + part.firstHead * width)
      (gatheredKeys + key * groupStep).update(from: source, count: part.columns)
      (gatheredValues + key * groupStep).update(from: source + heads * width, count: part.columns)
    }
    return KeyRows(k: gatheredKeys, v: gatheredValues, step: groupStep)
  }

  /// target [Gp, 16], step `long`, = sourceᵀ, of up to sixteen rows; the last stands in for those that are missing.
  private func transposeIn(_ source: Floats, _ step: Int, rows: Int, _ columns: Int, into target: Floats) {
    for column in stride(from: 0, to: columns, by: laneCount) {
      let from = source + column, to = target + column * long
      if rows == laneCount {
        transpose16({ load(from + $0 &* step) }, { store($1, to + $0 &* long) })
      } else {
        transpose16({ load(from + min($0, rows &- 1) &* step) }, { store($1, to + $0 &* long) })
      }
    }
  }

  /// target [rows, columns] = sourceᵀ, step `long`, the way back.
  private func transposeOut(_ source: Floats, rows: Int, _ columns: Int, into target: Floats, _ step: Int) {
    for column in stride(from: 0, to: columns, by: laneCount) {
      let from = source + column * long, to = target + column
      let count = min(laneCount, columns - column)
      if rows == laneCount && count == laneCount {
        transpose16({ load(from + $0 &* long) }, { store($1, to + $0 &* step) })
      } else {
        transpose16({ load(from + $0 &* long) }, { row, v in if row < rows { store(v, to + row &* step, count) } })
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
    if part.hasViews { hideByViews(block) }
    var tops = Lanes(repeating: -.infinity)
    for key in 0..<block.seen { tops = larger(tops, load(scores + key &* laneCount)) }
    for key in 0..<block.seen {
      let s = scores + key &* laneCount
      store(exponential(load(s) - tops), s)
    }
    let scale = 1 / totals(block.seen) { key, sum in sum += load(scores + key &* laneCount) }
    for key in 0..<block.seen { store(load(scores + key &* laneCount) * scale, p + key &* part.paddedQueries) }
  }

  /// Scores of −∞ where the query's view has neither the key's rank nor its group.
  @inline(__always) private func hideByViews(_ block: Block) {
    let limits = UnsafeRawPointer(limits + block.start).loadUnaligned(as: SIMD16<Int32>.self)
    let groups = UnsafeRawPointer(groups + block.start).loadUnaligned(as: SIMD16<Int32>.self)
    for key in 0..<block.seen {
      let s = scores + key &* laneCount
      let beyond = (limits &- SIMD16(repeating: keyRanks[key])) &>> 31  // −1 where limit < rank
      let apart = groups ^ SIMD16(repeating: keyGroups[key])
      let other = (apart | (0 &- apart)) &>> 31  // −1 where the groups differ
      store(choose(beyond & other, Lanes(repeating: -.infinity), load(s)), s)
    }
  }

  /// dS = P ⊙ (dP − Σ P ⊙ dP) for sixteen queries, in place of dP.
  @inline(__always) private func softmaxBackward(_ p: Floats, _ step: Int, _ d: Floats, seen: Int) {
    let mean = totals(seen) { key, sum in sum.addProduct(load(p + key &* step), load(d + key &* long)) }
    for key in 0..<seen { store(load(p + key &* step) * (load(d + key &* long) - mean), d + key &* long) }
  }
}
