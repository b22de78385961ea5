// The walk of attention over a batch: sequence by sequence and group of heads by group of heads, in blocks of sixteen
// queries, with the places and views of their rows. What is computed there is in Attention.swift, with the shape letters.

import Tensors

extension Attention {
  /// One sequence of the batch, and the heads that are turned over together.
  struct Part {
    let isCausal: Bool, hasViews: Bool
    let positions: UnsafeMutablePointer<Int32>  // of the queries
    let angles: Angles  // of the queries: of what they ask for
    let keyAngles: Angles
    let firstHead: Int, heads: Int
    let columns: Int  // G
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

    /// The first query of the first block in which any query sees a key.
    func firstQueryThatSees(key: Int) -> Int {
      guard isCausal else { return 0 }
      var start = 0
      while start < queries && block(start).seen <= key { start &+= laneCount }
      return min(start, queries)
    }
  }

  struct Block {
    let start: Int, count: Int, seen: Int
  }

  @inline(__always) func eachSequenceAndGroup(_ body: (Part) -> Void) {
    for sequence in 0..<layout.keyOffsets.count - 1 {
      let firstKey = layout.keyOffsets[sequence]
      let firstQuery = selection.offsets[sequence]
      let queryCount = selection.offsets[sequence + 1] - firstQuery
      let prefix = layout.prefixes.isEmpty ? nil : layout.prefixes[sequence]
      let firstPrefixKey = prefix.map { layout.keyOffsets[$0] } ?? 0
      let prefixKeys = prefix.map { layout.keyOffsets[$0 + 1] - layout.keyOffsets[$0] } ?? 0
      let keyCount = layout.keyOffsets[sequence + 1] - firstKey + prefixKeys
      // Queries from position 0 on have the table's angles; of others they are put side by side for each sequence.
      let isFromTheStart = selection === layout.every && prefix == nil && layout.places.isEmpty
      for query in 0..<queryCount {
        let position = selection.positions[firstQuery + query]
        positions[query] = Int32(truncatingIfNeeded: position)
        if isFromTheStart { continue }
        if layout.places.isEmpty {
          rotary.copyColumn(of: position, to: query, of: chosenAngles)
        } else {
          let place = layout.places[row(position, firstPrefixKey, prefixKeys, firstKey)]
          rotary.copyColumn(of: place.asked, to: query, of: chosenAngles)
        }
      }
      if !layout.places.isEmpty {
        for key in 0..<keyCount {
          let place = layout.places[row(key, firstPrefixKey, prefixKeys, firstKey)]
          rotary.copyColumn(of: place.read, to: key, of: keyAngles)
        }
      }
      if !layout.views.isEmpty {
        for query in 0..<queryCount {
          let view = layout.views[row(Int(positions[query]), firstPrefixKey, prefixKeys, firstKey)]
          (limits[query], groups[query]) = (view.limit, view.group < 0 ? -2 : view.group)
        }
        // What is computed beside the last query sees everything, so that it stays finite.
        for query in queryCount..<roundedUp(queryCount) { (limits[query], groups[query]) = (RowView.hidden, -2) }
        for key in 0..<keyCount {
          let view = layout.views[row(key, firstPrefixKey, prefixKeys, firstKey)]
          (keyRanks[key], keyGroups[key]) = (view.rank, max(view.group, -1))
        }
      }
      for head in stride(from: 0, to: heads, by: headsInGroup) {
        let count = min(headsInGroup, heads - head)
        body(
          Part(
            isCausal: layout.isCausal && layout.views.isEmpty, hasViews: !layout.views.isEmpty, positions: positions,
            angles: isFromTheStart ? rotary.columns : chosenAngles,
            keyAngles: layout.places.isEmpty ? rotary.columns : keyAngles, firstHead: head, heads: count,
            columns: count * width, firstPrefixKey: firstPrefixKey, prefixKeys: prefixKeys, firstKey: firstKey,
            keys: keyCount, firstQuery: firstQuery, queries: queryCount))
      }
    }
  }

  /// The row of the batch that has a position in a sequence, whose first ones may be those of a prefix.
  @inline(__always) func row(_ position: Int, _ firstPrefixKey: Int, _ prefixKeys: Int, _ firstKey: Int) -> Int {
    position < prefixKeys ? firstPrefixKey &+ position : firstKey &+ position &- prefixKeys
  }
}
