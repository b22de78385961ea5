// A stored model with the data it learnt from, ready to be evaluated and sampled. Training and evaluation are those of
// the runs.

import Corpora
import Evaluation
import Files
import Objectives
import Running
import Specification
import Store
import Training
import Transformer

/// A finished run's model.
package struct StoredModel {
  package let specification: RunSpecification
  package let dataset: Dataset
  package let parameters: ModelParameters
  let special: SpecialTokens

  /// Reads weights and rebuilds the data.
  ///
  /// - Parameters:
  ///   - text: what a text run was trained on, which its specification does not say; nil for what `kept` has of it.
  ///   - change: of what is evaluated; the data's items follow it.
  /// - Throws: `StoreError` if there is no such finished run or it is damaged, `SafetensorsError`, `CorpusError`.
  package init(
    _ hash: String, in store: RecordStore<RunSpecification>, text: TextCollection? = nil,
    kept: KeptTexts? = nil, evaluation change: (inout EvaluationConfiguration) -> Void = { _ in }
  ) throws {
    guard try store.hasEnded(hash) else {
      throw StoreError(
        .badData,
        "run \(hash) has not ended; run the command that planned it again, with the same options")
    }
    try store.verify(hash)
    var specification = try store.specification(of: hash)
    if case .text(var own) = specification.corpus {
      guard own.isCurrent else {
        throw StoreError(
          .badData, "run \(hash) was \(CorpusError.otherTextVersion(own.version ?? 1))")
      }
      let found = try text ?? specification.textDigest.flatMap { try kept?.text(digest: $0) }
      guard let text = try found ?? own.natural?.read() else {
        throw StoreError(
          .badData, "run \(hash) was trained on a text, which the store does not keep; name its files with --text")
      }
      own.text = text
      specification.corpus = .text(own)
    } else if text != nil {
      throw StoreError(
        .badData, "run \(hash) was trained on the \(specification.corpus.name) corpus; leave out --text")
    }
    change(&specification.evaluation)
    try specification.validate()
    try specification.requireMemory()
    try specification.requireItsText()
    self.specification = specification
    dataset = try specification.corpus.dataset(
      seed: specification.dataSeed, context: specification.model.context, items: specification.evaluation.items,
      validationSequences: specification.evaluation.validationSequences)
    special = SpecialTokens(mask: dataset.tokenizer.maskToken, begin: dataset.tokenizer.beginToken)
    parameters = ModelParameters(specification.model, vocabulary: dataset.tokenizer.vocabularySize)
    let path = store.path(of: .model, in: hash)
    try parameters.load(SafetensorsFile(bytes: [UInt8](try store.weights(of: hash)), name: path))
    if let name = parameters.firstNotFinite {
      throw StoreError(.badData, "\(path): \(name) has values that are not finite, so the model gives no answers")
    }
  }

  /// How accuracy and likelihoods depend on the number of maskings, for the tasks of multiple choice.
  package func samplesTable() -> LikelihoodSamplesTable {
    LikelihoodSamplesTable(
      parameters, objective: specification.objective, special: special, tasks: dataset.tasks,
      seed: specification.dataSeed, orderSeed: specification.seed, backend: specification.backend)
  }

  /// What a checkpoint at the end of training records, drawn documents left out.
  /// - Throws: `StoreError` of kind `.badData` if the likelihoods are not finite.
  package func evaluate() throws -> CheckpointRecord {
    var specification = specification
    specification.evaluation.sampledDocuments = nil
    specification.evaluation.compositional = nil
    let record = try CheckpointEvaluator(specification, dataset: dataset, parameters: parameters, special: special)
      .evaluate(at: TrainingPosition(step: 0, epoch: 0, tokens: 0), isLast: false, trainingLoss: 0).0
    if !record.isFinite {
      throw StoreError(
        .badData, "run \(specification.summary): the model's likelihoods are not finite, so it has no scores")
    }
    return record
  }
}
