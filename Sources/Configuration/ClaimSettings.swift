// What experiments.toml says about one claim at one preset. How it is read and checked: SettingsReader.swift; what a claim
// does with it is the claim's.

import Corpora
import Objectives
import Specification
import Statistics
import Training
import Transformer
import Wording

/// How much is run.
package enum Preset: String, CaseIterable, Sendable, Codable {
  /// Under a minute: that everything works. Never a verdict.
  case smoke
  /// A verdict on the least that can give one, for guarding changes.
  case gate
  /// A verdict within minutes.
  case ci
  /// The repository's own figures.
  case full
}

/// The settings of one claim at one preset: the tables `[model]`, `[training]`, `[evaluation]`, `[world]` and `[python]` of the
/// file, overridden key by key by the tables of the same names in `[preset.P]`, `[CLAIM]` and `[CLAIM.preset.P]`.
package struct ClaimSettings: Sendable {
  package var preset: Preset
  /// Seeds 1…`seeds` are run, paired.
  package var seeds: Int
  package var model: ModelConfiguration
  package var training: TrainingConfiguration
  package var evaluation: EvaluationConfiguration
  package var world: WorldSpecification
  package var text: TextSettings
  package var python = PythonSpecification()
  /// Which one the claim is about.
  package var corpus = CorpusName.world
  /// The texts of a corpus of texts, which are read when a command asks about them and not with the settings.
  package var collection = TextCollection()
  /// The tasks whose mean accuracy the verdict is about.
  package var tasks: [TaskID]
  /// What the interval must lie beyond for the claim to hold, as a share of items.
  package var margin: Double
  /// The conditions that the claim compares, in order; empty where it has only one.
  package var variants: [Variant] = []
  /// Seeds for choosing among variants, whose runs the verdict does not use.
  package var tuningSeeds = 1
  /// A natural corpus that is shown beside the claim's own, if there is one and it is installed.
  package var beside: Beside?
  /// The natural corpora that the claim is about, where it is about several; those that are not installed too.
  package var naturals: [Beside] = []
  /// Further numbers that the claim's verdict rests on, all of those that it asks for.
  package var thresholds: [String: Double] = [:]
  /// The verdict that is known at this preset; a change that moves it should be noticed.
  package var expected = Verdict.holds
  /// The file that they come from, for messages.
  package var file = "experiments.toml"
  /// What was laid over the file, as it was given, for messages.
  package var assigned: [String] = []
}

/// A natural corpus beside a claim's own, or one of those that it is about.
package struct Beside: Sendable {
  package let corpus: NaturalCorpus
  /// What is trained on it.
  package var condition: Variant
  /// The claim's conditions on it, where the claim has any.
  package var variants: [Variant]
  /// Whether its text was there to be read.
  package var isInstalled = false

  package init(corpus: NaturalCorpus, condition: Variant, variants: [Variant] = []) {
    self.corpus = corpus
    self.condition = condition
    self.variants = variants
  }

  /// The same about these texts, which are there.
  package func about(_ collection: TextCollection) -> Beside {
    var beside = self
    beside.condition = condition.about(collection)
    beside.variants = variants.map { $0.about(collection) }
    beside.isInstalled = true
    return beside
  }
}

extension ClaimSettings {
  /// The claim's own settings as its only condition.
  package var base: Variant {
    Variant(
      name: "", seeds: seeds, model: model, training: training, evaluation: evaluation,
      corpus: specification)
  }

  /// The corpus with its settings.
  private var specification: CorpusSpecification {
    switch corpus {
    case .world: .world(world)
    case .python: .python(python)
    case .text: .text(text.specification(collection))
    case .natural(let natural): .text(text.specification(collection, of: natural))
    }
  }

  /// What folders and figures about this corpus are called by: "kjv", "text-1ff356e6".
  package var corpusTag: String {
    corpus.rawValue + (corpus == .text ? "-" + (base.corpus.textDigest ?? "").prefix(8) : "")
  }

  /// The same about these texts.
  package func about(_ collection: TextCollection) -> ClaimSettings {
    var settings = self
    settings.collection = collection
    settings.variants = variants.map { $0.about(collection) }
    return settings
  }

  /// A threshold that the claim's schema asks for, so that the reader has made sure of it.
  package func threshold(_ name: String) -> Double {
    guard let value = thresholds[name] else { preconditionFailure("no threshold \(name) was read") }
    return value
  }

