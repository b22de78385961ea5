// The claim `crossover`: with limited unique data the DLM overtakes AR by training for more epochs.

import Configuration
import Figures
import Foundation
import Specification
import Statistics
import Wording

extension Claim {
  /// The DLM's final accuracy against AR's best checkpoint, paired by seed, and where the curves cross.
  ///
  /// Negative control: a second AR model on the same data, judged by the same rule in the DLM's place, must not hold.
  static let crossover = Claim(
    "crossover", statement: "with limited unique data the DLM overtakes AR by training for more epochs",
    explanation: """
      Trains AR and DLM models of the same architecture on the same few unique tokens for the same many epochs, several \
      seeds of each, and compares the DLM's last checkpoint with AR's best.
      """,
    paper: "1B models: crossing after 35 to 58 epochs of 0.5 to 1.5B unique tokens",
    uses: ClaimUses(corpora: CorpusName.prose, beside: true)
  ) { try Crossover($0).design }
}

/// The runs of the crossover, on any corpus, and what they say.
struct Crossover: Sendable {
  let settings: ClaimSettings
  let pair: Pair
  let control: Cohort
  /// AR and DLM on a natural corpus, shown beside.
  let natural: Pair?

  /// - Parameter condition: what is trained, by default the claim's own settings.
  init(_ planner: Planner, _ condition: Variant? = nil) throws {
    settings = planner.settings
    pair = try planner.pair(condition)
    control = try planner.cohort(.control, condition)
    let beside = condition == nil ? settings.beside : nil
    natural = try beside.flatMap { $0.isInstalled ? try planner.pair($0.condition) : nil }
  }

  var runs: [PlannedRun] { pair.cohorts.flatMap(\.runs) + control.runs }

  var design: Design {
    Design(
      cohorts: pair.cohorts + [control], beside: natural?.cohorts ?? [],
      scale: pair.diffusion.runs.first?.specification.commonSummary ?? "",
      tasks: settings.tasks + (natural?.condition.corpus.tasks ?? []), findings: findings)
  }

  /// A challenger's measure minus AR's best, of some tasks.
  private func lead(
    _ name: String, key: String, _ challenger: Cohort, of tasks: [TaskID], _ evidence: Evidence,
    _ measure: ([TaskID]) -> Measure = final
  ) throws -> Part {
    try evidence.difference(
      name, key: key, challenger, measure(tasks), minus: pair.autoregressive, best(tasks), margin: settings.margin,
      lead: ("\(challenger.arm.name) ends", "AR's best"))
  }

  func findings(_ evidence: Evidence) throws -> Findings {
    let tasks = settings.tasks
    let outcomes = try evidence.outcomes(pair)
    let byTask = try (tasks.count < 2 ? [] : tasks).map { task in
      (task, try lead("\(task) alone", key: "dlm_final_minus_ar_best_\(task)", pair.diffusion, of: [task], evidence))
    }
    let behind = byTask.filter { $1.verdict == .fails }.map(\.0)
    let mean =
      tasks.count < 2
      ? ""
      : " (mean of \(tasks.names)"
        + (behind.isEmpty ? ")" : "; on \(behind.names) alone AR is ahead)")
    let curves = pair.cohorts.map { Curves($0) }
    return Findings(
      parts: [
        try lead(
          "DLM's final accuracy − AR's best\(mean)", key: "dlm_final_minus_ar_best", pair.diffusion, of: tasks,
          evidence),
        try crossingPart(outcomes),
      ],
      control: try lead(
        "a second AR model's final accuracy − AR's best", key: "control_final_minus_ar_best", control, of: tasks,
        evidence),
      also: byTask.map(\.1) + [
        try lead("DLM's best − AR's best", key: "dlm_best_minus_ar_best", pair.diffusion, of: tasks, evidence, best),
        try evidence.difference(
          "validation loss, AR's lowest − DLM's last", key: "ar_lowest_minus_dlm_final_validation_loss",
          pair.autoregressive, lowestLoss, minus: pair.diffusion, finalLoss, unit: "nats"),
      ] + (try natural.map { try besides($0, evidence) } ?? []),
      remarks: [passing(outcomes), missing].compactMap { $0 }, metrics: Self.metrics(outcomes),
      estimates: [try crossingEstimate("crossing_of_ar_best_epoch", outcomes.map(\.crossingOfBest))].compactMap { $0 },
      tables: try evidence.seedTables(pair),
      panels: try evidence.duelPanels(pair, curves) + [try evidence.lossPanel(curves)]
        + (try natural.map {
          [try evidence.lossPanel($0.cohorts.map { Curves($0) }, title: "validation loss, \(title(of: $0))")]
        } ?? []))
  }

