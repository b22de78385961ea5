// Multiple choice and validation cross-entropy on models whose likelihoods are known exactly.

import Corpora
import Foundation
import Objectives
import Testing
import Transformer

@testable import Evaluation

@Suite struct MultipleChoiceTests {
  static let objectives = [Objective.plainAutoregressive, .maskedDiffusion, .suffixDiffusion]
  static let uniform = log(Double(vocabulary))

  static func item(_ choices: [[Int32]], characters: [Int]? = nil, answer: Int) -> EncodedItem {
    EncodedItem(
      context: [1, 2], choices: choices, characters: characters ?? choices.map { $0.count }, answer: answer)
  }

  @Test(arguments: objectives)
  func tiesTakeTheFirst(objective: Objective) {
    let choices: [[Int32]] = [[3, 4], [5, 6], [7, 8], [9, 10]]
    let results = scorer(uniformModel(), objective).answer((0..<4).map { Self.item(choices, answer: $0) })
    #expect(results.map(\.right) == [true, false, false, false])
    #expect(results.map(\.rightPerCharacter) == [true, false, false, false])
  }

  /// Two tokens against three: shorter is likelier as a whole, longer is likelier per character.
  @Test(arguments: objectives)
  func charactersCanChangeTheWinner(objective: Objective) {
    let choices: [[Int32]] = [[3, 4, 5], [6, 7]]
    let results = scorer(uniformModel(), objective).answer([
      Self.item(choices, characters: [30, 4], answer: 0), Self.item(choices, characters: [30, 4], answer: 1),
      Self.item(choices, characters: [3, 4], answer: 0),
    ])
    #expect(results.map(\.right) == [false, true, false])
    #expect(results.map(\.rightPerCharacter) == [true, false, false])
    #expect(abs(results[0].nllRight - 3 * Self.uniform) < 1e-5 && abs(results[0].nllWrong - 2 * Self.uniform) < 1e-5)
    #expect(abs(results[1].nllRight - 2 * Self.uniform) < 1e-5 && abs(results[1].nllWrong - 3 * Self.uniform) < 1e-5)
  }

  /// A model that knows how frequent tokens are picks the choice with the most frequent ones.
  @Test(arguments: objectives)
  func theLikeliestChoiceWins(objective: Objective) {
    let logits = (0..<vocabulary).map { 0.3 * Float($0 * 7 % vocabulary) }
    let exact = logSoftmax(logits)
    let choices: [[Int32]] = [[3, 4], [11, 11], [14, 17], [8, 2]]
    let nll = choices.map { $0.reduce(0) { $0 - exact[Int($1)] } }
    let best = nll.indices.min { nll[$0] < nll[$1] }
    let results = scorer(unigramModel(logits), objective).answer((0..<4).map { Self.item(choices, answer: $0) })
    for (answer, result) in results.enumerated() {
      #expect(result.right == (answer == best) && result.rightPerCharacter == (answer == best))
      #expect(abs(result.nllRight - nll[answer]) < 1e-4)
      #expect(abs(result.nllWrong - (nll.reduce(0, +) - nll[answer]) / 3) < 1e-4)
    }
  }

  /// The same maskings for every choice of an item: equal choices have equal estimates, to the last bit.
  @Test func choicesOfAnItemShareTheirMaskings() {
    let choice: [Int32] = [1, 2, 3, 4, 5, 6, 7]
    let items = [Self.item([choice, choice, choice], answer: 1), Self.item([choice, choice, choice], answer: 0)]
    let results = scorer(randomModel(), .maskedDiffusion, samples: 3).answer(items)
    for result in results { #expect(result.nllRight == result.nllWrong) }
    #expect(results[0].nllRight != results[1].nllRight)  // another item, other maskings
    #expect(results.map(\.right) == [false, true])
  }

  @Test func itemsAreAnsweredInOrderWhateverTheirChoices() {
    let items = [
      Self.item([[1], [2, 3]], answer: 0), Self.item([[4, 5, 6], [7, 8], [9], [10]], answer: 2),
      Self.item([[11, 12], [13]], answer: 1),
    ]
    for objective in Self.objectives {
      let scorer = scorer(randomModel(), objective, samples: 7)
      let together = scorer.answer(items)
      // Masks are numbered by the item, so leading items must stay: prefixes answer alike.
      for count in 1...3 { #expect(scorer.answer(Array(items.prefix(count))) == Array(together.prefix(count))) }
      #expect(scorer.answer([]).isEmpty)
    }
  }

  @Test func resultsOfATask() {
    func item(_ right: Bool, _ normalised: Bool, _ nll: Double) -> ItemResult {
      ItemResult(right: right, rightPerCharacter: normalised, nllRight: nll, nllWrong: 2 * nll)
    }
    let result = TaskResult([item(true, true, 1), item(false, true, 2), item(false, true, 3), item(true, false, 6)])
    #expect(result.items == 4)
    #expect(result.acc == 0.5 && result.accNorm == 0.75)
    #expect(abs(result.accStandardError - (1.0 / 3).squareRoot() / 2) < 1e-12)  // sd √(4 · 0.25 / 3)
    #expect(abs(result.accNormStandardError - 0.25) < 1e-12)  // sd √(0.75 / 3)
    #expect(result.nllRight == 3 && result.nllWrong == 6)
    let one = TaskResult([item(true, false, 1)])
    #expect(one.acc == 1 && one.accNorm == 0 && one.accStandardError.isNaN)
    #expect(TaskResult([]).acc.isNaN && TaskResult([]).items == 0)
  }

  static let sequences: [[Int32]] = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [10], [11, 12, 13], [14, 15, 16, 17, 1, 1]]

  @Test(arguments: objectives)
  func aUniformModelHasTheEntropyOfTheVocabulary(objective: Objective) {
    let result = scorer(uniformModel(), objective, samples: 3).crossEntropy(of: Self.sequences)
    #expect(abs(result.crossEntropy - Self.uniform) < 1e-6)
    #expect(result.standardError < 1e-6)
    #expect(result.sequences == 4 && result.tokens == 19)
  }

  /// Nats per token over all tokens, not the mean over sequences; the error is that of the ratio.
  @Test(arguments: objectives)
  func crossEntropyIsPerToken(objective: Objective) {
    let logits = (0..<vocabulary).map { 0.25 * Float($0 * 3 % vocabulary) }
    let exact = logSoftmax(logits)
    let nll = Self.sequences.map { $0.reduce(0) { $0 - exact[Int($1)] } }
    let rate = nll.reduce(0, +) / 19
    let result = scorer(unigramModel(logits), objective, samples: 511).crossEntropy(of: Self.sequences)
    #expect(abs(result.crossEntropy - rate) < 1e-5)
    let residuals = zip(nll, Self.sequences).map { $0 - rate * Double($1.count) }
    let deviation = (residuals.reduce(0) { $0 + $1 * $1 } / 3).squareRoot()
    #expect(abs(result.standardError - deviation / 2 * 4 / 19) < 1e-5)
  }
}
