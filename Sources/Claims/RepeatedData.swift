// The question `repeated-data`: what is a repeated token worth to each objective? Beyond the paper. The law and its fit
// are in Statistics/RepeatedDataLaw.swift.

import Configuration
import Figures
import Foundation
import Specification
import Statistics
import Wording

extension Claim {
  /// The data-constrained scaling law of Muennighoff et al., fitted per objective to the lowest validation losses of runs over
  /// unique tokens × epochs at one model size: how many repetitions a token stays worth something, R*.
  ///
  /// The interval is a bootstrap's over runs, which draws AR and DLM of a condition and seed together.
  static let repeatedData = Claim(
    "repeated-data", statement: "a repeated token stays worth something to the DLM for more epochs than to AR",
    explanation: """
      Trains AR and DLM on several numbers of unique tokens for several numbers of epochs, a run of its own for each, fits the \
      data-constrained scaling law to the lowest validation losses of each objective, and compares R*, the repetitions after which \
      a further one is worth 1/e of new tokens; and compares where the laws cross with where the runs do.
      """,
    paper: "not asked there; Muennighoff et al. report R* = 15 for AR, Prabhudesai et al. 494 for diffusion",
    thresholds: ["reported_ar", "reported_dlm"],
    uses: ClaimUses(variants: .pairs, margin: false)
  ) { planner in
    let settings = planner.settings
    let pairs = try planner.pairs()
    let budgets = Set(pairs.map(\.condition.corpus.nominalUniqueTokens))
    let epochs = Set(pairs.map(\.condition.training.epochs))
    try planner.require(
      pairs.count >= 5 && budgets.count >= 2 && epochs.count >= 2,
      "needs at least five conditions with several numbers of unique tokens and of epochs")
    return Design(cohorts: pairs.cohorts, scale: pairs.scale, tasks: settings.tasks) { evidence in
      let fits = try RepeatedDataFits(pairs, evidence)
      return Findings(
        parts: [try fits.advantage],
        also: [
          try fits.worth(
            of: .autoregression, reported: settings.threshold("reported_ar"), by: "Muennighoff et al."),
          try fits.worth(
            of: .diffusion, reported: settings.threshold("reported_dlm"), by: "Prabhudesai et al."),
        ],
        remarks: try fits.crossings.map(\.words) + fits.warnings,
        metrics: fits.metrics, estimates: try fits.halfLives,
        tables: [fits.lossTable, try fits.constantTable, try fits.crossingTable], panels: try fits.panels,
        marks: FigureMarks(dots: "runs, each with its lowest loss", lines: "the fitted laws"))
    }
  }
}

/// The laws of both objectives with their resamples, and what follows from them.
struct RepeatedDataFits {
  /// Which of the two a law is of.
  enum Objective: Int, CaseIterable {
    case autoregression, diffusion

    var name: String {
      switch self {
      case .autoregression: "AR"
      case .diffusion: "DLM"
      }
    }

    var key: String { name.lowercased() }

    var colour: SeriesColour {
      switch self {
      case .autoregression: .autoregressive
      case .diffusion: .diffusion
      }
    }
  }

  /// A seed's two runs under a condition.
  struct Point {
    let pair: Pair
    let seed: UInt64
    let losses: [RepeatedLoss]
  }

  private static let resamples = 200

  let pairs: [Pair]
  let evidence: Evidence
  let points: [Point]
  /// By objective; empty with too few runs.
  let laws: [RepeatedDataLaw]
  /// By resample, then by objective.
  private let resampled: [[RepeatedDataLaw]]

  init(_ pairs: [Pair], _ evidence: Evidence) throws {
    (self.pairs, self.evidence) = (pairs, evidence)
    points = try pairs.flatMap { pair in
      try pair.diffusion.members.compactMap { seed, run -> Point? in
        guard let dlm = evidence.results[run], let ar = pair.autoregressive[seed].flatMap({ evidence.results[$0] })
        else { return nil }
        return Point(
          pair: pair, seed: seed,
          losses: try [ar, dlm].map { run in
            // An epoch is as many tokens as the sample has, which is nearly what was asked for.
            let last = run.checkpoints.last
            return RepeatedLoss(
              uniqueTokens: last.map { Double($0.tokens) / $0.epoch } ?? .nan,
              epochs: Double(pair.condition.training.epochs), loss: try lowestLoss(run))
          })
      }
    }
    let sets = Self.sets(points)
    guard points.count >= 5 else {
      (laws, resampled) = ([], [])
      return
    }
    laws = try sets.map { try RepeatedDataLaw(fitting: $0) }
    resampled = try RepeatedDataLaw.resampled(sets, fitted: laws, resamples: Self.resamples)
  }

