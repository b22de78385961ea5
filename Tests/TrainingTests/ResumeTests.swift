// A run that is stopped and continued is the same run, bit for bit.

import Objectives
import Testing
import Transformer

@testable import Training

@Suite struct ResumeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var objective: Objective
    var dropout = 0.0
    var experts: ModelConfiguration.Experts?

    var testDescription: String { "\(objective), dropout \(dropout), \(experts == nil ? "dense" : "experts")" }
  }

  static let cases = [
    Case(objective: .plainAutoregressive),
    Case(objective: .autoregressive(inputMasking: 0.3), dropout: 0.2),
    Case(objective: .maskedDiffusion),
    Case(objective: .maskedDiffusion, dropout: 0.2),
    Case(objective: .frozenDiffusion(maskings: 3)),
    Case(objective: .stratifiedDiffusion),
    Case(objective: .maskedDiffusion, dropout: 0.2, experts: .init(count: 3, active: 2, feedForward: 6)),
  ]

  /// Seventy sequences in steps of 64: steps lie across epochs and take several chunks.
  static func fresh(_ test: Case) throws(TrainingError) -> Trainer {
    try trainer(
      test.objective, sequences: corpus(70), epochs: 4, batch: 64,
      model: tinyModel(dropout: test.dropout, experts: test.experts))
  }

  @Test(arguments: cases, 1...4)
  func resumingIsBitIdentical(_ test: Case, stop: Int) throws {
    let whole = try Self.fresh(test)
    var losses: [Double] = []
    while !whole.isFinished { losses.append(try whole.step().loss) }
    #expect(losses.count == 5)

    let first = try Self.fresh(test)
    for step in 0..<stop { #expect(try first.step().loss == losses[step]) }
    let state = try SafetensorsFile(bytes: first.state().encoded(), name: "state")
    let second = try Self.fresh(test)
    try second.step()  // what it did before must not matter
    try second.restore(state)
    #expect(second.stepCount == stop && second.tokens == first.tokens && second.epoch == first.epoch)
    for step in stop..<5 { #expect(try second.step().loss == losses[step]) }
    #expect(second.isFinished)
    #expect(second.state().encoded() == whole.state().encoded())
  }

  /// Counting on from them would overflow.
  @Test(arguments: ["step", "tokens", "chunks"], ["9223372036854775807", "-1", "1e3", ""])
  func countersThatNoRunReachesAreRefused(_ name: String, _ value: String) throws {
    let trainer = try Self.fresh(Self.cases[2])
    var state = trainer.state()
    state.metadata[name] = value
    #expect(throws: TrainingError.self) { try trainer.restore(state) }
  }

  @Test func aFreshStateRestoresTheStart() throws {
    let one = try Self.fresh(Self.cases[2])
    let state = one.state()
    try one.step()
    let moved = bits(one)
    try one.restore(state)
    #expect(one.stepCount == 0 && one.tokens == 0 && bits(one) != moved)
    try one.step()
    #expect(bits(one) == moved)
  }

  @Test func unusableStatesAreReported() throws {
    let trainer = try Self.fresh(Self.cases[0])
    try trainer.step()
    let good = trainer.state()
    func reason(_ change: (inout SafetensorsFile) -> Void) throws -> String {
      var file = good
      change(&file)
      let error = #expect(throws: TrainingError.self) { try Self.fresh(Self.cases[0]).restore(file) }
      let message = try #require(error).description
      #expect(message.hasPrefix("the saved training state cannot be used: ") && !message.contains("\n"))
      return message
    }
    for name in ["step", "tokens", "chunks"] {
      #expect(try reason { $0.metadata[name] = nil }.contains("`\(name)`"))
      #expect(try reason { $0.metadata[name] = "-1" }.contains("`\(name)`"))
      #expect(try reason { $0.metadata[name] = "many" }.contains("`\(name)`"))
    }
    #expect(try reason { $0.metadata["step"] = "6" }.contains("step 6 of 5"))
    #expect(try reason { $0.set("first", floats: [1], shape: [1]) }.contains("first"))
    #expect(try reason { $0.set("second", floats: [1], shape: [1]) }.contains("second"))
    #expect(try reason { $0.set("param.model.norm.weight", floats: [1], shape: [1]) }.contains("model.norm.weight"))
    #expect(throws: Never.self) { try Self.fresh(Self.cases[0]).restore(good) }
  }
}
