// The claim `parameter-noise`: dropout helps AR but does not close the gap to the DLM.

import TensorEngine

/// The best of a sweep of dropout on AR against plain AR and against the DLM.
public struct ParameterNoise: Claim {
  public static let name = "parameter-noise"
  public static let statement = "dropout helps AR but does not close the gap to the DLM"
  public static let explanation = """
    Trains AR with five rates of dropout, chooses the best rate on seeds of its own, and compares it on the verdict's seeds \
    with plain AR and with the DLM.
    """
  public static let paper = "AR with dropout 0.1 to 0.9: better, below the DLM"

  private let comparison: NoiseComparison

  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    comparison = try NoiseComparison(Self.name, settings, backend: backend)
  }

  public var runs: [PlannedRun] { comparison.runs }

  public func furtherRuns(_ results: RunResults) throws -> [PlannedRun] { try comparison.furtherRuns(results) }

  public var reservedRuns: [PlannedRun] { get throws { try comparison.reservedRuns } }

  public func report(_ results: RunResults) throws -> ClaimReport {
    try comparison.report(Self.self, noise: "dropout", results)
  }

  public func data(_ results: RunResults) -> Table { comparison.data(Self.name, results) }
}
