// What the runs of the crossover claim say, in numbers. How they are told: Crossover+Presentation.swift for the claim,
// TextQuestion+Answer.swift for a question about a user's text.

import Foundation
import Statistics

/// Everything that the verdict rests on.
struct CrossoverFindings: Sendable {
  /// DLM's final accuracy − AR's best, the mean over tasks.
  let headline: PairedComparison
  /// The same of each task.
  let tasks: [String: PairedComparison]
  /// DLM's best − AR's best.
  let bests: PairedComparison
  /// The negative control: the second AR model's final accuracy − AR's best.
  let control: PairedComparison
  /// Every seed whose AR and DLM runs are there.
  let seeds: [SeedOutcome]
  /// Seeds that were asked for.
  let pairs: Int

  /// Epochs from which the DLM stays ahead of AR, of the seeds where it does.
  var crossovers: [Double] { seeds.compactMap { $0.crossover.epoch } }
  /// Epochs at which the DLM passes AR's best, of the seeds where it does.
  var crossings: [Double] { seeds.compactMap { $0.crossingOfBest.epoch } }

  /// That of the headline; but it holds only if every seed's curves cross and the control does not hold too, and nothing
  /// is decided while a run of the control is missing.
  var verdict: Verdict {
    if !control.missing.isEmpty { return .inconclusive }
    if headline.verdict == .holds && (crossovers.count < pairs || control.verdict == .holds) { return .inconclusive }
    return headline.verdict
  }

  /// Every run that is missing or diverged, once.
  var missing: [String] {
    var seen: Set<String> = []
    return (headline.missing + control.missing).filter { seen.insert($0).inserted }
  }
}

extension Crossover {
  func findings(_ results: RunResults) throws -> CrossoverFindings {
    var byTask: [String: PairedComparison] = [:]
    for task in tasks where tasks.count > 1 { byTask[task] = try compare(results, \.diffusion, task: task) }
    return CrossoverFindings(
      headline: try compare(results, \.diffusion), tasks: byTask,
      bests: try compare(results, \.diffusion, atBest: true),
      control: try compare(results, \.control), seeds: try outcomes(results), pairs: pairs.count)
  }

  /// Every seed whose AR and DLM runs are there.
  private func outcomes(_ results: RunResults) throws -> [SeedOutcome] {
    try pairs.compactMap { pair in
      guard let ar = results[pair.autoregressive], let dlm = results[pair.diffusion] else { return nil }
      return try SeedOutcome(seed: pair.seed, autoregressive: ar, diffusion: dlm, tasks: tasks)
    }
  }

  /// Judges challenger against incumbent over all seeds.
  private func compare(
    _ results: RunResults, _ challenger: KeyPath<SeedPair, PlannedRun>, task: String? = nil, atBest: Bool = false
  ) throws -> PairedComparison {
    try judge(
      differences: try pairs.compactMap { pair in
        try lead(results[pair[keyPath: challenger]], over: results[pair.autoregressive], task: task, atBest: atBest)
          .map { ("seed \(pair.seed)", $0) }
      },
      margin: settings.margin, minimumSeeds: 5,
      missing: results.missing(among: pairs.flatMap { [$0[keyPath: challenger], $0.autoregressive] }))
  }

  /// Challenger's last (or best) accuracy minus incumbent's best, of one task or (nil) of the mean over tasks.
  private func lead(
    _ challenger: RunResult?, over incumbent: RunResult?, task: String?, atBest: Bool
  ) throws -> Double? {
    guard let challenger, let incumbent else { return nil }
    let value: (CheckpointRecord) -> Double? = { checkpoint in
      task.map { checkpoint.tasks[$0]?.acc } ?? self.accuracy(checkpoint)
    }
    let own = try challenger.curve(value).values
    let other = try incumbent.curve(value).values
    guard let mine = atBest ? own.max() : own.last, let best = other.max() else { return nil }
    return mine - best
  }

  /// Mean numbers over seeds; empty without seeds.
  func metrics(_ seeds: [SeedOutcome]) -> [String: Double] {
    if seeds.isEmpty { return [:] }
    return [
      "ar_best_accuracy": seeds.mean(\.incumbentBest), "ar_final_accuracy": seeds.mean(\.incumbentFinal),
      "dlm_best_accuracy": seeds.mean(\.challengerBest), "dlm_final_accuracy": seeds.mean(\.challengerFinal),
      "ar_lowest_validation_ce": seeds.mean(\.incumbentLowestCE),
      "ar_final_validation_ce": seeds.mean(\.incumbentFinalCE),
      "dlm_lowest_validation_ce": seeds.mean(\.challengerLowestCE),
      "dlm_final_validation_ce": seeds.mean(\.challengerFinalCE)
    ]
  }

  /// The differences and epochs with their intervals, as far as there are any.
  func estimates(_ findings: CrossoverFindings) throws -> [Estimate] {
    var named: [(String, PairedComparison)] = [("dlm_final_minus_ar_best", findings.headline)]
    named += findings.tasks.sorted { $0.key < $1.key }.map { ("dlm_final_minus_ar_best_\($0)", $1) }
    named += [("dlm_best_minus_ar_best", findings.bests), ("control_final_minus_ar_best", findings.control)]
    var estimates = named.compactMap { name, comparison in
      comparison.interval.map { Estimate(name: name, $0, unit: "accuracy") }
    }
    for (name, epochs) in [("crossover_epoch", findings.crossovers), ("crossing_of_ar_best_epoch", findings.crossings)]
    where epochs.count == findings.pairs && epochs.count >= 2 {
      // The geometric mean with its interval on log-epochs.
      let interval = try studentInterval(epochs.map { log($0) })
      estimates.append(
        Estimate(
          name: name, value: exp(interval.estimate), low: exp(interval.low), high: exp(interval.high), unit: "epochs"))
    }
    return estimates
  }

  /// The comparisons by the names of their estimates.
  func comparisons(_ findings: CrossoverFindings) -> [String: PairedComparison] {
    var comparisons = [
      "dlm_final_minus_ar_best": findings.headline, "dlm_best_minus_ar_best": findings.bests,
      "control_final_minus_ar_best": findings.control,
    ]
    for (task, comparison) in findings.tasks { comparisons["dlm_final_minus_ar_best_\(task)"] = comparison }
    return comparisons
  }
}
