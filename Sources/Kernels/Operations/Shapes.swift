// What every operation requires of the shapes that it is given, and of the batch that enters it: its kernel indexes memory
// without looking. The checks themselves, and why they are not preconditions, are in Require.swift.

import Tensors

extension Linear {
  func requireShapes() {
    require(weight.inputs == input.columns && weight.outputs == output.columns, "shapes of a linear map disagree")
    output.requireRows(atLeast: input)
  }
}

extension ResidualLinear {
  func requireShapes() {
    require(output.gradient == residual.gradient, "a residual stream shares one gradient")
    require(weight.inputs == input.columns && weight.outputs == output.columns, "shapes of a linear map disagree")
    input.requireRows(atLeast: output)
    residual.requireShape(of: output)
    dropout?.requireRoom(for: output)
  }
}

extension SwiGLU {
  func requireShapes() {
    require(input.columns == product(2, output.columns), "SwiGLU halves its input's width")
    output.requireRows(atLeast: input)
  }
}

extension RMSNorm {
  func requireShapes() { output.requireShape(of: input) }
}

extension DropoutMask {
  func requireRoom(for tensor: Tensor) {
    require(
      capacity >= product(tensor.rows.capacity, tensor.columns),
      "a dropout mask of \(capacity) elements is too small for \(tensor.rows.capacity) × \(tensor.columns)")
  }
}

extension EmbeddingLookup {
  func requireShapes() {
    require(table.inputs == output.columns, "the embedding's width is \(table.inputs), its output's \(output.columns)")
    dropout?.requireRoom(for: output)
  }

  /// Every token has a row in the table.
  func requireTokens() {
    requireIndices(
      tokens, count: output.rows.count, below: table.outputs, "a token is outside the vocabulary of \(table.outputs)")
  }
}

extension RowGather {
  func requireShapes() {
    require(input.columns == output.columns, "rows of \(input.columns) columns do not fit in \(output.columns)")
  }

  /// Every index names a row in use.
  func requireRows() {
    requireIndices(
      indices, count: output.rows.count, below: input.rows.count, "a row is outside the \(input.rows.count) in use")
  }
}

extension CrossEntropy {
  /// Every target is in the vocabulary.
  func requireTargets() {
    requireIndices(
      targets, count: logits.rows.count, below: logits.columns,
      "a target is outside the vocabulary of \(logits.columns)")
  }
}

/// The largest number of experts that a token is sent to.
let mostActiveExperts = 8

extension MixtureOfExperts {
  func requireShapes() {
    let experts = gateUps.count
    require(output.gradient == residual.gradient, "a residual stream shares one gradient")
    require(
      experts > 0 && downs.count == experts && router.outputs == experts,
      "a router of \(router.outputs) for \(experts) and \(downs.count) experts")
    require(
      (1...min(experts, mostActiveExperts)).contains(active),
      "active experts must be between 1 and \(min(experts, mostActiveExperts)), not \(active)")
    let width = input.columns
    let inner = downs[0].inputs
    let isUniform =
      router.inputs == width
      && gateUps.allSatisfy { $0.inputs == width && $0.outputs == product(2, inner) }
      && downs.allSatisfy { $0.inputs == inner && $0.outputs == width }
    require(isUniform, "shapes of the experts disagree")
    output.requireShape(of: input)
    residual.requireShape(of: output)
    dropout?.requireRoom(for: output)
  }
}

extension CachedAttention {
  func requireShapes(_ rotary: RotaryTable, longest: Int) {
    require(heads > 0 && output.columns % heads == 0, "\(output.columns) columns are not divisible by \(heads) heads")
    require(input.columns == product(3, output.columns), "attention reads queries, keys and values")
    input.requireRows(atLeast: output)
    rotary.requireRoom(width: width, longest: longest)
  }
}

extension RotaryTable {
  func requireRoom(width: Int, longest needed: Int) {
    require(
      width == 2 * half && needed >= 1 && needed <= longest,
      "a rotary table of width \(2 * half), \(longest) positions, for width \(width), \(needed) positions")
  }
}

extension Attention {
  func requireShapes(_ rotary: RotaryTable, longest: Int) {
    require(heads > 0 && output.columns % heads == 0, "\(output.columns) columns are not divisible by \(heads) heads")
    require(
      queryColumn >= 0 && queryColumn <= queries.columns - output.columns, "queries lie outside their tensor's columns")
    require(
      keyColumn >= 0 && keyColumn <= keys.columns - product(2, output.columns),
      "keys and values lie outside their tensor's columns")
    rotary.requireRoom(width: width, longest: longest)
  }

  /// Sequences that go on from others keep no probabilities to go back by.
  func requireNoPrefixes() {
    require(
      !layout.isForwardOnly && layout.prefixes.allSatisfy { $0 == nil },
      "sequences that go on from others have no backward pass")
  }

  /// The sequences of the batch lie within the rows in use, none is longer than `longest`, and every query has a place.
  func requireLayout(longest: Int) {
    let sequences = layout.keyOffsets.count - 1
    requirePlaces()
    requireViews()
    require(
      sequences >= 0 && selection.offsets.count == sequences + 1
        && (layout.prefixes.isEmpty || layout.prefixes.count == sequences),
      "keys, queries and prefixes name different numbers of sequences")
    requireOffsets(layout.keyOffsets, upTo: keys.rows.count)
    let queryCount = requireOffsets(selection.offsets, upTo: min(queries.rows.count, output.rows.count))
    require(selection.positions.count >= queryCount, "a query has no position")
    for sequence in 0..<sequences {
      let prefix = layout.prefixes.isEmpty ? nil : layout.prefixes[sequence]
      if let prefix {
        require(
          (0..<sequence).contains(prefix) && layout.prefixes[prefix] == nil,
          "a sequence goes on from an earlier, whole one")
      }
      let before = prefix.map { layout.keyOffsets[$0 + 1] - layout.keyOffsets[$0] } ?? 0
      let length = before + layout.keyOffsets[sequence + 1] - layout.keyOffsets[sequence]
      require(length <= longest, "a sequence of \(length) tokens is longer than \(longest)")
      let first = selection.offsets[sequence], end = selection.offsets[sequence + 1]
      require(end - first <= longest, "a sequence has \(end - first) queries, more than \(longest)")
      for query in first..<end {
        require((0..<length).contains(selection.positions[query]), "a query stands outside its sequence")
      }
    }
  }
}

extension Attention {
  /// Every row has a place that the rotary table knows, or none has one.
  private func requirePlaces() {
    if layout.places.isEmpty { return }
    require(layout.places.count >= layout.keyOffsets.last ?? 0, "a row has no place")
    for place in layout.places {
      require(
        (0..<rotary.longest).contains(place.read) && (0..<rotary.longest).contains(place.asked),
        "a row reads at \(place.read) and is asked at \(place.asked), outside \(rotary.longest) positions")
    }
  }
}

extension Attention {
  /// Every row has a view, or none has one; each sees something, which is itself.
  private func requireViews() {
    if layout.views.isEmpty { return }
    require(layout.views.count >= layout.keyOffsets.last ?? 0, "a row has no view")
    for view in layout.views {
      require(view.rank <= view.limit || view.group >= 0, "a row does not see itself")
    }
  }
}

/// Offsets ascend from 0 and end at `rows` at most; the result is where they end.
@discardableResult private func requireOffsets(_ offsets: [Int], upTo rows: Int) -> Int {
  var last = 0
  require(offsets.first == 0, "sequences begin at row 0")
  for offset in offsets {
    require(offset >= last && offset <= rows, "a sequence ends outside the \(rows) rows in use")
    last = offset
  }
  return last
}