  /// "width 64, 3 layers, 12 000 unique tokens of the world corpus, 300 epochs".
  package var scale: String {
    "width \(model.width), \(counted(model.layers, "layer")), \(base.corpus.summary), \(counted(training.epochs, "epoch"))"
  }
}

/// One condition of a claim: the claim's settings with some of them changed.
package struct Variant: Sendable {
  package var name: String
  package var seeds: Int
  package var model: ModelConfiguration
  package var training: TrainingConfiguration
  package var evaluation: EvaluationConfiguration
  package var corpus: CorpusSpecification
  /// The share of AR's input that is masked.
  package var inputMasking = 0.0
  /// The weight of the loss on the masked input beside that on the input as it is; nil where the masked one is all.
  package var maskedLoss: Double?
  /// K, the number of maskings of a sequence that are drawn once and frozen; nil where every visit draws a new one.
  package var maskings: Int?
  /// The arm that a candidate of a search is for; nil if it is for both.
  package var candidacy: Candidacy?

  /// What a candidate is for, where it is not for AR and the DLM alike.
  package enum Candidacy: String, CaseIterable, Sendable, Codable {
    case autoregressive
    case maskedDiffusion = "masked-diffusion"
    /// For the DLM, with t stratified over the step.
    case stratifiedDiffusion = "stratified-diffusion"
  }

  /// Whether a search for the best AR has it among its candidates.
  package var isForAutoregressive: Bool { candidacy == nil || candidacy == .autoregressive }
  /// Whether a search for the best DLM has it: what masks AR's input has no meaning there.
  package var isForDiffusion: Bool { candidacy != .autoregressive && inputMasking == 0 }
  /// The order in which AR reads.
  package var order: ReadingOrder?
  /// Tokens of a block of block diffusion.
  package var block: Int?

  /// Next-token prediction with the variant's input noise.
  package var autoregressive: Objective { .autoregressive(inputMasking: inputMasking, maskedLoss: maskedLoss) }
  /// Masked diffusion with the variant's maskings.
  package var diffusion: Objective {
    if candidacy == .stratifiedDiffusion { return .stratifiedDiffusion }
    return maskings.map { .frozenDiffusion(maskings: $0) } ?? .maskedDiffusion
  }
  /// The same about these texts, if it is about texts.
  package func about(_ collection: TextCollection) -> Variant {
    guard case .text(var text) = corpus else { return self }
    text.text = collection
    var variant = self
    variant.corpus = .text(text)
    return variant
  }

  /// The world's parameters; those of a plain world for other corpora.
  package var world: WorldSpecification {
    if case .world(let world) = corpus { return world }
    return WorldSpecification()
  }
}

/// What the reader of experiments.toml must know of a claim.
package struct ClaimSchema: Sendable {
  package let name: String
  /// The keys of the claim's table `thresholds`.
  package let thresholds: [String]
  /// What it takes besides.
  package let uses: ClaimUses

  package init(name: String, thresholds: [String] = [], uses: ClaimUses) {
    self.name = name
    self.thresholds = thresholds
    self.uses = uses
  }
}

/// How a text becomes a corpus.
package struct TextSettings: Sendable {
  package enum Tokenizer: String, CaseIterable, Sendable {
    case bytePairs = "byte-pairs"
    case characters
  }

  package var tokenizer: Tokenizer
  /// Ids of the byte-pair tokenizer.
  package var vocabulary: Int
  /// Training tokens to take from the text; 0 for all.
  package var uniqueTokens: Int
  package var heldOutShare: Double
  /// Tokens trained on: the number of epochs follows from the text's size.
  package var trainingTokens: Int

  /// How hard the `cloze` items are.
  package var cloze = ClozeGrade.long

  /// The corpus specification for these texts.
  /// - Parameter natural: where they come from, if that has a name.
  package func specification(_ text: TextCollection, of natural: NaturalCorpus? = nil) -> TextSpecification {
    let kind: TokenizerKind =
      switch tokenizer {
      case .characters: .characters
      case .bytePairs: .bytePairs(vocabulary: vocabulary)
      }
    return TextSpecification(
      text: text, tokenizer: kind, uniqueTokens: uniqueTokens, heldOutShare: heldOutShare, difficulty: cloze.difficulty,
      natural: natural)
  }
}
