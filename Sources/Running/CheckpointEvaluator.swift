// What is measured at a checkpoint: every task's items and the validation cross-entropy; at the last, drawn documents
// too. Tasks that are judged by execution: CheckpointEvaluator+Functions.swift.

import Corpora
import Evaluation
import Files
import Objectives
import Specification
import TensorEngine
import Transformer

/// Evaluates a model again and again while it is trained, or once as it was stored.
package struct CheckpointEvaluator {
  let dataset: Dataset
  let parameters: any Predictor
  let objective: Objective
  let evaluation: EvaluationConfiguration
  private let evaluator: ModelEvaluator
  private let sampler: DocumentSampler?
  let backend: ProductBackend
  let dataSeed: UInt64
  let special: SpecialTokens

  /// - Parameter parameters: the model, or the ensemble; what they are when an evaluation is asked for counts.
  /// - Throws: `StoreError` of kind `.badData` if documents are to be judged that cannot be.
  package init(
    _ specification: RunSpecification, dataset: Dataset, parameters: any Predictor, special: SpecialTokens
  ) throws {
    self.dataset = dataset
    self.parameters = parameters
    objective = specification.objective
    evaluation = specification.evaluation
    dataSeed = specification.dataSeed
    self.special = special
    backend = specification.backend
    evaluator = ModelEvaluator(
      parameters, objective: objective, special: special, dataset: dataset, samples: evaluation.samples,
      validationSamples: evaluation.validationSamples, seed: dataSeed, orderSeed: specification.seed, backend: backend)
    sampler = try specification.evaluation.sampledDocuments.map { count in
      guard case .world(let world) = specification.corpus, count > 0 else {
        throw StoreError(
          .badData,
          "sampled documents: \(count) of the \(specification.corpus.name) corpus; only the world corpus can judge "
            + "documents, one or more")
      }
      return try DocumentSampler(
        world, dataset: dataset, count: count, special: special, seed: specification.dataSeed,
        orderSeed: specification.seed)
    }
  }

  /// The checkpoint's line and the items' lines.
  ///
  /// - Parameters:
  ///   - isLast: whether training ends here, so that what is measured once is measured now.
  ///   - trainingLoss: mean since the previous checkpoint, nats per predicted token.
  package func evaluate(
    at position: TrainingPosition, isLast: Bool, trainingLoss: Double
  ) -> (CheckpointRecord, [ItemsRecord]) {
    let measured = evaluator.evaluate(at: position) { task in
      isLast || !task.isCompositional || evaluation.compositionalItems == .always
    }
    var tasks: [TaskID: CheckpointRecord.Task] = [:]
    var items: [ItemsRecord] = []
    for task in measured.tasks {
      let results = task.results
      let r = task.summary
      let id = TaskID.choice(task.task)
      tasks[id] = CheckpointRecord.Task(
        acc: r.acc, accStandardError: r.accStandardError, accNorm: r.accNorm,
        accNormStandardError: r.accNormStandardError, nllRight: r.nllRight, nllWrong: r.nllWrong, items: r.items,
        halves: halves(results.map(\.right)))
      items.append(
        ItemsRecord(
          step: position.step, task: id, right: results.map { $0.right ? 1 : 0 },
          rightNorm: results.map { $0.rightPerCharacter ? 1 : 0 }, nllRight: results.map { Float($0.nllRight) },
          nllWrong: results.map { Float($0.nllWrong) }))
    }
    for (id, passed) in executionResults(isLast: isLast) {
      let rate = PassRate(passed)
      tasks[id] = CheckpointRecord.Task(
        acc: rate.share, accStandardError: rate.standardError, items: rate.items, halves: halves(passed))
      items.append(ItemsRecord(step: position.step, task: id, right: passed.map { $0 ? 1 : 0 }))
    }
    if isLast {
      for r in sampler?.evaluate(parameters, objective: objective, backend: backend) ?? [] {
        tasks[.documents(r.drawing)] = CheckpointRecord.Task(
          acc: r.truthful, accStandardError: r.standardError, items: r.documents, wellFormed: r.wellFormed,
          stories: r.stories, distinct: r.distinct)
      }
    }
    let v = measured.validation
    let record = CheckpointRecord(
      epoch: position.epoch, step: position.step, tokens: position.tokens, trainingLoss: trainingLoss,
      validation: .init(
        crossEntropy: v.crossEntropy, standardError: v.standardError,
        samples: objective.likelihood == .exact ? 1 : evaluation.validationSamples,
        sequences: v.sequences),
      tasks: tasks)
    return (record, items)
  }
}

/// The shares of right items in the two halves: groups of four with an even number, and those with an odd one. Items of a
/// group may share their choices. Nil for a single group, which has no halves.
private func halves(_ right: [Bool]) -> [Double]? {
  var counts = [(right: 0, all: 0), (right: 0, all: 0)]
  for (index, isRight) in right.enumerated() {
    counts[index / 4 % 2].all += 1
    if isRight { counts[index / 4 % 2].right += 1 }
  }
  return counts[1].all == 0 ? nil : counts.map { Double($0.right) / Double($0.all) }
}
