// The claim `coder`: a DLM coder on few unique Python tokens overtakes a matched AR coder.

import Figures
import Statistics
import TensorEngine

/// pass@1 by execution on held-out functions, DLM final − AR best.
///
/// Negative control: a second AR model on the same data in the DLM's place must not hold.
public struct Coder: Claim {
  public static let name = "coder"
  public static let statement = "a DLM coder on few unique Python tokens overtakes a matched AR coder"
  public static let explanation = """
    Trains AR and DLM on small Python functions, completes held-out specifications at each checkpoint (AR greedily, the DLM by denoising, \
    most confident positions first) and executes what they write against tests.
    """
  public static let paper = "1.7B on 10B unique Python tokens for ≈ 150 epochs overtakes AR on HumanEval(+) and MBPP(+)"

  let settings: ClaimSettings
  let pairs: [RunPair]
  private let controls: [PlannedRun]

  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    self.settings = settings
    pairs = try settings.base.pairs(backend: backend)
    controls = try pairs.map { pair in
      try pair.variant.run(
        .plainAutoregressive, label: "AR control", seed: pair.seed, initialisation: pair.seed + Crossover.controlOffset,
        backend: backend)
    }
  }

  public var runs: [PlannedRun] { pairs.flatMap(\.runs) + controls }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let tasks = settings.tasks
    func lead(_ challengers: [PlannedRun]) throws -> PairedComparison {
      try results.compare(zip(pairs, challengers).map { ($0.seed, $1, $0.autoregressive) }, margin: settings.margin) {
        try $0.final(tasks) - $1.best(tasks)
      }
    }
    let random = try results.compare(pairs.map { ($0.seed, $0.diffusion, $0.autoregressive) }) { dlm, ar in
      try (dlm.last("functions-random-order") ?? .nan) - ar.best(tasks)
    }
    let bests = try results.compare(pairs.map { ($0.seed, $0.diffusion, $0.autoregressive) }) {
      try $0.best(tasks) - $1.best(tasks)
    }
    return ClaimReport(
      Self.self, settings, results, runs: runs, scale: settings.scale,
      parts: [
        Part("DLM's final pass@1 − AR's best", key: "dlm_final_minus_ar_best", try lead(pairs.map(\.diffusion)))
      ],
      control: Part(
        "a second AR model's final pass@1 − AR's best", key: "control_final_minus_ar_best", try lead(controls)),
      also: [
        Part("the same denoised in random order", key: "dlm_final_random_order_minus_ar_best", random),
        Part("DLM's best − AR's best", key: "dlm_best_minus_ar_best", bests),
      ],
      tables: [try outcomeTable(pairs, results, tasks: tasks)],
      panels: [
        try pairPanel("functions", yLabel: "pass@1", pairs, results) { $0.accuracy(tasks) },
        try lossPanel(pairs, results),
      ])
  }

  public func data(_ results: RunResults) -> Table {
    var measured = pairs.measured { [$0, "\($1.seed)"] }
    measured += zip(pairs, controls).map { Measured(run: $1, labels: ["AR control", "\($0.seed)"]) }
    return measurements(
      Self.name, results, tasks: settings.tasks + ["functions-random-order"], runs: measured, labels: ["model", "seed"])
  }
}
