// The data-constrained scaling law at one model size, and its fit to losses of runs that repeat their data. What runs
// there are and what is asked of the fit is the claim's.

import Foundation
import Randomness

/// The loss of a run that went over its unique tokens several times.
public struct RepeatedLoss: Hashable, Sendable {
  /// U, tokens of an epoch.
  public let uniqueTokens: Double
  /// 1 + R, where R counts the repetitions.
  public let epochs: Double
  /// Nats per token.
  public let loss: Double

  public init(uniqueTokens: Double, epochs: Double, loss: Double) {
    (self.uniqueTokens, self.epochs, self.loss) = (uniqueTokens, epochs, loss)
  }
}

/// L(U, R) = E + X · (D'/D₀)^−β with D' = U + U · R* · (1 − exp(−R/R*)): what U unique tokens are worth after R repetitions.
///
/// R* is the number of repetitions after which a further one is worth 1/e of a new pass; all repetitions together are
/// worth at most R* passes over new tokens. E holds what the model's size gives, which is fixed here (E + A/N^α there), and
/// X = B · D₀^−β, so that the constants of a fit do not hang together more than they must.
///
/// Source: N. Muennighoff et al., *Scaling Data-Constrained Language Models*, NeurIPS 2023 (arXiv 2305.16264), section 3.
public struct RepeatedDataLaw: Hashable, Sendable {
  /// E, nats: the loss that no amount of data goes below.
  public let floor: Double
  /// X, nats: the loss above E at D₀ effective tokens.
  public let excess: Double
  /// D₀, tokens: the geometric mean of what was trained.
  public let reference: Double
  /// β.
  public let exponent: Double
  /// R*.
  public let worth: Double

  public init(floor: Double, excess: Double, reference: Double, exponent: Double, worth: Double) {
    (self.floor, self.excess, self.reference) = (floor, excess, reference)
    (self.exponent, self.worth) = (exponent, worth)
  }

  /// What R* is looked for in; a fit at an end of it says that the runs do not tell.
  public static let worthRange = 0.01...1e6

  /// R* · ln 2: the repetitions after which a further one is worth half a new pass.
  public var halfLife: Double { worth * log(2) }
  /// B = X · D₀^β.
  public var coefficient: Double { excess * pow(reference, exponent) }

  /// D' / U: the number of passes over new tokens that so many epochs are worth.
  public func effectiveEpochs(_ epochs: Double) -> Double {
    1 + worth * -expm1(-(epochs - 1) / worth)
  }

  /// The loss, nats per token.
  public func loss(uniqueTokens: Double, epochs: Double) -> Double {
    floor + excess * pow(uniqueTokens * effectiveEpochs(epochs) / reference, -exponent)
  }
}

extension RepeatedDataLaw {
  /// Fits the law to runs: the least Huber loss (δ = 0.01) of log losses over many starts, each followed by
  /// Levenberg–Marquardt steps with Huber's weights on the logarithms of the constants.
  ///
  /// δ is about the spread between seeds, so that a run that went wrong has a bounded pull and the others are fitted by
  /// least squares. (Hoffmann et al. and Muennighoff et al. take 0.001 for losses over a wider range.)
  /// - Parameters:
  ///   - points: at least five, losses above zero.
  ///   - starts: where to begin besides the usual places; for resamples, which need fewer.
  /// - Throws: ``StatisticsError`` for fewer points, or numbers that are not positive and finite.
  public init(
    fitting points: [RepeatedLoss], startingAt starts: [RepeatedDataLaw] = []
  ) throws(StatisticsError) {
    try requireCount(points.count, atLeast: 5, "runs of a law with four constants")
    try requireFinite(points.flatMap { [$0.uniqueTokens, $0.epochs, $0.loss] }, "runs of a law")
    if let wrong = points.first(where: { $0.uniqueTokens <= 0 || $0.epochs < 1 || $0.loss <= 0 }) {
      throw .outOfRange(
        what: "run of a law", value: wrong.loss, allowed: "a loss above 0 after one epoch or more of some tokens")
    }
    let reference = geometricMean(points.map { $0.uniqueTokens * $0.epochs })
    let fit = LawFit(points, reference: reference)
    var best: LawFit.Constants?
    for start in starts.isEmpty ? fit.usualStarts : starts.map(fit.constants) {
      let found = fit.descend(from: start)
      if found.cost < best?.cost ?? .infinity { best = found }
    }
    let constants = (best ?? fit.usualStarts[0]).logarithms.map { exp($0) }
    self.init(
      floor: constants[0], excess: constants[1], reference: reference, exponent: constants[2], worth: constants[3])
  }

