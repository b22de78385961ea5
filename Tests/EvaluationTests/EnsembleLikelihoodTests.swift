// Likelihoods of ensembles beside plain references: the members' values where there is one token, the mixture token by
// token where there are several.

import Foundation
import Objectives
import Testing
import Transformer

@testable import Evaluation

@Suite struct EnsembleLikelihoodTests {
  private static func member(_ seed: UInt64) -> ModelParameters {
    let parameters = randomModel()
    parameters.initialise(seed: seed)
    return parameters
  }

  private let members = [member(7), member(8), member(9)]

  private static func scorer(_ predictor: any Predictor, _ objective: Objective, samples: Int = 64) -> LikelihoodScorer
  {
    LikelihoodScorer(
      predictor, objective: objective, special: special, samples: samples, seed: 3, backend: .native)
  }

  /// ln((1/M) Σ exp).
  private static func logMeanExp(_ values: [Double]) -> Double {
    log(values.reduce(0) { $0 + exp($1) } / Double(values.count))
  }

  @Test(arguments: [Objective.plainAutoregressive, .maskedDiffusion, .suffixDiffusion, .blockDiffusion(size: 2)])
  func oneTokenHasTheMeanProbability(_ objective: Objective) {
    let spans = (0..<12).map { i in
      Span(context: Array([3, 1, 4, 1, 5].prefix(i % 5)), tokens: [Int32(i)], index: UInt64(i))
    }
    let alone = members.map { Self.scorer($0, objective).logLikelihoods(spans) }
    let together = Self.scorer(Ensemble(members), objective).logLikelihoods(spans)
    for i in spans.indices {
      let expected = Self.logMeanExp(alone.map { $0[i] })
      #expect(abs(together[i] - expected) < 1e-5 * abs(expected))
    }
  }

  /// Σ_i ln((1/M) Σ_m p_m(x_i | x_<i)), which is not the mixture of the spans' probabilities.
  @Test func theChainRuleMixesEachToken() {
    let got = Self.scorer(Ensemble(members), .plainAutoregressive).logLikelihoods(LikelihoodTests.spans)
    for (span, got) in zip(LikelihoodTests.spans, got) {
      let all = span.context + span.tokens
      let logs = members.map { logProbabilities($0, [special.begin] + all.dropLast(), causal: true) }
      let each = logs.map { log in span.tokens.indices.map { log[span.context.count + $0][Int(span.tokens[$0])] } }
      let expected = span.tokens.indices.reduce(0) { sum, i in sum + Self.logMeanExp(each.map { $0[i] }) }
      #expect(abs(got - expected) < 1e-5 * abs(expected))
      if span.tokens.count > 1 {
        #expect(abs(got - Self.logMeanExp(each.map { $0.reduce(0, +) })) > 1e-2, "of whole spans")
      }
    }
  }

  /// 1/n Σ_l 1/C(n, l) Σ_{|S| = l} n/l Σ_{i ∈ S} ln((1/M) Σ_m p_m(x_i | span without S)), by enumeration.
  @Test func eachMaskingMixesEachToken() {
    let got = Self.scorer(Ensemble(members), .maskedDiffusion).logLikelihoods(LikelihoodTests.spans)
    for (span, got) in zip(LikelihoodTests.spans, got) {
      let n = span.tokens.count
      var sums = [Double](repeating: 0, count: n + 1)
      var counts = sums
      for subset in 1..<(1 << n) {
        let masked = span.tokens.indices.filter { subset >> $0 & 1 == 1 }
        var tokens = span.context + span.tokens
        for i in masked { tokens[span.context.count + i] = special.mask }
        let logs = members.map { logProbabilities($0, tokens, causal: false) }
        for i in masked {
          sums[masked.count] += Self.logMeanExp(logs.map { $0[span.context.count + i][Int(span.tokens[i])] })
        }
        counts[masked.count] += 1
      }
      let expected = (1...n).reduce(0) { $0 + sums[$1] / counts[$1] / Double($1) }
      #expect(abs(got - expected) < 1e-5 * abs(expected))
    }
  }

  @Test(arguments: [Objective.plainAutoregressive, .maskedDiffusion])
  func alikeMembersAreOneModel(_ objective: Objective) {
    let one = Self.scorer(members[0], objective, samples: 4).logLikelihoods(LikelihoodTests.spans)
    let single = Self.scorer(Ensemble([members[0]]), objective, samples: 4)
    #expect(single.logLikelihoods(LikelihoodTests.spans) == one, "bit for bit")
    let twice = Self.scorer(Ensemble([members[0], members[0]]), objective, samples: 4)
    for (a, b) in zip(twice.logLikelihoods(LikelihoodTests.spans), one) { #expect(abs(a - b) < 1e-12 * abs(b)) }
    #expect(twice.tokens == single.tokens, "counted once")
  }
}
