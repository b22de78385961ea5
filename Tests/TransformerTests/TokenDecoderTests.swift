// Token-by-token decoding gives the logits of the whole causal pass.

import TensorEngine
import Testing

@testable import Transformer

@Suite struct TokenDecoderTests {
  @Test(arguments: [nil, tinyExperts], ProductBackend.allCases)
  func equalsTheWholePass(experts: ModelConfiguration.Experts?, backend: ProductBackend) {
    let parameters = tinyParameters(tinyConfiguration(experts: experts))
    let sequences = [0, 1, 2].map { randomTokens(20, index: 90 + $0) }
    let expected = logits(model(parameters, backend: backend), sequences, causal: true)
    let decoder = TokenDecoder(parameters, sequences: 3, backend: backend)
    for round in 0..<2 {  // the second after forgetting the first
      for position in 0..<20 {
        #expect(decoder.position == position)
        let got = decoder.read(sequences.map { $0[position] })
        for sequence in 0..<3 {
          let row = got[sequence * vocabulary..<(sequence + 1) * vocabulary]
          #expect(
            largestDifference(row, expected[sequence * 20 + position]) < 2e-5, "round \(round), position \(position)")
        }
      }
      decoder.reset()
    }
  }

  @Test func dropoutIsOff() {
    let tokens = randomTokens(3, index: 95)
    let plain = TokenDecoder(tinyParameters(tinyConfiguration()), sequences: 1, backend: .native)
    let dropped = TokenDecoder(tinyParameters(tinyConfiguration(dropout: 0.5)), sequences: 1, backend: .native)
    for token in tokens { #expect(Array(plain.read([token])) == Array(dropped.read([token]))) }
  }
}
