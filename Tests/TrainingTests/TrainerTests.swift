// Training runs: order of the data, extent of steps, chunks, learning, errors and divergence.

import Objectives
import Testing
import Transformer

@testable import Training

let special = SpecialTokens(mask: 18, begin: 19)
let vocabulary = 20

func tinyModel(dropout: Double = 0, experts: ModelConfiguration.Experts? = nil, layers: Int = 1) -> ModelConfiguration {
  ModelConfiguration(
    width: 8, heads: 2, feedForward: 12, layers: layers, context: 20, experts: experts, dropout: dropout,
    initialStandardDeviation: 0.2)
}

/// `count` sequences of 1…20 tokens, or all of one length, without special tokens.
func corpus(_ count: Int, length: Int? = nil) -> [[Int32]] {
  (0..<count).map { i in (0..<(length ?? 1 + (i * 7) % 20)).map { Int32((i * 5 + $0 * $0 * 3 + $0) % 18) } }
}

func trainer(
  _ objective: Objective, sequences: [[Int32]], epochs: Int = 3, batch: Int = 2, learningRate: Double = 1e-2,
  model: ModelConfiguration = tinyModel(), seed: UInt64 = 1
) throws(TrainingError) -> Trainer {
  try Trainer(
    TrainingConfiguration(epochs: epochs, batch: batch, learningRate: learningRate), objective: objective, model: model,
    vocabulary: vocabulary, sequences: sequences, special: special, seed: seed, backend: .native)
}

/// The bits of all parameters.
func bits(_ trainer: Trainer) -> [UInt32] {
  trainer.parameters.buffer.slices.flatMap { trainer.parameters.buffer.values(of: $0) }.map(\.bitPattern)
}

@Suite struct TrainerTests {
  static let objectives = [
    Objective.plainAutoregressive, .autoregressive(inputMasking: 0.3),
    .autoregressive(inputMasking: 0.3, maskedLoss: 2), .maskedDiffusion, .suffixDiffusion,
    .frozenDiffusion(maskings: 2), .orderedAutoregressive(order: .fixed(2)), .orderedAutoregressive(order: .fresh),
    .blockDiffusion(size: 1), .blockDiffusion(size: 4),
  ]

