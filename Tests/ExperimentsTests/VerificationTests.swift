// The engine against the oracle: logits, losses, gradients, AdamW trajectories and likelihoods of Hugging Face's Qwen3.
import Foundation
import TensorEngine
import Testing

@testable import Experiments

/// Tests/Fixtures, from where this file stands.
let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

@Suite struct VerificationTests {
  @Test(arguments: ["dense", "moe"], ProductBackend.allCases)
  func engineMatchesTheOracle(name: String, backend: ProductBackend) throws {
    var verification = try FixtureVerification(path: fixtures.appending(path: "\(name).safetensors").path, backend: backend)
    let report = try verification.run()
    for (quantity, error) in report.maxError.sorted(by: { $0.key < $1.key }) {
      let tolerance = try #require(report.tolerance[quantity])
      #expect(error <= tolerance, "\(quantity): \(error) > \(tolerance)")
    }
    #expect(report.passed)
    #expect(report.kind == name)
  }
}
