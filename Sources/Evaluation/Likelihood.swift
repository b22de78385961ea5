// Log-likelihoods of spans under either objective: the chain rule for AR, the exact-count order-agnostic bound for the
// DLM. What the spans belong to (choices, validation sequences) is decided elsewhere.

import Objectives
import Randomness
import TensorEngine
import Transformer

/// A span of tokens and what stands around it.
public struct Span: Sendable {
  public let context: [Int32]
  public let tokens: [Int32]
  /// Spans with the same index and length get the same maskings.
  public let index: UInt64
  /// What stands after the span. A DLM sees as much of it as its context holds; AR, which reads forwards, does not.
  public let suffix: [Int32]

  public init(context: [Int32], tokens: [Int32], index: UInt64, suffix: [Int32] = []) {
    self.context = context
    self.tokens = tokens
    self.index = index
    self.suffix = suffix
  }
}

/// Estimates log p(span | context), nats, in batches of a fixed extent.
///
/// - *AR*: Σ log p(x_i | x_<i), with a beginning-of-sequence token before the context.
/// - *AR in another order*: the same in the orders that the model has learnt: ``appendOrdered(_:_:_:samples:)``.
/// - *DLM*: the mean over masked counts l = 1…n and over subsets S of that size of (n / l) Σ_{i∈S} log p(x_i | context, span
///   without S, suffix), a lower bound on log p. If all 2ⁿ − 1 subsets are at most `samples`, they are enumerated and the
///   value is exact; otherwise `samples` subsets are drawn, l stratified over 1…n and the positions covered evenly. The
///   choices of an item are compared more cleverly: ``answer(_:)``.
/// - *Block diffusion*: the sum over the span's blocks of the DLM's bound of each, given all before it: ``appendBlocks(_:_:size:samples:)``.
/// - *DLM trained on suffixes only*: Σ log p(x_i | context, x_<i), each term from a pass in which x_i and all after it
///   are masked: the chain rule, exact. What follows the span is masked with it: a model that has only seen documents
///   end in a full stop would expect one in the last place. Spans longer than both `samples` and
///   ``Masking/longestExactSuffixes`` take `samples` of the n terms, stratified over the positions and weighted by n / K.
///
/// Of an ensemble every p(x_i | …) above is the mean of its members': they are mixed token by token, in each pass.
///
/// Each DLM is asked in the maskings it was trained on; about others it would answer with what it never learnt.
/// Both values are log-likelihoods of a normalised distribution over the span of known length. They differ in that the
/// chain rule is exact where the mean over orders is a bound from K draws, with a noise that can only cost accuracy and
/// a bound that can only raise the cross-entropy: what differs at all speaks for the suffixes.
///
/// Source: Documentation/likelihood.md; the order-agnostic bound of Uria et al. 2014, as LLaDA and the paper evaluate.
public final class LikelihoodScorer {
  private let model: EnsembleTransformer
  let objective: Objective
  let special: SpecialTokens
  let samples: Int
  let seed: UInt64
  /// The seed that a model's fixed orders were drawn for.
  let orderSeed: UInt64
  private var batch = Batch()
  /// Tokens that have gone through the model; through each member of an ensemble.
  public private(set) var tokens = 0
  private var terms: [Term] = []
  private var sums: [Double] = []

  /// −`weight` × the cross-entropy of a scored row of the batch against `token`, to be added to a sum.
  private struct Term {
    let sum: Int
    let row: Int
    let token: Int32
    let weight: Double
  }

  /// Tokens in an evaluation batch: always filled in the same order, so that results do not depend on what else runs.
  public static let tokensInBatch = 512

