// AR and DLM under several conditions with several seeds each, and what claims about such grids have in common: trends of
// the crossover, a table with a row a condition, a panel a condition.

import Figures
import Foundation
import Statistics
import TensorEngine

/// The runs of a claim that trains AR and DLM under each of its conditions.
struct PairGrid: Sendable {
  struct Condition: Sendable {
    let name: String
    let pairs: [RunPair]
  }

  let conditions: [Condition]
  let tasks: [String]

  init(_ settings: ClaimSettings, backend: ProductBackend) throws {
    tasks = settings.tasks
    conditions = try settings.variants.map {
      Condition(name: $0.name, pairs: try $0.pairs(backend: backend))
    }
  }

  private init(_ conditions: [Condition], tasks: [String]) {
    self.conditions = conditions
    self.tasks = tasks
  }

  /// The grid of those conditions only.
  func filtered(_ isIncluded: (Variant) -> Bool) -> PairGrid {
    PairGrid(conditions.filter { $0.pairs.first.map { isIncluded($0.variant) } ?? false }, tasks: tasks)
  }

  var pairs: [RunPair] { conditions.flatMap(\.pairs) }
  var runs: [PlannedRun] { pairs.flatMap(\.runs) }
  /// What the conditions have in common, of the first one.
  var scale: String {
    pairs.first.map { "width \($0.variant.model.width), \(counted($0.variant.model.layers, "layer"))" } ?? ""
  }

  func outcomes(_ condition: Condition, _ results: RunResults) throws -> [SeedOutcome] {
    try SeedOutcome.all(condition.pairs, results, tasks: tasks)
  }

  /// Judges whether the crossover comes later (or earlier) along the conditions; a seed that does not cross within the
  /// budget ranks last.
  /// - Parameter value: the crossing of a seed that has one: its epoch, or the tokens until then.
  func crossoverTrend(
    _ results: RunResults, expected: PageTrend.Direction, value: (SeedOutcome, Double) -> Double
  ) throws -> TrendComparison {
    try results.trend(
      conditions.map { condition in
        (
          name: condition.name,
          seeds: Dictionary(condition.pairs.map { ($0.seed, $0.runs) }, uniquingKeysWith: { first, _ in first })
        )
      }, expected: expected
    ) { runs in
      let outcome = try SeedOutcome(seed: 0, autoregressive: runs[0], diffusion: runs[1], tasks: tasks)
      return outcome.crossover.epoch.map { value(outcome, $0) } ?? .infinity
    }
  }

  /// "3k at 1.1 million tokens, 6k at 1.6 million tokens (2 of 3 seeds)": geometric means over the seeds that cross.
  func crossovers(_ results: RunResults, spell: (Double) -> String, value: (SeedOutcome, Double) -> Double) throws
    -> String
  {
    try conditions.map { condition in
      let outcomes = try outcomes(condition, results)
      let crossings = outcomes.compactMap { outcome in outcome.crossover.epoch.map { value(outcome, $0) } }
      if crossings.isEmpty { return "\(condition.name) none" }
      let count = crossings.count == outcomes.count ? "" : " (\(crossings.count) of \(outcomes.count) seeds)"
      return "\(condition.name) at \(spell(geometricMean(crossings)))\(count)"
    }.joined(separator: ", ")
  }

  /// Accuracies and crossings, a row a condition.
  func table(_ results: RunResults) throws -> Table {
    Table(
      title:
        "Means over seeds (of epochs the geometric mean) of the accuracy (\(tasks.joined(separator: ", "))). DLM lead: DLM final − AR best. Crossover: "
        + "epoch from which the DLM stays at or above AR. Passes best: epoch at which it passes AR's best checkpoint.",
      columns: [
        "condition", "seeds", "AR best", "at epoch", "AR final", "DLM best", "DLM final", "DLM lead", "crossover",
        "passes best",
      ],
      rows: try conditions.map { condition in
        let seeds = try outcomes(condition, results)
        guard !seeds.isEmpty else { return [condition.name, "0"] + Array(repeating: "–", count: 8) }
        func epoch(_ crossing: (SeedOutcome) -> Crossing) -> String {
          let epochs = seeds.compactMap { crossing($0).epoch }
          if epochs.isEmpty { return "none" }
          return rounded(geometricMean(epochs))
            + (epochs.count == seeds.count ? "" : " (\(epochs.count)/\(seeds.count))")
        }
        return [
          condition.name, "\(seeds.count)", percent(seeds.mean(\.incumbentBest)),
          rounded(geometricMean(seeds.map(\.incumbentBestEpoch))), percent(seeds.mean(\.incumbentFinal)),
          percent(seeds.mean(\.challengerBest)), percent(seeds.mean(\.challengerFinal)),
          signedPercent(seeds.mean { $0.challengerFinal - $0.incumbentBest }), epoch(\.crossover),
          epoch(\.crossingOfBest),
        ]
      })
  }

  /// A panel of learning curves a condition, with the mean crossover where every seed has one.
  func panels(_ results: RunResults, axis: LearningAxis = .epochs) throws -> [Panel] {
    try conditions.compactMap { condition in
      let outcomes = try outcomes(condition, results)
      if condition.pairs.allSatisfy({ results[$0.autoregressive] == nil && results[$0.diffusion] == nil }) {
        return nil
      }
      let places = outcomes.compactMap { outcome in
        outcome.crossover.epoch.map { axis == .epochs ? $0 : $0 * outcome.tokensAnEpoch }
      }
      let isComplete = places.count == condition.pairs.count
      let place = geometricMean(places)
      let label = axis == .epochs ? "crossover ≈ \(rounded(place)) epochs" : "crossover ≈ \(millions(place))"
      return try accuracyPanel(
        condition.name, condition.pairs, results, tasks: tasks, axis: axis,
        markers: isComplete && !places.isEmpty ? [.vertical(place, label)] : [])
    }
  }
}

/// "1.6 million tokens".
func millions(_ tokens: Double) -> String { String(format: "%.2f million tokens", tokens / 1e6) }
