// What is measured at a checkpoint: every task's items and the validation cross-entropy; at the last, drawn documents
// too. Tasks that are judged by execution: CheckpointEvaluator+Functions.swift.

import Corpora
import Evaluation
import Files
import Objectives
import Specification
import TensorEngine
import Training

/// Evaluates the model that a trainer is training.
package struct CheckpointEvaluator {
  let dataset: Dataset
  let trainer: Trainer
  let evaluation: EvaluationConfiguration
  private let choices: LikelihoodScorer
  private let sequences: LikelihoodScorer
  let isExact: Bool
  private let sampler: DocumentSampler?
  let backend: ProductBackend
  let dataSeed: UInt64
  let special: SpecialTokens

  /// - Throws: `StoreError` of kind `.badData` if documents are to be judged that nobody can judge.
  package init(_ specification: RunSpecification, dataset: Dataset, trainer: Trainer, special: SpecialTokens) throws {
    self.dataset = dataset
    self.trainer = trainer
    evaluation = specification.evaluation
    isExact = specification.objective.isCausal
    dataSeed = specification.dataSeed
    self.special = special
    func scorer(samples: Int) -> LikelihoodScorer {
      LikelihoodScorer(
        trainer.parameters, objective: specification.objective, special: special, samples: samples,
        seed: specification.dataSeed,
        backend: specification.backend)
    }
    choices = scorer(samples: evaluation.samples)
    sequences = scorer(samples: evaluation.validationSamples)
    backend = specification.backend
    sampler = try specification.evaluation.sampledDocuments.map { count in
      guard case .world(let world) = specification.corpus, count > 0 else {
        throw StoreError(
          .badData,
          "sampled documents: \(count) of the \(specification.corpus.name) corpus; only the world corpus can judge "
            + "documents, one or more")
      }
      return try DocumentSampler(world, dataset: dataset, count: count, special: special, seed: specification.dataSeed)
    }
  }

  /// The checkpoint's line and the items' lines.
  package func evaluate(trainingLoss: Double) -> (CheckpointRecord, [ItemsRecord]) {
    var tasks: [String: CheckpointRecord.Task] = [:]
    var items: [ItemsRecord] = []
    for task in dataset.tasks {
      let results = choices.answer(task.items)
      let r = TaskResult(results)
      tasks[task.name] = CheckpointRecord.Task(
        acc: r.acc, accStandardError: r.accStandardError, accNorm: r.accNorm,
        accNormStandardError: r.accNormStandardError,
        nllRight: r.nllRight, nllWrong: r.nllWrong, items: r.items)
      items.append(
        ItemsRecord(
          step: trainer.stepCount, task: task.name, right: results.map { $0.right ? 1 : 0 },
          rightNorm: results.map { $0.rightPerCharacter ? 1 : 0 }, nllRight: results.map { Float($0.nllRight) },
          nllWrong: results.map { Float($0.nllWrong) }))
    }
    for (name, passed) in functionResults(isLast: trainer.isFinished) {
      let rate = PassRate(passed)
      tasks[name] = CheckpointRecord.Task(acc: rate.share, accStandardError: rate.standardError, items: rate.items)
      items.append(ItemsRecord(step: trainer.stepCount, task: name, right: passed.map { $0 ? 1 : 0 }))
    }
    if trainer.isFinished {
      for r in sampler?.evaluate(trainer.parameters, objective: trainer.objective, backend: backend) ?? [] {
        tasks[r.name] = CheckpointRecord.Task(
          acc: r.truthful, accStandardError: r.standardError, items: r.documents, wellFormed: r.wellFormed,
          stories: r.stories, distinct: r.distinct)
      }
    }
    let v = sequences.crossEntropy(of: dataset.validation)
    let record = CheckpointRecord(
      epoch: trainer.epoch, step: trainer.stepCount, tokens: trainer.tokens, trainingLoss: trainingLoss,
      validation: .init(
        crossEntropy: v.crossEntropy, standardError: v.standardError,
        samples: isExact ? 1 : evaluation.validationSamples,
        sequences: v.sequences),
      tasks: tasks)
    return (record, items)
  }
}
