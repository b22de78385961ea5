// A stored model, with the data it learnt from where it is to be scored. Training and evaluation are those of the runs;
// what it writes is drawn in DrawnDocument.swift.

import Corpora
import Evaluation
import Files
import Objectives
import Running
import Specification
import Store
import Training
import Transformer

/// A finished run's model with its tokenizer, ready to write.
package struct StoredModel {
  package let specification: RunSpecification
  package let tokenizer: any Tokenizer
  /// One model, or an ensemble.
  package let parameters: any Predictor
  /// The data; nil of a model that was trained on a text which is not there.
  package let dataset: Dataset?
  let special: SpecialTokens

  /// Reads weights and, as far as they can be had, rebuilds the data.
  ///
  /// - Parameters:
  ///   - text: what a text run was trained on, which its specification does not say; nil for what `kept` has of it.
  ///   - needsData: whether a text that is not there is an error; otherwise the tokenizer is the stored one.
  ///   - change: of what is evaluated; the data's items follow it.
  /// - Throws: `StoreError` if there is no such finished run or it is damaged, `SafetensorsError`, `CorpusError`.
  package init(
    _ hash: String, in store: RecordStore<RunSpecification>, text: TextCollection? = nil,
    kept: KeptTexts? = nil, needsData: Bool = false,
    evaluation change: (inout EvaluationConfiguration) -> Void = { _ in }
  ) throws {
    try store.requireEnded(hash)
    try store.verify(hash)
    var specification = try store.specification(of: hash)
    var lacksText = false
    if case .text(var own) = specification.corpus {
      guard own.isCurrent else {
        throw StoreError(
          .badData, "run \(hash) was \(CorpusError.otherTextVersion(own.version ?? 1))")
      }
      let found = try text ?? specification.textDigest.flatMap { try kept?.text(digest: $0) }
      if let text = try found ?? Self.installed(own.natural, isNeeded: needsData) {
        own.text = text
      } else if needsData {
        throw StoreError(
          .badData, "run \(hash) was trained on a text, which the store does not keep; name its files with --text")
      } else {
        lacksText = true
      }
      specification.corpus = .text(own)
    } else if text != nil {
      throw StoreError(
        .badData, "run \(hash) was trained on the \(specification.corpus.name) corpus; leave out --text")
    }
    change(&specification.evaluation)
    try specification.validate()
    try specification.requireMemory()
    if lacksText {
      tokenizer = try Self.storedTokenizer(of: hash, in: store)
      dataset = nil
    } else {
      try specification.requireItsText()
      let data = try specification.corpus.dataset(
        seed: specification.dataSeed, context: specification.model.context, items: specification.evaluation.items,
        validationSequences: specification.evaluation.validationSequences)
      (tokenizer, dataset) = (data.tokenizer, data)
    }
    self.specification = specification
    special = SpecialTokens(mask: tokenizer.maskToken, begin: tokenizer.beginToken)
    let (model, vocabulary) = (specification.model, tokenizer.vocabularySize)
    parameters = Ensemble(
      (0..<max(1, specification.training.ensemble)).map { _ in ModelParameters(model, vocabulary: vocabulary) })
    let path = store.path(of: .model, in: hash)
    try parameters.loadMembers(SafetensorsFile(bytes: [UInt8](try store.weights(of: hash)), name: path))
    if let name = parameters.firstMemberNotFinite {
      throw StoreError(.badData, "\(path): \(name) has values that are not finite, so the model gives no answers")
    }
  }

  /// A natural corpus as it is installed; nil for the user's own text, and, unless it is needed, where it is not.
  private static func installed(_ natural: NaturalCorpus?, isNeeded: Bool) throws -> TextCollection? {
    do {
      return try natural?.read()
    } catch CorpusError.packageMissing where !isNeeded {
      return nil
    }
  }

  private static func storedTokenizer(
    of hash: String, in store: RecordStore<RunSpecification>
  ) throws(StoreError) -> any Tokenizer {
    let path = store.path(of: .tokenizer, in: hash)
    let json = try readFile(path, limit: SizeLimit.lines)
    do {
      return try textTokenizer(ofHuggingFace: json)
    } catch {
      throw StoreError(
        .badData, "\(path): is no tokenizer of a text that this program writes; name the text's files with --text")
    }
  }
}

/// The same with its data, ready to be scored.
package struct ScoredModel {
  package let model: StoredModel
  package let dataset: Dataset

  /// - Throws: as for a stored model, and where its text is not there.
  package init(
    _ hash: String, in store: RecordStore<RunSpecification>, text: TextCollection? = nil,
    kept: KeptTexts? = nil, evaluation change: (inout EvaluationConfiguration) -> Void
  ) throws {
    model = try StoredModel(hash, in: store, text: text, kept: kept, needsData: true, evaluation: change)
    guard let dataset = model.dataset else {
      throw StoreError(.badData, "run \(hash): its data cannot be had; name the files of its text with --text")
    }
    self.dataset = dataset
  }

  package var specification: RunSpecification { model.specification }

  /// How accuracy and likelihoods depend on the number of maskings, for the tasks of multiple choice.
  package func samplesTable() -> LikelihoodSamplesTable {
    LikelihoodSamplesTable(
      model.parameters, objective: specification.objective, special: model.special, tasks: dataset.tasks,
      seed: specification.dataSeed, orderSeed: specification.seed, backend: specification.backend)
  }

  /// What a checkpoint at the end of training records, drawn documents left out.
  /// - Throws: `StoreError` of kind `.badData` if the likelihoods are not finite.
  package func evaluate() throws -> CheckpointRecord {
    var specification = specification
    specification.evaluation.sampledDocuments = nil
    specification.evaluation.compositional = nil
    let evaluator = try CheckpointEvaluator(
      specification, dataset: dataset, parameters: model.parameters, special: model.special)
    let record = evaluator.evaluate(
      at: TrainingPosition(step: 0, epoch: 0, tokens: 0), isLast: false, trainingLoss: 0
    ).0
    if !record.isFinite {
      throw StoreError(
        .badData, "run \(specification.summary): the model's likelihoods are not finite, so it has no scores")
    }
    return record
  }
}
