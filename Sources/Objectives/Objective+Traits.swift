// What follows from an objective for all that is done with its models: code asks for one of these traits, never for an
// objective by name. How a training batch is made is in TrainingBatch.swift.

import Transformer

extension Objective {
  /// Which positions a position sees.
  public enum Attention: Hashable, Sendable {
    /// Itself and those before it.
    case causal
    /// All of the sequence.
    case bidirectional
    /// All of its own block and of those before it.
    case blocks(Int)
  }

  /// Which sets of a sequence's tokens are masked and predicted in place.
  public enum Maskings: Hashable, Sendable {
    /// None: each token is predicted from those before it. (Input noise masks what is seen, not what is predicted.)
    case none
    /// Any set of tokens.
    case subsets
    /// The last tokens, any number of them.
    case suffixes
    /// Any set of the tokens of a block, while those of later blocks are not there.
    case blocks(Int)
  }

  /// What is known of log p(span | context).
  public enum Likelihood: Hashable, Sendable {
    /// Itself, by the chain rule, from one forward pass: of an order that is the only one.
    case exact
    /// Itself, by the chain rule, from one forward pass per token; for long spans an unbiased estimate from some tokens.
    case chainRule
    /// An estimate of a lower bound, the mean over maskings or orders.
    case bound
  }

  public var attention: Attention {
    switch self {
    case .autoregressive, .orderedAutoregressive: .causal
    case .maskedDiffusion, .suffixDiffusion, .frozenDiffusion, .stratifiedDiffusion: .bidirectional
    case .blockDiffusion(let size): .blocks(size)
    }
  }

  public var maskings: Maskings {
    switch self {
    case .autoregressive, .orderedAutoregressive: .none
    case .maskedDiffusion, .frozenDiffusion, .stratifiedDiffusion: .subsets
    case .suffixDiffusion: .suffixes
    case .blockDiffusion(let size): .blocks(size)
    }
  }

  public var likelihood: Likelihood {
    switch self {
    case .autoregressive: .exact
    case .suffixDiffusion: .chainRule
    case .blockDiffusion(let size): size == 1 ? .chainRule : .bound
    case .maskedDiffusion, .frozenDiffusion, .stratifiedDiffusion: .bound
    case .orderedAutoregressive(let order): order.count == 1 ? .exact : .bound
    }
  }

  /// The order in which tokens are read where none is masked; nil for a DLM.
  public var readingOrder: ReadingOrder? {
    switch self {
    case .autoregressive: .leftToRight
    case .orderedAutoregressive(let order): order
    case .maskedDiffusion, .suffixDiffusion, .frozenDiffusion, .stratifiedDiffusion, .blockDiffusion: nil
    }
  }

  /// The orders in which a model learns to fill in masked tokens, the one that it is asked for by default last; none where
  /// nothing is masked and tokens are read one after the other.
  public var orders: [DenoisingOrder] {
    switch maskings {
    case .none: []
    case .subsets, .blocks: [.random, .confidence]
    case .suffixes: [.leftToRight]
    }
  }

  /// The expected share of a training sequence's positions that count towards the loss. Masks of at least one token make it
  /// slightly larger than the half that t ~ U(0, 1) has on average.
  public var scoredShare: Double {
    switch maskings {
    case .none: Double(readings)
    case .subsets, .suffixes: 0.5
    case .blocks(let size): 0.5 + 1 / Double(size * (size + 1))  // where t masks none, one of a short block counts
    }
  }

  /// Rows that a training sequence takes: under block diffusion its tokens as they are, but for the last block, and all of
  /// them again with masks.
  public func rows(of length: Int) -> Int {
    switch attention {
    case .causal, .bidirectional: readings * length
    case .blocks(let size): length + max(0, length - 1) / size * size
    }
  }

  /// Pairs of a query and a key that training attends to, twice those that causal attention needs in half.
  public func pairs(of length: Int) -> Double {
    let n = Double(length)
    switch attention {
    case .causal: return Double(readings) * n * n * 0.5
    case .bidirectional: return n * n
    case .blocks(let size):
      return stride(from: 0, to: length, by: size).reduce(0.0) { sum, start in
        let own = Double(min(size, length - start))
        let masked = own * (Double(start) + own)
        return sum + masked + (start + size < length ? masked : 0)
      }
    }
  }

  /// How often a training sequence is read at a visit.
  private var readings: Int {
    switch self {
    case .autoregressive(_, let maskedLoss): maskedLoss == nil ? 1 : 2
    case .orderedAutoregressive, .maskedDiffusion, .suffixDiffusion, .frozenDiffusion, .stratifiedDiffusion,
      .blockDiffusion:
      1
    }
  }

  /// Which rows the training computation can leave out: those that are not scored, where there are any.
  public var scoredRows: ScoredRows {
    switch maskings {
    case .none: .all
    case .subsets, .suffixes, .blocks: .beforeLastQueries
    }
  }
}
