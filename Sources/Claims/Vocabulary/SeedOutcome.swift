// What one seed says about AR against the DLM: accuracies, losses and crossings. Several seeds together are judged elsewhere.

import Specification
import Statistics

/// One seed's AR and DLM compared.
struct SeedOutcome: Sendable {
  let seed: UInt64
  let crossover: Crossing
  let crossingOfBest: Crossing
  let incumbentBest: Double
  let incumbentBestEpoch: Double
  let incumbentFinal: Double
  let challengerBest: Double
  let challengerFinal: Double
  let incumbentLowestCE: Double
  let incumbentFinalCE: Double
  let challengerLowestCE: Double
  let challengerFinalCE: Double
  /// Training tokens that an epoch really has.
  let tokensAnEpoch: Double

  /// - Parameter tasks: those whose mean accuracy is compared.
  init(seed: UInt64, autoregressive ar: RunResult, diffusion dlm: RunResult, tasks: [TaskID]) throws {
    let incumbent = try ar.accuracies(tasks)
    let challenger = try dlm.accuracies(tasks)
    let incumbentCE = ar.checkpoints.map { $0.validation?.crossEntropy ?? .nan }
    let challengerCE = dlm.checkpoints.map { $0.validation?.crossEntropy ?? .nan }
    let best = incumbent.values.indices.reduce(0) { incumbent.values[$1] > incumbent.values[$0] ? $1 : $0 }
    self.seed = seed
    crossover = try Statistics.crossover(challenger: challenger, incumbent: incumbent)
    crossingOfBest = try Statistics.crossingOfBest(challenger: challenger, incumbent: incumbent)
    incumbentBest = try ar.best(tasks)
    incumbentBestEpoch = incumbent.epochs[best]
    incumbentFinal = incumbent.values[incumbent.values.count - 1]
    challengerBest = try dlm.best(tasks)
    challengerFinal = challenger.values[challenger.values.count - 1]
    incumbentLowestCE = incumbentCE.reduce(.infinity, min)
    incumbentFinalCE = incumbentCE.last ?? .nan
    challengerLowestCE = challengerCE.reduce(.infinity, min)
    challengerFinalCE = challengerCE.last ?? .nan
    tokensAnEpoch = dlm.checkpoints.last.map { Double($0.tokens) / $0.epoch } ?? .nan
  }
}

extension [SeedOutcome] {
  /// The mean of a number over the seeds; NaN without any.
  func mean(_ value: (SeedOutcome) -> Double) -> Double { reduce(0) { $0 + value($1) } / Double(count) }
}
