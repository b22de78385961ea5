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

  /// Challenger's last accuracy minus incumbent's best, of one task or (nil) of the mean over tasks.
  private func lead(_ challenger: RunResult?, over incumbent: RunResult?, task: String? = nil) throws -> Double? {
    guard let challenger, let incumbent else { return nil }
    let value: (CheckpointRecord) -> Double? = { checkpoint in task.map { checkpoint.tasks[$0]?.acc } ?? self.accuracy(checkpoint) }
    let own = try challenger.curve(value).values
    let other = try incumbent.curve(value).values
    guard let last = own.last, let best = other.max() else { return nil }
    return last - best
  }

  /// Judges challenger against incumbent over all seeds.
  private func compare(
    _ results: RunResults, _ challenger: KeyPath<SeedPair, PlannedRun>, task: String? = nil
  ) throws -> PairedComparison {
    try judge(
      differences: try pairs.map { pair in
        ("seed \(pair.seed)", try lead(results[pair[keyPath: challenger]], over: results[pair.autoregressive], task: task))
      },
      margin: settings.margin, minimumSeeds: 5,
      missing: results.missing(among: pairs.flatMap { [$0[keyPath: challenger], $0.autoregressive] }))
  }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let headline = try compare(results, \.diffusion)
    let control = try compare(results, \.control)
    var comparisons = ["dlm_final_minus_ar_best": headline, "control_final_minus_ar_best": control]
    var estimates: [Estimate] = []
    if let interval = headline.interval { estimates.append(Estimate(name: "dlm_final_minus_ar_best", interval, unit: "accuracy")) }
    for task in tasks where tasks.count > 1 {
      let comparison = try compare(results, \.diffusion, task: task)
      comparisons["dlm_final_minus_ar_best_\(task)"] = comparison
      if let interval = comparison.interval {
        estimates.append(Estimate(name: "dlm_final_minus_ar_best_\(task)", interval, unit: "accuracy"))
      }
    }
    if let interval = control.interval { estimates.append(Estimate(name: "control_final_minus_ar_best", interval, unit: "accuracy")) }

    let seeds = try CrossoverSeed.all(of: self, results)
    let crossovers = seeds.compactMap { $0.crossover.epoch }
    let crossings = seeds.compactMap { $0.crossingOfBest.epoch }
    estimates += try epochEstimates("crossover_epoch", crossovers, of: seeds.count)
    estimates += try epochEstimates("crossing_of_ar_best_epoch", crossings, of: seeds.count)

    let curvesCross = crossovers.count == pairs.count
    let verdict: Verdict =
      headline.verdict == .holds && (!curvesCross || control.verdict == .holds) ? .inconclusive : headline.verdict
    return ClaimReport(
      claim: Self.name, preset: settings.preset, seeds: pairs.count, verdict: settings.preset == .smoke ? nil : verdict,
      sentence: sentence(verdict, headline, crossovers: crossovers),
      remarks: remarks(headline, control, crossings: crossings, crossovers: crossovers),
      metrics: metrics(seeds), estimates: estimates, comparisons: comparisons, tables: [table(seeds)],
      figure: try figure(results, verdict: verdict, headline: headline, crossovers: crossovers), records: runs.map(\.hash))
  }

  /// The geometric mean with its Student interval on log-epochs, where every seed has crossed.
  private func epochEstimates(_ name: String, _ epochs: [Double], of seeds: Int) throws -> [Estimate] {
    guard epochs.count == seeds, epochs.count >= 2 else { return [] }
    let interval = try studentInterval(epochs.map { log($0) })
    return [
      Estimate(name: name, value: exp(interval.estimate), low: exp(interval.low), high: exp(interval.high), unit: "epochs")
    ]
  }

  private func metrics(_ seeds: [CrossoverSeed]) -> [String: Double] {
    func mean(_ value: (CrossoverSeed) -> Double) -> Double {
      seeds.isEmpty ? .nan : seeds.reduce(0) { $0 + value($1) } / Double(seeds.count)
    }
    return [
      "ar_best_accuracy": mean(\.incumbentBest), "ar_final_accuracy": mean(\.incumbentFinal),
      "dlm_best_accuracy": mean(\.challengerBest), "dlm_final_accuracy": mean(\.challengerFinal),
      "ar_lowest_validation_ce": mean(\.incumbentLowestCE), "ar_final_validation_ce": mean(\.incumbentFinalCE),
      "dlm_lowest_validation_ce": mean(\.challengerLowestCE), "dlm_final_validation_ce": mean(\.challengerFinalCE),
    ]
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
