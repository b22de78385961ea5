// The question `critical-compute`: how does the compute at which the DLM passes AR's best grow with unique tokens?

import Configuration
import Figures
import Foundation
import Statistics
import Wording

extension Claim {
  /// The exponent a of C(U) ∝ Uᵃ, C the DLM's training FLOPs when it passes AR's best checkpoint and U the unique tokens.
  ///
  /// One exponent is fitted per seed; their Student interval is judged. An interval too wide to exclude anything must not
  /// count as agreement, so it has a registered greatest half-width.
  static let criticalCompute = Claim(
    "critical-compute",
    statement: "the compute at which the DLM passes AR's best grows with unique tokens U as U^2.174",
    explanation: """
      Trains AR and DLM on several numbers of unique tokens, finds the training FLOPs at which the DLM passes AR's best checkpoint, and \
      fits one power law per seed. Not a claim of the paper: Prabhudesai et al. (arXiv 2507.15857) report the exponent.
      """,
    paper: "not asked there; Prabhudesai et al. report a = 2.174", thresholds: ["exponent", "greatest_half_width"],
    uses: ClaimUses(corpora: CorpusName.prose, variants: .pairs, margin: false)
  ) { planner in
    let settings = planner.settings
    try planner.require(settings.variants.count >= 3, "needs at least three numbers of unique tokens")
    try planner.requireAscending("unique tokens") { Double($0.corpus.nominalUniqueTokens) }
    let pairs = try planner.pairs()
    let exponent = settings.threshold("exponent")
    let widest = settings.threshold("greatest_half_width")
    return Design(cohorts: pairs.cohorts, scale: pairs.scale, tasks: settings.tasks) { evidence in
      let points = try pairs.flatMap { try compute($0, evidence) }
      let crossed = points.compactMap { point in point.flops.map { (x: point.uniqueTokens, y: $0) } }
      let law = try Panel(
        title: "compute to AR's best", xLabel: "unique tokens", yLabel: "training FLOPs", xScale: .log, yScale: .log,
        series: crossed.isEmpty
          ? [] : [Series(label: "seeds", colour: .diffusion, dots: crossed)] + lines(crossed, exponent: exponent))
      return Findings(
        parts: [try fit(points, pairs, exponent: exponent, widest: widest)],
        remarks: [
          "reported elsewhere: \(numeral(exponent)); agreement needs an interval that contains it and is no wider than ± \(numeral(widest))"
        ],
        tables: [try evidence.conditionTable(pairs)],
        panels: try evidence.conditionPanels(pairs, unit: .tokens) + [law])
    }
  }

  /// The power law through all points, and the reported one through their middle.
  private static func lines(_ points: [(x: Double, y: Double)], exponent: Double) throws -> [Series] {
    let (x, y) = (points.map { log($0.x) }, points.map { log($0.y) })
    guard let low = x.min(), let high = x.max(), low < high else { return [] }
    let slope = try leastSquares(x: x, y: y).slope.estimate
    let middle = (x: x.reduce(0, +) / Double(x.count), y: y.reduce(0, +) / Double(y.count))
    return [
      ("fit, \(signed(slope, places: 2).drop { $0 == "+" })", SeriesColour.diffusion, slope, false),
      ("reported, \(numeral(exponent))", .other(4), exponent, true),
    ].map { label, colour, slope, dashed in
      Series(
        label: label, colour: colour,
        line: [low, high].map { (x: exp($0), y: exp(middle.y + slope * ($0 - middle.x))) }, dashed: dashed)
    }
  }

  /// Unique tokens, and the DLM's training FLOPs until it passes AR's best, nil if it does not.
  private struct Point {
    let condition: String
    let seed: UInt64
    let uniqueTokens: Double
    let flops: Double?
  }

  private static func compute(_ pair: Pair, _ evidence: Evidence) throws -> [Point] {
    try evidence.outcomes(pair).map { outcome in
      let perToken = try pair.diffusion[outcome.seed]?.trainingFLOPsPerToken() ?? .nan
      return Point(
        condition: pair.name, seed: outcome.seed, uniqueTokens: outcome.tokensAnEpoch,
        flops: outcome.crossingOfBest.epoch.map { $0 * outcome.tokensAnEpoch * perToken })
    }
  }

  private static func fit(_ points: [Point], _ pairs: [Pair], exponent: Double, widest: Double) throws -> Part {
    var slopes: [Double] = []
    for (_, points) in Dictionary(grouping: points, by: \.seed).sorted(by: { $0.key < $1.key }) {
      let crossed = points.filter { $0.flops != nil }
      guard crossed.count == pairs.count else { continue }
      slopes.append(
        try leastSquares(x: crossed.map { log($0.uniqueTokens) }, y: crossed.map { log($0.flops ?? .nan) }).slope
          .estimate)
    }
    let seeds = pairs.map(\.autoregressive.members.count).min() ?? 0
    let interval = slopes.count >= 2 ? try studentInterval(slopes) : nil
    var verdict = Verdict.inconclusive
    if let interval, slopes.count == seeds, seeds >= 3 {
      if !interval.contains(exponent) {
        verdict = .fails
      } else if (interval.high - interval.low) / 2 <= widest {
        verdict = .holds
      }
    }
    let none = "no exponent: fewer than two seeds cross everywhere"
    var beyond = ""
    let censored = points.filter { $0.flops == nil }.map { "\($0.condition), seed \($0.seed)" }
    if !censored.isEmpty {
      beyond = "; AR's best is not passed within the budget in \(censored.joined(separator: "; "))"
    }
    return Part(
      "exponent a of C ∝ U^a", key: "exponent", verdict: verdict,
      rule: "holds if the 95 % interval over at least 3 seeds contains \(numeral(exponent)) and is no wider than ± "
        + "\(numeral(widest)), fails if it does not contain it",
      numbers: (interval.map { plainInterval($0, unit: "") } ?? none) + beyond,
      point: (interval.map { signed($0.estimate, places: 2) } ?? none) + beyond,
      headline: interval.map {
        "C grows as U to the power of \(signed($0.estimate, places: 2).dropFirst($0.estimate < 0 ? 0 : 1))"
      }
        ?? "no exponent",
      estimate: interval.map { Estimate(name: "exponent", $0, unit: "") })
  }
}
