// Where the DLM overtakes AR, along conditions: the trend, its numbers in words, and the marks in panels.

import Figures
import Foundation
import Statistics
import Wording

/// What a crossing is counted in.
enum CrossingUnit: Sendable {
  case epochs
  case tokens

  /// The place of a crossing that a seed has.
  func place(_ epoch: Double, in outcome: SeedOutcome) -> Double {
    switch self {
    case .epochs: epoch
    case .tokens: epoch * outcome.tokensAnEpoch
    }
  }

  /// "133 epochs", "1.60 million tokens".
  func spell(_ place: Double) -> String {
    switch self {
    case .epochs: "\(rounded(place)) epochs"
    case .tokens: String(format: "%.2f million tokens", place / 1e6)
    }
  }

  var axis: LearningAxis {
    switch self {
    case .epochs: .epochs
    case .tokens: .tokens
    }
  }
}

extension Evidence {
  /// Whether the crossover comes later (or earlier) along the conditions; a seed that does not cross within the budget
  /// ranks last.
  func crossoverTrend(
    _ name: String, key: String, _ pairs: [Pair], expected: PageTrend.Direction, unit: CrossingUnit = .epochs
  ) throws -> Part {
    try trend(
      name, key: key, pairs.map { (name: $0.name, cohorts: $0.cohorts) }, expected: expected,
      values: try crossovers(pairs, unit: unit)
    ) { runs in
      let outcome = try SeedOutcome(seed: 0, autoregressive: runs[0], diffusion: runs[1], tasks: settings.tasks)
      return outcome.crossover.epoch.map { unit.place($0, in: outcome) } ?? .infinity
    }
  }

  /// "3k at 1.1 million tokens, 6k at 1.6 million tokens (2 of 3 seeds)": geometric means over the seeds that cross.
  private func crossovers(_ pairs: [Pair], unit: CrossingUnit) throws -> String {
    try pairs.map { pair in
      let outcomes = try outcomes(pair)
      let crossings = outcomes.compactMap { outcome in outcome.crossover.epoch.map { unit.place($0, in: outcome) } }
      if crossings.isEmpty { return "\(pair.name) none" }
      let count = crossings.count == outcomes.count ? "" : " (\(crossings.count) of \(outcomes.count) seeds)"
      return "\(pair.name) at \(unit.spell(geometricMean(crossings)))\(count)"
    }.joined(separator: ", ")
  }

  /// One panel of learning curves per condition, with the mean crossover where every seed has one.
  func conditionPanels(_ pairs: [Pair], unit: CrossingUnit = .epochs) throws -> [Panel] {
    try pairs.compactMap { pair in
      if pair.cohorts.allSatisfy({ found($0).isEmpty }) { return nil }
      let places = try outcomes(pair).compactMap { outcome in
        outcome.crossover.epoch.map { unit.place($0, in: outcome) }
      }
      let isComplete = places.count == pair.autoregressive.members.count && !places.isEmpty
      return try panel(
        pair.name, .accuracy(settings.tasks), pair.cohorts.map { Curves($0) }, axis: unit.axis,
        markers: isComplete
          ? [.vertical(geometricMean(places), "crossover ≈ \(unit.spell(geometricMean(places)))")] : [])
    }
  }
}