  @Test func everyEpochIsAnotherPermutation() throws {
    let trainer = try trainer(.plainAutoregressive, sequences: corpus(30), epochs: 4)
    let epochs = (0..<4).map { epoch in (0..<30).map { trainer.sequence(epoch * 30 + $0) } }
    for epoch in epochs { #expect(epoch.sorted() == Array(0..<30)) }
    #expect(Set(epochs).count == 4)
    #expect((0..<30).map { trainer.sequence($0) } == epochs[0])  // asked again
  }

  /// The first step's loss, before any update, is the weighted mean of those of plain and of noisy AR.
  @Test func anAuxiliaryLossIsTheWeightedMean() throws {
    func loss(_ objective: Objective) throws -> Double {
      try trainer(objective, sequences: corpus(40), batch: 40).step().loss
    }
    let (plain, noisy) = (try loss(.plainAutoregressive), try loss(.autoregressive(inputMasking: 0.5)))
    #expect(abs(plain - noisy) > 1e-3)
    #expect(abs(try loss(.autoregressive(inputMasking: 0.5, maskedLoss: 3)) - (plain + 3 * noisy) / 4) < 1e-6)
  }

  /// AR in the usual order, and from right to left on mirrored text, is trained to AR's weights, bit for bit; in an order
  /// of its own to others.
  @Test func theUsualOrderIsAR() throws {
    func trained(_ objective: Objective, _ sequences: [[Int32]]) throws -> [UInt32] {
      let trainer = try trainer(objective, sequences: sequences)
      while !trainer.isFinished { try trainer.step() }
      return bits(trainer)
    }
    let plain = try trained(.plainAutoregressive, corpus(6))
    #expect(try trained(.orderedAutoregressive(order: .leftToRight), corpus(6)) == plain)
    #expect(try trained(.orderedAutoregressive(order: .rightToLeft), corpus(6).map { $0.reversed() }) == plain)
    for order in [ReadingOrder.rightToLeft, .fixed(1), .fixed(4), .fresh] {
      #expect(try trained(.orderedAutoregressive(order: order), corpus(6)) != plain)
    }
  }

  /// One block is masked diffusion, bit for bit, whatever its size beyond the context.
  @Test func oneBlockIsTheDLM() throws {
    func trained(_ objective: Objective) throws -> [UInt32] {
      let trainer = try trainer(objective, sequences: corpus(6))
      while !trainer.isFinished { try trainer.step() }
      return bits(trainer)
    }
    let plain = try trained(.maskedDiffusion)
    for size in [20, 4096] { #expect(try trained(.blockDiffusion(size: size)) == plain) }
    for size in [1, 4] { #expect(try trained(.blockDiffusion(size: size)) != plain) }
  }

  @Test func theSeedFixesOrderAndInitialisationForBothObjectives() throws {
    let autoregressive = try trainer(.plainAutoregressive, sequences: corpus(30))
    let diffusion = try trainer(.maskedDiffusion, sequences: corpus(30))
    let other = try trainer(.maskedDiffusion, sequences: corpus(30), seed: 2)
    let slots = 0..<60
    #expect(slots.map { autoregressive.sequence($0) } == slots.map { diffusion.sequence($0) })
    #expect(bits(autoregressive) == bits(diffusion))
    #expect(slots.map { other.sequence($0) } != slots.map { diffusion.sequence($0) })
    #expect(bits(other) != bits(diffusion))
  }

  /// Five sequences three times in pairs: the eighth step has one.
  @Test func theLastStepMayBeSmaller() throws {
    let sequences = corpus(5)
    let trainer = try trainer(.plainAutoregressive, sequences: sequences)
    #expect(trainer.schedule.steps == 8)
    var tokens = 0
    for step in 0..<8 {
      #expect(!trainer.isFinished && trainer.stepCount == step)
      #expect(abs(trainer.epoch - Double(2 * step) / 5) < 1e-12)
      try trainer.step()
      let slots = 2 * step..<min(2 * step + 2, 15)
      tokens += slots.reduce(0) { $0 + sequences[trainer.sequence($1)].count }
      #expect(trainer.tokens == tokens)
    }
    #expect(trainer.isFinished && trainer.epoch == 3)
    #expect(trainer.tokens == 3 * sequences.reduce(0) { $0 + $1.count })
  }

  /// Loss and gradient of steps that are cut into chunks equal those of their sequences in one batch, with the masks of
  /// the sequences' numbers since training began. The learning rate is zero, so that the parameters stay.
  @Test(arguments: objectives)
  func chunksDoNotChangeTheLoss(objective: Objective) throws {
    let sequences = corpus(70)
    let trainer = try trainer(objective, sequences: sequences, batch: 64, learningRate: 0, seed: 5)
    let parameters = ModelParameters(tinyModel(), vocabulary: vocabulary)
    parameters.initialise(seed: 5)
    let whole = Transformer(
      parameters, capacity: BatchCapacity(tokens: 2560, scored: 2560, longest: 40),
      scoredRows: objective.scoredRows, backend: .native)
    while !trainer.isFinished {
      let slots = trainer.stepCount * 64..<min((trainer.stepCount + 1) * 64, 210)
      let order = slots.map { sequences[trainer.sequence($0)] }
      let totals = StepTotals(sequences: slots.count, tokens: order.reduce(0) { $0 + $1.count })
      var batch = Batch()
      for (slot, sequence) in zip(slots, order) {
        let visit = Visit(number: UInt64(slot), sequence: trainer.sequence(slot), epoch: slot / 70)
        objective.append(sequence, to: &batch, totals: totals, special: special, seed: 5, visit: visit)
      }
      let loss = whole.forward(batch, causal: objective.attention == .causal)
      whole.backward()
      let report = try trainer.step()
      #expect(abs(report.loss - loss) < 1e-6, "step \(trainer.stepCount)")
      #expect(abs(report.gradientNorm - parameters.buffer.gradientNorm) < 1e-6, "step \(trainer.stepCount)")
      parameters.buffer.clearGradients()
    }
    // Two chunks a step, and one for the last eighteen sequences; more of sequences that take more rows than tokens.
    let isDoubled = objective.rows(of: 20) > 20
    #expect(trainer.stepCount == 4 && (isDoubled ? trainer.chunks > 7 : trainer.chunks == 7))
  }

  @Test func expertsTakeAStepInOnePiece() throws {
    let experts = ModelConfiguration.Experts(count: 3, active: 1, feedForward: 6)
    let trainer = try trainer(
      .maskedDiffusion, sequences: corpus(64, length: 20), batch: 64, model: tinyModel(experts: experts))
    try trainer.step()
    #expect(trainer.chunks == 1)
  }

  /// Four sequences by heart. AR must guess which one begins: log 4 nats in six tokens.
  @Test(arguments: objectives)
  func aTinyCorpusIsMemorised(objective: Objective) throws {
    let sequences: [[Int32]] = [
      [1, 2, 3, 4, 5, 6], [2, 4, 6, 8, 10, 12], [9, 9, 1, 1, 9, 9], [17, 3, 17, 5, 17, 7],
    ]
    let trainer = try trainer(objective, sequences: sequences, epochs: 250, batch: 4, model: tinyModel())
    var losses: [Double] = []
    while !trainer.isFinished { losses.append(try trainer.step().loss) }
    let start = losses.prefix(10).reduce(0, +) / 10
    let end = losses.suffix(40).reduce(0, +) / 40
    #expect(start > 2)
    #expect(end < (objective == .plainAutoregressive ? 0.35 : 1.2), "\(objective): \(start) → \(end)")
  }

  @Test func dropoutTrainsToo() throws {
    let plain = try trainer(.maskedDiffusion, sequences: corpus(8))
    let dropped = try trainer(.maskedDiffusion, sequences: corpus(8), model: tinyModel(dropout: 0.5))
    #expect(try plain.step().loss != dropped.step().loss)
  }

  @Test func aCorpusSmallerThanABatchIsAnError() throws {
    let error = #expect(throws: TrainingError.self) { try trainer(.maskedDiffusion, sequences: corpus(3), batch: 4) }
    let message = try #require(error).description
    #expect(message.contains("3 training sequences") && message.contains("batch of 4") && !message.contains("\n"))
    #expect(throws: Never.self) { try trainer(.maskedDiffusion, sequences: corpus(4), batch: 4) }
  }

  @Test(arguments: objectives)
  func aParameterThatIsNotANumberIsReported(objective: Objective) throws {
    let trainer = try trainer(objective, sequences: corpus(6, length: 9))
    try trainer.step()
    for slice in trainer.parameters.buffer.slices {
      var values = trainer.parameters.buffer.values(of: slice)
      let original = values[0]
      values[0] = .nan
      if slice.name.contains("embed_tokens") { values = values.map { _ in .nan } }  // token 0 may not occur
      trainer.parameters.buffer.set(slice, to: values)
      let before = (bits(trainer), trainer.tokens)
      let error = #expect(throws: TrainingError.self, "\(slice.name)") { try trainer.step() }
      guard case .diverged(step: 1, let loss, let norm, let place) = try #require(error) else {
        Issue.record("\(slice.name): \(String(describing: error))")
        return
      }
      #expect(!(loss.isFinite && norm.isFinite))
      #expect(place == "the parameter \(slice.name)")
      #expect((bits(trainer), trainer.tokens) == before && trainer.stepCount == 1)
      #expect(trainer.parameters.buffer.gradientNorm == 0)
      values[0] = original
      if slice.name.contains("embed_tokens") { values = values.map { _ in original } }
      trainer.parameters.buffer.set(slice, to: values)
    }
    #expect(throws: Never.self) { try trainer.step() }
  }

  /// The loss is finite, the squares of the gradient are not.
  @Test func anOverflowingGradientIsReported() throws {
    let trainer = try trainer(.maskedDiffusion, sequences: corpus(6, length: 9))
    for slice in trainer.parameters.buffer.slices where slice.name == "lm_head.weight" {
      trainer.parameters.buffer.set(slice, to: trainer.parameters.buffer.values(of: slice).map { $0 * 1e30 })
    }
    let before = bits(trainer)
    let error = #expect(throws: TrainingError.self) { try trainer.step() }
    guard case .diverged(step: 0, let loss, .infinity, let place) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(loss.isFinite && bits(trainer) == before)
    #expect(place == "the norm of the gradient")
  }

  /// Parameters that are finite and too large: the stage that overflows is named, with and without dropout.
  @Test(
    arguments: objectives,
    [
      (["layers.0.mlp.gate_proj", "layers.0.mlp.up_proj", "layers.0.mlp.down_proj"], "layer 0, feed-forward"),
      (["layers.1.self_attn.v_proj", "layers.1.self_attn.o_proj"], "layer 1, attention"),
      (["layers.1.mlp.gate_proj", "layers.1.mlp.up_proj", "layers.1.mlp.down_proj"], "layer 1, feed-forward"),
      (["lm_head"], "the head"),
    ])
  func theLayerThatOverflowsIsNamed(objective: Objective, _ overflow: (parameters: [String], stage: String)) throws {
    for dropout in [0.0, 0.2] {
      let model = tinyModel(dropout: dropout, layers: 2)
      let trainer = try trainer(objective, sequences: corpus(70), epochs: 2, batch: 64, model: model)
      try trainer.step()
      for slice in trainer.parameters.buffer.slices
      where overflow.parameters.contains(where: { slice.name.contains($0 + ".") }) {
        trainer.parameters.buffer.set(
          slice, to: trainer.parameters.buffer.values(of: slice).map { $0 < 0 ? -1e38 : 1e38 })
      }
      let error = #expect(throws: TrainingError.self) { try trainer.step() }
      guard case .diverged(step: 1, _, _, let place) = try #require(error) else { throw try #require(error) }
      #expect(place == overflow.stage)
      #expect(try #require(error).description.hasPrefix("training diverged at step 1 in \(overflow.stage): loss "))
    }
  }

  @Test(arguments: objectives)
  func aHugeLearningRateDiverges(objective: Objective) throws {
    let trainer = try trainer(objective, sequences: corpus(6, length: 9), epochs: 10, learningRate: 1e38)
    var before = bits(trainer)
    let error = #expect(throws: TrainingError.self) {
      while !trainer.isFinished {
        before = bits(trainer)
        try trainer.step()
      }
    }
    guard case .diverged(let step, _, _, _) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(step == trainer.stepCount && step > 0)
    #expect(bits(trainer) == before)
    #expect(try #require(error).description.contains("step \(step)"))
  }
}