  /// What the same objectives do on a text that nobody made for it.
  private func besides(_ natural: Pair, _ evidence: Evidence) throws -> [Part] {
    let tasks = natural.condition.corpus.tasks
    return [
      try evidence.difference(
        "\(title(of: natural)): validation loss, AR's lowest − DLM's last",
        key: "\(natural.name)_ar_lowest_minus_dlm_final_validation_loss", natural.autoregressive, lowestLoss,
        minus: natural.diffusion, finalLoss, unit: "nats"),
      try evidence.difference(
        "\(title(of: natural)): DLM's final accuracy − AR's best (\(tasks.names))",
        key: "\(natural.name)_dlm_final_minus_ar_best", natural.diffusion, final(tasks),
        minus: natural.autoregressive, best(tasks)),
    ]
  }

  private func title(of natural: Pair) -> String { settings.beside?.corpus.title ?? natural.name }

  private var missing: String? { settings.beside?.absence("so not beside it; no verdict rests on it") }

  /// Whether the DLM ends above AR trained for as long, in every seed. It has no test of its own: one seed that does not
  /// cross leaves the claim undecided.
  private func crossingPart(_ outcomes: [SeedOutcome]) throws -> Part {
    let epochs = outcomes.compactMap { $0.crossover.epoch }
    let seeds = pair.diffusion.members.count
    let place =
      epochs.isEmpty
      ? "none of \(seeds) within \(settings.training.epochs) epochs"
      : "\(epochs.count) of \(seeds), at epoch \(rounded(geometricMean(epochs))) (geometric mean)"
    return Part(
      "seeds in which the curves cross", key: "crossover_epoch",
      verdict: epochs.count == seeds ? .holds : .inconclusive,
      rule: "holds if they cross in every seed, is undecided otherwise", numbers: place,
      headline: "the curves cross in \(epochs.count) of \(counted(seeds, "seed"))",
      estimate: try crossingEstimate("crossover_epoch", outcomes.map(\.crossover)))
  }

  /// The geometric mean of the epochs with its interval on log-epochs, if every seed has one.
  private func crossingEstimate(_ name: String, _ crossings: [Crossing]) throws -> Estimate? {
    let epochs = crossings.compactMap(\.epoch)
    guard epochs.count == pair.diffusion.members.count, epochs.count >= 2 else { return nil }
    let interval = try studentInterval(epochs.map { log($0) })
    return Estimate(
      name: name, value: exp(interval.estimate), low: exp(interval.low), high: exp(interval.high), unit: "epochs")
  }

  /// When the DLM passes AR's best checkpoint, in a sentence; nil without results.
  private func passing(_ outcomes: [SeedOutcome]) -> String? {
    if outcomes.isEmpty { return nil }
    let epochs = outcomes.compactMap { $0.crossingOfBest.epoch }
    let seeds = pair.diffusion.members.count
    return epochs.isEmpty
      ? "the DLM passes AR's best checkpoint in none of \(seeds) seeds"
      : "the DLM passes AR's best checkpoint (early-stopped AR) in \(epochs.count) of \(seeds) seeds, at epoch "
        + "\(rounded(geometricMean(epochs))) (geometric mean)"
  }

  /// Mean numbers over seeds; empty without seeds.
  static func metrics(_ seeds: [SeedOutcome]) -> [String: Double] {
    if seeds.isEmpty { return [:] }
    return [
      "ar_best_accuracy": seeds.mean(\.incumbentBest), "ar_final_accuracy": seeds.mean(\.incumbentFinal),
      "dlm_best_accuracy": seeds.mean(\.challengerBest), "dlm_final_accuracy": seeds.mean(\.challengerFinal),
      "ar_lowest_validation_ce": seeds.mean(\.incumbentLowestCE),
      "ar_final_validation_ce": seeds.mean(\.incumbentFinalCE),
      "dlm_lowest_validation_ce": seeds.mean(\.challengerLowestCE),
      "dlm_final_validation_ce": seeds.mean(\.challengerFinalCE),
    ]
  }
}
