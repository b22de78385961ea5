// The numbers of one seed of the crossover claim, as its table shows them.

import Statistics

/// One seed's AR and DLM compared.
struct CrossoverSeed: Sendable {
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

  /// Every seed whose two runs are there.
  static func all(of claim: Crossover, _ results: RunResults) throws -> [CrossoverSeed] {
    var seeds: [CrossoverSeed] = []
    for pair in claim.pairs {
      guard let ar = results[pair.autoregressive], let dlm = results[pair.diffusion] else { continue }
      let incumbent = try ar.curve(claim.accuracy)
      let challenger = try dlm.curve(claim.accuracy)
      let incumbentCE = ar.checkpoints.map { $0.validation?.crossEntropy ?? .nan }
      let challengerCE = dlm.checkpoints.map { $0.validation?.crossEntropy ?? .nan }
      let best = incumbent.values.indices.reduce(0) { incumbent.values[$1] > incumbent.values[$0] ? $1 : $0 }
      seeds.append(
        CrossoverSeed(
          seed: pair.seed, crossover: try Statistics.crossover(challenger: challenger, incumbent: incumbent),
          crossingOfBest: try Statistics.crossingOfBest(challenger: challenger, incumbent: incumbent),
          incumbentBest: incumbent.values[best], incumbentBestEpoch: incumbent.epochs[best],
          incumbentFinal: incumbent.values[incumbent.values.count - 1],
          challengerBest: challenger.values.reduce(-.infinity, max),
          challengerFinal: challenger.values[challenger.values.count - 1],
          incumbentLowestCE: incumbentCE.reduce(.infinity, min), incumbentFinalCE: incumbentCE.last ?? .nan,
          challengerLowestCE: challengerCE.reduce(.infinity, min), challengerFinalCE: challengerCE.last ?? .nan))
    }
    return seeds
  }
}