  private static func sets(_ points: [Point]) -> [[RepeatedLoss]] {
    Objective.allCases.map { objective in points.map { $0.losses[objective.rawValue] } }
  }

  /// A number of the laws with its interval; nil without laws.
  func interval(_ number: ([RepeatedDataLaw]) -> Double) throws -> Interval? {
    laws.isEmpty ? nil : try percentileInterval(resampled.map(number), estimate: number(laws))
  }

  /// "12.3 [8.1, 20]", with "beyond" for what the search for R* is bounded by.
  func words(_ interval: Interval) -> String {
    "\(spelt(interval.estimate)) [\(spelt(interval.low)), \(spelt(interval.high))]"
  }

  func spelt(_ worth: Double) -> String {
    let range = RepeatedDataLaw.worthRange
    if worth >= range.upperBound * 0.99 { return "beyond \(Int(range.upperBound))" }
    return String(format: "%.3g", worth)
  }

  // MARK: Judging

  /// R* of the DLM against R* of AR.
  var advantage: Part {
    get throws {
      let name = "R* of the DLM over R* of AR"
      let rule =
        "holds if the 95 % bootstrap interval over runs of at least 3 seeds lies above 1, fails if it lies below"
      let missing = evidence.results.missing(among: pairs.cohorts.flatMap(\.runs))
      let seeds = pairs.map { pair in points.count { $0.pair.name == pair.name } }.min() ?? 0
      guard let ratio = try interval({ $0[1].worth / $0[0].worth }), !laws.isEmpty else {
        return Part(
          name, key: "dlm_over_ar", verdict: .inconclusive, rule: rule, numbers: "none, for want of runs",
          headline: "no law without runs", missing: missing)
      }
      var verdict = Verdict.inconclusive
      if missing.isEmpty, seeds >= 3 {
        if ratio.low > 1 {
          verdict = .holds
        } else if ratio.high < 1 {
          verdict = .fails
        }
      }
      let each = Objective.allCases.map { "\($0.name) \(spelt(laws[$0.rawValue].worth))" }.joined(separator: ", ")
      return Part(
        name, key: "dlm_over_ar", verdict: verdict, rule: rule, numbers: "\(words(ratio)) (\(each))",
        point: "\(spelt(ratio.estimate)) (\(each))",
        headline: "R* of the DLM is \(spelt(ratio.estimate)) times AR's", missing: missing,
        estimate: Estimate(name: "dlm_over_ar", ratio, unit: ""))
    }
  }

  /// R* of an objective beside what is reported elsewhere.
  func worth(of objective: Objective, reported: Double, by whom: String) throws -> Part {
    let key = "worth_\(objective.key)"
    let name = "R* of \(objective.name), \(numeral(reported)) in \(whom)"
    let rule = "holds if the 95 % bootstrap interval contains \(numeral(reported)), fails if it does not"
    guard let worth = try interval({ $0[objective.rawValue].worth }) else {
      return Part(
        name, key: key, verdict: .inconclusive, rule: rule, numbers: "none, for want of runs", headline: "no law")
    }
    return Part(
      name, key: key, verdict: worth.contains(reported) ? .holds : .fails, rule: rule,
      numbers: "\(words(worth)) repetitions", point: "\(spelt(worth.estimate)) repetitions",
      headline: "R* of \(objective.name) is \(spelt(worth.estimate))",
      estimate: Estimate(name: key, worth, unit: "repetitions"))
  }

  /// R* · ln 2 of each objective.
  var halfLives: [Estimate] {
    get throws {
      try Objective.allCases.compactMap { objective in
        try interval { $0[objective.rawValue].halfLife }
          .map { Estimate(name: "half_life_\(objective.key)", $0, unit: "repetitions") }
      }
    }
  }

