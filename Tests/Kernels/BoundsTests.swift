// What guards memory stops the program with its reason, although the engine is compiled without checks of its own. The
// reason is looked for, because a kernel that reads foreign memory may end the program too.

import Tensors
import Testing

@testable import Kernels

@Suite(.enabled(if: kernelsRunHere)) struct BoundsTests {
  @Test func nineActiveExperts() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MixtureCase(tokens: 3, width: 4, experts: 12, active: 9, inner: 2).build()
    }
    expect(result, says: "active experts must be between 1 and 8, not 9")
  }

  @Test func moreActiveExpertsThanThereAre() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MixtureCase(tokens: 3, width: 4, experts: 3, active: 4, inner: 2).build()
    }
    expect(result, says: "active experts must be between 1 and 3, not 4")
  }

  @Test func shapesThatDisagree() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var bench = Bench([("w", [4, 6])])
      let rows = Bench.axis(3)
      let weight = Weight(bench.arena, bench.parameters, offset: 0, outputs: 4, inputs: 6, backend: .native)
      _ = Linear(input: bench.tensor(rows, 5), weight: weight, output: bench.tensor(rows, 4))
    }
    expect(result, says: "shapes of a linear map disagree")
  }

  @Test func aWeightOutsideTheParameters() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let bench = Bench([("w", [4, 6])])
      _ = Weight(bench.arena, bench.parameters, offset: 1, outputs: 4, inputs: 6, backend: .native)
    }
    expect(result, says: "outside a buffer of 24 parameters")
  }

  @Test func fewerRowsOfOutputThanOfInput() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var bench = Bench()
      _ = SwiGLU(bench.arena, input: bench.tensor(Axis(capacity: 5), 8), output: bench.tensor(Axis(capacity: 4), 4))
    }
    expect(result, says: "4 rows beside one of 5")
  }

  @Test func moreRowsThanThereIsMemoryFor() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let axis = Axis(capacity: 4)
      axis.count = 5
    }
    expect(result, says: "5 rows where there is memory for 4")
  }

  @Test func extentsThatOverflow() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor(Arena(), rows: Axis(capacity: 1 << 40), columns: 1 << 40)
    }
    expect(result, says: "no memory has the extent")
  }

  @Test func aTokenWithoutARowInTheTable() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var bench = Bench([("table", [5, 4])])
      let table = WeightMatrix(bench.parameters, offset: 0, outputs: 5, inputs: 4, backend: .native)
      let output = bench.tensor(Axis(capacity: 2), 4)
      EmbeddingLookup(tokens: bench.integers([4, 5]), table: table, output: output).forward()
    }
    expect(result, says: "a token is outside the vocabulary of 5")
  }

  @Test func aTargetOutsideTheVocabulary() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var bench = Bench()
      let operation = CrossEntropy(bench.arena, logits: bench.tensor(Axis(capacity: 1), 7))
      operation.targets[0] = -1
      operation.forward()
    }
    expect(result, says: "a target is outside the vocabulary of 7")
  }

  @Test func aRowThatIsNotInUse() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var bench = Bench()
      let input = bench.tensor(Bench.axis(3), 4)
      RowGather(input: input, indices: bench.integers([0, 3]), output: bench.tensor(Axis(capacity: 2), 4)).forward()
    }
    expect(result, says: "a row is outside the 3 in use")
  }

  @Test func aSequenceLongerThanItsAttention() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let layout = SequenceLayout()
      let built = AttentionCase(heads: 2, headWidth: 4, lengths: [3, 2], isCausal: true).build(layout: layout)
      layout.keyOffsets = [0, 5]
      layout.every.offsets = [0, 5]
      built.operation.forward()
    }
    expect(result, says: "a sequence of 5 tokens is longer than 3")
  }

  @Test func aQueryOutsideItsSequence() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let layout = SequenceLayout()
      let built = AttentionCase(heads: 2, headWidth: 4, lengths: [3, 2], isCausal: true).build(layout: layout)
      layout.every.positions[4] = 2
      built.operation.forward()
    }
    expect(result, says: "a query stands outside its sequence")
  }

  @Test func aFullCache() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var bench = Bench([("gains", [8])])
      let rows = Axis(capacity: 1)
      let attention = CachedAttention(
        bench.arena, bench.parameters, input: bench.tensor(rows, 12), output: bench.tensor(rows, 4), heads: 1,
        constants: AttentionConstants(queryGain: 0, keyGain: 4, epsilon: 1e-6),
        rotary: RotaryTable(bench.arena, longest: 3, width: 4, base: 100),
        longest: 3)
      attention.position = 3
      attention.forward()
    }
    expect(result, says: "the cache holds 3 tokens")
  }

  private func expect(
    _ result: ExitTest.Result?, says reason: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(errors.contains(reason), sourceLocation: sourceLocation)
  }
}
