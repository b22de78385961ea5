// Speed of likelihood scoring and of sampling at the benchmark's shapes.

import Evaluation
import Objectives
import Randomness
import TensorEngine
import Training
import Transformer

private func randomTokens(_ count: Int, _ shape: BenchmarkShape, index: UInt64) -> [Int32] {
  var stream = RandomStream(seed: 2, purpose: .test, index: index)
  return (0..<count).map { _ in Int32(stream.below(shape.vocabulary - 3)) }
}

private func freshParameters(_ shape: BenchmarkShape) -> ModelParameters {
  let parameters = ModelParameters(shape.model, vocabulary: shape.vocabulary)
  parameters.initialise(seed: 1)
  return parameters
}

/// Repeats a block for a while; repetitions a second.
package func rate(seconds: Double, _ block: () -> Void) -> Double {
  block()
  let clock = ContinuousClock()
  let start = clock.now
  var count = 0
  repeat {
    block()
    count += 1
  } while clock.now - start < .seconds(seconds)
  return Double(count) / ((clock.now - start) / .seconds(1))
}

/// The forward pass of training on one chunk of full sequences: what scoring is held against.
package func measureForward(
  _ shape: BenchmarkShape, _ objective: BenchmarkObjective, backend: ProductBackend, seconds: Double
) -> BenchmarkMeasurement {
  let parameters = freshParameters(shape)
  let sequences = max(1, Trainer.tokensInChunk / shape.model.context)
  let tokens = sequences * shape.model.context
  let model = Transformer(
    parameters, capacity: BatchCapacity(tokens: tokens, scored: tokens), scoredRows: objective.objective.scoredRows,
    backend: backend)
  var batch = Batch()
  for i in 0..<UInt64(sequences) {
    objective.objective.append(
      randomTokens(shape.model.context, shape, index: i), to: &batch,
      totals: StepTotals(sequences: sequences, tokens: tokens),
      special: shape.special, seed: 1, visit: Visit(number: i, sequence: Int(i), epoch: 0))
  }
  let passes = rate(seconds: seconds) { model.forward(batch, causal: objective == .ar) }
  return BenchmarkMeasurement(
    shape: shape.rawValue, objective: objective.rawValue, parameters: parameters.buffer.count,
    tokensPerSecond: passes * Double(tokens), task: .forward, backend: backend.rawValue)
}

/// Items a second: four choices of a quarter of the context after a context of a half, K = 4 for the DLM. The tokens are
/// those that go through the model.
package func measureScoring(
  _ shape: BenchmarkShape, _ objective: BenchmarkObjective, backend: ProductBackend, seconds: Double
) -> BenchmarkMeasurement {
  let items = 32
  let samples = 4
  let parameters = freshParameters(shape)
  let context = shape.model.context
  let spans = (0..<items * 4).map { i in
    let item = UInt64(i / 4)
    return Span(
      context: randomTokens(context / 2, shape, index: item),
      tokens: randomTokens(context / 4, shape, index: UInt64(1000 + i)),
      index: item)
  }
  let scorer = LikelihoodScorer(
    parameters, objective: objective.objective, special: shape.special, samples: samples, seed: 1, backend: backend)
  _ = scorer.logLikelihoods(spans)
  let tokens = scorer.tokens
  let passes = rate(seconds: seconds) { _ = scorer.logLikelihoods(spans) }
  return BenchmarkMeasurement(
    shape: shape.rawValue, objective: objective.rawValue, parameters: parameters.buffer.count,
    tokensPerSecond: passes * Double(tokens), task: .score, backend: backend.rawValue,
    itemsPerSecond: passes * Double(items))
}

/// Generated tokens per second after a prompt of a quarter of the context, one sequence at a time.
package func measureSampling(
  _ shape: BenchmarkShape, _ objective: BenchmarkObjective, backend: ProductBackend, seconds: Double
) -> BenchmarkMeasurement {
  let parameters = freshParameters(shape)
  let prompt = randomTokens(shape.model.context / 4, shape, index: 0)
  let count = shape.model.context / 2
  let rule = SamplingRule(temperature: 0, excluded: [shape.special.mask, shape.special.begin])
  let passes = rate(seconds: seconds) {
    switch objective {
    case .ar:
      _ = sampleAutoregressive(
        parameters, prompt: prompt, count: count, special: shape.special, rule: rule, seed: 1, backend: backend)
    case .dlm:
      _ = sampleDiffusion(
        parameters, prompt: prompt, count: count, steps: count, order: .confidence, special: shape.special, rule: rule,
        seed: 1,
        backend: backend)
    }
  }
  return BenchmarkMeasurement(
    shape: shape.rawValue, objective: objective.rawValue, parameters: parameters.buffer.count,
    tokensPerSecond: passes * Double(count), task: .sample, backend: backend.rawValue)
}
