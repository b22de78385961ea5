// The claim `data-quality`: the crossover comes later with higher-quality data, by two notions of quality.

import Corpora
import Figures
import Statistics
import TensorEngine

/// Crossover epochs against the quality of the training text.
///
/// The verdict uses tiers by the share of informative documents, which is what filters of web text change. Corrupted words
/// are the other notion; they slow learning down whatever the quality of the rest, and are reported beside it.
public struct DataQuality: Claim {
  public static let name = "data-quality"
  public static let statement = "the crossover comes later with higher-quality data"
  public static let explanation = """
    Trains AR and DLM on the same number of unique tokens of growing quality. The verdict is about tiers by the share of \
    informative documents against boilerplate and near-duplicates; text with random words replaced is reported beside it.
    """
  public static let paper = "three quality tiers: the crossover moves later with quality"

  let settings: ClaimSettings
  let grid: PairGrid
  private let tiers: PairGrid
  private let corrupted: PairGrid

  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    self.settings = settings
    try settings.requireAscending(in: Self.name, "quality: first corrupted, then by share of informative documents") {
      $0.world.quality.informativeShare - 10 * $0.world.corruption
    }
    grid = try PairGrid(settings, backend: backend)
    tiers = grid.filtered { $0.world.corruption == 0 }
    corrupted = grid.filtered { $0.world.corruption > 0 || $0.world.quality == .high }
    try settings.require(
      tiers.conditions.count >= 2
        && settings.variants.contains { $0.world.quality == .high && $0.world.corruption == 0 },
      in: Self.name, "needs at least two tiers without corruption, in ascending order of quality, \"high\" among them")
  }

  public var runs: [PlannedRun] { grid.runs }

  public func report(_ results: RunResults) throws -> ClaimReport {
    func part(_ name: String, key: String, _ grid: PairGrid) throws -> Part {
      Part(
        name, key: key, try grid.crossoverTrend(results, expected: .increasing) { $1 },
        values: try grid.crossovers(results, spell: { rounded($0) + " epochs" }) { $1 })
    }
    return ClaimReport(
      Self.self, settings, results, runs: runs, scale: grid.scale,
      parts: [try part("crossover by share of informative documents", key: "crossover_epoch", tiers)],
      also: corrupted.conditions.count < 2
        ? [] : [try part("crossover by share of uncorrupted words", key: "crossover_epoch_corrupted", corrupted)],
      tables: [try grid.table(results)], panels: try grid.panels(results))
  }

  public func data(_ results: RunResults) -> Table {
    measurements(Self.name, results, tasks: settings.tasks, pairs: grid.pairs)
  }
}
