// Which modes give the same bits whatever kernels OpenBLAS has for the processor.

import Foundation
import Testing

@Suite struct PortabilityTests {
  /// The metrics of all runs under one OpenBLAS kernel.
  private func metrics(core: String, _ arguments: String...) throws -> [String] {
    let space = try Workspace(Workspace.configuration(width: 32, seeds: 1))
    let running = try space.start(["crossover"] + arguments, environment: ["OPENBLAS_CORETYPE": core])
    _ = try running.finish()
    return try space.runs().map { try space.read("results/runs/\($0)/metrics.jsonl") }
  }

  @Test func theNativeBackendDoesNotDependOnOpenBLAS() throws {
    #expect(try metrics(core: "Haswell") == metrics(core: "Nehalem"))
  }

  @Test func openBLASGivesOtherBitsWithOtherKernelsUnlessTheyArePinned() throws {
    #expect(try metrics(core: "Haswell", "--backend", "openblas") != metrics(core: "Nehalem", "--backend", "openblas"))
    #expect(
      try metrics(core: "Haswell", "--backend", "openblas", "--portable")
        == metrics(core: "Nehalem", "--backend", "openblas", "--portable"))
  }
}
