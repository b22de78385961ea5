// The question `critical-compute`: how does the compute at which the DLM passes AR's lowest loss grow with unique tokens?

import Configuration
import Figures
import Foundation
import Specification
import Statistics
import Wording

extension Claim {
  /// The exponent a of C(U) ∝ Uᵃ, C the DLM's training FLOPs when its validation loss passes AR's lowest and U the unique
  /// tokens.
  ///
  /// Budgets at which the DLM does not pass within the training are right-censored points of the fit; the interval is the
  /// delete-one jackknife's over seeds. An interval too wide to exclude anything must not count as agreement, so it has a
  /// registered greatest half-width. A crossing during the learning rate's decay, where the DLM's loss falls fastest,
  /// lies where the budget ends, so that budgets and not models would make the exponent: with one of those nothing is
  /// decided. The same for accuracy stands beside it.
  static let criticalCompute = Claim(
    "critical-compute",
    statement:
      "the compute at which the DLM's validation loss passes AR's lowest grows with unique tokens U as U^2.174",
    explanation: """
      Trains AR and DLM on several numbers of unique tokens, finds the training FLOPs at which the DLM's validation loss passes AR's \
      lowest, and fits a power law in which budgets that are never passed count as censored. Not a claim of the paper: Prabhudesai \
      et al. (arXiv 2507.15857) report the exponent.
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
      let byLoss = try points(pairs, evidence) { ar, dlm in
        try crossingOfBest(challenger: negated(dlm), incumbent: negated(ar))
      }
      let byAccuracy = try points(pairs, evidence) { ar, dlm in
        try crossingOfBest(challenger: dlm.accuracies(settings.tasks), incumbent: ar.accuracies(settings.tasks))
      }
      return Findings(
        parts: [
          try fit(
            byLoss, pairs, "exponent a of C ∝ U^a, by validation loss", key: "exponent", exponent: exponent,
            widest: widest)
        ],
        also: [
          try fit(
            byAccuracy, pairs, "the same by accuracy", key: "exponent_accuracy", exponent: exponent, widest: widest)
        ],
        remarks: [
          "reported elsewhere: \(numeral(exponent)); agreement needs an interval that contains it and is no wider than ± \(numeral(widest))",
          "where the DLM does not pass AR's lowest loss the training's whole compute enters the fit as a lower limit; nothing is decided where it passes during the learning rate's decay, which lies where the budget ends",
        ],
        tables: [try evidence.conditionTable(pairs)],
        panels: try pairs.compactMap { pair in
          pair.cohorts.allSatisfy { evidence.found($0).isEmpty }
            ? nil
            : try evidence.lossPanel(pair.cohorts.map { Curves($0) }, title: pair.name)
        } + [try law(byLoss, exponent: exponent)])
    }
  }

  /// Unique tokens, and the DLM's training FLOPs until it passes AR: known, or more than all of the training.
  private struct Point {
    let condition: String
    let seed: UInt64
    let uniqueTokens: Double
    let flops: Censored
    /// Whether it is passed while the learning rate decays.
    let isInDecay: Bool
  }

  private static func negated(_ run: RunResult) throws -> Curve {
    let losses = try run.curve(Quantity.loss.value)
    return try Curve(epochs: losses.epochs, values: losses.values.map { -$0 })
  }

  private static func points(
    _ pairs: [Pair], _ evidence: Evidence, _ crossing: (_ ar: RunResult, _ dlm: RunResult) throws -> Crossing
  ) throws -> [Point] {
    try pairs.flatMap { pair in
      try pair.diffusion.members.compactMap { seed, run -> Point? in
        guard let dlm = evidence.results[run], let ar = pair.autoregressive[seed].flatMap({ evidence.results[$0] }),
          let last = dlm.checkpoints.last
        else { return nil }
        let tokensAnEpoch = Double(last.tokens) / last.epoch
        let perEpoch = try tokensAnEpoch * run.trainingFLOPsPerToken()
        let training = run.specification.training
        let decay = Double(training.epochs) * (1 - training.decay)
        let (flops, isInDecay): (Censored, Bool) =
          switch try crossing(ar, dlm) {
          case .at(let epoch): (.known(epoch * perEpoch), epoch > decay)
          case .never(let budget): (.above(budget * perEpoch), false)
          }
        return Point(
          condition: pair.name, seed: seed, uniqueTokens: tokensAnEpoch, flops: flops, isInDecay: isInDecay)
      }
    }
  }

  private static func logarithm(_ flops: Censored) -> Censored {
    switch flops {
    case .known(let value): .known(log(value))
    case .above(let value): .above(log(value))
    }
  }

  private static func fit(
    _ points: [Point], _ pairs: [Pair], _ name: String, key: String, exponent: Double, widest: Double
  ) throws -> Part {
    let seeds = Dictionary(grouping: points, by: \.seed).sorted { $0.key < $1.key }.map(\.value)
    let complete = seeds.filter { $0.count == pairs.count }
    let interval =
      complete.count < 2
      ? nil : try censoredSlope(complete.map { $0.map { (log($0.uniqueTokens), logarithm($0.flops)) } })
    var verdict = Verdict.inconclusive
    let planned = pairs.map(\.autoregressive.members.count).min() ?? 0
    let late = points.count(where: \.isInDecay)
    if let interval, complete.count == planned, planned >= 3, late == 0 {
      if !interval.contains(exponent) {
        verdict = .fails
      } else if (interval.high - interval.low) / 2 <= widest {
        verdict = .holds
      }
    }
    let passed = pairs.map { pair in
      let here = points.filter { $0.condition == pair.name }
      return "\(pair.name) \(here.count(where: \.flops.isKnown)) of \(here.count)"
    }
    let numbers =
      (interval.map { plainInterval($0, unit: "") } ?? "none, for want of crossings at two numbers of unique tokens")
      + "; passed within the training: " + passed.joined(separator: ", ")
      + (late == 0
        ? "" : "; \(late) of these while the learning rate decays, so that the exponent is in part the budgets'")
    return Part(
      name, key: key, verdict: verdict,
      rule: "holds if the 95 % interval over at least 3 seeds contains \(numeral(exponent)) and is no wider than ± "
        + "\(numeral(widest)), fails if it does not contain it, and decides nothing if a crossing comes during the "
        + "learning rate's decay",
      numbers: numbers, point: interval.map { signed($0.estimate, places: 2) } ?? "none",
      headline: interval.map {
        "C grows as U to the power of \(signed($0.estimate, places: 2).dropFirst($0.estimate < 0 ? 0 : 1))"
      } ?? "no exponent",
      estimate: interval.map { Estimate(name: key, $0, unit: "") })
  }

  /// FLOPs against unique tokens with the fitted line, and the reported exponent through the middle of the points.
  private static func law(_ points: [Point], exponent: Double) throws -> Panel {
    func dots(_ isKnown: Bool) -> [(x: Double, y: Double)] {
      points.filter { $0.flops.isKnown == isKnown }.map { (x: $0.uniqueTokens, y: $0.flops.limit) }
    }
    var series: [Series] = []
    if !dots(true).isEmpty { series.append(Series(label: "passed, each seed", colour: .diffusion, dots: dots(true))) }
    if !dots(false).isEmpty {
      series.append(Series(label: "not passed: at least", colour: .other(1), dots: dots(false)))
    }
    let x = points.map { log($0.uniqueTokens) }
    if let low = x.min(), let high = x.max(), low < high,
      let line = try censoredLine(x: x, y: points.map { logarithm($0.flops) })
    {
      let middle = (low + high) / 2
      let height = line.intercept + line.slope * middle
      func segment(_ slope: Double) -> [(x: Double, y: Double)] {
        [low, high].map { (x: exp($0), y: exp(height + slope * ($0 - middle))) }
      }
      series.append(Series(label: "fit, U^\(nats(line.slope))", colour: .diffusion, line: segment(line.slope)))
      series.append(
        Series(label: "reported, U^\(numeral(exponent))", colour: .other(0), line: segment(exponent), dashed: true))
    }
    return Panel(
      title: "compute to AR's lowest loss", xLabel: "unique tokens", yLabel: "training FLOPs", xScale: .log,
      yScale: .log, series: series)
  }
}
