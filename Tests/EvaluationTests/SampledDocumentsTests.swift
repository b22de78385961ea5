// Drawing documents and having them judged: the ways of drawing, the lengths, and the numbers of known documents.

import Corpora
import Objectives
import Testing
import Transformer

@testable import Evaluation

@Suite struct SampledDocumentsTests {
  static let world = WorldSpecification(uniqueTokens: 4_000)

  static func dataset() throws -> Dataset {
    try CorpusSpecification.world(world).dataset(seed: 1, context: 48, items: 4, validationSequences: 2)
  }

  static func special(_ dataset: Dataset) -> SpecialTokens {
    SpecialTokens(mask: dataset.tokenizer.maskToken, begin: dataset.tokenizer.beginToken)
  }

  static func sampler(_ count: Int = 6, seed: UInt64 = 1) throws -> DocumentSampler {
    let data = try dataset()
    return try DocumentSampler(world, dataset: data, count: count, special: special(data), seed: seed)
  }

  static func parameters() throws -> ModelParameters {
    let parameters = ModelParameters(
      ModelConfiguration(width: 8, heads: 2, feedForward: 12, layers: 1, context: 48),
      vocabulary: try dataset().tokenizer.vocabularySize)
    parameters.initialise(seed: 3)
    return parameters
  }

  @Test func everyWayOfDrawingSuitsTheObjective() throws {
    let steps = ["1", "2", "4", "8", "16", "32", "all"].map { "samples-\($0)" }
    let expected: [(Objective, [String])] = [
      (.plainAutoregressive, ["samples"]), (.maskedDiffusion, steps + steps.map { $0 + "-confidence" }),
      (.suffixDiffusion, steps),
    ]
    let sampler = try Self.sampler(2)
    let parameters = try Self.parameters()
    for (objective, names) in expected {
      let results = sampler.evaluate(parameters, objective: objective, backend: .native)
      #expect(results.map(\.drawing.name) == names)
      for result in results {
        #expect(result.documents == 2 && result.distinct == 1)  // an untrained model: all words alike
        #expect(result.truthful <= result.wellFormed && result.wellFormed < 0.1 && result.stories == 0)
      }
    }
    let again = { sampler.evaluate(parameters, objective: .plainAutoregressive, backend: .native) }
    #expect(again() == again())
  }

  @Test func lengthsAreThoseOfTraining() throws {
    let training = try Self.dataset().training.map(\.count)
    let lengths = try Self.sampler(400).lengths
    #expect(lengths.count == 400 && Set(lengths).isSubset(of: Set(training)))
    let mean = { (counts: [Int]) in Double(counts.reduce(0, +)) / Double(counts.count) }
    #expect(abs(mean(lengths) - mean(training)) < 1)
    #expect(try Self.sampler(400).lengths == lengths)
    #expect(try Self.sampler(400, seed: 2).lengths != lengths)
  }

  @Test func numbersOfKnownDocuments() throws {
    let data = try Self.dataset()
    let judge = try DocumentJudge(Self.world)
    let good = data.training[0]
    let documents = [good, good, Array(data.training[1].dropLast()), []]
    let result = SampleResult(.autoregressive, documents, scores: documents.map { judge.score($0) })
    let unfinished = judge.score(documents[2])
    #expect(unfinished.truthful == unfinished.sentences - 1)
    #expect(result.documents == 4 && result.distinct == 0.75 && result.stories == 0.5)
    let shares = [1, 1, unfinished.truthfulShare, 0]
    let center = shares.reduce(0, +) / 4
    let deviation = (shares.reduce(0) { $0 + ($1 - center) * ($1 - center) } / 3).squareRoot()
    #expect(abs(result.truthful - center) < 1e-12 && abs(result.standardError - deviation / 2) < 1e-12)
  }
}
