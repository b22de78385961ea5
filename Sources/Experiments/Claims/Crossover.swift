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
    settings: ClaimSettings, corpus: CorpusSpecification, textDigest: String? = nil, tasks: [String], backend: ProductBackend
  ) throws {
    self.settings = settings
    self.corpus = corpus
    self.tasks = tasks
    pairs = try (1...UInt64(settings.seeds)).map { seed in
      func run(_ label: String, _ objective: Objective, seed runSeed: UInt64) throws -> PlannedRun {
        try PlannedRun(
          label: "\(label), seed \(seed)",
          specification: RunSpecification(
            corpus: corpus, textDigest: textDigest, dataSeed: seed, seed: runSeed, objective: objective, model: settings.model,
            training: settings.training, evaluation: settings.evaluation, backend: backend))
      }
      return SeedPair(
        seed: seed, autoregressive: try run("AR", .plainAutoregressive, seed: seed),
        diffusion: try run("DLM", .maskedDiffusion, seed: seed),
        control: try run("AR control", .plainAutoregressive, seed: seed + Self.controlOffset))
    }
  }

  public var runs: [PlannedRun] { pairs.flatMap { [$0.diffusion, $0.autoregressive, $0.control] } }

  /// The accuracy of the verdict: the mean of `acc` over the tasks.
  func accuracy(_ checkpoint: CheckpointRecord) -> Double? {
    let values = tasks.compactMap { checkpoint.tasks[$0]?.acc }
    return values.count == tasks.count ? values.reduce(0, +) / Double(tasks.count) : nil
  }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let findings = try findings(results)
    let sentence = sentence(findings)
    return ClaimReport(
      claim: Self.name, preset: settings.preset, seeds: pairs.count,
      verdict: settings.preset == .smoke ? nil : findings.verdict, sentence: sentence, remarks: remarks(findings),
      metrics: metrics(findings.seeds), estimates: try estimates(findings), comparisons: comparisons(findings),
      tables: tables(findings.seeds),
      figure: try figure(
        results, name: Self.name, title: "crossover: \(Self.statement)",
        heading: settings.preset == .smoke ? "preset smoke: no verdict" : "verdict: \(findings.verdict.rawValue)",
        sentence: sentence),
      records: runs.map(\.hash))
  }

  public func data(_ results: RunResults) -> Table {
    var rows: [[String]] = []
    for pair in pairs {
      for (name, run) in [("AR", pair.autoregressive), ("DLM", pair.diffusion), ("AR control", pair.control)] {
        for checkpoint in results[run]?.checkpoints ?? [] {
          var row = [name, "\(pair.seed)", run.hash, numeral(checkpoint.epoch), "\(checkpoint.step)", "\(checkpoint.tokens)"]
          row += [numeral(checkpoint.trainingLoss), checkpoint.validation.map { numeral($0.crossEntropy) } ?? ""]
          for task in tasks {
            let scores = checkpoint.tasks[task]
            row += [scores?.acc, scores?.accNorm, scores?.nllRight, scores?.nllWrong].map { $0.map(numeral) ?? "" }
          }
          rows.append(row)
        }
      }
    }
    let columns = ["model", "seed", "run", "epoch", "step", "tokens", "training_loss", "validation_ce"]
    return Table(
      title: Self.name,
      columns: columns + tasks.flatMap { ["\($0)_acc", "\($0)_acc_norm", "\($0)_nll_right", "\($0)_nll_wrong"] }, rows: rows)
  }
}
