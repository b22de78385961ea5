// From conditions to runs: what a variant trains for a seed. Which conditions there are stands in experiments.toml, what
// is compared with each claim.

import Objectives
import Statistics
import TensorEngine

/// AR and DLM of one seed under one condition.
struct RunPair: Sendable {
  let variant: Variant
  let seed: UInt64
  let autoregressive: PlannedRun
  let diffusion: PlannedRun

  var runs: [PlannedRun] { [autoregressive, diffusion] }
}

extension Variant {
  /// The run of an objective under this condition.
  /// - Parameter initialisation: where it differs from the seed of the data, for controls.
  func run(
    _ objective: Objective, label: String, seed: UInt64, initialisation: UInt64? = nil, backend: ProductBackend
  ) throws -> PlannedRun {
    try PlannedRun(
      label: [label, name, "seed \(seed)"].filter { !$0.isEmpty }.joined(separator: ", "),
      specification: RunSpecification(
        corpus: corpus, dataSeed: seed, seed: initialisation ?? seed, objective: objective, model: model,
        training: training,
        evaluation: evaluation, backend: backend))
  }

  /// AR and DLM of each of the condition's seeds.
  func pairs(backend: ProductBackend) throws -> [RunPair] {
    try (1...UInt64(seeds)).map { seed in
      RunPair(
        variant: self, seed: seed, autoregressive: try run(autoregressive, label: "AR", seed: seed, backend: backend),
        diffusion: try run(diffusion, label: "DLM", seed: seed, backend: backend))
    }
  }
}

extension ClaimSettings {
  /// The claim's own settings as its only condition.
  var base: Variant {
    Variant(
      name: "", seeds: seeds, model: model, training: training, evaluation: evaluation,
      corpus: corpus == .python ? .python(python) : .world(world))
  }

  /// A threshold that the claim's schema asks for, so that the reader has made sure of it.
  func threshold(_ name: String) -> Double {
    guard let value = thresholds[name] else { preconditionFailure("no threshold \(name) was read") }
    return value
  }
}

extension CheckpointRecord {
  /// The mean of `acc` over the tasks; nil if one of them was not measured.
  func accuracy(_ tasks: [String]) -> Double? {
    let values = tasks.compactMap { self.tasks[$0]?.acc }
    return values.count == tasks.count ? values.reduce(0, +) / Double(tasks.count) : nil
  }
}

extension RunResult {
  /// The mean accuracy over the tasks against epochs.
  func accuracies(_ tasks: [String]) throws -> Curve { try curve { $0.accuracy(tasks) } }

  /// The accuracy of the best checkpoint.
  func best(_ tasks: [String]) throws -> Double { try accuracies(tasks).values.reduce(-.infinity, max) }

  /// The accuracy of the last checkpoint.
  func final(_ tasks: [String]) throws -> Double {
    let values = try accuracies(tasks).values
    return values[values.count - 1]
  }
}

extension RunResults {
  /// Judges a difference between two runs of each seed.
  /// - Parameter missing: what else is missing, by name, so that nothing is decided.
  func compare(
    _ pairs: [(seed: UInt64, first: PlannedRun, second: PlannedRun)], margin: Double = 0, minimumSeeds: Int = 5,
    missing others: [String] = [], _ difference: (RunResult, RunResult) throws -> Double
  ) throws -> PairedComparison {
    try judge(
      differences: try pairs.compactMap { pair in
        guard let first = self[pair.first], let second = self[pair.second] else { return nil }
        return ("seed \(pair.seed)", try difference(first, second))
      },
      margin: margin, minimumSeeds: minimumSeeds,
      missing: missing(among: pairs.flatMap { [$0.first, $0.second] }) + others)
  }

  /// Judges whether a number of each condition rises or falls along the conditions.
  ///
  /// - Parameters:
  ///   - levels: per condition its name and, for each seed, the runs that the number is computed from; only the seeds
  ///     that all conditions have take part.
  ///   - value: the number, `.infinity` if it lies beyond the budget.
  func trend(
    _ levels: [(name: String, seeds: [UInt64: [PlannedRun]])], expected: PageTrend.Direction, minimumSeeds: Int = 3,
    _ value: ([RunResult]) throws -> Double
  ) throws -> TrendComparison {
    let seeds =
      levels.map { Set($0.seeds.keys) }.reduce(nil) { (common: Set<UInt64>?, next) in common?.intersection(next) ?? next
      } ?? []
    let blocks = try seeds.sorted().map { seed in
      (
        label: "seed \(seed)",
        values: try levels.map { level -> Double? in
          let runs = level.seeds[seed] ?? []
          let results = runs.compactMap { self[$0] }
          return results.count == runs.count ? try value(results) : nil
        }
      )
    }
    return try judgeTrend(blocks: blocks, levels: levels.map(\.name), expected: expected, minimumSeeds: minimumSeeds)
  }
}

extension ClaimSettings {
  /// "width 64, 3 layers, 12 000 unique tokens of the world corpus, 300 epochs".
  var scale: String {
    "width \(model.width), \(counted(model.layers, "layer")), \(base.corpus.summary), \(counted(training.epochs, "epoch"))"
  }

  /// Refuses variants that are not in ascending order of a number.
  /// - Throws: `ConfigurationError`.
  func requireAscending(in claim: String, _ what: String, _ value: (Variant) -> Double) throws {
    let values = variants.map(value)
    try require(
      zip(values, values.dropFirst()).allSatisfy { $0 < $1 }, in: claim,
      "needs its `variants` in ascending order of \(what)")
  }

  /// Refuses settings that make no sense for the claim.
  /// - Throws: `ConfigurationError`.
  func require(_ isSatisfied: Bool, in claim: String, _ problem: String) throws {
    if !isSatisfied {
      throw ConfigurationError([
        ConfigurationProblem(file: file, path: "\(claim).preset.\(preset.rawValue)", message: problem)
      ])
    }
  }
}
