// The results of a design's runs, and the two questions that are asked of them: a difference between two cohorts, paired
// by seed, and a trend over ordered levels.

import Configuration
import Specification
import Statistics

/// What the runs left behind, with the settings that it is judged by.
struct Evidence: Sendable {
  let results: RunResults
  let settings: ClaimSettings

  /// What is there of a cohort's runs, in order of seeds.
  func found(_ cohort: Cohort) -> [RunResult] { cohort.runs.compactMap { results[$0] } }

  /// Judges the difference between two runs of each seed that both cohorts have.
  /// - Parameter missing: what else is missing, by name, so that nothing is decided.
  func compare(
    _ first: Cohort, _ second: Cohort, margin: Double = 0, missing others: [String] = [],
    _ difference: (RunResult, RunResult) throws -> Double
  ) throws -> PairedComparison {
    let pairs = pairs(first, second)
    return try judge(
      differences: try pairs.compactMap { pair in
        guard let first = results[pair.first], let second = results[pair.second] else { return nil }
        return ("seed \(pair.seed)", try difference(first, second))
      },
      margin: margin, minimumSeeds: 5,
      missing: results.missing(among: pairs.flatMap { [$0.first, $0.second] }) + others)
  }

  /// The runs of each seed that both cohorts have.
  private func pairs(
    _ first: Cohort, _ second: Cohort
  ) -> [(seed: UInt64, first: PlannedRun, second: PlannedRun)] {
    first.members.compactMap { seed, run in second[seed].map { (seed: seed, first: run, second: $0) } }
  }

  /// A measure of one cohort minus a measure of another.
  /// - Parameters:
  ///   - margin: what the interval must lie beyond; by default the difference is only reported.
  ///   - lead: how a figure's title says it.
  func difference(
    _ name: String, key: String, _ first: Cohort, _ measure: Measure, minus second: Cohort, _ other: Measure,
    margin: Double = 0, missing: [String] = [], unit: String = "accuracy", lead: Part.Lead? = nil
  ) throws -> Part {
    var part = Part(
      name, key: key,
      try compare(first, second, margin: margin, missing: missing) { try measure($0) - other($1) }, unit: unit,
      lead: lead)
    part.plannedSeeds = pairs(first, second).count
    return part
  }

  /// How much more of a pair's lead another AR model closes than a share: (its best − AR's best) − share × (DLM's final −
  /// AR's best) per seed, undecided where the DLM has no lead.
  func closes(
    _ name: String, key: String, _ share: Double, of pair: Pair, lead: Part, by other: Cohort, margin: Double = 0
  ) throws -> Part {
    let tasks = settings.tasks
    return Part(
      name, key: key,
      try compare(
        other, pair.autoregressive, margin: margin, missing: results.missing(among: pair.diffusion.runs)
      ) { run, ar in
        guard let dlm = pair.diffusion[run.run.specification.dataSeed].flatMap({ results[$0] }) else { return .nan }
        let base = try ar.best(tasks)
        return try run.best(tasks) - base - share * (dlm.final(tasks) - base)
      }
    ).undecided(unless: lead, "the DLM is not shown to lead")
  }

  /// A measure of one cohort alone, against zero.
  func gain(
    _ name: String, key: String, of cohort: Cohort, margin: Double = 0, missing: [String] = [],
    unit: String = "accuracy", _ measure: Measure
  ) throws -> Part {
    var part = Part(
      name, key: key, try compare(cohort, cohort, margin: margin, missing: missing) { run, _ in try measure(run) },
      unit: unit)
    part.plannedSeeds = cohort.members.count
    return part
  }

  /// Judges whether a number rises or falls along ordered levels.
  ///
  /// - Parameters:
  ///   - levels: per level its name and the cohorts that the number is computed from; only the seeds that all levels have
  ///     take part.
  ///   - spell: the numbers in words.
  ///   - headline: what a figure's title says of the verdict; by default the name and the test.
  ///   - value: the number, of one run per cohort; `.infinity` if it lies beyond the budget.
  func trend(
    _ name: String, key: String, _ levels: [(name: String, cohorts: [Cohort])], expected: PageTrend.Direction,
    values spell: String, headline: ((Verdict) -> String)? = nil, _ value: ([RunResult]) throws -> Double
  ) throws -> Part {
    let seeds =
      levels.map { Set($0.cohorts.first?.members.map(\.seed) ?? []) }
      .reduce(nil) { (common: Set<UInt64>?, next) in common?.intersection(next) ?? next } ?? []
    let blocks = try seeds.sorted().map { seed in
      (
        label: "seed \(seed)",
        values: try levels.map { level -> Double? in
          let runs = level.cohorts.compactMap { cohort in cohort[seed].flatMap { results[$0] } }
          return runs.count == level.cohorts.count ? try value(runs) : nil
        }
      )
    }
    let comparison = try judgeTrend(
      blocks: blocks, levels: levels.map(\.name), expected: expected, minimumSeeds: 3)
    var part = Part(name, key: key, comparison, values: spell, headline: headline?(comparison.verdict))
    part.plannedSeeds = blocks.count
    return part
  }

  /// What each seed says about the pair.
  func outcomes(_ pair: Pair) throws -> [SeedOutcome] {
    try pair.autoregressive.members.compactMap { seed, run in
      guard let ar = results[run], let dlm = pair.diffusion[seed].flatMap({ results[$0] }) else { return nil }
      return try SeedOutcome(seed: seed, autoregressive: ar, diffusion: dlm, tasks: settings.tasks)
    }
  }

  /// The mean over a cohort of a number; nil without any.
  func mean(_ cohort: Cohort, _ value: (RunResult) throws -> Double?) rethrows -> Double? {
    let values = try found(cohort).compactMap(value)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
