// How accuracy and likelihoods depend on the number of samples K, and how far both are from the exact value: the table by
// which K is chosen. Printing it is the business of a command.

import Corpora
import Objectives
import TensorEngine
import Transformer

/// One model on its tasks, for growing K and exactly.
public struct LikelihoodSamplesTable: Codable, Hashable, Sendable {
  public struct Row: Codable, Hashable, Sendable {
    /// K; nil for the exact value.
    public let samples: Int?
    public let accuracy: Double
    public let accuracyStandardError: Double
    /// Accuracy minus the last row's on the same items, and the standard error of this paired difference.
    public let difference: Double
    public let differenceStandardError: Double
    /// Mean negative log-likelihood of the right answers, nats; an upper bound for a DLM.
    public let nllRight: Double
    public let nllRightStandardError: Double
    /// Tokens that went through the model; through each member of an ensemble.
    public let tokens: Int
  }

  public struct Task: Codable, Hashable, Sendable {
    public let name: String
    public let items: Int
    /// In growing K; last the exact values, if all items have them.
    public let rows: [Row]
  }

  public let tasks: [Task]

  /// The numbers of samples that are usually asked for.
  public static let usualSamples = [1, 2, 4, 8, 16, 32, 64, 256]
}

extension LikelihoodSamplesTable {
  /// Evaluates a model with each number of samples, as ``LikelihoodScorer/answer(_:)`` does it in a run.
  ///
  /// - Parameters:
  ///   - samples: the values of K, positive; AR, which needs none, is evaluated exactly only.
  ///   - exactLimit: a task has a row of exact values if no item needs more maskings of a choice than this: 2ⁿ − 1 for n
  ///     tokens in which the choices differ, or n where the chain rule is asked.
  ///   - seed: fixes the maskings.
  ///   - orderSeed: the run's, for which a model's fixed orders were drawn; by default the same.
  public init(
    _ parameters: any Predictor, objective: Objective, special: SpecialTokens, tasks: [ItemSet],
    samples: [Int] = usualSamples, exactLimit: Int = 1023, seed: UInt64, orderSeed: UInt64? = nil,
    backend: ProductBackend
  ) {
    self.tasks = tasks.map { task in
      func measure(_ samples: Int) -> (results: [ItemResult], tokens: Int) {
        let scorer = LikelihoodScorer(
          parameters, objective: objective, special: special, samples: samples, seed: seed, orderSeed: orderSeed,
          backend: backend)
        return (scorer.answer(task.items), scorer.tokens)
      }
      var measured: [(samples: Int?, results: [ItemResult], tokens: Int)] = []
      for samples in objective.likelihood == .exact ? [] : Set(samples).sorted() {
        let (results, tokens) = measure(samples)
        measured.append((samples, results, tokens))
      }
      let most = task.items.map { exactMaskings(of: $0, objective) }.max() ?? 1
      if most <= exactLimit {
        // A contest's first round has K / 4 maskings: four times as many samples, and all are exact from the start.
        let (results, tokens) = measure(4 * most)
        measured.append((nil, results, tokens))
      }
      let last = measured.last?.results ?? []
      return Task(
        name: task.name, items: task.items.count,
        rows: measured.map { Row(samples: $0.samples, $0.results, tokens: $0.tokens, reference: last) })
    }
  }
}

extension LikelihoodSamplesTable.Row {
  fileprivate init(samples: Int?, _ results: [ItemResult], tokens: Int, reference: [ItemResult]) {
    let right = results.map { $0.right ? 1.0 : 0 }
    let differences = zip(results, reference).map { ($0.right ? 1.0 : 0) - ($1.right ? 1 : 0) }
    let nll = results.map(\.nllRight)
    self.init(
      samples: samples, accuracy: mean(right), accuracyStandardError: standardError(right),
      difference: mean(differences), differenceStandardError: standardError(differences), nllRight: mean(nll),
      nllRightStandardError: standardError(nll), tokens: tokens)
  }
}

/// Maskings of one choice that make its likelihood exact.
private func exactMaskings(of item: EncodedItem, _ objective: Objective) -> Int {
  let longest = item.choices.map(\.count).max() ?? 0
  switch objective {
  case .autoregressive: return 1
  case .orderedAutoregressive(let order): return order.count ?? .max
  case .suffixDiffusion: return max(1, longest)
  case .blockDiffusion(let size) where size == 1: return 1
  case .maskedDiffusion, .frozenDiffusion, .stratifiedDiffusion, .blockDiffusion:
    let tokens = differingPositions(item.choices)?.count ?? longest
    return tokens < 20 ? max(1, (1 << tokens) - 1) : .max  // as many as Masking enumerates
  }
}
