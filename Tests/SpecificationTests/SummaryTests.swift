// The words in which plans name a run: short for a plain one, and every difference from it is said.
import Corpora
import Objectives
import Testing
import Training
import Transformer
@testable import Specification

@Suite struct SummaryTests {
  private func summary(
    _ objective: Objective = .maskedDiffusion, _ change: (inout RunSpecification) -> Void = { _ in }
  ) -> String {
    var specification = RunSpecification(
      corpus: .world(WorldSpecification(uniqueTokens: 20_000)), dataSeed: 2, seed: 2, objective: objective,
      model: ModelConfiguration(width: 64, heads: 4, feedForward: 168, layers: 3, context: 48),
      training: TrainingConfiguration(epochs: 300, batch: 16, learningRate: 2e-3),
      evaluation: EvaluationConfiguration(
        checkpoints: 4, items: 8, samples: 2, validationSequences: 4, validationSamples: 2),
      backend: .native)
    change(&specification)
    return specification.summary
  }

  private static let plain = "width 64, 3 layers, 20 000 unique tokens of the world corpus, 300 epochs, seed 2"

  @Test(arguments: [
    (Objective.plainAutoregressive, "AR"), (.autoregressive(inputMasking: 0.3), "AR, input masking 0.3"),
    (.maskedDiffusion, "DLM"), (.suffixDiffusion, "DLM, suffix masks"),
    (.frozenDiffusion(maskings: 4), "DLM, 4 frozen maskings"),
  ])
  func objectives(objective: Objective, words: String) {
    #expect(summary(objective) == "\(words), \(Self.plain)")
  }

  @Test func differencesAreSaid() {
    let regularised = summary {
      $0.model.dropout = 0.2
      $0.model.experts = .init(count: 4, active: 2, feedForward: 84)
      $0.training.weightDecay = 1
      $0.seed = 3
    }
    #expect(
      regularised
        == "DLM, width 64, 3 layers, 4 experts, 2 active, dropout 0.2, weight decay 1, 20 000 unique tokens of "
        + "the world corpus, 300 epochs, seed 3 on the data of seed 2")
    let averaged = summary { ($0.training.averaging, $0.training.decayShape) = (0.999, .cosine) }
    #expect(
      averaged
        == "DLM, width 64, 3 layers, cosine decay, averaged weights (0.999), 20 000 unique tokens of the world corpus, "
        + "300 epochs, seed 2")
    let rounded = summary { $0.training.precision = .bfloat16 }
    #expect(
      rounded
        == "DLM, width 64, 3 layers, bfloat16 products, 20 000 unique tokens of the world corpus, 300 epochs, seed 2")
    let several = summary { $0.training.ensemble = 3 }
    #expect(
      several
        == "DLM, width 64, 3 layers, an ensemble of 3, 20 000 unique tokens of the world corpus, 300 epochs, seed 2")
    let poor = summary {
      $0.corpus = .world(
        WorldSpecification(uniqueTokens: 20_000, quality: .low, corruption: 0.1, directions: .forward))
    }
    #expect(
      poor
        == "DLM, width 64, 3 layers, 20 000 unique tokens of the world corpus, low quality, 10 % of the words replaced, "
        + "told only in forward order, 300 epochs, seed 2")
  }
}
