// Training throughput of the engine at the shapes of the brief's section 8, in the peer script's terms.

import Foundation
import Objectives
import Randomness
import TensorEngine
import Training
import Transformer

/// The dimensions that throughput is quoted for.
public enum BenchmarkShape: String, CaseIterable, Sendable {
  case tiny, small, medium

  public var vocabulary: Int { [.tiny: 192, .small: 512, .medium: 1024][self] ?? 0 }
  public var batch: Int { self == .medium ? 16 : 32 }

  public var model: ModelConfiguration {
    switch self {
    case .tiny: ModelConfiguration(width: 64, heads: 4, feedForward: 168, layers: 3, context: 48)
    case .small: ModelConfiguration(width: 128, heads: 4, feedForward: 344, layers: 4, context: 64)
    case .medium: ModelConfiguration(width: 256, heads: 8, feedForward: 688, layers: 6, context: 128)
    }
  }
}

/// One line of `replicate bench`, with the peer's keys first.
public struct BenchmarkMeasurement: Codable, Sendable {
  public let shape: String
  public let objective: String
  public let mode: String
  public let backend: String
  public let threads: Int
  public let parameters: Int
  public let tokensPerSecond: Double
  public let stepMilliseconds: Double
  /// The fastest tenth's slowest step: what the machine does when nothing disturbs it.
  public let quietStepMilliseconds: Double
  public let gflops: Double

  enum CodingKeys: String, CodingKey {
    case shape, objective, mode, backend, threads, parameters, gflops
    case tokensPerSecond = "tokens_per_s"
    case stepMilliseconds = "step_ms"
    case quietStepMilliseconds = "quiet_step_ms"
  }
}

/// Times training steps on random tokens, after five that are not counted.
public func measureTraining(
  _ shape: BenchmarkShape, objective: Objective, backend: ProductBackend, seconds: Double
) throws -> BenchmarkMeasurement {
  let model = shape.model
  let configuration = TrainingConfiguration(epochs: 1_000_000, batch: shape.batch, learningRate: 1e-3)
  var stream = RandomStream(seed: 1, purpose: .test)
  let sequences = (0..<shape.batch * 4).map { _ in
    (0..<model.context).map { _ in Int32(stream.below(shape.vocabulary - 3)) }
  }
  let trainer = try Trainer(
    configuration, objective: objective, model: model, vocabulary: shape.vocabulary, sequences: sequences,
    special: SpecialTokens(mask: Int32(shape.vocabulary - 1), begin: Int32(shape.vocabulary - 2)), seed: 1, backend: backend)
  for _ in 0..<5 { try trainer.step() }
  let firstStep = trainer.stepCount
  let firstToken = trainer.tokens
  let clock = ContinuousClock()
  let start = clock.now
  var durations: [Double] = []
  var now = start
  while now - start < .seconds(seconds) {
    try trainer.step()
    let then = now
    now = clock.now
    durations.append((now - then) / .milliseconds(1))
  }
  let elapsed = (now - start) / .seconds(1)
  let steps = Double(trainer.stepCount - firstStep)
  let scored = objective.isCausal ? Double(model.context) : Double(model.context) / 2
  let flops = model.trainingFLOPs(
    length: model.context, scored: scored, vocabulary: shape.vocabulary, causal: objective.isCausal)
  return BenchmarkMeasurement(
    shape: shape.rawValue, objective: objective.isCausal ? "ar" : "dlm", mode: "replicate", backend: backend.rawValue, threads: 1,
    parameters: trainer.parameters.buffer.count, tokensPerSecond: Double(trainer.tokens - firstToken) / elapsed,
    stepMilliseconds: elapsed / steps * 1000, quietStepMilliseconds: durations.sorted()[durations.count / 10], gflops: flops * steps * Double(shape.batch) / elapsed / 1e9)
}

/// The objectives under the peer's names.
public enum BenchmarkObjective: String, CaseIterable, Sendable {
  case ar, dlm

  public var objective: Objective { self == .ar ? .plainAutoregressive : .maskedDiffusion }
}
