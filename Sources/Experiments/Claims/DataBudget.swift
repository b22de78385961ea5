// The claim `data-budget`: the crossover comes later with more unique data; with abundant data and one epoch AR wins.

import Figures
import Statistics
import TensorEngine

/// Crossover tokens against unique tokens at a fixed number of training tokens, and the row of one epoch.
///
/// The row of one epoch is the negative control of the whole crossover story: there the DLM must not win.
public struct DataBudget: Claim {
  public static let name = "data-budget"
  public static let statement =
    "the crossover comes later with more unique data; with abundant data and one epoch AR wins"
  public static let explanation = """
    Trains AR and DLM on ever more unique tokens for the same number of training tokens, so for ever fewer epochs; in the \
    last condition every token is new. The crossover is measured in training tokens.
    """
  public static let paper = "crossing after 35, 43, 58 epochs of 0.5, 1, 1.5B tokens; none at 10B and 96B"

  let settings: ClaimSettings
  let grid: PairGrid
  /// The conditions that repeat their data, in ascending order of unique tokens.
  private let repeated: PairGrid
  private let single: PairGrid

  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    self.settings = settings
    try settings.require(
      settings.variants.count { $0.training.epochs > 1 } >= 2
        && settings.variants.count { $0.training.epochs == 1 } == 1,
      in: Self.name, "needs at least two conditions with repeated data and exactly one with epochs = 1")
    try settings.requireAscending(in: Self.name, "unique tokens") { Double($0.world.uniqueTokens) }
    grid = try PairGrid(settings, backend: backend)
    repeated = grid.filtered { $0.training.epochs > 1 }
    single = grid.filtered { $0.training.epochs == 1 }
  }

  public var runs: [PlannedRun] { grid.runs }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let tokens = { (outcome: SeedOutcome, epoch: Double) in epoch * outcome.tokensAnEpoch }
    let trend = try repeated.crossoverTrend(results, expected: .increasing, value: tokens)
    let oneEpoch = try results.compare(
      single.pairs.map { ($0.seed, $0.autoregressive, $0.diffusion) }, margin: settings.margin
    ) { ar, dlm in try ar.final(grid.tasks) - dlm.final(grid.tasks) }
    return ClaimReport(
      Self.self, settings, results, runs: runs, scale: grid.scale,
      parts: [
        Part(
          "crossover by unique tokens", key: "crossover_tokens", trend,
          values: try repeated.crossovers(results, spell: millions, value: tokens)),
        Part("one epoch of new tokens, AR − DLM", key: "one_epoch_ar_minus_dlm", oneEpoch),
      ],
      tables: [try grid.table(results)], panels: try grid.panels(results, axis: .tokens))
  }

  public func data(_ results: RunResults) -> Table {
    measurements(Self.name, results, tasks: settings.tasks, pairs: grid.pairs)
  }
}
