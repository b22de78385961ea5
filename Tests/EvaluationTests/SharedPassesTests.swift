// Spans that share passes have the likelihoods that they have alone, to the last bit, and fewer tokens are computed.

import Corpora
import Objectives
import Testing
import Transformer

@testable import Evaluation

@Suite struct SharedPassesTests {
  static let objectives = [Objective.plainAutoregressive, .maskedDiffusion, .suffixDiffusion]
  static let context: [Int32] = [3, 1, 4, 1, 5, 9, 2, 6]

  static let choices: [[[Int32]]] = [
    [[1], [2], [3], [4]],  // knowledge: one token
    [[7, 1, 2, 3, 8], [7, 4, 2, 5, 8], [7, 6, 2, 1, 8], [7, 1, 9, 3, 8]],  // endings: common first and last tokens
    [[1, 2, 3], [1, 2], [1, 2, 3, 4], [1]],  // one inside the other
    [[5, 6], [5, 6], [5, 6]],  // all the same
    [[1, 2], [], [3, 4]],  // nothing to predict
    [[11, 12, 13, 14, 15, 16, 17, 0, 1]],
  ]

  static func spans(_ contexts: [[Int32]], suffix: [Int32] = []) -> [Span] {
    contexts.enumerated().flatMap { item, context in
      choices[item % choices.count].map {
        Span(context: context, tokens: $0, index: UInt64(item), suffix: suffix)
      }
    }
  }

  @Test(arguments: objectives, [nil, LikelihoodTests.experts])
  func sharingChangesNoBit(objective: Objective, experts: ModelConfiguration.Experts?) {
    let parameters = randomModel(experts: experts)
    let contexts = (0..<40).map { Array(Self.context.dropFirst($0 % 9)) }
    for samples in [3, 31] {
      let spans = Self.spans(contexts, suffix: [13])
      let together = scorer(parameters, objective, samples: samples)
      let apart = scorer(parameters, objective, samples: samples)
      #expect(together.logLikelihoods(spans) == spans.map { apart.logLikelihoods([$0])[0] })
      #expect(together.tokens < apart.tokens)
    }
  }

  @Test func computedTokens() {
    func tokens(_ objective: Objective, _ kind: Int, samples: Int) -> Int {
      let scorer = scorer(randomModel(), objective, samples: samples)
      _ = scorer.logLikelihoods(Self.choices[kind].map { Span(context: Self.context, tokens: $0, index: 4) })
      return scorer.tokens
    }
    for objective in Self.objectives {  // one pass for four answers of one token
      #expect(tokens(objective, 0, samples: 4) == 9)
    }
    // Begin, context, the common token; then of each choice all but its first and last.
    #expect(tokens(.plainAutoregressive, 1, samples: 1) == 1 + 8 + 1 + 4 * 3)
    // All 31 maskings of five tokens, by four choices, without those in which masks hide the differences.
    var inputs = Set<[Int32]>()
    for bits in 1..<32 {
      for choice in Self.choices[1] {
        inputs.insert(choice.enumerated().map { bits >> $0 & 1 == 1 ? special.mask : $1 })
      }
    }
    #expect(inputs.count < 124)
    #expect(tokens(.maskedDiffusion, 1, samples: 31) == inputs.count * 13)
    #expect(tokens(.maskedDiffusion, 3, samples: 3) == 3 * 10)
  }

  /// More choices than a batch holds tokens, and items whose choices differ in context or masking share nothing.
  @Test func whatDoesNotFitIsComputedApart() {
    let parameters = randomModel()
    let choices = (0..<60).map { i in (0..<12).map { Int32(($0 * i + 3 * i) % 18) } }
    let spans = choices.map { Span(context: Self.context, tokens: $0, index: 1) }
    let together = scorer(parameters, .plainAutoregressive)
    let apart = scorer(parameters, .plainAutoregressive)
    #expect(together.logLikelihoods(spans) == spans.map { apart.logLikelihoods([$0])[0] })
    #expect(together.tokens == 60 * 20)
    let indexed = (0..<2).map { Span(context: Self.context, tokens: [1, 2, 3, 4, 5], index: UInt64($0)) }
    let scores = scorer(parameters, .maskedDiffusion, samples: 3).logLikelihoods(indexed)
    #expect(scores[0] != scores[1])
  }
}
