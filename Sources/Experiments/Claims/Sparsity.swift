// The claim `sparsity`: the crossover persists across dense and sparse architectures.

import Figures
import Statistics
import TensorEngine

/// DLM final − AR best for a dense model, a mixture of experts of the same active size, and a dense model of its total size.
public struct Sparsity: Claim {
  public static let name = "sparsity"
  public static let statement = "the crossover persists across dense and sparse models"
  public static let explanation = """
    Trains AR and DLM with a dense feed-forward block, with a mixture of experts that has the same active parameters, and \
    with a dense block of the mixture's total parameters, and asks of each whether the DLM passes AR's best.
    """
  public static let paper = "1B dense, 8B total with 1B active, 8B dense: all cross"

  let settings: ClaimSettings
  let grid: PairGrid

  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    self.settings = settings
    try settings.require(
      settings.variants.contains { $0.model.experts != nil } && settings.variants.contains { $0.model.experts == nil },
      in: Self.name, "needs dense and sparse architectures (`model.experts`)")
    grid = try PairGrid(settings, backend: backend)
  }

  public var runs: [PlannedRun] { grid.runs }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let parts = try grid.conditions.map { condition in
      Part(
        "\(condition.name), DLM's final accuracy − AR's best", key: "dlm_final_minus_ar_best_\(condition.name)",
        try results.compare(
          condition.pairs.map { ($0.seed, $0.diffusion, $0.autoregressive) }, margin: settings.margin
        ) { dlm, ar in try dlm.final(grid.tasks) - ar.best(grid.tasks) })
    }
    return ClaimReport(
      Self.self, settings, results, runs: runs, scale: grid.scale, parts: parts, tables: [try grid.table(results)],
      panels: try grid.panels(results))
  }

  public func data(_ results: RunResults) -> Table {
    measurements(Self.name, results, tasks: settings.tasks, pairs: grid.pairs)
  }
}
