// A run's name is a hash over explicitly written keys: renaming a property of the program changes no stored run, and nor
// does a new setting that is left at its default.

import Corpora
import Foundation
import Objectives
import TensorEngine
import Testing
import Training
import Transformer
@testable import Files
@testable import Specification

@Suite struct SpecificationKeysTests {
  private static let standard = RunSpecification(
    corpus: .world(WorldSpecification(uniqueTokens: 6000)), dataSeed: 1, seed: 1001,
    objective: .autoregressive(inputMasking: 0.25),
    model: ModelConfiguration(width: 32, heads: 4, feedForward: 88, layers: 2, context: 48),
    training: TrainingConfiguration(epochs: 300, batch: 16, learningRate: 2e-3, warmup: 0.02, decay: 0.2),
    evaluation: EvaluationConfiguration(
      checkpoints: 14, items: 400, samples: 16, validationSequences: 100, validationSamples: 8), backend: .native)

  /// The whole text that is hashed. Whoever renames a property and meets this failing gives it a coding key of the old name.
  @Test func everyKeyIsWrittenOut() throws {
    #expect(
      try jsonValue(Self.standard).canonical()
        == #"{"backend":"native","corpus":{"world":{"agents":12,"corruption":0,"directions":"both","quality":"high","#
        + #""topics":8,"uniqueTokens":6000,"worldSeed":1}},"dataSeed":1,"evaluation":{"checkpoints":14,"items":400,"#
        + #""samples":16,"validationSamples":8,"validationSequences":100},"formatVersion":4,"model":{"context":48,"#
        + #""dropout":0,"feedForward":88,"heads":4,"initialStandardDeviation":0.02,"layers":2,"normEpsilon":1e-06,"#
        + #""rotaryBase":10000,"width":32},"objective":{"autoregressive":{"inputMasking":0.25}},"seed":1001,"#
        + #""training":{"batch":16,"beta1":0.9,"beta2":0.95,"clip":1,"decay":0.2,"epochs":300,"epsilon":1e-08,"#
        + #""finalShare":0.1,"learningRate":0.002,"warmup":0.02,"weightDecay":0.1}}"#)
  }

  @Test func everyCorpusHasItsNameAsKey() throws {
    for (corpus, text) in [
      (CorpusSpecification.python(PythonSpecification(uniqueTokens: 900)), #"{"python":{"uniqueTokens":900}}"#),
      (
        .text(TextSpecification(text: TextCollection(), tokenizer: .characters, natural: .kjv)),
        #"{"text":{"heldOutShare":0.1,"natural":"kjv","tokenizer":{"characters":{}},"version":2}}"#
      ),
    ] {
      #expect(try jsonValue(corpus).canonical() == text)
      #expect(try JSONDecoder().decode(CorpusSpecification.self, from: Data(text.utf8)) == corpus)
    }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(CorpusSpecification.self, from: Data("{}".utf8)) }
  }

  /// The evaluation's settings as a later program might have them: one property renamed, one setting added.
  private struct Renamed: Encodable {
    var checkpoints = 14
    var numberOfItems = 400
    var samples = 16
    var validationSequences = 100
    var validationSamples = 8
    var temperature: Double?

    enum CodingKeys: String, CodingKey {
      case checkpoints = "checkpoints"
      case numberOfItems = "items"
      case samples = "samples"
      case validationSequences = "validationSequences"
      case validationSamples = "validationSamples"
      case temperature = "temperature"
    }
  }

  @Test func renamingAndAddingLeaveStoredRunsTheirNames() throws {
    #expect(try specificationHash(Renamed()) == specificationHash(Self.standard.evaluation))
    #expect(try specificationHash(Renamed(temperature: 1)) != specificationHash(Self.standard.evaluation))
  }

  @Test func precisionIsWrittenWhereItIsNotSingle() throws {
    var changed = Self.standard
    changed.training.precision = .bfloat16
    let text = try jsonValue(changed).canonical()
    #expect(text.contains(#""learningRate":0.002,"precision":"bfloat16","warmup":0.02"#))
    #expect(try JSONDecoder().decode(RunSpecification.self, from: Data(text.utf8)) == changed)
    #expect(try specificationHash(changed) != specificationHash(Self.standard))
  }

  @Test func ensemblesAreWrittenWhereThereIsMoreThanOneModel() throws {
    var changed = Self.standard
    changed.training.ensemble = 1
    #expect(try specificationHash(changed) == specificationHash(Self.standard))
    changed.training.ensemble = 2
    let text = try jsonValue(changed).canonical()
    #expect(text.contains(#""decay":0.2,"ensemble":2,"epochs":300"#))
    #expect(try JSONDecoder().decode(RunSpecification.self, from: Data(text.utf8)) == changed)
    #expect(try specificationHash(changed) != specificationHash(Self.standard))
  }

  @Test func optionalSettingsAtTheirDefaultsAreNotWritten() throws {
    var changed = Self.standard
    changed.training.precision = .single
    changed.evaluation.decoder = nil
    changed.corpus = .world(
      WorldSpecification(uniqueTokens: 6000, skew: 0, heldOut: .compositional, worldPerSeed: false))
    #expect(try specificationHash(changed) == specificationHash(Self.standard))
    changed.corpus = .world(WorldSpecification(uniqueTokens: 6000, worldPerSeed: true))
    #expect(try specificationHash(changed) != specificationHash(Self.standard))
  }
}
