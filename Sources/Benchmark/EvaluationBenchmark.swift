// What share of a run its evaluation takes, for runs as claims plan them.

import Corpora
import Evaluation
import Foundation
import Objectives
import Running
import Specification
import Training

/// Processor seconds that this thread has used.
private func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

/// Trains a run's model for a while, evaluates it as at a checkpoint, and reckons both up to the whole run: checkpoints ×
/// evaluation over that and steps × step. Contests between choices end sooner in models that know more, so a run's share
/// is rather below. By processor time of this thread, which other work on the machine disturbs less. What is measured
/// once, at the last checkpoint, is left out.
///
/// - Parameter seconds: of training before the evaluation.
/// - Throws: what a corpus or a specification is refused for.
package func measureEvaluation(
  _ name: String, _ specification: RunSpecification, seconds: Double
) throws -> BenchmarkMeasurement {
  let dataset = try specification.corpus.dataset(
    seed: specification.dataSeed, context: specification.model.context, items: specification.evaluation.items,
    validationSequences: specification.evaluation.validationSequences)
  let special = SpecialTokens(mask: dataset.tokenizer.maskToken, begin: dataset.tokenizer.beginToken)
  let trainer = try Trainer(
    specification.training, objective: specification.objective, model: specification.model,
    vocabulary: dataset.tokenizer.vocabularySize, sequences: dataset.training, special: special,
    seed: specification.seed, backend: specification.backend)
  let evaluator = try CheckpointEvaluator(
    specification, dataset: dataset, parameters: trainer.parameters, special: special)
  let checkpoints = specification.evaluation.steps(
    schedule: trainer.schedule, stepsInEpoch: Double(dataset.training.count) / Double(specification.training.batch)
  ).count
  let start = threadSeconds()
  var trained = 0.0
  while trained < seconds && !trainer.isFinished {
    try trainer.step()
    trained = threadSeconds() - start
  }
  let step = trained / Double(trainer.stepCount)
  let before = threadSeconds()
  _ = evaluator.evaluate(
    at: TrainingPosition(step: trainer.stepCount, epoch: trainer.epoch, tokens: trainer.tokens), isLast: false,
    trainingLoss: 0)
  let evaluations = Double(checkpoints) * (threadSeconds() - before)
  return BenchmarkMeasurement(
    shape: name, objective: specification.objective.likelihood == .exact ? "ar" : "dlm",
    parameters: trainer.parameters.buffer.count, tokensPerSecond: Double(trainer.tokens) / trained,
    stepMilliseconds: step * 1000, task: .evaluate, backend: specification.backend.rawValue,
    precision: specification.training.precision == .single ? nil : specification.training.precision.rawValue,
    evaluationShare: evaluations / (evaluations + step * Double(trainer.schedule.steps)))
}
