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

    // Choices share what they have in common: about one and a half sequences an item of `endings` under AR and one of
    // `knowledge`; under the DLM a sequence a choice and masking, one of `knowledge`.
    let evaluation = specification.evaluation
    let perItem: Double
    switch specification.corpus {
    case .world where isCausal: perItem = 2.5
    case .world: perItem = Double(4 * (specification.objective == .suffixDiffusion ? 7 : evaluation.samples) + 1)
    case .text: perItem = Double(4 * (isCausal ? 1 : evaluation.samples))
    case .python:
      // A function has 40 tokens on average, the rest of a sequence are end tokens; two thirds of a canvas are masked.
      trained = trained * model.context / 40
      perItem = isCausal ? 1 : Double(evaluation.denoisingSteps ?? model.context * 2 / 3)
    }
    let sequences =
      Double(evaluation.items) * perItem
      + Double(evaluation.validationSequences * (isCausal ? 1 : evaluation.validationSamples))
    // Of each document drawn: seven numbers of steps, 64 and more passes in all, in two orders.
    let drawn = Double(evaluation.sampledDocuments ?? 0) * (isCausal ? 1 : 200)
    let checkpoints = Double(evaluation.checkpoints + (evaluation.evenCheckpoints ?? 0))
    let evaluated = (checkpoints * sequences + drawn) * Double(model.context)
    return perToken * (Double(trained) + evaluated / 3)  // a forward pass is a third of a training pass
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
