// The model as a tape of operations over reused memory: built once for a largest batch, run for any smaller one.
// Objectives, which decide what goes in and what is asked, are elsewhere.

import Basics
import TensorEngine

/// Where rows that are not scored leave the computation.
public enum ScoredRows: Sendable {
  /// Every row is scored: nothing is left out.
  case all
  /// Unscored rows leave before the final norm. The load-balance loss needs them until then.
  case beforeHead
  /// Unscored rows leave in the last block, where only their keys and values matter.
  case beforeLastQueries
}

/// The largest batch that a transformer's memory holds.
public struct BatchCapacity: Sendable {
  public var tokens: Int
  public var scored: Int
  /// Rows of the longest sequence; nil for the model's context.
  public var longest: Int?

  public init(tokens: Int, scored: Int, longest: Int? = nil) {
    self.tokens = tokens
    self.scored = scored
    self.longest = longest
  }
}

/// The forward and backward computation of one model. Several may share the same parameters.
public final class Transformer {
  public let parameters: ModelParameters
  public let capacity: BatchCapacity
  public let dropoutClock = DropoutClock()
  public let arena = Arena()
  let scoredRows: ScoredRows
  private let tape = Tape()
  private let layout: SequenceLayout
  private let tokens: UnsafeMutablePointer<Int32>
  private let scored: UnsafeMutablePointer<Int32>
  private let all: Axis
  private let some: Axis
  private let logits: Tensor
  private let crossEntropy: any CrossEntropyOperation
  private var mixtures: [any MixtureOperation] = []
  private let stages: [(name: String, output: Tensor)]
  /// Makes what the builder's first layer looks up, and the version of the parameters for which it was last made.
  private let tableTape: Tape?
  private var tableVersion = 0

  /// - Parameters:
  ///   - capacity: the largest batch it will be given.
  ///   - scoredRows: what is left out for rows that are not scored; with experts, at most `beforeHead`.
  ///   - precision: of the linear maps' factors; the router of a mixture keeps 32 bits.
  ///   - isForwardOnly: whether `backward` will never be called, which saves time and memory and changes no bit.
  ///   - kernels: who computes; the same bits from all.
  public init(
    _ parameters: ModelParameters, capacity: BatchCapacity, scoredRows: ScoredRows, backend: ProductBackend,
    precision: ProductPrecision = .single, isForwardOnly: Bool = false, kernels: any Kernels = KernelChoice.current
  ) {
    let c = parameters.configuration
    layout = SequenceLayout(isForwardOnly: isForwardOnly)
    self.parameters = parameters
    self.capacity = capacity
    self.scoredRows = c.experts != nil && scoredRows == .beforeLastQueries ? .beforeHead : scoredRows
    tokens = arena.integers(capacity.tokens)
    scored = arena.integers(capacity.scored)
    all = Axis(capacity: capacity.tokens)
    some = self.scoredRows == .all ? all : Axis(capacity: capacity.scored)
    logits = Tensor(arena, rows: some, columns: parameters.vocabulary, gradientReplacesValue: true)
    crossEntropy = kernels.crossEntropy(arena, logits: logits)
    var builder = TransformerBuilder(
      parameters: parameters, arena: arena, tape: tape, layout: layout, clock: dropoutClock, longest: capacity.longest,
      backend: backend, precision: precision, kernels: kernels)
    if isForwardOnly { builder.tabulateFirstProjection(tokens: tokens) }
    tableTape = builder.tableTape
    let embedded = builder.embed(tokens: tokens, rows: all)
    let last = builder.blocks(embedded, scored: scored, some: some, scoredRows: self.scoredRows)
    builder.head(last, scored: scored, some: some, scoredRows: self.scoredRows, logits: logits)
    mixtures = builder.mixtures
    stages = builder.stages
    tape.record(crossEntropy)
  }

  /// Runs the model on a batch. With `ScoredRows.all` every row must be scored.
  ///
  /// - Parameter keepingLogits: whether `logitRows` and `loss(row:token:)` are wanted; training does without.
  /// - Returns: Σ weight · cross-entropy over the scored rows, plus the weighted load-balance loss; nats.
  @discardableResult
  public func forward(_ batch: Batch, causal: Bool, keepingLogits: Bool = true) -> Double {
    enforce(
      batch.tokens.count <= capacity.tokens && batch.rows.count <= capacity.scored,
      "a batch of \(batch.tokens.count) tokens, \(batch.rows.count) scored, exceeds the model's memory")
    enforce(scoredRows != .all || batch.rows.count == batch.tokens.count, "every row must be scored")
    requireInside(batch)
    all.count = batch.tokens.count
    some.count = batch.rows.count
    layout.isCausal = causal
    layout.keyOffsets.replaceContents(with: batch.offsets)
    layout.prefixes.replaceContents(with: batch.prefixes)
    layout.places.replaceContents(with: batch.places)
    layout.views.replaceContents(with: batch.views)
    for (i, token) in batch.tokens.enumerated() { tokens[i] = token }
    for (i, row) in batch.rows.enumerated() {
      scored[i] = Int32(row)
      crossEntropy.targets[i] = batch.targets[i]
      crossEntropy.weights[i] = batch.weights[i]
    }
    layout.allPositions(of: batch)
    if scoredRows == .beforeLastQueries { layout.scoredPositions(of: batch) }
    crossEntropy.overwritesLogits = !keepingLogits
    if let tableTape, tableVersion != parameters.buffer.version {
      tableTape.forward()
      tableVersion = parameters.buffer.version
    }
    tape.forward()
    return crossEntropy.loss + auxiliaryLoss
  }

