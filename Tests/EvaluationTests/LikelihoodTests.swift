// Likelihoods beside brute force: the chain rule for AR, all maskings of a short span for the DLM, and what the sampled
// estimate may depend on.

import Objectives
import Testing
import Transformer

@testable import Evaluation

@Suite struct LikelihoodTests {
  static let experts = ModelConfiguration.Experts(count: 3, active: 2, feedForward: 6)
  static let spans = [
    Span(context: [1, 2, 3], tokens: [4, 5, 6, 4], index: 0),
    Span(context: [], tokens: [7, 8], index: 1),
    Span(context: [9, 9, 9, 1, 2, 3, 4, 5], tokens: [3], index: 2),
    Span(context: [2], tokens: [11, 12, 13, 14, 15], index: 3),
  ]

  /// 1/n Σ_l 1/C(n, l) Σ_{|S| = l} n/l Σ_{i ∈ S} log p(x_i | context, span without S), by enumeration.
  static func exactBound(_ parameters: ModelParameters, _ span: Span) -> Double {
    let n = span.tokens.count
    var sums = [Double](repeating: 0, count: n + 1)
    var counts = sums
    for subset in 1..<(1 << n) {
      let masked = span.tokens.indices.filter { subset >> $0 & 1 == 1 }
      var tokens = span.context + span.tokens + span.suffix
      for i in masked { tokens[span.context.count + i] = special.mask }
      let log = logProbabilities(parameters, tokens, causal: false)
      sums[masked.count] += masked.reduce(0) { $0 + log[span.context.count + $1][Int(span.tokens[$1])] }
      counts[masked.count] += 1
    }
    return (1...n).reduce(0) { $0 + sums[$1] / counts[$1] / Double($1) }
  }

