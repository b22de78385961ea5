// The claim `input-noise`: masking AR's input helps AR but does not close the gap to the DLM.

import TensorEngine

/// The best of a sweep of input masking on AR against plain AR and against the DLM.
public struct InputNoise: Claim {
  public static let name = "input-noise"
  public static let statement = "masking AR's input helps AR but does not close the gap to the DLM"
  public static let explanation = """
    Trains AR with five shares of its input tokens masked, chooses the best share on seeds of its own, and compares it on the \
    verdict's seeds with plain AR and with the DLM.
    """
  public static let paper = "AR with 10 to 90 % of its input masked: better, below the DLM"

  private let comparison: NoiseComparison

  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    comparison = try NoiseComparison(Self.name, settings, backend: backend)
  }

  public var runs: [PlannedRun] { comparison.runs }

  public func furtherRuns(_ results: RunResults) throws -> [PlannedRun] { try comparison.furtherRuns(results) }

  public var reservedRuns: [PlannedRun] { get throws { try comparison.reservedRuns } }

  public func report(_ results: RunResults) throws -> ClaimReport {
    try comparison.report(Self.self, noise: "input masking", results)
  }

  public func data(_ results: RunResults) -> Table { comparison.data(Self.name, results) }
}
