// The claim `model-size`: the crossover comes earlier with larger models.

import Figures
import Statistics
import TensorEngine

/// Crossover epochs against the size of the model, the same data and epochs for all.
public struct ModelSize: Claim {
  public static let name = "model-size"
  public static let statement = "the crossover comes earlier with larger models"
  public static let explanation = """
    Trains AR and DLM of growing width and depth on the same few unique tokens for the same epochs and compares the epochs \
    at which they cross.
    """
  public static let paper = "on 1B tokens: crossing after 43 epochs at 1B parameters, 18 at 8B"

  let settings: ClaimSettings
  let grid: PairGrid

  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    self.settings = settings
    try settings.require(settings.variants.count >= 2, in: Self.name, "needs at least two sizes")
    try settings.requireAscending(in: Self.name, "width") { Double($0.model.width) }
    grid = try PairGrid(settings, backend: backend)
  }

  public var runs: [PlannedRun] { grid.runs }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let trend = try grid.crossoverTrend(results, expected: .decreasing) { $1 }
    let gain = try results.trend(
      grid.conditions.map { condition in
        (
          name: condition.name,
          seeds: Dictionary(condition.pairs.map { ($0.seed, [$0.diffusion]) }, uniquingKeysWith: { first, _ in first })
        )
      }, expected: .increasing
    ) { try $0[0].final(grid.tasks) }
    return ClaimReport(
      Self.self, settings, results, runs: runs, scale: "\(grid.conditions.map(\.name).joined(separator: ", "))",
      parts: [
        Part(
          "crossover by size", key: "crossover_epoch", trend,
          values: try grid.crossovers(results, spell: { rounded($0) + " epochs" }) { $1 })
      ],
      also: [
        Part("the DLM's final accuracy rises with size", key: "dlm_final_accuracy", gain, values: "over the sizes")
      ],
      tables: [try grid.table(results)], panels: try grid.panels(results))
  }

  public func data(_ results: RunResults) -> Table {
    measurements(Self.name, results, tasks: settings.tasks, pairs: grid.pairs)
  }
}
