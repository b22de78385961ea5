// A run that a claim needs, and the results of runs as claims read them.

import Objectives
import Statistics
import Transformer

/// One run of a claim's grid.
public struct PlannedRun: Sendable {
  /// What the run is within the claim, for example "DLM, seed 2".
  public let label: String
  public let specification: RunSpecification
  public let hash: String

  public init(label: String, specification: RunSpecification) throws {
    self.label = label
    self.specification = specification
    hash = try specificationHash(specification)
  }

  /// Floating-point operations of training and evaluation, by the documented formula: a measure of how long the run takes.
  public var work: Double {
    let model = specification.model
    let isCausal = specification.objective.isCausal
    let perToken =
      model.trainingFLOPs(length: model.context, scored: Double(model.context), vocabulary: 256, causal: isCausal)
      / Double(model.context)
    var trained = specification.corpus.nominalUniqueTokens * specification.training.epochs

    // Every choice of an item is a sequence, once for AR and once a masking for the DLM; answers of the world's second
    // task are single words, which need one masking.
    let evaluation = specification.evaluation
    let maskings = isCausal ? 1 : evaluation.samples
    let perItem: Int
    switch specification.corpus {
    case .world: perItem = 4 * (maskings + 1)
    case .text: perItem = 4 * maskings
    case .python:
      // A function has 40 tokens on average, the rest of a sequence are end tokens; two thirds of a canvas are masked.
      trained = trained * model.context / 40
      perItem = isCausal ? 1 : evaluation.denoisingSteps ?? model.context * 2 / 3
    }
    let sequences =
      evaluation.items * perItem + evaluation.validationSequences * (isCausal ? 1 : evaluation.validationSamples)
    let evaluated = evaluation.checkpoints * sequences * model.context
    return perToken * (Double(trained) + Double(evaluated) / 3)  // a forward pass is a third of a training pass
  }
}

/// What a finished run left behind.
public struct RunResult: Sendable {
  public let run: PlannedRun
  public let checkpoints: [CheckpointRecord]

  /// A number of each checkpoint against epochs.
  public func curve(_ value: (CheckpointRecord) -> Double?) throws -> Curve {
    try Curve(epochs: checkpoints.map(\.epoch), values: checkpoints.map { value($0) ?? .nan })
  }
}

/// The results of a claim's runs, as far as they are there. What is missing is asked for by name, never skipped.
public struct RunResults: Sendable {
  private let results: [String: RunResult]
  /// Why each run that is not there is missing, by hash.
  public let missing: [String: String]

  private let diverged: Set<String>

  /// - Parameter diverged: hashes of those missing runs that have ended all the same.
  public init(results: [RunResult], missing: [String: String], diverged: Set<String> = []) {
    self.diverged = diverged
    self.results = Dictionary(results.map { ($0.run.hash, $0) }, uniquingKeysWith: { first, _ in first })
    self.missing = missing
  }

  public subscript(_ run: PlannedRun) -> RunResult? { results[run.hash] }

  /// Whether the run has finished or diverged; one that has only stopped has not ended.
  func hasEnded(_ run: PlannedRun) -> Bool { results[run.hash] != nil || diverged.contains(run.hash) }

  /// "DLM, seed 2 (diverged …)" for each of the runs that is missing.
  public func missing(among runs: [PlannedRun]) -> [String] {
    runs.filter { results[$0.hash] == nil }.map { "\($0.label) (\(missing[$0.hash] ?? "not run"))" }
  }
}
