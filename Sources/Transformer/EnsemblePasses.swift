// Forward passes of every member of an ensemble over the same tokens, and the mixture of what they predict. One member is
// passed straight through, so that its bits are those of the model alone.

import Foundation
import TensorEngine

/// −ln((1/M) Σₘ exp(−lₘ)) of the members' losses lₘ, nats: the loss of the mixture of their probabilities. Not finite where
/// a loss is NaN or all are infinite.
func mixedLoss(_ losses: [Double]) -> Double {
  let lowest = losses.min() ?? .nan
  return lowest - log(losses.reduce(0) { $0 + exp(lowest - $1) } / Double(losses.count))
}

/// The mixture of several models' rows of logits, as log-probabilities.
private final class MixedRows {
  private let arena = Arena()
  private let values: UnsafeMutablePointer<Float>
  private let vocabulary: Int

  /// - Parameter rows: the most that are mixed at once.
  init(rows: Int, vocabulary: Int) {
    values = arena.floats(rows, vocabulary)
    self.vocabulary = vocabulary
  }

  /// [N, V] ln((1/M) Σₘ softmax(logitsₘ)) of M times [N, V] logits; valid until the next call.
  func mix(_ logits: [UnsafeBufferPointer<Float>]) -> UnsafeBufferPointer<Float> {
    let count = logits[0].count
    for start in stride(from: 0, to: count, by: vocabulary) {
      let normalisers = logits.map { logNormaliser($0[start..<start + vocabulary]) }
      for i in start..<start + vocabulary {
        values[i] = Float(-mixedLoss(zip(logits, normalisers).map { $1 - Double($0[i]) }))
      }
    }
    return UnsafeBufferPointer(start: values, count: count)
  }

  /// ln Σ exp(logit).
  private func logNormaliser(_ logits: UnsafeBufferPointer<Float>.SubSequence) -> Double {
    let top = Double(logits.max() ?? 0)
    return top + log(logits.reduce(0) { $0 + exp(Double($1) - top) })
  }
}

/// The forward computations of all members of an ensemble, or of the one model there is.
public final class EnsembleTransformer {
  public let capacity: BatchCapacity
  public let configuration: ModelConfiguration
  private let models: [Transformer]
  private let mixture: MixedRows?
  private var mixed: UnsafeBufferPointer<Float>?

  /// As ``Transformer/init(_:capacity:scoredRows:backend:precision:isForwardOnly:kernels:)``.
  /// - Parameter keepsLogits: whether `logitRows` will be asked for.
  public init(
    _ predictor: any Predictor, capacity: BatchCapacity, scoredRows: ScoredRows, backend: ProductBackend,
    isForwardOnly: Bool = false, keepsLogits: Bool = true
  ) {
    self.capacity = capacity
    configuration = predictor.configuration
    models = predictor.members.map {
      Transformer($0, capacity: capacity, scoredRows: scoredRows, backend: backend, isForwardOnly: isForwardOnly)
    }
    mixture =
      models.count > 1 && keepsLogits ? MixedRows(rows: capacity.tokens, vocabulary: predictor.vocabulary) : nil
  }

  /// Runs every member on a batch.
  public func forward(_ batch: Batch, causal: Bool) {
    mixed = nil
    for model in models { model.forward(batch, causal: causal) }
  }

  /// −ln p of any token at a scored row of the last forward pass, nats; of several members −ln((1/M) Σₘ pₘ).
  public func loss(row: Int, token: Int32) -> Double {
    if models.count == 1 { return Double(models[0].loss(row: row, token: token)) }
    return mixedLoss(models.map { Double($0.loss(row: row, token: token)) })
  }

  /// [N, V] of the scored rows of the last forward pass: one model's logits, the log-probabilities of several; valid
  /// until the next pass.
  public var logitRows: UnsafeBufferPointer<Float> {
    guard let mixture else {
      precondition(models.count == 1, "the ensemble was made without logits")
      return models[0].logitRows
    }
    if let mixed { return mixed }
    let rows = mixture.mix(models.map(\.logitRows))
    mixed = rows
    return rows
  }
}

/// Token-by-token evaluation of all members of a causal ensemble, or of the one model there is.
public final class EnsembleDecoder {
  private let decoders: [TokenDecoder]
  private let mixture: MixedRows?

  /// As ``TokenDecoder/init(_:sequences:backend:kernels:)``.
  public init(_ predictor: any Predictor, sequences: Int, backend: ProductBackend) {
    decoders = predictor.members.map { TokenDecoder($0, sequences: sequences, backend: backend) }
    mixture = decoders.count > 1 ? MixedRows(rows: sequences, vocabulary: predictor.vocabulary) : nil
  }

  /// Tokens read so far.
  public var position: Int { decoders[0].position }

  /// Forgets all tokens.
  public func reset() { for decoder in decoders { decoder.reset() } }

  /// Reads the next token of each sequence; the result is [B, V] of the token after it, one model's logits or the
  /// log-probabilities of several, valid until the next call.
  public func read(_ next: [Int32]) -> UnsafeBufferPointer<Float> {
    guard let mixture else { return decoders[0].read(next) }
    return mixture.mix(decoders.map { $0.read(next) })
  }
}