  /// - Parameters:
  ///   - parameters: one model, or an ensemble; what they are when likelihoods are asked for counts.
  ///   - samples: K, the largest number of maskings per span, and what ``answer(_:)`` is measured by; AR needs none.
  ///   - seed: fixes the maskings.
  ///   - orderSeed: the run's seed, for which the orders of a model that has learnt fixed ones were drawn; by default
  ///     the same.
  public init(
    _ parameters: any Predictor, objective: Objective, special: SpecialTokens, samples: Int, seed: UInt64,
    orderSeed: UInt64? = nil, backend: ProductBackend
  ) {
    precondition(
      samples > 0 || objective.likelihood == .exact, "a model is asked in one masking or order, or more")
    self.orderSeed = orderSeed ?? seed
    let tokens = max(Self.tokensInBatch, parameters.configuration.context)
    model = EnsembleTransformer(
      parameters, capacity: BatchCapacity(tokens: tokens, scored: tokens), scoredRows: .beforeLastQueries,
      backend: backend, isForwardOnly: true, keepsLogits: false)
    // One block is masked diffusion.
    if case .blockDiffusion(let size) = objective, size >= parameters.configuration.context {
      self.objective = .maskedDiffusion
    } else {
      self.objective = objective
    }
    self.special = special
    self.samples = samples
    self.seed = seed
  }

  /// The log-likelihood of each span, in order; for the DLM its lower bound.
  ///
  /// What neighbouring spans have in common is computed once: under AR the context and the first tokens, under the DLM
  /// the whole pass wherever the masks leave no difference. With native products no bit depends on it.
  ///
  /// - Parameter samples: instead of the scorer's own number.
  public func logLikelihoods(_ spans: [Span], samples: Int? = nil) -> [Double] {
    sums = Array(repeating: 0, count: spans.count)
    var start = 0
    while start < spans.count {
      var end = start + 1
      while end < spans.count && areRelated(spans[start], spans[end]) { end += 1 }
      if !spans[start].tokens.isEmpty {
        if case .orderedAutoregressive(let order) = objective {
          appendOrdered(spans, start..<end, order, samples: samples ?? self.samples)
        } else if case .blockDiffusion(let size) = objective {
          appendBlocks(spans, start..<end, size: size, samples: samples ?? self.samples)
        } else if readsForwards {
          appendCausal(spans, start..<end)
        } else {
          let related = (start..<end).map { (sum: $0, span: spans[$0]) }
          for masking in maskings(spans[start], samples: samples ?? self.samples) { appendMasked(related, masking) }
        }
      }
      start = end
    }
    flush()
    return sums
  }

  /// What spans are asked in one masking, related as those that share passes: each answer goes to the sum of its number.
  struct Question {
    let masking: Masking
    let spans: [(sum: Int, span: Span)]
  }

  /// The answers of a diffusion model, `count` sums.
  func ask(_ questions: [Question], count: Int) -> [Double] {
    sums = Array(repeating: 0, count: count)
    for question in questions { appendMasked(question.spans, question.masking) }
    flush()
    return sums
  }

  /// Whether the spans can share passes.
  private func areRelated(_ a: Span, _ b: Span) -> Bool {
    guard a.context == b.context, !a.tokens.isEmpty, !b.tokens.isEmpty else { return false }
    return readsForwards || a.index == b.index && a.tokens.count == b.tokens.count && a.suffix == b.suffix
  }

  /// Whether it is asked in the plain chain rule from left to right.
  private var readsForwards: Bool {
    switch objective {
    case .autoregressive: true
    case .orderedAutoregressive, .blockDiffusion, .maskedDiffusion, .suffixDiffusion, .frozenDiffusion,
      .stratifiedDiffusion:
      false
    }
  }