  /// The laws of resampled runs: each resample draws as many of the runs as there are, with replacement, the same ones for
  /// every set, so that what two sets differ by is resampled together.
  /// - Parameters:
  ///   - sets: runs by what is fitted, for example by objective, in the same order; one law is fitted to each.
  ///   - fitted: the laws of the whole sets, from which the fits begin.
  /// - Returns: per resample one law per set.
  /// - Throws: as for a fit; ``StatisticsError/mismatch(_:)`` for sets of different sizes.
  public static func resampled(
    _ sets: [[RepeatedLoss]], fitted: [RepeatedDataLaw], resamples: Int, seed: UInt64 = 0
  ) throws(StatisticsError) -> [[RepeatedDataLaw]] {
    guard sets.count == fitted.count, Set(sets.map(\.count)).count == 1, let count = sets.first?.count else {
      throw .mismatch("a resample needs sets of equal size with a law each")
    }
    var laws: [[RepeatedDataLaw]] = []
    for resample in 0..<resamples {
      var stream = RandomStream(seed: seed, purpose: .statistics, index: 1000 + UInt64(resample))
      let drawn = (0..<count).map { _ in stream.below(count) }
      var own: [RepeatedDataLaw] = []
      for (set, law) in zip(sets, fitted) {
        own.append(try RepeatedDataLaw(fitting: drawn.map { set[$0] }, startingAt: law.neighbours))
      }
      laws.append(own)
    }
    return laws
  }

  /// The law itself, and others of fewer and of more repetitions.
  private var neighbours: [RepeatedDataLaw] {
    [1, 0.1, 10].map { factor in
      RepeatedDataLaw(
        floor: floor, excess: excess, reference: reference, exponent: exponent,
        worth: min(max(worth * factor, Self.worthRange.lowerBound), Self.worthRange.upperBound))
    }
  }
}

/// The interval between two percentiles of resampled numbers, by nearest rank, so that infinite ones have a place.
/// - Throws: ``StatisticsError`` without numbers, or for one that is not a number.
public func percentileInterval(
  _ values: [Double], estimate: Double, level: Double = 0.95
) throws(StatisticsError) -> Interval {
  try requireLevel(level)
  try requireCount(values.count, atLeast: 1, "resampled numbers")
  if let index = values.firstIndex(where: \.isNaN) {
    throw .notFinite(what: "resampled numbers", index: index, value: .nan)
  }
  let sorted = values.sorted()
  func rank(_ share: Double) -> Double {
    sorted[min(sorted.count - 1, max(0, Int((share * Double(sorted.count) - 1e-9).rounded(.up)) - 1))]
  }
  return Interval(
    estimate: estimate, low: rank((1 - level) / 2), high: rank((1 + level) / 2), level: level, count: values.count)
}

/// The search for the constants of one law.
private struct LawFit {
  /// log E, log X, log β, log R*, with the Huber loss there.
  struct Constants {
    var logarithms: [Double]
    var cost: Double
  }

  private static let delta = 0.01
  private let points: [RepeatedLoss]
  private let reference: Double
  private let logLosses: [Double]
  /// What each logarithm may be.
  private let ranges: [ClosedRange<Double>]

  init(_ points: [RepeatedLoss], reference: Double) {
    self.points = points
    self.reference = reference
    logLosses = points.map { log($0.loss) }
    let lowest = logLosses.min() ?? 0
    let worth = RepeatedDataLaw.worthRange
    ranges = [
      lowest - 12...lowest + 0.05, lowest - 12...lowest + 12, log(0.01)...log(4),
      log(worth.lowerBound)...log(worth.upperBound),
    ]
  }

