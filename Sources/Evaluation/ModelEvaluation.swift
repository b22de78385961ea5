// What likelihoods say about one model: every task's items and the validation sequences. It knows nothing of training;
// what is recorded of it, and when, is decided elsewhere.

import Corpora
import Objectives
import TensorEngine
import Transformer

/// Where in training a model is, or was when it was stored.
public struct TrainingPosition: Codable, Hashable, Sendable {
  /// Optimiser steps done.
  public var step: Int
  /// Epochs done, fractional.
  public var epoch: Double
  /// Training tokens seen.
  public var tokens: Int

  public init(step: Int, epoch: Double, tokens: Int) {
    (self.step, self.epoch, self.tokens) = (step, epoch, tokens)
  }
}

/// What was measured of a model at one position.
public struct ModelEvaluation: Sendable {
  public struct Task: Sendable {
    public let task: ChoiceTask
    /// In the order of the items.
    public let results: [ItemResult]
    public var summary: TaskResult { TaskResult(results) }
  }

  public let position: TrainingPosition
  /// In the order of the data set.
  public let tasks: [Task]
  public let validation: ValidationResult
}

/// Evaluates one model, or an ensemble, again and again, as it changes, or once, as it was stored.
public final class ModelEvaluator {
  private let scorer: LikelihoodScorer
  private let tasks: [ItemSet]
  private let validation: [[Int32]]
  private let validationSamples: Int

  /// - Parameters:
  ///   - parameters: what is evaluated; nothing is kept of them but a reference.
  ///   - samples: K for items.
  ///   - validationSamples: maskings per validation sequence; AR needs none.
  ///   - seed: fixes the maskings, so that all positions are asked the same.
  ///   - orderSeed: the run's, for which a model's fixed orders were drawn; by default the same.
  public init(
    _ parameters: any Predictor, objective: Objective, special: SpecialTokens, dataset: Dataset, samples: Int,
    validationSamples: Int, seed: UInt64, orderSeed: UInt64? = nil, backend: ProductBackend
  ) {
    scorer = LikelihoodScorer(
      parameters, objective: objective, special: special, samples: samples, seed: seed, orderSeed: orderSeed,
      backend: backend)
    tasks = dataset.tasks
    validation = dataset.validation
    self.validationSamples = validationSamples
  }

  /// Answers tasks in common batches and scores the validation sequences, with the parameters as they are now.
  ///
  /// - Parameter isAsked: whether a task of the data set is; by default all are. Its results do not depend on the others.
  public func evaluate(
    at position: TrainingPosition, where isAsked: (ChoiceTask) -> Bool = { _ in true }
  ) -> ModelEvaluation {
    let tasks = tasks.filter { isAsked($0.task) }
    let results = scorer.answer(tasks: tasks.map(\.items))
    return ModelEvaluation(
      position: position, tasks: zip(tasks, results).map { ModelEvaluation.Task(task: $0.task, results: $1) },
      validation: scorer.crossEntropy(of: validation, samples: validationSamples))
  }
}