  @Test(arguments: [nil, experts])
  func diffusionBoundIsExactWhereAllMaskingsFit(experts: ModelConfiguration.Experts?) {
    let parameters = randomModel(experts: experts)
    let exact = Self.spans.map { Self.exactBound(parameters, $0) }
    for samples in [31, 64] {
      for (got, expected) in zip(
        scorer(parameters, .maskedDiffusion, samples: samples).logLikelihoods(Self.spans), exact)
      {
        #expect(abs(got - expected) < 1e-5 * abs(expected))
      }
    }
    // One sample less than the longest span's 31 maskings: only that span is estimated.
    let sampled = scorer(parameters, .maskedDiffusion, samples: 30).logLikelihoods(Self.spans)
    for i in 0..<3 { #expect(abs(sampled[i] - exact[i]) < 1e-5 * abs(exact[i])) }
    #expect(abs(sampled[3] - exact[3]) > 1e-4)
  }

  @Test(arguments: [nil, experts], [Objective.plainAutoregressive, .autoregressive(inputMasking: 0.5)])
  func autoregressiveLikelihoodIsTheChainRule(experts: ModelConfiguration.Experts?, objective: Objective) {
    let parameters = randomModel(experts: experts)
    for (span, got) in zip(Self.spans, scorer(parameters, objective).logLikelihoods(Self.spans)) {
      let all = span.context + span.tokens
      let log = logProbabilities(parameters, [special.begin] + all.dropLast(), causal: true)
      let expected = span.tokens.indices.reduce(0) { $0 + log[span.context.count + $1][Int(span.tokens[$1])] }
      #expect(abs(got - expected) < 1e-5 * abs(expected))
    }
  }

  /// The mean of many independent estimates lies at the exact value, and their spread falls with K.
  @Test func sampledBoundIsUnbiased() {
    let parameters = randomModel()
    let span = Self.spans[3]
    let exact = Self.exactBound(parameters, span)
    var deviations: [Double] = []
    for samples in [2, 8] {
      // One call: spans with other indices have other maskings.
      let spans = (0..<400).map { Span(context: span.context, tokens: span.tokens, index: UInt64($0)) }
      let estimates = scorer(parameters, .maskedDiffusion, samples: samples).logLikelihoods(spans)
      let mean = estimates.reduce(0, +) / 400
      let deviation = (estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
      #expect(abs(mean - exact) < 3.5 * deviation / 20, "K = \(samples): \(mean), exactly \(exact)")
      deviations.append(deviation)
    }
    #expect(deviations[1] < 0.5 * deviations[0] && deviations[1] > 0)
  }

  /// log p(x_i | context, x_<i) from a pass in which x_i, the rest of the span and the suffix are masked.
  static func suffixTerms(_ parameters: ModelParameters, _ span: Span) -> [Double] {
    span.tokens.indices.map { start in
      let hidden = Array(repeating: special.mask, count: span.tokens.count - start + span.suffix.count)
      let seen = span.context + span.tokens.prefix(start)
      return logProbabilities(parameters, seen + hidden, causal: false)[seen.count][Int(span.tokens[start])]
    }
  }

  static func spans(suffix: [Int32]) -> [Span] {
    spans.map { Span(context: $0.context, tokens: $0.tokens, index: $0.index, suffix: suffix) }
  }

  @Test(arguments: [nil, experts], [[], [3, 16]])
  func suffixLikelihoodIsTheChainRule(experts: ModelConfiguration.Experts?, suffix: [Int32]) {
    let parameters = randomModel(experts: experts)
    let spans = Self.spans(suffix: suffix)
    for (span, got) in zip(spans, scorer(parameters, .suffixDiffusion, samples: 2).logLikelihoods(spans)) {
      let expected = Self.suffixTerms(parameters, span).reduce(0, +)
      #expect(abs(got - expected) < 1e-5 * abs(expected))
    }
  }

  /// A DLM reads what follows a span; a model that reads forwards does not, and one that only knows suffixes sees how
  /// much it is but not what.
  @Test func whatFollowsIsSeenByThoseWhoReadBackwards() {
    let parameters = randomModel()
    let spans = Self.spans(suffix: [3, 16])
    let exact = spans.map { Self.exactBound(parameters, $0) }
    for (got, expected) in zip(scorer(parameters, .maskedDiffusion).logLikelihoods(spans), exact) {
      #expect(abs(got - expected) < 1e-5 * abs(expected))
    }
    for objective in [Objective.plainAutoregressive, .maskedDiffusion, .suffixDiffusion] {
      let scores = [[], [3, 16], [4, 1]].map {
        scorer(parameters, objective).logLikelihoods(Self.spans(suffix: $0))
      }
      #expect((scores[0] == scores[1]) == (objective.attention == .causal))
      #expect((scores[1] == scores[2]) == (objective != .maskedDiffusion))
    }
  }

  @Test(arguments: [Objective.maskedDiffusion, .suffixDiffusion])
  func aFullContextLeavesNoRoomForWhatFollows(objective: Objective) {
    let context = (0..<22).map { Int32($0 % 18) }
    let scores = [[], [5]].map { suffix in
      scorer(randomModel(), objective).logLikelihoods(
        [Span(context: context, tokens: [1, 2], index: 0, suffix: suffix)])
    }
    #expect(scores[0] == scores[1])
  }

  /// Longer spans are estimated: the mean over many draws is the chain rule's value.
  @Test func sampledSuffixesAreUnbiased() {
    let parameters = randomModel()
    let tokens = (0..<20).map { Int32($0 * 5 % 18) }
    let exact = Self.suffixTerms(parameters, Span(context: [], tokens: tokens, index: 0)).reduce(0, +)
    #expect(
      abs(
        scorer(parameters, .suffixDiffusion, samples: 20)
          .logLikelihoods([Span(context: [], tokens: tokens, index: 0)])[0] - exact) < 1e-4)
    let spans = (0..<400).map { Span(context: [], tokens: tokens, index: UInt64($0)) }
    let estimates = scorer(parameters, .suffixDiffusion, samples: 6).logLikelihoods(spans)
    let mean = estimates.reduce(0, +) / 400
    let deviation = (estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
    #expect(deviation > 0 && abs(mean - exact) < 3.5 * deviation / 20, "\(mean), exactly \(exact)")
  }

  @Test func suffixesAreStratified() {
    var counts = [Int](repeating: 0, count: 20)
    for index in 0..<2_000 {
      let maskings = Masking.suffixes(of: 20, samples: 8, seed: 1, index: UInt64(index))
      for (sample, masking) in maskings.enumerated() {
        let start = masking.scored[0]
        #expect(masking.scored.count == 1 && masking.masked == (0..<20).map { $0 >= start })
        #expect(start >= sample * 20 / 8 && Double(start) < Double(sample + 1) * 2.5)
        #expect(masking.weight == 2.5)
        counts[start] += 1
      }
    }
    for count in counts { #expect(abs(count - 800) < 100) }
    #expect(Masking.suffixes(of: 16, samples: 1, seed: 1, index: 1).map(\.scored) == (0..<16).map { [$0] })
  }

  @Test func estimatesFollowFromSeedAndIndex() {
    let parameters = randomModel()
    let span = Self.spans[3]
    func estimate(seed: UInt64, index: UInt64) -> Double {
      scorer(parameters, .maskedDiffusion, samples: 4, seed: seed)
        .logLikelihoods([Span(context: span.context, tokens: span.tokens, index: index)])[0]
    }
    let first = estimate(seed: 1, index: 5)
    #expect(estimate(seed: 1, index: 5) == first)
    #expect(estimate(seed: 2, index: 5) != first)
    #expect(estimate(seed: 1, index: 6) != first)
  }

  @Test(arguments: [Objective.plainAutoregressive, .maskedDiffusion, .suffixDiffusion])
  func scoresDoNotDependOnOrderOrBatch(objective: Objective) {
    let parameters = randomModel()
    let spans = (0..<60).map { i -> Span in
      let context = (0..<i * 5 % 11).map { Int32(($0 + i) % 18) }
      let tokens = (0...i * 3 % 12).map { Int32(($0 * i + 2) % 18) }
      return Span(context: context, tokens: tokens, index: UInt64(i))
    }
    #expect(spans.reduce(0) { $0 + $1.context.count + $1.tokens.count } > LikelihoodScorer.tokensInBatch)
    let scorer = scorer(parameters, objective, samples: 5)
    let together = scorer.logLikelihoods(spans)
    #expect(scorer.logLikelihoods(spans) == together)
    #expect(scorer.logLikelihoods(spans.reversed()) == together.reversed())
    #expect(spans.map { scorer.logLikelihoods([$0])[0] } == together)
    #expect(scorer.logLikelihoods([]).isEmpty)
  }

  @Test(arguments: 1...6)
  func enumeratedSubsetsAreAllOfThemOnce(count: Int) {
    let subsets = Masking.subsets(of: count, samples: (1 << count) - 1, seed: 1, index: 1)
    #expect(subsets.count == (1 << count) - 1)
    #expect(Set(subsets.map(\.masked)).count == subsets.count)
    #expect(subsets.allSatisfy { $0.masked.contains(true) && $0.masked.count == count })
    // Every number of masks has the same total weight.
    for masks in 1...count {
      let own = subsets.filter { $0.masked.count { $0 } == masks }
      #expect(own.allSatisfy { masking in masking.scored == (0..<count).filter { masking.masked[$0] } })
      #expect(abs(own.reduce(0) { $0 + $1.weight } - 1 / Double(masks)) < 1e-12)  // n / l of a share of 1 / n
      #expect(Set(own.map(\.weight)).count == 1)
    }
  }

  /// From as many samples as tokens on, the whole span is asked once and the rest is spread over the other counts.
  @Test(arguments: [10, 19, 28]) func sampledCountsAreStratified(samples: Int) {
    let subsets = Masking.subsets(of: 10, samples: samples, seed: 1, index: 1)
    #expect(Set(subsets).count == subsets.count)
    #expect(subsets[0].masked == Array(repeating: true, count: 10) && subsets[0].weight == 0.1)
    for masks in 1..<10 {
      // Each count as often as the others: they weigh the same, with 1 / l for each scored token.
      let own = subsets.filter { $0.scored.count == masks }
      #expect(abs(own.reduce(0) { $0 + $1.weight } - 1 / Double(masks)) < 1e-12)
    }
  }

  /// Fewer samples than counts: still uniform over many indices, and so are the positions.
  @Test func fewSamplesAreUnbiased() {
    var counts = [Int](repeating: 0, count: 11)
    var positions = [Int](repeating: 0, count: 10)
    for index in 0..<2_000 {
      let subsets = Masking.subsets(of: 10, samples: 3, seed: 1, index: UInt64(index))
      #expect(subsets.allSatisfy { abs($0.weight - 10 / Double(3 * $0.scored.count)) < 1e-12 })
      for subset in subsets {
        counts[subset.scored.count] += 1
        for i in subset.scored { positions[i] += 1 }
      }
    }
    #expect(counts[0] == 0)
    for count in counts.dropFirst() { #expect(abs(count - 600) < 100) }
    for count in positions { #expect(abs(count - 3_300) < 160) }  // 6000 · 5.5 / 10
  }

  /// Balanced subsets cover each position as often as the others, give or take one, and each is as likely as the others.
  @Test func balancedMaskingsCoverPositionsEvenly() {
    var seen: [[Bool]: Int] = [:]
    for index in 0..<3_000 {
      var balanced = BalancedMaskings(count: 5, seed: 2, index: UInt64(index))
      var covered = [Int](repeating: 0, count: 5)
      for masked in balanced.draw(3, upTo: 4) + balanced.draw(4, upTo: 4) {
        for i in 0..<5 where masked[i] { covered[i] += 1 }
        seen[masked, default: 0] += 1
      }
      #expect((covered.max() ?? 0) - (covered.min() ?? 0) <= 1)
    }
    #expect(seen.count == 30)
    for (masked, count) in seen {  // 21 000 in four counts of C(5, l) subsets
      let expected = 5_250 / Masking.choose(5, masked.count { $0 })
      #expect(abs(Double(count) - expected) < 0.15 * expected)
    }
  }
}
