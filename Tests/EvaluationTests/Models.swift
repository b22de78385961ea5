// Tiny models whose likelihoods are known or can be computed by hand. No test is here.

import Foundation
import Objectives
import Transformer

@testable import Evaluation

let vocabulary = 20
let special = SpecialTokens(mask: 18, begin: 19)

/// A model with random weights, large enough that every token matters.
func randomModel(experts: ModelConfiguration.Experts? = nil) -> ModelParameters {
  let parameters = ModelParameters(
    ModelConfiguration(
      width: 8, heads: 2, feedForward: 12, layers: 2, context: 24, experts: experts, initialStandardDeviation: 0.5),
    vocabulary: vocabulary)
  parameters.initialise(seed: 7)
  return parameters
}

/// All parameters zero: every token has probability 1 / V everywhere.
func uniformModel() -> ModelParameters {
  ModelParameters(ModelConfiguration(width: 4, heads: 1, feedForward: 4, layers: 1, context: 24), vocabulary: vocabulary)
}

/// Every token has the same probability everywhere, softmax of `logits`, whatever stands around it: blocks add nothing to
/// an embedding of ones, whose norm is a row of ones.
func unigramModel(_ logits: [Float]) -> ModelParameters {
  let parameters = uniformModel()
  for slice in parameters.buffer.slices {
    switch slice.name {
    case "model.embed_tokens.weight", "model.norm.weight":
      parameters.buffer.set(slice, to: Array(repeating: 1, count: slice.count))
    case "lm_head.weight":
      parameters.buffer.set(slice, to: logits.flatMap { Array(repeating: $0 / 4, count: 4) })
    default: break
    }
  }
  return parameters
}

/// log softmax in double precision.
func logSoftmax(_ logits: some Collection<Float>) -> [Double] {
  let top = Double(logits.max() ?? 0)
  let sum = logits.reduce(0) { $0 + exp(Double($1) - top) }
  return logits.map { Double($0) - top - log(sum) }
}

/// log p of every token at every position of one sequence, [N][V].
func logProbabilities(_ parameters: ModelParameters, _ tokens: [Int32], causal: Bool) -> [[Double]] {
  let model = Transformer(
    parameters, capacity: BatchCapacity(tokens: tokens.count, scored: tokens.count), scoredRows: .all, backend: .native)
  var batch = Batch()
  for token in tokens { batch.append(token, target: 0) }
  batch.endSequence()
  model.forward(batch, causal: causal)
  return tokens.indices.map { logSoftmax(model.logitRows[$0 * vocabulary..<($0 + 1) * vocabulary]) }
}

func scorer(
  _ parameters: ModelParameters, _ objective: Objective, samples: Int = 64, seed: UInt64 = 3
) -> LikelihoodScorer {
  LikelihoodScorer(
    parameters, objective: objective, special: special, samples: samples, seed: seed, backend: .native)
}