  var metrics: [String: Double] {
    var metrics: [String: Double] = [:]
    for (objective, law) in zip(Objective.allCases, laws) {
      metrics["\(objective.key)_floor"] = law.floor
      metrics["\(objective.key)_coefficient"] = law.coefficient
      metrics["\(objective.key)_exponent"] = law.exponent
      metrics["\(objective.key)_mean_error"] = error(objective, law)
    }
    return metrics
  }

  /// The mean size of log L − log of the law.
  func error(_ objective: Objective, _ law: RepeatedDataLaw) -> Double {
    let errors = points.map { point -> Double in
      let run = point.losses[objective.rawValue]
      return abs(log(run.loss / law.loss(uniqueTokens: run.uniqueTokens, epochs: run.epochs)))
    }
    return errors.reduce(0, +) / Double(max(1, errors.count))
  }

  /// Constants that lie where the search for them ends.
  var warnings: [String] {
    zip(Objective.allCases, laws).compactMap { objective, law in
      let range = RepeatedDataLaw.worthRange
      let isAtEnd = law.worth >= range.upperBound * 0.99 || law.worth <= range.lowerBound * 1.01
      return isAtEnd
        ? "R* of \(objective.name) lies at an end of what it was looked for in: the runs do not tell it" : nil
    }
  }

  // MARK: Where the objectives cross

  /// Where the DLM's lowest loss passes AR's at one number of unique tokens.
  struct Passing {
    let uniqueTokens: Int
    /// By the laws; infinite if never. Nil without laws.
    let predicted: Interval?
    /// By the runs, of each seed that has all of them.
    let measured: [Crossing]

    var words: String {
      let seen = measured.compactMap(\.epoch)
      return "\(grouped(uniqueTokens)) unique tokens: the laws cross at \(predictedWords), the runs "
        + (seen.isEmpty
          ? "in none of \(counted(measured.count, "seed"))"
          : "at epoch \(rounded(geometricMean(seen))) in \(seen.count) of \(counted(measured.count, "seed"))")
    }

    var predictedWords: String {
      guard let predicted else { return "–" }
      func spelt(_ epoch: Double) -> String { epoch.isFinite ? rounded(epoch) : "never" }
      return predicted.estimate.isFinite
        ? "epoch \(spelt(predicted.estimate)) [\(spelt(predicted.low)), \(spelt(predicted.high))]"
        : "no epoch [\(spelt(predicted.low)), \(spelt(predicted.high))]"
    }
  }

  /// For each number of unique tokens with several numbers of epochs.
  var crossings: [Passing] {
    get throws {
      let budgets = Dictionary(grouping: pairs) { $0.condition.corpus.nominalUniqueTokens }
      return try budgets.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { budget, levels in
        let sorted = levels.sorted { $0.condition.training.epochs < $1.condition.training.epochs }
        let seeds = sorted.first?.diffusion.members.map(\.seed) ?? []
        let measured = try seeds.compactMap { seed -> Crossing? in
          let own = sorted.compactMap { pair in points.first { $0.pair.name == pair.name && $0.seed == seed } }
          guard own.count == sorted.count else { return nil }
          func curve(_ objective: Objective) throws -> Curve {
            let runs = own.map { $0.losses[objective.rawValue] }
            return try Curve(epochs: runs.map(\.epochs), values: runs.map { -$0.loss })
          }
          return try crossover(challenger: curve(.diffusion), incumbent: curve(.autoregression))
        }
        return Passing(
          uniqueTokens: budget,
          predicted: try interval { Self.predicted($0, uniqueTokens: Double(budget)) }, measured: measured)
      }
    }
  }

  /// The first epoch from which the DLM's law stays at or below AR's, looked for up to a million epochs.
  private static func predicted(_ laws: [RepeatedDataLaw], uniqueTokens: Double) -> Double {
    func lead(_ epochs: Double) -> Double {
      laws[0].loss(uniqueTokens: uniqueTokens, epochs: epochs)
        - laws[1].loss(uniqueTokens: uniqueTokens, epochs: epochs)
    }
    let grid = (0...120).map { pow(10, Double($0) / 20) }
    guard let below = grid.lastIndex(where: { lead($0) < 0 }) else { return 1 }
    guard below + 1 < grid.count else { return .infinity }
    var (low, high) = (grid[below], grid[below + 1])
    for _ in 0..<40 {
      let middle = (low * high).squareRoot()
      if lead(middle) < 0 { low = middle } else { high = middle }
    }
    return high
  }
}
