// The engine against the oracle: logits, losses, gradients, AdamW trajectories and likelihoods of Hugging Face's Qwen3.
import Foundation
import TensorEngine
import Testing
import Transformer
@testable import Verification

/// Tests/Fixtures, from where this file stands.
let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
  path: "Fixtures")

@Suite struct VerificationTests {
  @Test(arguments: ["dense", "moe"], ProductBackend.allCases)
  func engineMatchesTheOracle(name: String, backend: ProductBackend) throws {
    var verification = try FixtureVerification(
      path: fixtures.appending(path: "\(name).safetensors").path, backend: backend)
    let report = try verification.run()
    for (quantity, error) in report.maxError.sorted(by: { $0.key < $1.key }) {
      let tolerance = try #require(report.tolerance[quantity])
      #expect(error <= tolerance, "\(quantity): \(error) > \(tolerance)")
    }
    #expect(report.passed)
    #expect(report.kind == name)
  }
}

/// Oracle files whose header or tokens would lead the engine outside its memory.
@Suite struct HostileOracleTests {
  private func complaint(_ change: (inout SafetensorsFile) -> Void) throws -> String? {
    var file = try SafetensorsFile(contentsOf: fixtures.appending(path: "dense.safetensors").path)
    change(&file)
    let path = NSTemporaryDirectory() + "oracle-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(file.encoded()).write(to: URL(fileURLWithPath: path))
    do {
      var verification = try FixtureVerification(path: path, backend: .native)
      _ = try verification.run()
      return nil
    } catch let error as SafetensorsError {
      return error.detail
    }
  }

  @Test func theFileAsItIsPasses() throws { #expect(try complaint { _ in } == nil) }

  @Test(arguments: [("d", "8192"), ("ff", "65536"), ("layers", "256"), ("V", "1048560")])
  func moreParametersThanTheFileHolds(_ dimension: String, _ size: String) throws {
    let message = try complaint { $0.metadata[dimension] = size }
    #expect(
      message?.hasPrefix("announces a model of more parameters than its tensors hold") == true, "\(message ?? "none")")
  }

  @Test(arguments: ["d", "heads", "ff", "layers"]) func dimensionsThatNoModelHas(_ dimension: String) throws {
    let message = try complaint { $0.metadata[dimension] = "1048560" }
    #expect(message?.contains("1048560 is not from ") == true, "\(message ?? "none")")
  }

  @Test func expertsWithoutWeights() throws {
    let message = try complaint { file in
      file.metadata["kind"] = "moe"
      file.set("param.model.layers.0.mlp.gate.weight", floats: [], shape: [256, 0])
      file.set("param.model.layers.0.mlp.experts.down_proj", floats: [], shape: [0, 0, 65_536])
    }
    #expect(message?.hasPrefix("announces a model of more parameters") == true, "\(message ?? "none")")
  }

  @Test(
    arguments: [
      ([], [1]), ([1], []), ([1_000_000], [1]), ([1], [-1]), (Array(repeating: 1, count: 17), [1]),
      ([1], Array(repeating: 1, count: 13)),
    ] as [([Int32], [Int32])])
  func scoredTokensOutsideTheModel(_ prefix: [Int32], _ ending: [Int32]) throws {
    let message = try complaint { file in
      file.set("score.prefix", int32s: prefix, shape: [prefix.count])
      file.set("score.ending", int32s: ending, shape: [ending.count])
    }
    #expect(message?.hasPrefix("`score.prefix` and `score.ending`") == true, "\(message ?? "none")")
  }

  @Test func masksThatAreNone() throws {
    let message = try complaint { file in
      file.set("dlm.masked", int32s: Array(repeating: .max, count: 3 * 3 * 17), shape: [3, 3, 17])
    }
    #expect(message?.hasPrefix("`tokens` and `dlm.masked` must be") == true, "\(message ?? "none")")
  }
}
