// Records a model's operations on a tape: embedding, blocks, head. Which gradient is overwritten and which added to
// follows from the order in which the tape runs backwards, and is said at each place. A linear map reads its input's
// values for the last time before it writes their gradient, and attention and SwiGLU turn gradients into gradients head by
// head and element by element, so what only they read is overwritten by its gradient: half the memory, which is cache.
//
// Shape letters: N rows of the batch, M scored rows, D width, F inner width, V vocabulary.

import TensorEngine

struct TransformerBuilder {
  let parameters: ModelParameters
  let arena: Arena
  private var tape: Tape
  let layout: SequenceLayout
  let clock: DropoutClock
  let backend: ProductBackend
  let precision: ProductPrecision
  let kernels: any Kernels
  private(set) var mixtures: [any MixtureOperation] = []
  private(set) var caches: [any CachedAttentionOperation] = []
  /// The outputs whose values are still there after a forward pass, in its order, for finding out where numbers went wrong.
  private(set) var stages: [(name: String, output: Tensor)] = []
  private var places = 0
  /// Makes `table`; to be run when the parameters have changed.
  private(set) var tableTape: Tape?
  private var table: (rows: Tensor, tokens: UnsafeMutablePointer<Int32>)?
  private let rotary: RotaryTable
  private let longest: Int
  private var c: ModelConfiguration { parameters.configuration }

  init(
    parameters: ModelParameters, arena: Arena, tape: Tape, layout: SequenceLayout, clock: DropoutClock,
    longest: Int? = nil, backend: ProductBackend, precision: ProductPrecision = .single, kernels: any Kernels
  ) {
    self.parameters = parameters
    self.arena = arena
    self.tape = tape
    self.layout = layout
    self.clock = clock
    self.backend = backend
    self.precision = precision
    self.kernels = kernels
    let c = parameters.configuration
    // One position more than tokens: a row whose place is told may read the last token and be asked for another.
    // More rows than the context only stand in places within it, but attention asks for a table of as many.
    self.longest = longest ?? c.context
    rotary = RotaryTable(arena, longest: self.longest + 1, width: c.headWidth, base: c.rotaryBase)
  }

  mutating func embed(tokens: UnsafeMutablePointer<Int32>, rows: Axis) -> Tensor {
    let output = Tensor(arena, rows: rows, columns: c.width)  // [N, D]
    let table = weight("model.embed_tokens.weight", outputs: parameters.vocabulary, inputs: c.width)
    tape.record(kernels.embedding(arena, tokens: tokens, table: table, output: output, dropout: dropout(.embedding)))
    stages.append(("the embedding", output))
    return output
  }

  /// All blocks; the result has M rows if unscored rows leave in the last block, else N.
  mutating func blocks(
    _ embedded: Tensor, scored: UnsafeMutablePointer<Int32>, some: Axis, scoredRows: ScoredRows
  ) -> Tensor {
    var stream = embedded
    for layer in 0..<c.layers {
      let leaves = scoredRows == .beforeLastQueries && layer == c.layers - 1
      let attended = leaves ? lastAttention(layer, stream, scored: scored, some: some) : attention(layer, stream)
      stages.append(("layer \(layer), attention", attended))
      stream = feedForward(layer, attended)
      stages.append(("layer \(layer), feed-forward", stream))
    }
    return stream
  }

  /// All blocks with cached attention, for decoding: one row per sequence.
  mutating func decodingBlocks(_ embedded: Tensor) -> Tensor {
    var stream = embedded
    for layer in 0..<c.layers {
      let name = ModelParameters.block(layer)
      let qkv = projectedQueriesKeysValues(name, stream)
      let heads = Tensor(arena, rows: stream.rows, columns: c.width)
      let attention = kernels.cachedAttention(
        arena, parameters.buffer, input: qkv, output: heads, heads: c.heads, constants: attentionConstants(name),
        rotary: rotary, longest: c.context)
      tape.record(attention)
      caches.append(attention)
      stream = feedForward(layer, residual(name + "self_attn.o_proj.weight", heads, onto: stream, .attention))
    }
    return stream
  }

  /// Lets the first layer look up queries, keys and values, which depend on the token alone, in a table of the vocabulary,
  /// for forward passes of many more rows. The same bits: a row of a native product does not depend on the rows beside it.
  mutating func tabulateFirstProjection(tokens: UnsafeMutablePointer<Int32>) {
    let vocabulary = parameters.vocabulary
    guard backend == .native, precision == .single, vocabulary <= Self.largestTable else { return }
    let main = tape
    let own = Tape()
    let every = arena.integers(vocabulary)
    for token in 0..<vocabulary { every[token] = Int32(token) }
    let embedded = Tensor(arena, rows: Axis(capacity: vocabulary), columns: c.width)  // [V, D]
    let weights = weight("model.embed_tokens.weight", outputs: vocabulary, inputs: c.width)
    own.record(kernels.embedding(arena, tokens: every, table: weights, output: embedded, dropout: nil))
    tape = own
    table = (projectedQueriesKeysValues(ModelParameters.block(0), embedded), tokens)
    tape = main
    tableTape = own
  }

