// Runs the engine against an oracle file written by the reference implementation (Hugging Face's Qwen3 in PyTorch) and
// reports the largest error of each quantity. The file's contents are described in Documentation/verification.md.

import Evaluation
import Objectives
import TensorEngine
import Training
import Transformer

/// How far the engine is from an oracle file.
package struct VerificationReport: Codable, Sendable {
  package let fixture: String
  /// "dense" or "moe".
  package let kind: String
  /// The largest absolute error of each quantity; for gradients and updated parameters relative to the largest element.
  package let maxError: [String: Double]
  /// What each may be at most.
  package let tolerance: [String: Double]
  package let passed: Bool

  enum CodingKeys: String, CodingKey {
    case fixture, kind, tolerance, passed
    case maxError = "max_error"
  }
}

/// Compares logits, losses, gradients, an AdamW trajectory and likelihoods with an oracle file, dense or MoE, any size.
package struct FixtureVerification {
  static let logitTolerance = 1e-5
  static let gradientTolerance = 1e-4
  static let trajectoryTolerance = 1e-4
  static let parameterTolerance = 5e-4
  static let scoreTolerance = 1e-4

  private let path: String
  private let fixture: OracleFixture
  private let backend: ProductBackend
  private var errors: [String: Double] = [:]
  private var tolerances: [String: Double] = [:]

  /// Reads the file.
  package init(path: String, backend: ProductBackend) throws {
    self.path = path
    self.backend = backend
    fixture = try OracleFixture(contentsOf: path)
  }

  /// Runs every comparison.
  package mutating func run() throws -> VerificationReport {
    for objective in [Objective.plainAutoregressive, .maskedDiffusion] {
      try compareGradients(objective)
      try compareTrajectory(objective)
    }
    try compareScores()
    let passed = errors.allSatisfy { $0.value <= tolerances[$0.key] ?? 0 }  // a NaN fails
    return VerificationReport(
      fixture: path, kind: fixture.kind, maxError: errors, tolerance: tolerances, passed: passed)
  }

  private mutating func record(_ name: String, _ error: Double, tolerance: Double) {
    errors[name] = error
    tolerances[name] = tolerance
  }

  private func freshModel(_ batch: Batch) throws -> Transformer {
    let parameters = ModelParameters(fixture.configuration, vocabulary: fixture.vocabulary)
    try parameters.load(fixture.file, prefix: "param.")
    return Transformer(
      parameters, capacity: BatchCapacity(tokens: batch.tokens.count, scored: batch.tokens.count), scoredRows: .all,
      backend: backend)
  }

  private mutating func compareGradients(_ objective: Objective) throws {
    let name = fixture.name(objective)
    let batch = fixture.batch(objective, 0)
    let model = try freshModel(batch)
    let loss = model.forward(batch, causal: objective.attention == .causal)
    let expected = try fixture.file.entry("\(name).logits").floats()
    record("\(name).logits", largestDifference(model.logitRows, expected), tolerance: Self.logitTolerance)
    record(
      "\(name).loss", abs(loss - Double(try fixture.scalar("\(name).loss"))), tolerance: Self.logitTolerance)
    model.backward()
    for slice in model.parameters.buffer.slices {
      let error = relativeError(
        model.parameters.buffer.gradients(of: slice),
        try fixture.file.floats("\(name).grad.\(slice.name)", shape: slice.shape))
      record("\(name).grad.\(slice.name)", error, tolerance: Self.gradientTolerance)
    }
  }

  private mutating func compareTrajectory(_ objective: Objective) throws {
    let name = fixture.name(objective)
    let expected = try fixture.file.entry("adamw.\(name).losses").floats()
    let schedule = Schedule(steps: expected.count, warmup: 4, decay: 8, peak: 3e-3, finalShare: 0.1)
    let model = try freshModel(fixture.batch(objective, 0))
    let buffer = model.parameters.buffer
    let arena = Arena()
    let moments = AdamWMoments(arena, count: buffer.count)
    var worst = 0.0
    for step in 0..<expected.count {
      let loss = model.forward(fixture.batch(objective, step % fixture.batches), causal: objective.attention == .causal)
      model.backward()
      worst = larger(worst, abs(loss - Double(expected[step])))
      KernelChoice.current.update(
        buffer, moments,
        AdamWStep(
          step: step + 1, learningRate: schedule.rate(step), beta1: 0.9, beta2: 0.95, epsilon: 1e-8, decay: 0.1,
          gradientScale: clippingScale(norm: buffer.gradientNorm, clip: 1)))
    }
    record("adamw.\(name).losses", worst, tolerance: Self.trajectoryTolerance)
    for slice in buffer.slices {
      let error = relativeError(
        buffer.values(of: slice), try fixture.file.floats("adamw.\(name).param.\(slice.name)", shape: slice.shape))
      record("adamw.\(name).param.\(slice.name)", error, tolerance: Self.parameterTolerance)
    }
  }

  private mutating func compareScores() throws {
    let parameters = ModelParameters(fixture.configuration, vocabulary: fixture.vocabulary)
    try parameters.load(fixture.file, prefix: "param.")
    let span = Span(context: fixture.prefix, tokens: fixture.ending, index: 0)
    // The reference scores AR without a beginning-of-sequence token: the prefix's first token takes its place.
    let bare = Span(context: Array(span.context.dropFirst()), tokens: span.tokens, index: 0)
    let special = SpecialTokens(mask: Int32(fixture.vocabulary - 1), begin: span.context[0])
    for objective in [Objective.plainAutoregressive, .maskedDiffusion] {
      let scorer = LikelihoodScorer(
        parameters, objective: objective, special: special, samples: (1 << span.tokens.count) - 1, seed: 0,
        backend: backend)
      let score = scorer.logLikelihoods([objective.maskings == .none ? bare : span])[0]
      let name = "score.\(fixture.name(objective))"
      record(name, abs(score - Double(try fixture.scalar(name))), tolerance: Self.scoreTolerance)
    }
  }
}

/// The larger of the two, or NaN if either is.
private func larger(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : max(a, b) }

private func largestDifference(_ a: some Collection<Float>, _ b: [Float]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { larger($0, Double(abs($1.0 - $1.1))) }
}

private func relativeError(_ a: [Float], _ b: [Float]) -> Double {
  let scale = b.reduce(Float.leastNormalMagnitude) { max($0, abs($1)) }
  return largestDifference(a, b) / Double(scale)
}
