// Token-by-token evaluation of a causal model with a cache of keys and values. What is done with the logits is the
// sampler's business.

import Basics
import TensorEngine

/// A causal model that reads one token of each of B sequences at a time and remembers those before.
public final class TokenDecoder {
  public let parameters: ModelParameters
  /// B, the number of sequences that are decoded together.
  public let sequences: Int
  /// Tokens read so far.
  public private(set) var position = 0
  private let arena = Arena()
  private let tape = Tape()
  private let tokens: UnsafeMutablePointer<Int32>
  private let logits: Tensor
  private let caches: [any CachedAttentionOperation]

  public init(
    _ parameters: ModelParameters, sequences: Int, backend: ProductBackend, kernels: any Kernels = KernelChoice.current
  ) {
    self.parameters = parameters
    self.sequences = sequences
    tokens = arena.integers(sequences)
    let rows = Axis(capacity: sequences)
    logits = Tensor(arena, rows: rows, columns: parameters.vocabulary, gradientReplacesValue: true)
    var builder = TransformerBuilder(
      parameters: parameters, arena: arena, tape: tape, layout: SequenceLayout(), clock: DropoutClock(),
      backend: backend, kernels: kernels)
    let embedded = builder.embed(tokens: tokens, rows: rows)
    let last = builder.decodingBlocks(embedded)
    builder.head(last, scored: tokens, some: rows, scoredRows: .all, logits: logits)
    caches = builder.caches
  }

  /// Forgets all tokens.
  public func reset() { position = 0 }

  /// Reads the next token of each sequence; the result is [B, V], logits of the token after it, valid until the next call.
  public func read(_ next: [Int32]) -> UnsafeBufferPointer<Float> {
    enforce(next.count == sequences, "one token for each of \(sequences) sequences")
    enforce(
      position < parameters.configuration.context, "the context of \(parameters.configuration.context) tokens is full")
    enforce(
      next.allSatisfy((0..<Int32(parameters.vocabulary)).contains),
      "a token is outside the vocabulary of \(parameters.vocabulary)")
    for (i, token) in next.enumerated() { tokens[i] = token }
    for cache in caches { cache.position = position }
    tape.forward()
    position += 1
    return UnsafeBufferPointer(start: logits.value, count: sequences * parameters.vocabulary)
  }
}
