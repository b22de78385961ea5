// The claim `any-order`: the DLM's advantage needs masks in any order, not merely masks.

import Figures
import Statistics
import TensorEngine

/// Masked diffusion with random masks against masked diffusion with left-to-right suffixes of the same sizes only; AR beside them.
///
/// Each model is scored by an estimator that asks only what it was trained on: the suffix-trained one by the chain rule
/// from left to right, which is exact.
public struct AnyOrder: Claim {
  public static let name = "any-order"
  public static let statement = "the DLM's advantage comes from modelling in any order"
  public static let explanation = """
    Trains the DLM with random masks and with the same numbers of masks always at the end of the sequence, everything else equal, and \
    compares the former's last checkpoint with the latter's best.
    """
  public static let paper = "factor 1 of three: any-order modelling"

  let settings: ClaimSettings
  let pairs: [RunPair]
  /// AR and DLM in other worlds, in which the answer may be another: told forwards only, for example.
  private let otherWorlds: [RunPair]
  /// The suffix-trained runs, parallel to `pairs`.
  private let suffixes: [PlannedRun]

  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    self.settings = settings
    pairs = try settings.base.pairs(backend: backend)
    otherWorlds = try settings.variants.flatMap { try $0.pairs(backend: backend) }
    suffixes = try pairs.map {
      try settings.base.run(.suffixDiffusion, label: "DLM, suffix masks", seed: $0.seed, backend: backend)
    }
  }

  public var runs: [PlannedRun] { pairs.flatMap(\.runs) + suffixes + otherWorlds.flatMap(\.runs) }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let tasks = settings.tasks
    let lead = try results.compare(zip(pairs, suffixes).map { ($0.seed, $0.diffusion, $1) }, margin: settings.margin) {
      try $0.final(tasks) - $1.best(tasks)
    }
    let againstAR = try results.compare(zip(pairs, suffixes).map { ($0.seed, $1, $0.autoregressive) }) {
      try $0.best(tasks) - $1.best(tasks)
    }
    let byTask = try tasks.map { task in
      Part(
        "\(task) alone, random − suffixes", key: "random_final_minus_suffix_best_\(task)",
        try results.compare(zip(pairs, suffixes).map { ($0.seed, $0.diffusion, $1) }) {
          try $0.final([task]) - $1.best([task])
        })
    }
    let worlds = try settings.variants.map { world in
      Part(
        "in the world \(world.name), DLM's final accuracy − AR's best", key: "dlm_final_minus_ar_best_\(world.name)",
        try results.compare(
          otherWorlds.filter { $0.variant.name == world.name }.map { ($0.seed, $0.diffusion, $0.autoregressive) }
        ) { try $0.final(tasks) - $1.best(tasks) })
    }
    let here = try results.compare(pairs.map { ($0.seed, $0.diffusion, $0.autoregressive) }) {
      try $0.final(tasks) - $1.best(tasks)
    }
    return ClaimReport(
      Self.self, settings, results, runs: runs, scale: settings.scale,
      parts: [
        Part(
          "DLM's final accuracy with random masks − best with suffixes only", key: "random_final_minus_suffix_best",
          lead)
      ],
      also: byTask + [Part("DLM's best with suffixes only − AR's best", key: "suffix_best_minus_ar_best", againstAR)]
        + (worlds.isEmpty
          ? [] : [Part("in this world, DLM's final accuracy − AR's best", key: "dlm_final_minus_ar_best", here)])
        + worlds,
      tables: [try outcomeTable(pairs, results, tasks: tasks)],
      panels: try tasks.map { task in
        let value = { (checkpoint: CheckpointRecord) in checkpoint.tasks[task]?.acc }
        return Panel(
          title: task, xLabel: "epochs", yLabel: "accuracy", xScale: .log, yPercent: true,
          series: [
            try learningCurve("AR", .autoregressive, pairs.compactMap { results[$0.autoregressive] }, value: value),
            try learningCurve("DLM, suffixes only", .other(1), suffixes.compactMap { results[$0] }, value: value),
            try learningCurve(
              "DLM, random masks", .diffusion, pairs.compactMap { results[$0.diffusion] }, value: value),
          ].compactMap { $0 }, markers: [.horizontal(0.25, "chance")])
      })
  }

  public func data(_ results: RunResults) -> Table {
    var measured = pairs.measured { [$0 == "DLM" ? "DLM, random masks" : $0, "\($1.seed)"] }
    measured += zip(pairs, suffixes).map { Measured(run: $1, labels: ["DLM, suffixes only", "\($0.seed)"]) }
    measured += otherWorlds.measured { ["\($0), \($1.variant.name)", "\($1.seed)"] }
    return measurements(Self.name, results, tasks: settings.tasks, runs: measured, labels: ["model", "seed"])
  }
}
