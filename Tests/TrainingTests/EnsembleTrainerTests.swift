// Members trained side by side: the first is the run without the option, the others differ in everything that a seed
// fixes, and an interruption changes no bit.

import Objectives
import TensorEngine
import Testing
import Transformer

@testable import Training

@Suite struct EnsembleTrainerTests {
  private func ensemble(_ members: Int, averaging: Double = 0.9, threads: Int = 1) throws -> EnsembleTrainer {
    try EnsembleTrainer(
      TrainingConfiguration(epochs: 3, batch: 8, learningRate: 1e-2, averaging: averaging, ensemble: members),
      objective: .maskedDiffusion, model: tinyModel(dropout: 0.2), vocabulary: vocabulary, sequences: corpus(30),
      special: special, seed: 4, backend: .native, threads: threads)
  }

  @Test func memberZeroIsThePlainRun() throws {
    let plain = try Trainer(
      TrainingConfiguration(epochs: 3, batch: 8, learningRate: 1e-2, averaging: 0.9), objective: .maskedDiffusion,
      model: tinyModel(dropout: 0.2), vocabulary: vocabulary, sequences: corpus(30), special: special, seed: 4,
      backend: .native)
    let three = try ensemble(3)
    var losses: [Double] = []
    while !plain.isFinished {
      losses.append(try plain.step().loss)
      _ = try three.step()
      #expect(three.members.allSatisfy { $0.stepCount == plain.stepCount }, "in lock-step")
    }
    #expect(bits(three.members[0]) == bits(plain))
    #expect(three.isFinished && three.stepCount == 12 && three.tokens == plain.tokens && three.epoch == 3)
    #expect(Set(three.members.map(bits)).count == 3)
    #expect(Set(three.members.map(\.tokens)).count == 1, "the same sequences, in orders of their own")
    #expect(three.parameters.members.map(\.buffer.count) == three.members.map(\.parameters.buffer.count))

    let one = try ensemble(1)
    #expect(one.state().encoded() != plain.state().encoded())
    for loss in losses { #expect(try one.step() == loss) }
    #expect(one.state().encoded() == plain.state().encoded(), "the file is that of a single model")
  }

  @Test func theLossIsTheMeanOfTheMembers() throws {
    let two = try ensemble(2)
    let alone = try [4, memberSeed(1, of: 4)].map { seed in
      try Trainer(
        TrainingConfiguration(epochs: 3, batch: 8, learningRate: 1e-2), objective: .maskedDiffusion,
        model: tinyModel(dropout: 0.2), vocabulary: vocabulary, sequences: corpus(30), special: special, seed: seed,
        backend: .native)
    }
    for _ in 0..<3 {
      let losses = try alone.map { try $0.step().loss }
      #expect(losses[0] != losses[1])
      #expect(try two.step() == (losses[0] + losses[1]) / 2)
    }
  }

  /// No seed that people choose, none of another member, and the same on every machine.
  @Test func seedsOfMembersAreTheirOwn() {
    #expect(memberSeed(0, of: 7) == 7)
    let seeds = (0..<200).flatMap { seed in (0..<8).map { memberSeed($0, of: UInt64(seed)) } }
    #expect(Set(seeds).count == 1600)
    #expect(seeds.filter { $0 < 1 << 40 }.count == 200, "those of members 0")
    #expect(memberSeed(1, of: 1) == 13_820_789_135_063_194_851)
  }

  @Test(arguments: [1, 5, 11]) func resumingIsBitIdentical(stop: Int) throws {
    let whole = try ensemble(2)
    while !whole.isFinished { _ = try whole.step() }
    let first = try ensemble(2)
    for _ in 0..<stop { _ = try first.step() }
    let state = try SafetensorsFile(bytes: first.state().encoded(), name: "state")
    let second = try ensemble(2, threads: 2)
    _ = try second.step()  // what it did before must not matter
    try second.restore(state)
    while !second.isFinished { _ = try second.step() }
    #expect(second.members.map(bits) == whole.members.map(bits))
    #expect(second.state().encoded() == whole.state().encoded())
  }

  @Test func statesThatAreNoEnsemblesAreRefused() throws {
    let two = try ensemble(2)
    _ = try two.step()
    let good = two.state()
    func reason(_ change: (inout SafetensorsFile) -> Void) throws -> String {
      var file = good
      change(&file)
      return try #require(#expect(throws: TrainingError.self) { try ensemble(2).restore(file) }).description
    }
    #expect(try reason { $0.metadata["member.1.step"] = nil }.contains("no usable `member.1.step`"))
    #expect(try reason { $0.metadata["member.1.step"] = "2" }.contains("its members are at different steps"))
    #expect(
      try reason { $0.set("member.1.first", floats: [1], shape: [1]) }.contains("tensor member.1.first has shape [1]"))
    let single = try ensemble(1).state()
    #expect(throws: TrainingError.self) { try ensemble(2).restore(single) }
  }

  @Test func divergenceNamesTheMember() throws {
    let two = try ensemble(2, averaging: 0)
    let buffer = two.members[1].weights.buffer
    let norm = try #require(buffer.slices.last)
    buffer.set(norm, to: Array(repeating: .nan, count: norm.count))
    let error = #expect(throws: TrainingError.self) { _ = try two.step() }
    #expect(error?.description.contains("diverged at step 0 in member 1, the parameter \(norm.name)") == true)
  }
}
