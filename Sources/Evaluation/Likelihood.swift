// Log-likelihoods of spans under either objective: the chain rule for AR, the exact-count order-agnostic bound for the
// DLM. What the spans belong to (choices, validation sequences) is decided elsewhere.

import Objectives
import Randomness
import TensorEngine
import Transformer

/// A span of tokens and what stands before it.
public struct Span: Sendable {
  public let context: [Int32]
  public let tokens: [Int32]
  /// Spans with the same index and length get the same maskings.
  public let index: UInt64

  public init(context: [Int32], tokens: [Int32], index: UInt64) {
    self.context = context
    self.tokens = tokens
    self.index = index
  }
}

/// Estimates log p(span | context), nats, in batches of a fixed extent.
///
/// - *AR*: Σ log p(x_i | x_<i), with a beginning-of-sequence token before the context.
/// - *DLM*: the mean over masked counts l = 1…n and over subsets S of that size of (n / l) Σ_{i∈S} log p(x_i | context, span
///   without S), a lower bound on log p. If all 2ⁿ − 1 subsets are at most `samples`, they are enumerated and the value is
///   exact; otherwise `samples` subsets are drawn, l stratified over 1…n.
///
/// Source: section 3 of the brief; the order-agnostic bound of Uria et al. 2014, as LLaDA and the paper evaluate.
public final class LikelihoodScorer {
  private let model: Transformer
  private let objective: Objective
  private let special: SpecialTokens
  private let samples: Int
  private let seed: UInt64
  private var batch = Batch()
  private var pending: [(span: Int, scale: Double, rows: Int)] = []
  private var sums: [Double] = []

  /// Tokens in an evaluation batch: always filled in the same order, so that results do not depend on what else runs.
  public static let tokensInBatch = 512

  /// - Parameters:
  ///   - samples: K, the largest number of maskings per span; AR needs none.
  ///   - seed: fixes the maskings.
  public init(
    _ parameters: ModelParameters, objective: Objective, special: SpecialTokens, samples: Int, seed: UInt64,
    backend: ProductBackend
  ) {
    let tokens = max(Self.tokensInBatch, parameters.configuration.context)
    model = Transformer(
      parameters, capacity: BatchCapacity(tokens: tokens, scored: tokens), scoredRows: .beforeLastQueries, backend: backend)
    self.objective = objective
    self.special = special
    self.samples = samples
    self.seed = seed
  }

  /// The log-likelihood of each span, in order; for the DLM its lower bound.
  public func logLikelihoods(_ spans: [Span]) -> [Double] {
    sums = Array(repeating: 0, count: spans.count)
    for (i, span) in spans.enumerated() {
      if objective.isCausal {
        appendCausal(span, i)
      } else {
        appendMasked(span, i)
      }
    }
    flush()
    return sums
  }

  private func appendCausal(_ span: Span, _ index: Int) {
    makeRoom(span.context.count + span.tokens.count)
    let all = span.context + span.tokens
    for i in all.indices {
      batch.append(i == 0 ? special.begin : all[i - 1], target: i < span.context.count ? nil : all[i])
    }
    batch.endSequence()
    pending.append((index, 1, span.tokens.count))
  }

  private func appendMasked(_ span: Span, _ index: Int) {
    let subsets = Self.subsets(of: span.tokens.count, samples: samples, seed: seed, index: span.index)
    for subset in subsets {
      makeRoom(span.context.count + span.tokens.count)
      for token in span.context { batch.append(token) }
      for (token, isMasked) in zip(span.tokens, subset.masked) {
        batch.append(isMasked ? special.mask : token, target: isMasked ? token : nil)
      }
      batch.endSequence()
      let count = subset.masked.reduce(0) { $0 + ($1 ? 1 : 0) }
      pending.append((index, subset.weight * Double(span.tokens.count) / Double(count), count))
    }
  }

  /// The maskings of a span of `count` tokens, with weights that sum to one.
  static func subsets(of count: Int, samples: Int, seed: UInt64, index: UInt64) -> [(masked: [Bool], weight: Double)] {
    if count < 20 && (1 << count) - 1 <= samples {
      return (1..<(1 << count)).map { bits in
        let masked = (0..<count).map { bits >> $0 & 1 == 1 }
        return (masked, 1 / (Double(count) * choose(count, bits.nonzeroBitCount)))
      }
    }
    var stream = RandomStream(seed: seed, purpose: .likelihoodMask, index: index)
    return (0..<samples).map { sample in
      let place = (Double(sample) + stream.uniform()) / Double(samples)
      let masks = min(count, 1 + Int(place * Double(count)))
      var masked = Array(repeating: false, count: count)
      for position in stream.permutation(count).prefix(masks) { masked[position] = true }
      return (masked, 1 / Double(samples))
    }
  }

  private static func choose(_ n: Int, _ k: Int) -> Double {
    (0..<k).reduce(1) { $0 * Double(n - $1) / Double($1 + 1) }
  }

  private func makeRoom(_ tokens: Int) {
    precondition(tokens <= model.parameters.configuration.context, "a span of \(tokens) tokens is longer than the context")
    if batch.tokens.count + tokens > model.capacity.tokens { flush() }
  }

  private func flush() {
    guard !pending.isEmpty else { return }
    model.forward(batch, causal: objective.isCausal)
    var row = 0
    for part in pending {
      for _ in 0..<part.rows {
        sums[part.span] -= part.scale * Double(model.losses[row])
        row += 1
      }
    }
    pending.removeAll(keepingCapacity: true)
    batch.removeAll()
  }
}
