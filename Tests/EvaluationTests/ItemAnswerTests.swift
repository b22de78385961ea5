// Items answered with a model: against brute force over all subsets, and alone against together, to the last bit.

import Corpora
import Objectives
import Testing
import Transformer

@testable import Evaluation

@Suite struct ItemAnswerTests {
  static let diffusion = [Objective.maskedDiffusion, .frozenDiffusion(maskings: 4)]

  static func item(
    _ choices: [[Int32]], answer: Int = 0, context: [Int32] = [3, 1, 4, 1, 5], suffix: [Int32] = []
  ) -> EncodedItem {
    EncodedItem(
      context: context, choices: choices, characters: choices.map { $0.count }, answer: answer, suffix: suffix)
  }

  static let items = [
    item([[1], [2], [3], [4]], answer: 2, suffix: [13]),
    item([[7, 1, 2, 8], [7, 4, 2, 8], [7, 6, 5, 8], [7, 9, 1, 8]], answer: 1),  // common first and last tokens
    item([[1, 2, 3], [1, 4, 3], [5, 2, 3]], answer: 0, context: [], suffix: [2, 2]),
    item([[5, 6], [5, 6]], answer: 1),  // all the same
    item([[1, 2], [3]], answer: 0),  // of different lengths
    item([[1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1], [1, 2, 3, 5, 4, 6, 7, 8]], answer: 2),
  ]

  /// Σ_l mean over the subsets S of `hidden` with l tokens of the mean log-probability of S, while S and `always` are
  /// masked.
  static func value(
    _ parameters: ModelParameters, _ item: EncodedItem, _ choice: [Int32], of hidden: [Int], always: [Int]
  ) -> Double {
    var sums = [Double](repeating: 0, count: hidden.count + 1)
    var counts = sums
    for bits in 1..<max(1, 1 << hidden.count) {
      let masked = hidden.indices.filter { bits >> $0 & 1 == 1 }.map { hidden[$0] }
      var tokens = item.context + choice + item.suffix
      for i in masked + always { tokens[item.context.count + i] = special.mask }
      let log = logProbabilities(parameters, tokens, causal: false)
      sums[masked.count] += masked.reduce(0) { $0 + log[item.context.count + $1][Int(choice[$1])] }
      counts[masked.count] += 1
    }
    return hidden.indices.reduce(0) { $0 + sums[$1 + 1] / counts[$1 + 1] / Double($1 + 1) }
  }

  /// The shared tokens first, all others masked, then the differing ones: by brute force.
  static func exact(_ parameters: ModelParameters, _ item: EncodedItem) -> [Double] {
    let same = { (i: Int) in item.choices.allSatisfy { $0.count > i && $0[i] == item.choices[0][i] } }
    let isEven = Set(item.choices.map(\.count)).count == 1
    return item.choices.map { choice in
      let shared = isEven ? choice.indices.filter(same) : []
      let differing = choice.indices.filter { !shared.contains($0) }
      return value(parameters, item, choice, of: shared, always: differing)
        + value(parameters, item, choice, of: differing, always: [])
    }
  }

  @Test(arguments: diffusion) func exactValuesAreThoseOfBruteForce(objective: Objective) {
    let parameters = randomModel()
    // Four times 255 samples: the first round of every contest has all subsets.
    let results = scorer(parameters, objective, samples: 1020).answer(Self.items)
    for (item, result) in zip(Self.items, results) {
      let exact = Self.exact(parameters, item)
      let wrong = item.choices.indices.filter { $0 != item.answer }.map { -exact[$0] }
      #expect(abs(result.nllRight + exact[item.answer]) < 1e-5 * abs(exact[item.answer]))
      #expect(abs(result.nllWrong - mean(wrong)) < 1e-5 * mean(wrong))
      #expect(result.right == (exact.firstIndex(of: exact.max() ?? 0) == item.answer))
    }
  }

  /// With few samples the likelihoods are noisy, and right on average over items with other maskings.
  @Test func sampledLikelihoodsAreUnbiased() {
    let parameters = randomModel()
    let item = Self.items[5]
    let exact = Self.exact(parameters, item)
    for samples in [4, 16] {
      let results = scorer(parameters, .maskedDiffusion, samples: samples)
        .answer(Array(repeating: item, count: 400))
      let nll = results.map(\.nllRight)
      #expect(standardError(nll) > 0)
      #expect(abs(mean(nll) + exact[item.answer]) < 3.5 * standardError(nll))
    }
  }

  @Test(arguments: SharedPassesTests.objectives, [2, 16])
  func noBitDependsOnWhatElseIsAsked(objective: Objective, samples: Int) {
    let parameters = randomModel()
    let many = Array(repeating: Self.items, count: 8).flatMap { $0 }
    let together = scorer(parameters, objective, samples: samples)
    let results = together.answer(tasks: [many, [], Self.items, Array(many.prefix(3))])
    #expect(results[0] == scorer(parameters, objective, samples: samples).answer(many))
    #expect(results[1].isEmpty)
    #expect(results[2] == Array(results[0].prefix(Self.items.count)))
    #expect(results[3] == Array(results[0].prefix(3)))
    for (i, item) in Self.items.enumerated() {
      // Maskings are numbered by the item, so what stands before it is made of nothing to score.
      let blank = Array(repeating: Self.item([[0], [0]]), count: i)
      #expect(scorer(parameters, objective, samples: samples).answer(blank + [item]).last == results[2][i])
    }
  }

  @Test func theEvaluatorGivesWhatTheScorerGives() {
    let parameters = randomModel()
    let tasks = [(ChoiceTask.endings, Self.items), (.cloze, Array(Self.items.reversed()))].map {
      ItemSet($0.0, items: $0.1, texts: [])
    }
    let dataset = Dataset(
      tokenizer: CharacterFreeTokenizer(), training: [], validation: MultipleChoiceTests.sequences, tasks: tasks)
    for objective in SharedPassesTests.objectives {
      let evaluator = ModelEvaluator(
        parameters, objective: objective, special: special, dataset: dataset, samples: 8, validationSamples: 3, seed: 3,
        backend: .native)
      let position = TrainingPosition(step: 7, epoch: 0.5, tokens: 90)
      let evaluation = evaluator.evaluate(at: position)
      #expect(evaluation.position == position && evaluation.tasks.map(\.task) == [.endings, .cloze])
      for (task, set) in zip(evaluation.tasks, tasks) {
        #expect(task.results == scorer(parameters, objective, samples: 8).answer(set.items))
        #expect(task.summary == TaskResult(task.results))
      }
      #expect(
        evaluation.validation
          == scorer(parameters, objective, samples: 3).crossEntropy(of: MultipleChoiceTests.sequences))
    }
  }
}

/// Only there because a data set has a tokenizer.
struct CharacterFreeTokenizer: Tokenizer {
  var vocabularySize: Int { vocabulary }
  func encode(_ text: String) throws(CorpusError) -> [Int32] { [] }
  func decode(_ tokens: [Int32]) -> String { "" }
  var huggingFaceDefinition: TokenizerDefinition { preconditionFailure("no test exports it") }
}
