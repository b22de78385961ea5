// Training with every set of kernels that the processor runs, and with several threads: the same bits.

import Objectives
import TensorEngine
import Testing
import Transformer

@testable import Training

@Suite struct InstructionSetTests {
  /// A model whose sizes are no multiples of a register.
  struct Case: Sendable, CustomTestStringConvertible {
    var objective: Objective
    var width = 36
    var heads = 3
    var experts: ModelConfiguration.Experts?
    var dropout = 0.0
    var precision = ProductPrecision.single

    var testDescription: String {
      "\(objective.shortName), width \(width), \(heads) heads, dropout \(dropout), \(precision)"
    }
  }

  static let cases = [
    Case(objective: .plainAutoregressive), Case(objective: .maskedDiffusion, dropout: 0.2),
    Case(objective: .plainAutoregressive, width: 32, heads: 4, dropout: 0.1),
    Case(objective: .maskedDiffusion, width: 64, heads: 2),
    Case(objective: .maskedDiffusion, experts: .init(count: 3, active: 2, feedForward: 20)),
    Case(objective: .plainAutoregressive, precision: .bfloat16),
    Case(objective: .maskedDiffusion, width: 64, heads: 2, dropout: 0.1, precision: .bfloat16),
    Case(objective: .maskedDiffusion, experts: .init(count: 3, active: 2, feedForward: 20), precision: .bfloat16),
  ]

  /// Losses and gradient norms of some steps, then all parameters.
  private func bits(_ example: Case, _ kernels: any Kernels, threads: Int = 1, tokens: Int = 37) throws -> [UInt64] {
    let sequences = (0..<40).map { i in (0..<(1 + i * 7 % tokens)).map { Int32((i * 31 + $0 * $0 * 7) % 50) } }
    let trainer = try Trainer(
      TrainingConfiguration(epochs: 2, batch: 24, learningRate: 1e-2, precision: example.precision),
      objective: example.objective,
      model: ModelConfiguration(
        width: example.width, heads: example.heads, feedForward: 88, layers: 2, context: max(40, tokens),
        experts: example.experts,
        dropout: example.dropout),
      vocabulary: 53, sequences: sequences, special: SpecialTokens(mask: 52, begin: 51), seed: 3, backend: .native,
      threads: threads, kernels: kernels)
    var bits: [UInt64] = []
    while !trainer.isFinished {
      let report = try trainer.step()
      bits += [report.loss.bitPattern, report.gradientNorm.bitPattern]
    }
    let buffer = trainer.parameters.buffer
    return bits + (0..<buffer.count).map { UInt64(buffer.value[$0].bitPattern) }
  }

  @Test(arguments: cases)
  func everyInstructionSetGivesTheSameBits(_ example: Case) throws {
    let all = try KernelChoice.usable.map { try bits(example, $0) }
    for other in all.dropFirst() { #expect(other == all[0]) }
  }

  /// Else the two tests above and below would compare single precision with itself.
  @Test func precisionChangesBits() throws {
    var example = Self.cases[0]
    let single = try bits(example, KernelChoice.current)
    example.precision = .bfloat16
    #expect(try bits(example, KernelChoice.current) != single)
  }

  /// Five chunks of a step and one more sequence: every gradient is added to, one of them twice.
  @Test(arguments: cases)
  func threadsGiveTheSameBits(_ example: Case) throws {
    let alone = try bits(example, KernelChoice.current, tokens: 211)
    for threads in [2, 3, 4] {
      #expect(try bits(example, KernelChoice.current, threads: threads, tokens: 211) == alone)
    }
  }
}