  /// Spans after one context: the context and the tokens that all spans begin with as one sequence, from which each
  /// span goes on. Row i of a sequence sees token i − 1 and predicts token i.
  private func appendCausal(_ spans: [Span], _ related: Range<Int>) {
    let context = spans[related.lowerBound].context
    let first = spans[related.lowerBound].tokens
    var common = first.count - 1  // a span's last token is predicted but never seen
    for i in related {
      common = min(common, spans[i].tokens.count - 1, zip(first, spans[i].tokens).prefix { $0 == $1 }.count)
    }
    let shared = context + first.prefix(common)
    let total = related.reduce(shared.count + 1) { $0 + spans[$1].tokens.count - common - 1 }
    if related.count > 1 && total > model.capacity.tokens {
      for i in related { appendCausal(spans, i..<i + 1) }
      return
    }
    makeRoom(total, longest: context.count + (related.map { spans[$0].tokens.count }.max() ?? 0))
    for row in 0...shared.count {
      let input = row == 0 ? special.begin : shared[row - 1]
      if row < context.count {
        batch.append(input)
      } else {
        let place = row - context.count
        append(input, scored: related.map { ($0, spans[$0].tokens[place]) }, weight: 1)
      }
    }
    batch.endSequence()
    let root = batch.sequenceCount - 1
    for i in related where spans[i].tokens.count > common + 1 {
      for (token, next) in zip(spans[i].tokens[common...], spans[i].tokens[(common + 1)...]) {
        append(token, scored: [(i, next)], weight: 1)
      }
      batch.endSequence(continuing: root)
    }
  }

  /// Spans of one length in one place, all in the same masking: a pass for each distinct input.
  private func appendMasked(_ related: [(sum: Int, span: Span)], _ masking: Masking) {
    let first = related[0].span
    let length = first.context.count + first.tokens.count
    let suffix = first.suffix.prefix(max(0, model.configuration.context - length))
    // The first of those that look alike where they are not masked stands for all.
    let leaders = related.indices.map { one in
      related[..<one].firstIndex { looksAlike($0.span.tokens, related[one].span.tokens, masking.masked) } ?? one
    }
    for leader in related.indices where leaders[leader] == leader {
      makeRoom(length + suffix.count, longest: length + suffix.count)
      for token in first.context { batch.append(token) }
      var scored = masking.scored[...]
      for (place, token) in related[leader].span.tokens.enumerated() {
        if scored.first == place {
          scored.removeFirst()
          for one in leader..<related.count where leaders[one] == leader {
            terms.append(
              Term(
                sum: related[one].sum, row: batch.rows.count, token: related[one].span.tokens[place],
                weight: masking.weight))
          }
          batch.append(special.mask, target: token)
        } else {
          batch.append(masking.masked[place] ? special.mask : token)
        }
      }
      for token in suffix { batch.append(objective.maskings == .suffixes ? special.mask : token) }
      batch.endSequence()
    }
  }

  private func looksAlike(_ a: [Int32], _ b: [Int32], _ masked: [Bool]) -> Bool {
    for place in a.indices where !masked[place] && a[place] != b[place] { return false }
    return true
  }

  /// A row whose log-probabilities of some tokens count towards some sums.
  func append(
    _ input: Int32, scored: [(sum: Int, token: Int32)], weight: Double, place: RowPlace? = nil, view: RowView? = nil
  ) {
    for part in scored {
      terms.append(Term(sum: part.sum, row: batch.rows.count, token: part.token, weight: weight))
    }
    batch.append(input, target: scored.first?.token, place: place, view: view)
  }

  func endSequence(continuing root: Int? = nil) { batch.endSequence(continuing: root) }

  /// Sequences of the batch that is being filled.
  var sequenceCount: Int { batch.sequenceCount }
  /// Tokens that one batch holds, and one sequence.
  var capacityInTokens: Int { model.capacity.tokens }
  var context: Int { model.configuration.context }

  private func maskings(_ span: Span, samples: Int) -> [Masking] {
    objective.maskings == .suffixes
      ? Masking.suffixes(of: span.tokens.count, samples: samples, seed: seed, index: span.index)
      : Masking.subsets(of: span.tokens.count, samples: samples, seed: seed, index: span.index)
  }

  func makeRoom(_ tokens: Int, longest: Int) {
    let context = model.configuration.context
    precondition(longest <= context, "a span of \(longest) tokens is longer than the context, \(context)")
    if batch.tokens.count + tokens > model.capacity.tokens { flush() }
  }

  private func flush() {
    guard !terms.isEmpty else { return }
    model.forward(batch, causal: objective.attention == .causal)
    for term in terms { sums[term.sum] -= term.weight * model.loss(row: term.row, token: term.token) }
    tokens += batch.tokens.count
    terms.removeAll(keepingCapacity: true)
    batch.removeAll()
  }
}
