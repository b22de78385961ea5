// Likelihoods beside PyTorch: spans under the fixtures' dense model, scored by Hugging Face's Qwen3. The file and its
// generator are described in Documentation/verification.md.

import Foundation
import Objectives
import Testing
import Transformer

@testable import Evaluation

@Suite struct LikelihoodOracleTests {
  /// Relative; both compute in single precision, and the largest error measured is 7e-8.
  static let tolerance = 1e-6

  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures")

  let parameters: ModelParameters
  let spans: [Span]
  let special: SpecialTokens
  /// The same with the token that follows them in view.
  private let followed: [Span]
  private let file: SafetensorsFile

  init() throws {
    file = try SafetensorsFile(contentsOf: Self.fixtures.appending(path: "likelihood.safetensors").path)
    let model = try SafetensorsFile(contentsOf: Self.fixtures.appending(path: "dense.safetensors").path)
    func number(_ file: SafetensorsFile, _ name: String) throws -> Int {
      try #require(file.metadata[name].flatMap { Int($0) })
    }
    parameters = ModelParameters(
      ModelConfiguration(
        width: try number(model, "d"), heads: try number(model, "heads"), feedForward: try number(model, "ff"),
        layers: try number(model, "layers"), context: try number(model, "length")),
      vocabulary: try number(model, "V"))
    try parameters.load(model, prefix: "param.")
    special = SpecialTokens(mask: Int32(try number(file, "mask")), begin: Int32(try number(file, "begin")))
    var spans: [Span] = []
    var followed: [Span] = []
    for i in 0..<(try number(file, "spans")) {
      spans.append(
        Span(
          context: try file.entry("\(i).context").int32s(), tokens: try file.entry("\(i).tokens").int32s(),
          index: UInt64(i)))
      followed.append(
        Span(
          context: spans[i].context, tokens: spans[i].tokens, index: UInt64(i),
          suffix: try file.entry("\(i).following").int32s()))
    }
    self.spans = spans
    self.followed = followed
  }

  private func expect(_ objective: Objective, _ spans: [Span], equal name: String) throws {
    let scorer = LikelihoodScorer(
      parameters, objective: objective, special: special, samples: 31, seed: 1, backend: .native)
    for (i, got) in scorer.logLikelihoods(spans).enumerated() {
      let expected = Double(try file.floats("\(i).\(name)", shape: [1])[0])
      #expect(abs(got - expected) <= Self.tolerance * abs(expected), "span \(i), \(name): \(got), not \(expected)")
    }
  }

  @Test func spansHaveOneToFiveTokens() {
    #expect(Set(spans.map(\.tokens.count)) == [1, 2, 3, 4, 5])
    #expect(spans.contains { $0.context.isEmpty })
  }

  @Test func chainRule() throws { try expect(.plainAutoregressive, spans, equal: "ar") }

  @Test func orderAgnosticValue() throws {
    try expect(.maskedDiffusion, spans, equal: "dlm")
    try expect(.maskedDiffusion, followed, equal: "dlm.followed")
  }

  @Test func suffixes() throws {
    try expect(.suffixDiffusion, spans, equal: "suffix")
    try expect(.suffixDiffusion, followed, equal: "suffix.followed")
  }
}
