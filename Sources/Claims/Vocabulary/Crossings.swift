// Where the DLM overtakes AR, along conditions: the trend, its numbers in words, and the marks in panels.

import Figures
import Foundation
import Specification
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

  /// The same for a mark in a panel: "133 epochs", "1.60M tokens".
  func mark(_ place: Double) -> String {
    switch self {
    case .epochs: spell(place)
    case .tokens: String(format: "%.2fM tokens", place / 1e6)
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
      values: try crossovers(pairs, unit: unit),
      headline: { verdict in
        let (later, earlier) = expected == .increasing ? ("later", "earlier") : ("earlier", "later")
        return switch verdict {
        case .holds: "the crossover comes \(later) along the conditions"
        case .fails: "the crossover comes \(earlier), not \(later), along the conditions"
        case .inconclusive: "no trend of the crossover is shown"
        }
      }
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

  /// One panel of the judged accuracy per condition, with AR's best and the mean crossover.
  func conditionPanels(_ pairs: [Pair], unit: CrossingUnit = .epochs) throws -> [Panel] {
    try pairs.compactMap { pair in
      if pair.cohorts.allSatisfy({ found($0).isEmpty }) { return nil }
      return try duelPanel(pair.name, pair, settings.tasks, pair.cohorts.map { Curves($0) }, unit: unit)
    }
  }

  /// The judged accuracy of AR and DLM, then, where it is a mean over tasks, each task alone.
  func duelPanels(_ pair: Pair, _ curves: [Curves]) throws -> [Panel] {
    let tasks = settings.tasks
    return try (tasks.count > 1 ? [tasks] : []).map { try duelPanel("mean of \($0.names)", pair, $0, curves) }
      + tasks.map { try duelPanel($0.name, pair, [$0], curves) }
  }

  /// Learning curves of some tasks with AR's best as a dotted line, and the place where the DLM's curve crosses AR's for
  /// good, by the name of what crosses. Seeds in which it does not are named and do not count in the place.
  private func duelPanel(
    _ title: String, _ pair: Pair, _ tasks: [TaskID], _ curves: [Curves], unit: CrossingUnit = .epochs
  ) throws -> Panel {
    let outcomes = try pair.autoregressive.members.compactMap { seed, run -> SeedOutcome? in
      guard let ar = results[run], let dlm = pair.diffusion[seed].flatMap({ results[$0] }) else { return nil }
      return try SeedOutcome(seed: seed, autoregressive: ar, diffusion: dlm, tasks: tasks)
    }
    let crossed = outcomes.compactMap { outcome in outcome.crossover.epoch.map { unit.place($0, in: outcome) } }
    let censored = outcomes.filter { $0.crossover.epoch == nil }.map { "\($0.seed)" }
    let what = (tasks.count > 1 ? "mean " : "") + tasks.scoreName
    var panel = try panel(title, .accuracy(tasks), curves, axis: unit.axis)
    panel.markers += [bestMarker(pair.autoregressive, "AR's best", tasks)].compactMap { $0 }
    if !crossed.isEmpty {
      panel.markers.append(
        .vertical(geometricMean(crossed), "\(what) crosses: \(unit.mark(geometricMean(crossed)))"))
    }
    if !censored.isEmpty {
      let seeds = (censored.count == 1 ? "seed " : "seeds ") + censored.joined(separator: ", ")
      panel.note = crossed.isEmpty ? "no crossing within the budget" : "no crossing in \(seeds)"
    }
    return panel
  }

  /// The mean over seeds of a cohort's best as a dotted line; nil without runs.
  /// - Parameter colour: by default that of its arm.
  func bestMarker(_ cohort: Cohort, _ label: String, _ tasks: [TaskID], colour: SeriesColour? = nil) -> Marker? {
    guard let best = try? mean(cohort, { try $0.best(tasks) }), best.isFinite else { return nil }
    return .horizontal(best, label, colour: colour ?? cohort.arm.colour, dotted: true)
  }
}
