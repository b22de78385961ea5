// Multiple choice and validation cross-entropy from likelihoods: what is recorded at every checkpoint.

import Corpora

/// How one model did on one item.
public struct ItemResult: Codable, Hashable, Sendable {
  /// Whether the right choice has the largest summed log-likelihood.
  public let right: Bool
  /// Whether it has the largest log-likelihood per character (Unicode code point).
  public let rightPerCharacter: Bool
  /// Negative log-likelihood of the right choice, nats.
  public let nllRight: Double
  /// Mean negative log-likelihood of the others, nats.
  public let nllWrong: Double
}

extension ItemResult {
  /// - Parameters:
  ///   - scores: the log-likelihood of each choice, nats; −∞ for one that cannot win.
  ///   - likelihoods: those that are recorded, of all choices alike; nil for the same.
  ///   - characters: the Unicode code points of each choice.
  ///   - answer: which choice is right.
  init(scores: [Double], likelihoods: [Double]? = nil, characters: [Int], answer: Int) {
    let perCharacter = zip(scores, characters).map { $0 / Double(max($1, 1)) }
    let likelihoods = likelihoods ?? scores
    let others = likelihoods.indices.filter { $0 != answer }.map { likelihoods[$0] }
    self.init(
      right: firstLargest(scores) == answer, rightPerCharacter: firstLargest(perCharacter) == answer,
      nllRight: -likelihoods[answer], nllWrong: -mean(others))
  }
}

/// How one model did on all items of a task.
///
/// `acc` and `acc_norm` as in lm-evaluation-harness: ties take the first, standard error = sample sd / √items.
public struct TaskResult: Codable, Hashable, Sendable {
  public let items: Int
  public let acc: Double
  public let accStandardError: Double
  public let accNorm: Double
  public let accNormStandardError: Double
  public let nllRight: Double
  public let nllWrong: Double

  public init(_ results: [ItemResult]) {
    items = results.count
    acc = mean(results.map { $0.right ? 1 : 0 })
    accStandardError = standardError(results.map { $0.right ? 1 : 0 })
    accNorm = mean(results.map { $0.rightPerCharacter ? 1 : 0 })
    accNormStandardError = standardError(results.map { $0.rightPerCharacter ? 1 : 0 })
    nllRight = mean(results.map(\.nllRight))
    nllWrong = mean(results.map(\.nllWrong))
  }
}

/// Validation cross-entropy in nats per token; for the DLM an upper bound.
public struct ValidationResult: Codable, Hashable, Sendable {
  public let crossEntropy: Double
  /// Of the estimate, over sequences (which includes the noise of the maskings).
  public let standardError: Double
  public let sequences: Int
  public let tokens: Int
}

extension LikelihoodScorer {
  /// Cross-entropy of held-out sequences: the span is the whole sequence.
  ///
  /// - Parameter samples: maskings per sequence, instead of the scorer's own number.
  public func crossEntropy(of sequences: [[Int32]], samples: Int? = nil) -> ValidationResult {
    let spans = sequences.enumerated().map { Span(context: [], tokens: $1, index: UInt64($0)) }
    let nll = logLikelihoods(spans, samples: samples).map { -$0 }
    let tokens = sequences.reduce(0) { $0 + $1.count }
    let total = nll.reduce(0, +)
    // Ratio estimator: residuals of each sequence's NLL from the common rate.
    let rate = total / Double(max(tokens, 1))
    let residuals = zip(nll, sequences).map { $0 - rate * Double($1.count) }
    let count = Double(sequences.count)
    return ValidationResult(
      crossEntropy: rate, standardError: standardError(residuals) * count / Double(max(tokens, 1)),
      sequences: sequences.count,
      tokens: tokens)
  }
}

private func firstLargest(_ values: [Double]) -> Int {
  var best = 0
  for i in values.indices where values[i] > values[best] { best = i }
  return best
}

func mean(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count) }

/// Sample standard deviation / √n.
func standardError(_ values: [Double]) -> Double {
  guard values.count > 1 else { return .nan }
  let m = mean(values)
  let squares = values.reduce(0) { $0 + ($1 - m) * ($1 - m) }
  return (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
}
