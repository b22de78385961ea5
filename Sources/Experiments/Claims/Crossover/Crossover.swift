// The claim `crossover`: with limited unique data the DLM overtakes AR by training for more epochs.

import Corpora
import Figures
import Foundation
import Objectives
import Statistics
import TensorEngine

/// The DLM's final accuracy against AR's best checkpoint, paired by seed, and where the curves cross.
///
/// Negative control: a second AR model on the same data, judged by the same rule in the DLM's place, must not hold.
public struct Crossover: Claim {
  public static let name = "crossover"
  public static let statement = "with limited unique data the DLM overtakes AR by training for more epochs"
  public static let explanation = """
    Trains AR and DLM models of the same architecture on the same few unique tokens for the same many epochs, several \
    seeds of each, and compares the DLM's last checkpoint with AR's best.
    """
  public static let paper = "1B models: crossing after 35 to 58 epochs of 0.5 to 1.5B unique tokens"
  /// The control's seeds: the same data, another initialisation and order.
  static let controlOffset: UInt64 = 1000

  let settings: ClaimSettings
  let corpus: CorpusSpecification
  let pairs: [SeedPair]
  /// The tasks of the corpus that the verdict's accuracy is the mean of.
  let tasks: [String]

  /// The runs of one seed.
  struct SeedPair: Sendable {
    let seed: UInt64
    let autoregressive: PlannedRun
    let diffusion: PlannedRun
    let control: PlannedRun
  }

  /// - Parameters:
  ///   - corpus: what is learnt; `textDigest` identifies the contents of a text corpus.
  ///   - tasks: those of the corpus to judge by.
  public init(
    settings: ClaimSettings, corpus: CorpusSpecification, textDigest: String? = nil, tasks: [String],
    backend: ProductBackend
  ) throws {
    self.settings = settings
    self.corpus = corpus
    self.tasks = tasks
    pairs = try (1...UInt64(settings.seeds)).map { seed in
      func run(_ label: String, _ objective: Objective, seed runSeed: UInt64) throws -> PlannedRun {
        try PlannedRun(
          label: "\(label), seed \(seed)",
          specification: RunSpecification(
            corpus: corpus, textDigest: textDigest, dataSeed: seed, seed: runSeed, objective: objective,
            model: settings.model,
            training: settings.training, evaluation: settings.evaluation, backend: backend))
      }
      return SeedPair(
        seed: seed, autoregressive: try run("AR", .plainAutoregressive, seed: seed),
        diffusion: try run("DLM", .maskedDiffusion, seed: seed),
        control: try run("AR control", .plainAutoregressive, seed: seed + Self.controlOffset))
    }
  }

  /// The claim on the world corpus.
  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    try self.init(settings: settings, corpus: .world(settings.world), tasks: settings.tasks, backend: backend)
  }

  public var runs: [PlannedRun] { pairs.flatMap { [$0.diffusion, $0.autoregressive, $0.control] } }

  /// The accuracy of the verdict.
  func accuracy(_ checkpoint: CheckpointRecord) -> Double? { checkpoint.accuracy(tasks) }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let findings = try findings(results)
    let sentence = sentence(findings)
    return ClaimReport(
      claim: Self.name, preset: settings.preset, seeds: pairs.count,
      verdict: settings.preset == .smoke ? nil : findings.verdict, sentence: sentence,
      remarks: remarks(findings) + results.provenance(runs),
      metrics: metrics(findings.seeds), estimates: try estimates(findings), comparisons: comparisons(findings),
      tables: tables(findings.seeds),
      figure: try figure(
        results, name: Self.name, title: "crossover: \(Self.statement)",
        heading: settings.preset == .smoke ? "preset smoke: no verdict" : "verdict: \(findings.verdict.rawValue)",
        sentence: sentence),
      records: runs.map(\.hash),
      effect: findings.headline.interval.map { "DLM's final accuracy − AR's best: \(percentInterval($0))" },
      p: findings.headline.studentP)
  }

  public func data(_ results: RunResults) -> Table {
    measurements(
      Self.name, results, tasks: tasks,
      runs: pairs.flatMap { pair in
        [("AR", pair.autoregressive), ("DLM", pair.diffusion), ("AR control", pair.control)].map {
          Measured(run: $1, labels: [$0, "\(pair.seed)"])
        }
      }, labels: ["model", "seed"])
  }
}
