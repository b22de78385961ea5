// A model that a run has left in the store, with the data it learnt from, ready to be asked. Training and evaluation are
// those of the runs.

import Corpora
import Objectives
import Training
import Transformer

/// A finished run's model.
public struct StoredModel {
  public let specification: RunSpecification
  public let dataset: Dataset
  public let parameters: ModelParameters
  let special: SpecialTokens

  /// Reads weights and rebuilds the data.
  ///
  /// - Parameters:
  ///   - text: what a text run was trained on, which its specification does not say; nil for what `kept` has of it.
  ///   - change: of what is evaluated; the data's items follow it.
  /// - Throws: `StoreError` if there is no such finished run or it is damaged, `SafetensorsError`, `CorpusError`.
  public init(
    _ hash: String, in store: RecordStore<RunSpecification>, text: TextCollection? = nil,
    kept: KeptTexts? = nil, evaluation change: (inout EvaluationConfiguration) -> Void = { _ in }
  ) throws {
    guard try store.hasEnded(hash) else {
      throw StoreError(
        .badData,
        "run \(hash) has not ended; the command that planned it, called again with the same options, trains it")
    }
    try store.verify(hash)
    var specification = try store.specification(of: hash)
    if case .text(var own) = specification.corpus {
      guard own.isCurrent else {
        throw StoreError(
          .badData, "run \(hash) was \(CorpusError.otherTextVersion(own.version ?? 1))")
      }
      guard let text = try text ?? specification.textDigest.flatMap({ try kept?.text(digest: $0) }) else {
        throw StoreError(
          .badData, "run \(hash) was trained on a text, which the store does not keep; name its files by --text")
      }
      own.text = text
      specification.corpus = .text(own)
    } else if text != nil {
      throw StoreError(
        .badData, "run \(hash) was trained on the \(specification.corpus.name) corpus; leave out --text")
    }
    if let impossibility = specification.model.impossibility {
      throw StoreError(
        .badData, "\(store.path(of: .specification, in: hash)): no model can have this: \(impossibility)")
    }
    change(&specification.evaluation)
    try specification.requireItsText()
    self.specification = specification
    dataset = try specification.corpus.dataset(
      seed: specification.dataSeed, context: specification.model.context, items: specification.evaluation.items,
      validationSequences: specification.evaluation.validationSequences)
    special = SpecialTokens(mask: dataset.tokenizer.maskToken, begin: dataset.tokenizer.beginToken)
    parameters = ModelParameters(specification.model, vocabulary: dataset.tokenizer.vocabularySize)
    try parameters.load(
      SafetensorsFile(bytes: [UInt8](try store.weights(of: hash)), name: store.path(of: .model, in: hash)))
  }

  /// What a checkpoint at the end of training records, drawn documents left out.
  public func evaluate() throws -> CheckpointRecord {
    var specification = specification
    specification.evaluation.sampledDocuments = nil
    let trainer = try Trainer(
      specification.training, objective: specification.objective, model: specification.model,
      vocabulary: dataset.tokenizer.vocabularySize, sequences: dataset.training, special: special,
      seed: specification.seed,
      backend: specification.backend)
    var weights = SafetensorsFile()
    parameters.store(in: &weights)
    try trainer.parameters.load(weights)
    return try CheckpointEvaluator(specification, dataset: dataset, trainer: trainer, special: special)
      .evaluate(trainingLoss: 0).0
  }
}
