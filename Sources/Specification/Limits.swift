// What a run can be asked for: one check for specifications from the configuration, from options, and from a store of
// any origin. The ranges of each part are declared with the part.

import Basics
import Corpora
import Objectives
import TensorEngine
import Training
import Transformer

/// Why no run can have a specification.
package struct ImpossibleRun: ExitStatusProviding, Hashable {
  package let reason: String
  package var exitStatus: ExitStatus { .usage }

  package var description: String { "no run can have this: \(reason)" }
}

extension EvaluationConfiguration {
  /// What each number may be, where it is given.
  package enum Limits {
    package static let checkpoints = 1...10_000
    package static let items = 4...100_000
    package static let samples = 1...10_000
    package static let validationSequences = 2...100_000
    package static let validationSamples = 1...10_000
    package static let sampledDocuments = 1...100_000
    package static let tokensPerPass = 1...4096
    package static let evenCheckpoints = 1...10_000
  }

  /// Why nothing can be evaluated like this, or nil.
  package var impossibility: String? {
    let numbers: [(String, Int?, ClosedRange<Int>)] = [
      ("checkpoints", checkpoints, Limits.checkpoints), ("items", items, Limits.items),
      ("samples", samples, Limits.samples),
      ("validationSequences", validationSequences, Limits.validationSequences),
      ("validationSamples", validationSamples, Limits.validationSamples),
      ("sampledDocuments", sampledDocuments, Limits.sampledDocuments),
      ("tokensPerPass", tokensPerPass, Limits.tokensPerPass),
      ("evenCheckpoints", evenCheckpoints, Limits.evenCheckpoints),
    ]
    for case (let name, let value?, let range) in numbers {
      if let violation = violation(name, value, range) { return violation }
    }
    return nil
  }
}

extension Objective {
  /// What the numbers of objectives may be.
  package enum Limits {
    package static let inputMasking = 0...0.99
    /// The weight of an auxiliary loss, that of the main one being 1.
    package static let maskedLoss = 0.01...100
    package static let maskings = 1...1_000_000
    package static let blockSize = 1...65_536
  }

  /// Why nothing can be trained with this objective, or nil.
  package var impossibility: String? {
    switch self {
    case .autoregressive(let inputMasking, let maskedLoss):
      violation("inputMasking", inputMasking, Limits.inputMasking)
        ?? maskedLoss.flatMap { violation("maskedLoss", $0, Limits.maskedLoss) }
        ?? (maskedLoss != nil && inputMasking == 0 ? "maskedLoss without inputMasking" : nil)
    case .frozenDiffusion(let maskings): violation("maskings", maskings, Limits.maskings)
    case .blockDiffusion(let size): violation("size", size, Limits.blockSize)
    case .maskedDiffusion, .suffixDiffusion, .stratifiedDiffusion: nil
    case .orderedAutoregressive(.fixed(let count)): violation("order", count, ReadingOrder.fixedRange)
    case .orderedAutoregressive: nil
    }
  }
}

extension Objective {
  /// Why its models do not complete functions, or nil.
  fileprivate var reasonAgainstFunctions: String? {
    switch self {
    case .orderedAutoregressive(let order): "a model that reads \(order) does not complete functions"
    case .blockDiffusion(let size): "a model of blocks of \(size) does not complete functions"
    case .autoregressive, .maskedDiffusion, .suffixDiffusion, .frozenDiffusion, .stratifiedDiffusion: nil
    }
  }
}

extension RunSpecification {
  /// Refuses what no run can have.
  package func validate() throws(ImpossibleRun) {
    let parts = [
      ("model", model.impossibility), ("training", training.impossibility), ("evaluation", evaluation.impossibility),
      ("objective", objective.impossibility),
    ]
    for case (let name, let impossibility?) in parts { throw ImpossibleRun(reason: "\(name): \(impossibility)") }
    if training.precision != .single && backend != .native {
      throw ImpossibleRun(
        reason: "training: \(training.precision.rawValue) products with the backend \(backend.rawValue); use native")
    }
    if training.ensemble > 1, case .orderedAutoregressive(.fixed(let count)) = objective {
      // Each member would read in orders of its own seed, and be asked in those of the run's.
      throw ImpossibleRun(
        reason:
          "training: ensemble \(training.ensemble) with the order fixed-\(count), which is of one model's seed; use "
          + "another order, or ensemble 1")
    }
    do {
      try corpus.validate()
    } catch {
      throw ImpossibleRun(reason: "\(error)")
    }
    if model.context < corpus.shortestContext {
      throw ImpossibleRun(
        reason: "model: context \(model.context) is too short for the \(corpus.name) corpus; use at least "
          + "\(corpus.shortestContext)")
    }
    if case .python = corpus, let reason = objective.reasonAgainstFunctions {
      throw ImpossibleRun(reason: "objective: \(reason); use the python corpus with AR or a DLM")
    }
    if case .world = corpus { return }
    if let documents = evaluation.sampledDocuments {
      throw ImpossibleRun(
        reason:
          "evaluation: sampledDocuments \(documents) of the \(corpus.name) corpus, whose documents cannot be judged")
    }
  }
}

extension RunSpecification: Decodable {
  /// - Throws: ``ImpossibleRun`` for what no run can have, `DecodingError` for what is not a specification.
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      corpus: try fields.decode(CorpusSpecification.self, forKey: .corpus),
      textDigest: try fields.decodeIfPresent(String.self, forKey: .textDigest),
      dataSeed: try fields.decode(UInt64.self, forKey: .dataSeed), seed: try fields.decode(UInt64.self, forKey: .seed),
      objective: try fields.decode(Objective.self, forKey: .objective),
      model: try fields.decode(ModelConfiguration.self, forKey: .model),
      training: try fields.decode(TrainingConfiguration.self, forKey: .training),
      evaluation: try fields.decode(EvaluationConfiguration.self, forKey: .evaluation),
      backend: try fields.decode(ProductBackend.self, forKey: .backend))
    formatVersion = try fields.decode(Int.self, forKey: .formatVersion)
    try validate()
  }
}
