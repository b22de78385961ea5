// Likelihoods under block diffusion: with blocks of 1 the chain rule, with one block the DLM's numbers, and between them
// brute force over all maskings of each block; and that training asks the same questions.

import Corpora
import Foundation
import Objectives
import TensorEngine
import Testing
import Transformer

@testable import Evaluation

@Suite struct BlockLikelihoodTests {
  /// log p of every token at every position, [N][V], rows seeing their own block and those before it.
  static func logProbabilities(_ parameters: ModelParameters, _ tokens: [Int32], size: Int) -> [[Double]] {
    let model = Transformer(
      parameters, capacity: BatchCapacity(tokens: tokens.count, scored: tokens.count), scoredRows: .all,
      backend: .native)
    var batch = Batch()
    for (position, token) in tokens.enumerated() {
      let block = Int32(position / size)
      batch.append(
        token, target: 0, place: RowPlace(read: position, asked: position), view: RowView(rank: block, limit: block))
    }
    batch.endSequence()
    model.forward(batch, causal: false)
    return tokens.indices.map { logSoftmax(model.logitRows[$0 * vocabulary..<($0 + 1) * vocabulary]) }
  }

  /// Σ over blocks Σ_l mean over |S| = l of the mean log-probability of S, all of the span's subsets in the block.
  static func exact(_ parameters: ModelParameters, _ span: Span, size: Int) -> Double {
    let tokens = span.context + span.tokens + span.suffix
    let range = span.context.count..<span.context.count + span.tokens.count
    return Set(range.map { $0 / size }).reduce(0.0) { total, block in
      let own = range.filter { $0 / size == block }
      let end = min((block + 1) * size, tokens.count)
      var sums = [Double](repeating: 0, count: own.count + 1)
      var counts = sums
      for subset in 1..<(1 << own.count) {
        let masked = own.indices.filter { subset >> $0 & 1 == 1 }.map { own[$0] }
        var shown = Array(tokens[..<end])
        for position in masked { shown[position] = special.mask }
        let log = logProbabilities(parameters, shown, size: size)
        sums[masked.count] += masked.reduce(0) { $0 + log[$1][Int(tokens[$1])] }
        counts[masked.count] += 1
      }
      return total + (1...own.count).reduce(0) { $0 + sums[$1] / counts[$1] / Double($1) }
    }
  }

  @Test(arguments: [1, 2, 3, 4, 16], [[], [3, 16]]) func theBoundIsThatOfItsBlocks(size: Int, suffix: [Int32]) {
    let parameters = randomModel()
    let spans = LikelihoodTests.spans(suffix: suffix)
    let got = scorer(parameters, .blockDiffusion(size: size), samples: 31).logLikelihoods(spans)
    for (span, got) in zip(spans, got) {
      let expected = Self.exact(parameters, span, size: size)
      #expect(abs(got - expected) < 1e-5 * abs(expected), "\(got), \(expected)")
    }
  }

  /// AR's conditionals, p(x_i | x_<i), whatever follows and whatever K: a causal model that reads a mask in the next place.
  @Test(arguments: [1, 16]) func blocksOfOneAreTheChainRule(samples: Int) {
    let parameters = randomModel()
    let spans = LikelihoodTests.spans(suffix: [3, 16])
    let got = scorer(parameters, .blockDiffusion(size: 1), samples: samples).logLikelihoods(spans)
    for (span, got) in zip(spans, got) {
      let expected = span.tokens.indices.reduce(0.0) { sum, i in
        let seen = span.context + span.tokens.prefix(i)
        let log = EvaluationTests.logProbabilities(parameters, seen + [special.mask], causal: true)
        return sum + log[seen.count][Int(span.tokens[i])]
      }
      #expect(abs(got - expected) < 1e-5 * abs(expected))
    }
    // Normalised: a span of one token has probability 1 over the vocabulary.
    let all = (0..<Int32(vocabulary)).map { Span(context: [4, 5], tokens: [$0], index: 0) }
    let total = scorer(parameters, .blockDiffusion(size: 1)).logLikelihoods(all).reduce(0) { $0 + exp($1) }
    #expect(abs(total - 1) < 1e-5)
  }

  @Test(arguments: [24, 100]) func oneBlockHasTheDLMsNumbers(size: Int) {
    let parameters = randomModel()
    let spans = LikelihoodTests.spans(suffix: [3, 16])
    let objectives = [Objective.blockDiffusion(size: size), .maskedDiffusion]
    let likelihoods = objectives.map { scorer(parameters, $0, samples: 8).logLikelihoods(spans) }
    #expect(likelihoods[0] == likelihoods[1])
    let answers = objectives.map { scorer(parameters, $0, samples: 8).answer(OrderedLikelihoodTests.items) }
    #expect(answers[0] == answers[1])
  }

  /// What an item's choices share is scored first in its block, then shown; nothing depends on what else is asked.
  @Test(arguments: [1, 4, 16]) func itemsDoNotDependOnEachOther(size: Int) {
    let parameters = randomModel()
    let items = OrderedLikelihoodTests.items
    let objective = Objective.blockDiffusion(size: size)
    let all = scorer(parameters, objective, samples: 8).answer(items)
    #expect(Array(all.prefix(3)) == scorer(parameters, objective, samples: 8).answer(Array(items.prefix(3))))
    #expect(scorer(parameters, objective, samples: 8).answer(tasks: [items, items])[1] == all)
    if size == 1 {
      let item = items[5]
      let alone = scorer(parameters, objective).logLikelihoods(
        [Span(context: item.context, tokens: item.choices[item.answer], index: 5, suffix: item.suffix)])[0]
      #expect(abs(all[5].nllRight + alone) < 1e-5 * abs(alone))
    }
  }

  /// A masked token has the same loss in the doubled sequence that is trained on and in the pass that is asked.
  @Test(arguments: [1, 2, 4, 5]) func trainingAsksTheSame(size: Int) {
    let parameters = randomModel()
    let sequence: [Int32] = [4, 7, 7, 1, 5, 6, 8, 6, 3]
    let objective = Objective.blockDiffusion(size: size)
    let model = Transformer(
      parameters, capacity: BatchCapacity(tokens: 24, scored: 24, longest: 24), scoredRows: .beforeLastQueries,
      backend: .native)
    for visit in 0..<8 {
      var batch = Batch()
      objective.append(
        sequence, to: &batch, totals: StepTotals(sequences: 1, tokens: 9), special: special, seed: 1,
        visit: Visit(number: UInt64(visit), sequence: 0, epoch: 0))
      model.forward(batch, causal: false)
      let clean = batch.tokens.count - sequence.count
      for (scored, row) in batch.rows.enumerated() {
        let position = row - clean
        let start = position / size * size
        let end = min(start + size, sequence.count)
        let shown = Array(sequence[..<start]) + batch.tokens[clean + start..<clean + end]
        let expected = -Self.logProbabilities(parameters, shown, size: size)[position][Int(sequence[position])]
        #expect(abs(Double(model.losses[scored]) - expected) < 1e-5 * (1 + expected))
      }
    }
  }
}