  /// Rows of a table that are made in less time than a few batches take.
  private static let largestTable = 4096

  /// The first layer's from the table, if there is one.
  private func queriesKeysValues(_ layer: Int, _ x: Tensor) -> Tensor {
    guard layer == 0, let table else { return projectedQueriesKeysValues(ModelParameters.block(layer), x) }
    let qkv = passing(x.rows, 3 * c.width)
    tape.record(kernels.rowGather(input: table.rows, indices: table.tokens, output: qkv))
    return qkv
  }

  /// norm(x) · [Wq; Wk; Wv]ᵀ, [N, 3D].
  private func projectedQueriesKeysValues(_ name: String, _ x: Tensor) -> Tensor {
    let normed = norm(name + "input_layernorm.weight", x, mode: .accumulate)  // the stream's gradient is already in x
    let qkv = passing(x.rows, 3 * c.width)
    tape.record(
      linear(normed, weight(name + "self_attn.q_proj.weight", outputs: 3 * c.width, inputs: c.width), qkv))
    return qkv
  }

  /// x + o(attention(norm(x))), all rows asking.
  private mutating func attention(_ layer: Int, _ x: Tensor) -> Tensor {
    let name = ModelParameters.block(layer)
    let qkv = queriesKeysValues(layer, x)
    let heads = passing(x.rows, c.width)  // [N, D]
    recordAttention(name, queries: qkv, keys: qkv, keyColumn: c.width, output: heads, selection: layout.every)
    return residual(name + "self_attn.o_proj.weight", heads, onto: x, .attention)
  }

  /// The same where only the scored rows ask and go on: keys and values of N rows, all else of M.
  private mutating func lastAttention(_ layer: Int, _ x: Tensor, scored: UnsafeMutablePointer<Int32>, some: Axis)
    -> Tensor
  {
    let name = ModelParameters.block(layer)
    let normed = norm(  // after the gather of x has written
      name + "input_layernorm.weight", x, mode: .accumulate, isReadTwice: true)
    let kv = passing(x.rows, 2 * c.width)  // [N, 2D]
    tape.record(
      linear(
        normed, weight(name + "self_attn.k_proj.weight", outputs: 2 * c.width, inputs: c.width), kv,
        mode: .accumulate))  // after the gather of the normed rows has written
    let asking = passing(some, c.width)  // [M, D]
    tape.record(kernels.rowGather(input: normed, indices: scored, output: asking))
    let q = passing(some, c.width)  // [M, D]
    tape.record(linear(asking, weight(name + "self_attn.q_proj.weight", outputs: c.width, inputs: c.width), q))
    let staying = Tensor(arena, rows: some, columns: c.width)  // [M, D]
    tape.record(kernels.rowGather(input: x, indices: scored, output: staying))
    let heads = passing(some, c.width)  // [M, D]
    recordAttention(name, queries: q, keys: kv, keyColumn: 0, output: heads, selection: layout.chosen)
    return residual(name + "self_attn.o_proj.weight", heads, onto: staying, .attention)
  }

  private func recordAttention(
    _ name: String, queries: Tensor, keys: Tensor, keyColumn: Int, output: Tensor, selection: SequenceLayout.Queries
  ) {
    tape.record(
      kernels.attention(
        arena, parameters.buffer, layout: layout, selection: selection, queries: queries, queryColumn: 0, keys: keys,
        keyColumn: keyColumn, output: output, heads: c.heads, constants: attentionConstants(name), rotary: rotary,
        longest: longest))
  }

  private func attentionConstants(_ name: String) -> AttentionConstants {
    AttentionConstants(
      queryGain: parameters.offset(name + "self_attn.q_norm.weight"),
      keyGain: parameters.offset(name + "self_attn.k_norm.weight"), epsilon: Float(c.normEpsilon))
  }

