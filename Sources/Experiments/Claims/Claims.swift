// Which claims there are, in the order of the paper and then of its critics.

/// Every claim.
public let claims: [any Claim.Type] = [
  Crossover.self, DataBudget.self, DataQuality.self, ModelSize.self, Sparsity.self, InputNoise.self,
  ParameterNoise.self,
  AnyOrder.self, DenseCompute.self, MonteCarlo.self, Coder.self,
  Repetition.self, ValidationLoss.self, TunedBaseline.self, CriticalCompute.self,
]

/// Their names, which are those of the tables in experiments.toml.
public let claimNames = claims.map { $0.name }

/// What the reader of experiments.toml must know of them.
public let claimSchemas = claims.map { ClaimSchema(name: $0.name, thresholds: $0.thresholds) }

/// The claim of that name, nil if there is none.
public func claim(named name: String) -> (any Claim.Type)? { claims.first { $0.name == name } }
