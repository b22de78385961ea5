// A model made for forward passes only gives the bits of one that can go back, also after its parameters have changed.

import TensorEngine
import Testing

@testable import Transformer

@Suite struct ForwardOnlyTests {
  @Test(
    arguments: [nil, tinyExperts], [ScoredRows.all, .beforeHead, .beforeLastQueries])
  func givesTheSameBits(experts: ModelConfiguration.Experts?, scoredRows: ScoredRows) throws {
    let parameters = tinyParameters(tinyConfiguration(experts: experts))
    let whole = model(parameters, scoredRows)
    let forwards = Transformer(
      parameters, capacity: BatchCapacity(tokens: 80, scored: 80), scoredRows: scoredRows, backend: .native,
      isForwardOnly: true)
    let embedding = try #require(parameters.buffer.slice("model.embed_tokens.weight"))
    var bits: Set<[Float]> = []
    for change in 0..<3 {
      for (batch, causal) in [
        (ScoredRowsTests.batch(keepingAllRows: scoredRows == .all), false),
        (ScoredRowsTests.batch(keepingAllRows: scoredRows == .all), true),
        (SharedPrefixTests.shared(everyRow: scoredRows == .all), true),
      ] {
        let loss = whole.forward(batch, causal: causal)
        #expect(forwards.forward(batch, causal: causal) == loss)
        #expect(Array(forwards.logitRows) == Array(whole.logitRows))
        #expect(Array(forwards.losses) == Array(whole.losses))
        bits.insert(Array(whole.losses))
      }
      parameters.buffer.set(
        embedding, to: parameters.buffer.values(of: embedding).map { $0 * Float(1.5 + Double(change)) })
    }
    #expect(bits.count == 9)  // else nothing was changed
  }

  /// OpenBLAS's rows may depend on those beside them, and a single layer has nothing to look up before the last queries.
  @Test func whereNothingIsLookedUpItIsTheSameToo() {
    let single = ModelConfiguration(width: 12, heads: 2, feedForward: 10, layers: 1, context: 20)
    for (configuration, backend) in [(single, ProductBackend.native), (tinyConfiguration(), .openBLAS)] {
      let parameters = tinyParameters(configuration)
      let batch = ScoredRowsTests.batch(keepingAllRows: false)
      let forwards = Transformer(
        parameters, capacity: BatchCapacity(tokens: 80, scored: 80), scoredRows: .beforeLastQueries, backend: backend,
        isForwardOnly: true)
      #expect(
        forwards.forward(batch, causal: false)
          == model(parameters, .beforeLastQueries, backend: backend).forward(batch, causal: false))
    }
  }
}
