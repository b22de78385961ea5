// Batches that a model cannot take stop the program before a kernel reads foreign memory.

import Testing

@testable import Transformer

@Suite struct BatchLimitTests {
  @Test func theLongestSequenceFits() {
    let model = model(tinyParameters(tinyConfiguration()))
    #expect(model.forward(everyRowScored([randomTokens(20, index: 0)]), causal: true).isFinite)
  }

  @Test func aSequenceLongerThanTheContext() async {
    await #expect(processExitsWith: .failure) {
      let model = model(tinyParameters(tinyConfiguration()))
      model.forward(everyRowScored([randomTokens(21, index: 0)]), causal: true)
    }
  }

  @Test(arguments: [Int32(-1), 21]) func aTokenOutsideTheVocabulary(token: Int32) async {
    await #expect(processExitsWith: .failure) { [token] in
      let model = model(tinyParameters(tinyConfiguration()))
      model.forward(everyRowScored([[1, token, 2]]), causal: true)
    }
  }

  @Test func aTargetOutsideTheVocabulary() async {
    await #expect(processExitsWith: .failure) {
      let model = model(tinyParameters(tinyConfiguration()))
      var batch = Batch()
      batch.append(1, target: 21)
      batch.endSequence()
      model.forward(batch, causal: true)
    }
  }

  @Test func aBatchLargerThanTheMemory() async {
    await #expect(processExitsWith: .failure) {
      let model = model(tinyParameters(tinyConfiguration()))
      model.forward(everyRowScored((0..<5).map { randomTokens(17, index: $0) }), causal: true)
    }
  }

  @Test func aRowThatIsNotScoredWhereAllMustBe() async {
    await #expect(processExitsWith: .failure) {
      let model = model(tinyParameters(tinyConfiguration()))
      model.forward(ScoredRowsTests.batch(keepingAllRows: false), causal: true)
    }
  }

  @Test func aDecoderReadsNoMoreThanTheContext() async {
    await #expect(processExitsWith: .failure) {
      let decoder = TokenDecoder(tinyParameters(tinyConfiguration()), sequences: 1, backend: .native)
      for token in randomTokens(21, index: 0) { _ = decoder.read([token]) }
    }
  }

  @Test func aDecoderReadsNoTokenOutsideTheVocabulary() async {
    await #expect(processExitsWith: .failure) {
      _ = TokenDecoder(tinyParameters(tinyConfiguration()), sequences: 1, backend: .native).read([21])
    }
  }
}