  var usualStarts: [Constants] {
    let lowest = exp(logLosses.min() ?? 0)
    let middle = exp(logLosses.sorted()[logLosses.count / 2])
    return [0.3, 0.7, 0.95].flatMap { share in
      [0.15, 0.4, 1].flatMap { exponent in
        [1.0, 10, 100, 1000].map { worth in
          constants([lowest * share, max(middle - lowest * share, 0.01 * lowest), exponent, worth].map { log($0) })
        }
      }
    }
  }

  func constants(_ law: RepeatedDataLaw) -> Constants {
    let excess = law.excess * pow(reference / law.reference, -law.exponent)
    return constants([law.floor, excess, law.exponent, law.worth].map { log($0) })
  }

  private func constants(_ logarithms: [Double]) -> Constants {
    let allowed = zip(logarithms, ranges).map { min(max($0, $1.lowerBound), $1.upperBound) }
    return Constants(logarithms: allowed, cost: cost(allowed))
  }

  private func cost(_ logarithms: [Double]) -> Double {
    points.indices.reduce(0) { sum, i in
      let size = abs(residual(i, logarithms).value)
      return sum + (size <= Self.delta ? size * size / 2 : Self.delta * (size - Self.delta / 2))
    }
  }

  /// log L of the law − log L of a run, with its derivatives by the four logarithms.
  private func residual(_ i: Int, _ logarithms: [Double]) -> (value: Double, slopes: (Double, Double, Double, Double)) {
    let (floor, excess, exponent, worth) = (
      exp(logarithms[0]), exp(logarithms[1]), exp(logarithms[2]), exp(logarithms[3])
    )
    let repetitions = (points[i].epochs - 1) / worth
    let faded = exp(-repetitions)
    let passes = 1 + worth * -expm1(-repetitions)
    let depth = log(points[i].uniqueTokens * passes / reference)
    let above = excess * exp(-exponent * depth)
    let loss = floor + above
    let share = above / loss
    return (
      log(loss) - logLosses[i],
      (
        floor / loss, share, -share * exponent * depth,
        -share * exponent * worth * (1 - faded - repetitions * faded) / passes
      )
    )
  }

  /// Levenberg–Marquardt with Huber's weights until nothing more is gained.
  func descend(from start: Constants) -> Constants {
    var now = start
    var damping = 1e-3
    for _ in 0..<200 {
      var normal = [Double](repeating: 0, count: 16)
      var gradient = [Double](repeating: 0, count: 4)
      for i in points.indices {
        let (value, slopes) = residual(i, now.logarithms)
        let weight = min(1, Self.delta / max(abs(value), 1e-300))
        let row = [slopes.0, slopes.1, slopes.2, slopes.3]
        for j in 0..<4 {
          gradient[j] += weight * row[j] * value
          for k in 0..<4 { normal[4 * j + k] += weight * row[j] * row[k] }
        }
      }
      var isDone = true
      while damping < 1e12 {
        var damped = normal
        for j in 0..<4 { damped[5 * j] += damping * max(normal[5 * j], 1e-9) }
        let step = solved(damped, gradient)
        let next = constants(zip(now.logarithms, step).map { $0 - max(-2, min(2, $1)) })
        if next.cost < now.cost {
          isDone = now.cost - next.cost <= 1e-9 * now.cost
          now = next
          damping = max(damping / 5, 1e-12)
          break
        }
        damping *= 4
      }
      if isDone { break }
    }
    return now
  }

  /// The solution of four equations with a positive definite matrix, by Cholesky's decomposition.
  private func solved(_ matrix: [Double], _ right: [Double]) -> [Double] {
    var lower = [Double](repeating: 0, count: 16)
    for i in 0..<4 {
      for j in 0...i {
        var sum = matrix[4 * i + j]
        for k in 0..<j { sum -= lower[4 * i + k] * lower[4 * j + k] }
        lower[4 * i + j] = i == j ? max(sum, 1e-300).squareRoot() : sum / lower[5 * j]
      }
    }
    var solution = right
    for i in 0..<4 {
      for k in 0..<i { solution[i] -= lower[4 * i + k] * solution[k] }
      solution[i] /= lower[5 * i]
    }
    for i in (0..<4).reversed() {
      for k in (i + 1)..<4 { solution[i] -= lower[4 * k + i] * solution[k] }
      solution[i] /= lower[5 * i]
    }
    return solution
  }
}
