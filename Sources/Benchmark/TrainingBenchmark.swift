// Training throughput at the benchmark's shapes: one run alone, and one run on every core.

import AllocationMeter
import Foundation
import Randomness
import Running
import Synchronization
import TensorEngine
import Training
import Transformer

/// A trainer on random tokens, its first steps done.
private func warmTrainer(
  _ shape: BenchmarkShape, _ objective: BenchmarkObjective, _ backend: ProductBackend,
  precision: ProductPrecision = .single, threads: Int = 1
) throws -> Trainer {
  let configuration = TrainingConfiguration(
    epochs: 1_000_000, batch: shape.batch, learningRate: 1e-3, precision: precision)
  var stream = RandomStream(seed: 1, purpose: .test)
  let sequences = (0..<shape.batch * 4).map { _ in
    (0..<shape.model.context).map { _ in Int32(stream.below(shape.vocabulary - 3)) }
  }
  let trainer = try Trainer(
    configuration, objective: objective.objective, model: shape.model, vocabulary: shape.vocabulary,
    sequences: sequences,
    special: shape.special, seed: 1, backend: backend, threads: threads)
  for _ in 0..<8 { try trainer.step() }
  return trainer
}

/// Milliseconds of each step for a while.
private func durations(_ trainer: Trainer, seconds: Double) throws -> [Double] {
  let clock = ContinuousClock()
  let start = clock.now
  var now = start
  var durations: [Double] = []
  while now - start < .seconds(seconds) {
    try trainer.step()
    let then = now
    now = clock.now
    durations.append((now - then) / .milliseconds(1))
  }
  return durations
}

/// Times training steps on random tokens on this thread.
///
/// - Parameter peak: GFLOP/s of the yardstick, measured in this process.
package func measureTraining(
  _ shape: BenchmarkShape, _ objective: BenchmarkObjective, backend: ProductBackend,
  precision: ProductPrecision = .single, seconds: Double, peak: Double, threads: Int = 1
) throws -> BenchmarkMeasurement {
  let trainer = try warmTrainer(shape, objective, backend, precision: precision, threads: threads)
  let before = allocations_of_this_thread()
  for _ in 0..<4 { try trainer.step() }
  let allocations = before < 0 ? nil : Double(allocations_of_this_thread() - before) / 4
  let steps = try durations(trainer, seconds: seconds)
  let milliseconds = steps.reduce(0, +) / Double(steps.count)
  let tokens = Double(shape.batch * shape.model.context)
  let gflops = shape.flopsPerStep(objective) / milliseconds / 1e6
  return BenchmarkMeasurement(
    shape: shape.rawValue, objective: objective.rawValue, threads: threads,
    parameters: trainer.parameters.buffer.count, tokensPerSecond: tokens / milliseconds * 1000,
    stepMilliseconds: milliseconds, task: .train,
    backend: backend.rawValue, precision: precision == .single ? nil : precision.rawValue,
    gflops: gflops, peakShare: gflops / peak, peakGflops: peak, quietStepMilliseconds: steps.sorted()[steps.count / 10],
    memory: Double(trainer.memory) / 1_048_576, allocationsPerStep: allocations)
}

/// The same with a run on every core at once, and what that costs: the mean rate of one of them, and its share of `alone`.
package func measureTrainingOnEveryCore(
  _ shape: BenchmarkShape, _ objective: BenchmarkObjective, backend: ProductBackend, seconds: Double, cores: Int,
  alone: BenchmarkMeasurement
) throws -> BenchmarkMeasurement {
  let rates = try runInParallel(Array(0..<cores), workers: cores) { _ in
    let trainer = try warmTrainer(shape, objective, backend)
    let steps = try durations(trainer, seconds: seconds)
    return steps.reduce(0, +) / Double(steps.count)
  }.map { try $0.get() }
  let milliseconds = Double(cores) / rates.reduce(0) { $0 + 1 / $1 }
  return BenchmarkMeasurement(
    shape: shape.rawValue, objective: objective.rawValue, threads: cores, parameters: alone.parameters,
    tokensPerSecond: Double(shape.batch * shape.model.context) / milliseconds * 1000, stepMilliseconds: milliseconds,
    task: .trainOnEveryCore, backend: backend.rawValue, gflops: shape.flopsPerStep(objective) / milliseconds / 1e6,
    shareOfAlone: (alone.stepMilliseconds ?? .nan) / milliseconds)
}

/// GFLOP/s of independent product loops, one on every core at once, as a share of one alone: what the machine's clock and
/// shared caches allow.
package func productLoopsOnEveryCore(backend: ProductBackend, seconds: Double, cores: Int) throws -> Double {
  let alone = MachinePeak.denseProduct(backend, seconds: seconds)
  let together = try runInParallel(Array(0..<cores), workers: cores) { _ in
    MachinePeak.denseProduct(backend, seconds: seconds)
  }
  .map { try $0.get() }
  return together.reduce(0, +) / Double(cores) / alone
}

extension BenchmarkShape {
  /// FLOPs of a training step; a DLM scores half of its positions on average.
  func flopsPerStep(_ objective: BenchmarkObjective) -> Double {
    let causal = objective == .ar
    return Double(batch)
      * model.trainingFLOPs(
        length: model.context, scored: Double(model.context) * (causal ? 1 : 0.5), vocabulary: vocabulary,
        causal: causal)
  }
}
