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
  /// Tokens that stand after the span in a document, whatever they are.
  public let following: Int

  public init(context: [Int32], tokens: [Int32], index: UInt64, following: Int = 0) {
    self.context = context
    self.tokens = tokens
    self.index = index
    self.following = following
  }
}

/// Estimates log p(span | context), nats, in batches of a fixed extent.
///
/// - *AR*: Σ log p(x_i | x_<i), with a beginning-of-sequence token before the context.
/// - *DLM*: the mean over masked counts l = 1…n and over subsets S of that size of (n / l) Σ_{i∈S} log p(x_i | context, span
///   without S), a lower bound on log p. If all 2ⁿ − 1 subsets are at most `samples`, they are enumerated and the value is
///   exact; otherwise `samples` subsets are drawn, l stratified over 1…n.
/// - *DLM trained on suffixes only*: Σ log p(x_i | context, x_<i), each term from a pass in which x_i and all after it are
///   masked: the chain rule, exact. What follows the span is masked with it: a model that has only seen documents end in a
///   full stop would expect one in the last place. Spans longer than both `samples` and ``Masking/longestExactSuffixes`` take
///   `samples` of the n terms, stratified over the positions and weighted by n / K.
///
/// Each DLM is asked in the maskings it was trained on; asked about others it would answer with what it never learnt.
/// Both values are log-likelihoods of a normalised distribution over the span of known length. They differ in that the
/// chain rule is exact where the mean over orders is a bound from K draws, with a noise that can only cost accuracy and
/// a bound that can only raise the cross-entropy: what differs at all speaks for the suffixes.
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
    let length = span.context.count + span.tokens.count
    let following = objective == .suffixDiffusion ? min(span.following, model.parameters.configuration.context - length) : 0
    for masking in maskings(span.tokens.count, index: span.index) {
      makeRoom(length + following)
      for token in span.context { batch.append(token) }
      for (i, token) in span.tokens.enumerated() {
        batch.append(masking.masked[i] ? special.mask : token, target: masking.scored.contains(i) ? token : nil)
      }
      for _ in 0..<following { batch.append(special.mask) }
      batch.endSequence()
      pending.append((index, masking.weight, masking.scored.count))
    }
  }

  private func maskings(_ count: Int, index: UInt64) -> [Masking] {
    objective == .suffixDiffusion
      ? Masking.suffixes(of: count, samples: samples, seed: seed, index: index)
      : Masking.subsets(of: count, samples: samples, seed: seed, index: index)
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
