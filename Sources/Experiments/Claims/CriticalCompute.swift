// The question `critical-compute`: how does the compute at which the DLM passes AR's best grow with unique tokens?

import Figures
import Foundation
import Statistics
import TensorEngine

/// The exponent a of C(U) ∝ Uᵃ, C the DLM's training FLOPs when it passes AR's best checkpoint and U the unique tokens.
///
/// One exponent is fitted a seed; their Student interval is judged. An interval too wide to exclude anything must not count
/// as agreement, so it has a registered greatest half-width.
public struct CriticalCompute: Claim {
  public static let name = "critical-compute"
  public static let statement = "the compute at which the DLM passes AR's best grows with unique tokens U as U^2.174"
  public static let explanation = """
    Trains AR and DLM on several numbers of unique tokens, finds the training FLOPs at which the DLM passes AR's best checkpoint, and \
    fits a power law a seed. Not a claim of the paper: Prabhudesai et al. (arXiv 2507.15857) report the exponent.
    """
  public static let paper = "not asked there; Prabhudesai et al. report a = 2.174"
  public static let thresholds = ["exponent", "greatest_half_width"]

  let settings: ClaimSettings
  let grid: PairGrid

  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    self.settings = settings
    try settings.require(settings.variants.count >= 3, in: Self.name, "needs at least three numbers of unique tokens")
    try settings.requireAscending(in: Self.name, "unique tokens") { Double($0.world.uniqueTokens) }
    grid = try PairGrid(settings, backend: backend)
  }

  public var runs: [PlannedRun] { grid.runs }

  /// One crossing: unique tokens, and the DLM's training FLOPs until it passes AR's best, nil if it does not.
  private struct Point {
    let condition: String
    let seed: UInt64
    let uniqueTokens: Double
    let flops: Double?
  }

  private func points(_ results: RunResults) throws -> [Point] {
    try grid.conditions.flatMap { condition in
      try condition.pairs.compactMap { pair in
        guard let ar = results[pair.autoregressive], let dlm = results[pair.diffusion] else { return nil }
        let outcome = try SeedOutcome(seed: pair.seed, autoregressive: ar, diffusion: dlm, tasks: grid.tasks)
        let perToken = try pair.diffusion.trainingFLOPsPerToken()
        return Point(
          condition: condition.name, seed: pair.seed, uniqueTokens: outcome.tokensAnEpoch,
          flops: outcome.crossingOfBest.epoch.map { $0 * outcome.tokensAnEpoch * perToken })
      }
    }
  }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let points = try points(results)
    let bySeed = Dictionary(grouping: points, by: \.seed).sorted { $0.key < $1.key }
    var slopes: [Double] = []
    for (_, points) in bySeed {
      let crossed = points.filter { $0.flops != nil }
      guard crossed.count == grid.conditions.count else { continue }
      slopes.append(
        try leastSquares(x: crossed.map { log($0.uniqueTokens) }, y: crossed.map { log($0.flops ?? .nan) }).slope
          .estimate)
    }
    let censored = points.filter { $0.flops == nil }.map { "\($0.condition), seed \($0.seed)" }
    let seeds = grid.conditions.map(\.pairs.count).min() ?? 0
    let interval = slopes.count >= 2 ? try studentInterval(slopes) : nil
    let exponent = settings.threshold("exponent")
    let widest = settings.threshold("greatest_half_width")
    var verdict = Verdict.inconclusive
    if let interval, slopes.count == seeds, seeds >= 3 {
      if !interval.contains(exponent) {
        verdict = .fails
      } else if (interval.high - interval.low) / 2 <= widest {
        verdict = .holds
      }
    }
    var numbers = interval.map { plainInterval($0, unit: "") } ?? "no exponent: fewer than two seeds cross everywhere"
    if !censored.isEmpty {
      numbers += "; AR's best is not passed within the budget in \(censored.joined(separator: "; "))"
    }
    return ClaimReport(
      Self.self, settings, results, runs: runs, scale: grid.scale,
      parts: [
        Part(
          "exponent a of C ∝ U^a", key: "exponent", verdict: verdict, numbers: numbers,
          estimate: interval.map { Estimate(name: "exponent", $0, unit: "") })
      ],
      remarks: [
        "reported elsewhere: \(numeral(exponent)); agreement needs an interval that contains it and is no wider than ± \(numeral(widest))"
      ],
      tables: [try grid.table(results)], panels: try panels(points, results))
  }

  private func panels(_ points: [Point], _ results: RunResults) throws -> [Panel] {
    let crossed = points.compactMap { point in point.flops.map { (x: point.uniqueTokens, y: $0) } }
    let law = Panel(
      title: "compute to AR's best", xLabel: "unique tokens", yLabel: "training FLOPs", xScale: .log,
      yScale: .log, series: crossed.isEmpty ? [] : [Series(label: "seeds", colour: .diffusion, dots: crossed)])
    return (try grid.panels(results, axis: .tokens) + [law])
  }

  public func data(_ results: RunResults) -> Table {
    measurements(Self.name, results, tasks: settings.tasks, pairs: grid.pairs)
  }
}
