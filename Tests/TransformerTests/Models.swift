// Tiny models and random batches for the tests of this module. No test is here.

import Randomness
import TensorEngine

@testable import Transformer

/// A vocabulary that is not a multiple of sixteen.
let vocabulary = 21

/// Width 12 in two heads of 6, with weights large enough that every part of the model matters.
func tinyConfiguration(experts: ModelConfiguration.Experts? = nil, dropout: Double = 0) -> ModelConfiguration {
  ModelConfiguration(
    width: 12, heads: 2, feedForward: 10, layers: 2, context: 20, experts: experts, dropout: dropout,
    initialStandardDeviation: 0.4)
}

let tinyExperts = ModelConfiguration.Experts(count: 4, active: 2, feedForward: 5, loadBalance: 0.3)

/// Initialised parameters whose gains are not all one.
func tinyParameters(_ configuration: ModelConfiguration, seed: UInt64 = 1) -> ModelParameters {
  let parameters = ModelParameters(configuration, vocabulary: vocabulary)
  parameters.initialise(seed: seed)
  var stream = RandomStream(seed: seed, purpose: .test)
  for slice in parameters.buffer.slices where slice.shape.count == 1 {
    parameters.buffer.set(slice, to: (0..<slice.count).map { _ in Float(1 + 0.3 * stream.normal()) })
  }
  return parameters
}

/// A model over the parameters with room for 80 tokens.
func model(
  _ parameters: ModelParameters, _ scoredRows: ScoredRows = .all, backend: ProductBackend = .native,
  precision: ProductPrecision = .single
) -> Transformer {
  Transformer(
    parameters, capacity: BatchCapacity(tokens: 80, scored: 80), scoredRows: scoredRows, backend: backend,
    precision: precision)
}

/// `count` random tokens, the same for the same index.
func randomTokens(_ count: Int, index: UInt64) -> [Int32] {
  var stream = RandomStream(seed: 2, purpose: .test, index: index)
  return (0..<count).map { _ in Int32(stream.below(vocabulary)) }
}

/// Sequences with every row scored at weight one against random targets.
func everyRowScored(_ sequences: [[Int32]]) -> Batch {
  var batch = Batch()
  for (i, sequence) in sequences.enumerated() {
    for (token, target) in zip(sequence, randomTokens(sequence.count, index: UInt64(900 + i))) {
      batch.append(token, target: target)
    }
    batch.endSequence()
  }
  return batch
}

/// Logits of every row, [N][V].
func logits(_ model: Transformer, _ sequences: [[Int32]], causal: Bool) -> [[Float]] {
  let batch = everyRowScored(sequences)
  model.forward(batch, causal: causal)
  let all = Array(model.logitRows)
  return batch.tokens.indices.map { Array(all[$0 * vocabulary..<($0 + 1) * vocabulary]) }
}

/// The largest |a − b|, infinite where the counts differ or either is not a number.
func largestDifference(_ a: some Collection<Float>, _ b: some Collection<Float>) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) {
    let error = abs($1.0 - $1.1)
    return error.isNaN ? .infinity : max($0, error)
  }
}
