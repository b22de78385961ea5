// Which claims there are, in the order of the paper and then of its critics.

import Configuration

extension Claim {
  /// Every claim.
  package static let all: [Claim] = [
    crossover, dataBudget, dataQuality, modelSize, sparsity, inputNoise, parameterNoise, anyOrder, denseCompute,
    monteCarlo, coder, repetition, validationLoss, tunedBaseline, criticalCompute, order,
    blockSize, regime, naturalText, repeatedData,
  ]

  /// The claim of that name, nil if there is none.
  package static func named(_ name: String) -> Claim? { all.first { $0.name == name } }

  /// What the reader of experiments.toml must know of them.
  package static let schemas = all.map { ClaimSchema(name: $0.name, thresholds: $0.thresholds, uses: $0.uses) }
}