  /// The kernels do not check what they index: a longer sequence or another token would read foreign memory.
  private func requireInside(_ batch: Batch) {
    let context = parameters.configuration.context
    let longest = capacity.longest ?? context
    for sequence in 0..<batch.sequenceCount {
      if let prefix = batch.prefixes[sequence] {
        enforce(
          (0..<sequence).contains(prefix) && batch.prefixes[prefix] == nil,
          "a sequence goes on from an earlier, whole one")
      }
      let length = batch.firstPosition(sequence) + batch.offsets[sequence + 1] - batch.offsets[sequence]
      enforce(length <= longest, "a sequence of \(length) tokens is longer than the context, \(longest)")
      enforce(
        length <= context || !batch.places.isEmpty, "\(length) rows have no place in a context of \(context) tokens")
    }
    enforce(batch.places.isEmpty || batch.places.count == batch.tokens.count, "all rows have places, or none has")
    enforce(batch.views.isEmpty || batch.views.count == batch.tokens.count, "all rows have views, or none has")
    enforce(
      batch.places.allSatisfy { (0...context).contains($0.read) && (0..<context).contains($0.asked) },
      "a row stands outside the context of \(context) tokens")
    let known = 0..<Int32(parameters.vocabulary)
    enforce(
      batch.tokens.allSatisfy(known.contains) && batch.targets.allSatisfy(known.contains),
      "a token is outside the vocabulary of \(parameters.vocabulary)")
  }

  /// Adds the gradient of what the last `forward` returned to the parameters' gradients.
  public func backward() {
    enforce(!layout.isForwardOnly, "the model was made for forward passes only")
    enforce(layout.prefixes.allSatisfy { $0 == nil }, "sequences that go on from others have no backward pass")
    tape.backward()
  }

  /// The load-balance loss of the last forward pass, weighted; zero for a dense model.
  var auxiliaryLoss: Double {
    guard let experts = parameters.configuration.experts else { return 0 }
    return experts.loadBalance * mixtures.reduce(0) { $0 + $1.loadBalance } / Double(mixtures.count)
  }

  /// [M] cross-entropy of each scored row of the last forward pass, nats.
  public var losses: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: crossEntropy.losses, count: some.count) }

  /// −log p of any token at a scored row of the last forward pass, nats.
  public func loss(row: Int, token: Int32) -> Float {
    enforce(
      (0..<some.count).contains(row) && (0..<parameters.vocabulary).contains(Int(token)),
      "row \(row) or token \(token) is outside the last batch")
    return crossEntropy.loss(row: row, token: token)
  }

  /// Where the last forward pass, not yet followed by `backward`, first gave a number that is not finite: "the embedding",
  /// "layer 2, attention" (layers count from 0, as in the parameters' names), "the head"; nil if every number is finite.
  public var firstStageNotFinite: String? {
    for stage in stages where !stage.output.values.allSatisfy(\.isFinite) { return stage.name }
    return losses.allSatisfy(\.isFinite) && logitRows.allSatisfy(\.isFinite) ? nil : "the head"
  }

  /// [M, V] logits of the scored rows of the last forward pass; valid until `backward`.
  public var logitRows: UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: logits.value, count: some.count * parameters.vocabulary)
  }
}

extension SequenceLayout {
  /// Every row asks.
  fileprivate func allPositions(of batch: Batch) {
    every.offsets.replaceContents(with: batch.offsets)
    every.positions.removeAll(keepingCapacity: true)
    for sequence in 0..<batch.sequenceCount {
      let first = batch.firstPosition(sequence)
      let count = batch.offsets[sequence + 1] - batch.offsets[sequence]
      for position in first..<first + count { every.positions.append(position) }
    }
  }

  /// Only the scored rows ask.
  fileprivate func scoredPositions(of batch: Batch) {
    chosen.offsets.removeAll(keepingCapacity: true)
    chosen.positions.removeAll(keepingCapacity: true)
    chosen.offsets.append(0)
    var next = 0
    for sequence in 0..<batch.sequenceCount {
      while next < batch.rows.count && batch.rows[next] < batch.offsets[sequence + 1] {
        chosen.positions.append(batch.firstPosition(sequence) + batch.rows[next] - batch.offsets[sequence])
        next += 1
      }
      chosen.offsets.append(next)
    }
  }
}

extension Array {
  fileprivate mutating func replaceContents(with other: [Element]) {
    removeAll(keepingCapacity: true)
    append(contentsOf: other)
  }
}