  private mutating func feedForward(_ layer: Int, _ x: Tensor) -> Tensor {
    let name = ModelParameters.block(layer)
    let normed = norm(
      name + "post_attention_layernorm.weight", x, mode: .accumulate, isReadTwice: c.experts != nil)
    if let experts = c.experts { return mixture(experts, name, normed, onto: x) }
    let gates = passing(x.rows, 2 * c.feedForward)  // [N, 2F]
    tape.record(
      linear(normed, weight(name + "mlp.gate_proj.weight", outputs: 2 * c.feedForward, inputs: c.width), gates))
    let activated = passing(x.rows, c.feedForward)  // [N, F]
    tape.record(kernels.swiGLU(arena, input: gates, output: activated))
    return residual(name + "mlp.down_proj.weight", activated, onto: x, .feedForward)
  }

  private mutating func mixture(_ experts: ModelConfiguration.Experts, _ name: String, _ normed: Tensor, onto x: Tensor)
    -> Tensor
  {
    let output = Tensor(arena, rows: x.rows, columns: c.width, sharingGradientOf: x)
    let inner = experts.feedForward
    let gateUp = parameters.offset(name + "mlp.experts.gate_up_proj")
    let down = parameters.offset(name + "mlp.experts.down_proj")
    func expertWeight(_ offset: Int, _ outputs: Int, _ inputs: Int) -> WeightMatrix {
      WeightMatrix(
        parameters.buffer, offset: offset, outputs: outputs, inputs: inputs, backend: backend, precision: precision)
    }
    let operation = kernels.mixtureOfExperts(
      arena, input: normed, residual: x, output: output,
      // Which experts are chosen should not hang on the sixteenth bit.
      router: weight(name + "mlp.gate.weight", outputs: experts.count, inputs: c.width, precision: .single),
      gateUps: (0..<experts.count).map { expertWeight(gateUp + $0 * 2 * inner * c.width, 2 * inner, c.width) },
      downs: (0..<experts.count).map { expertWeight(down + $0 * inner * c.width, c.width, inner) },
      active: experts.active, coefficient: Float(experts.loadBalance / Double(c.layers)), dropout: dropout(.feedForward)
    )
    tape.record(operation)
    mixtures.append(operation)
    return output
  }

  /// Final norm and unembedding of the M scored rows.
  mutating func head(
    _ stream: Tensor, scored: UnsafeMutablePointer<Int32>, some: Axis, scoredRows: ScoredRows, logits: Tensor
  ) {
    var last = stream
    if scoredRows == .beforeHead {
      last = Tensor(arena, rows: some, columns: c.width)
      tape.record(kernels.rowGather(input: stream, indices: scored, output: last))
    }
    let normed = norm("model.norm.weight", last, mode: .overwrite)  // the first to reach the stream's gradient
    tape.record(linear(normed, weight("lm_head.weight", outputs: parameters.vocabulary, inputs: c.width), logits))
  }

  /// A tensor whose gradient overwrites its values.
  private func passing(_ rows: Axis, _ columns: Int) -> Tensor {
    Tensor(arena, rows: rows, columns: columns, gradientReplacesValue: true)
  }

  private func norm(_ gain: String, _ x: Tensor, mode: GradientMode, isReadTwice: Bool = false) -> Tensor {
    let output = isReadTwice ? Tensor(arena, rows: x.rows, columns: x.columns) : passing(x.rows, x.columns)
    tape.record(
      kernels.rmsNorm(
        arena, parameters.buffer, gain: parameters.offset(gain), input: x, output: output,
        epsilon: Float(c.normEpsilon), mode: mode))
    return output
  }

  private mutating func residual(
    _ name: String, _ branch: Tensor, onto x: Tensor, _ site: ModelConfiguration.DropoutSite
  ) -> Tensor {
    let output = Tensor(arena, rows: x.rows, columns: c.width, sharingGradientOf: x)
    let projection = weight(name, outputs: c.width, inputs: branch.columns)
    tape.record(
      kernels.residualLinear(
        arena, input: branch, weight: projection, residual: x, output: output, dropout: dropout(site)))
    return output
  }

  private func linear(_ input: Tensor, _ weight: WeightMatrix, _ output: Tensor, mode: GradientMode = .overwrite)
    -> any Operation
  {
    kernels.linear(arena, input: input, weight: weight, output: output, mode: mode)
  }

  private func weight(_ name: String, outputs: Int, inputs: Int, precision: ProductPrecision? = nil) -> WeightMatrix {
    WeightMatrix(
      parameters.buffer, offset: parameters.offset(name), outputs: outputs, inputs: inputs, backend: backend,
      precision: precision ?? self.precision)
  }

  /// Dropout of the next operation that has it.
  private mutating func dropout(_ site: ModelConfiguration.DropoutSite) -> DropoutPlace? {
    let rate = c.dropout(at: site)
    guard rate > 0 else { return nil }
    defer { places += 1 }
    return DropoutPlace(rate: Float(rate), clock: clock, layer: places)
  }
}
