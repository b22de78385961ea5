// What experiments.toml says about one claim at one preset. How it is read and checked: SettingsReader.swift; what a claim
// does with it is the claim's.

import Corpora
import Objectives
import Statistics
import Training
import Transformer

/// How much is run.
public enum Preset: String, CaseIterable, Sendable, Codable {
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
public struct ClaimSettings: Sendable {
  public var preset: Preset
  /// Seeds 1…`seeds` are run, paired.
  public var seeds: Int
  public var model: ModelConfiguration
  public var training: TrainingConfiguration
  public var evaluation: EvaluationConfiguration
  public var world: WorldSpecification
  public var text: TextSettings
  public var python = PythonSpecification()
  /// Which of the two the claim is about.
  public var corpus = BuiltInCorpus.world
  /// The tasks whose mean accuracy the verdict is about.
  public var tasks: [String]
  /// What the interval must lie beyond for the claim to hold, as a share of items.
  public var margin: Double
  /// The conditions that the claim compares, in order; empty where it has only one.
  public var variants: [Variant] = []
  /// Seeds for choosing among variants, whose runs the verdict does not use.
  public var tuningSeeds = 1
  /// Further numbers that the claim's verdict rests on, all of those that it asks for.
  public var thresholds: [String: Double] = [:]
  /// The verdict that is known at this preset; a change that moves it should be noticed.
  public var expected = Verdict.holds
  /// The file that they come from, for messages.
  public var file = "experiments.toml"
}

/// The corpora that are generated.
public enum BuiltInCorpus: String, CaseIterable, Sendable {
  case world, python

  /// The tasks that every checkpoint of a run on it has a score on.
  public var tasks: [BuiltInTask] {
    switch self {
    case .world: [.endings, .knowledge]
    case .python: [.functions]
    }
  }
}

/// The tasks of the generated corpora, as records call them.
public enum BuiltInTask: String, CaseIterable, Sendable {
  case endings, knowledge, functions
}

/// One condition of a claim: the claim's settings with some of them changed.
public struct Variant: Sendable {
  public var name: String
  public var seeds: Int
  public var model: ModelConfiguration
  public var training: TrainingConfiguration
  public var evaluation: EvaluationConfiguration
  public var corpus: CorpusSpecification
  /// The share of AR's input that is masked.
  public var inputMasking = 0.0
  /// K, the number of maskings of a sequence that are drawn once and frozen; nil where every visit draws a new one.
  public var maskings: Int?

  /// Next-token prediction with the variant's input noise.
  public var autoregressive: Objective { .autoregressive(inputMasking: inputMasking) }
  /// Masked diffusion with the variant's maskings.
  public var diffusion: Objective { maskings.map { .frozenDiffusion(maskings: $0) } ?? .maskedDiffusion }
  /// The world's parameters; those of a plain world for other corpora.
  var world: WorldSpecification {
    if case .world(let world) = corpus { return world }
    return WorldSpecification()
  }
}

/// What the reader of experiments.toml must know of a claim.
public struct ClaimSchema: Sendable {
  public let name: String
  /// The keys of the claim's table `thresholds`.
  public let thresholds: [String]
  /// What it takes besides.
  public let uses: ClaimUses

  public init(name: String, thresholds: [String] = [], uses: ClaimUses) {
    self.name = name
    self.thresholds = thresholds
    self.uses = uses
  }
}

/// How a user's own text is treated.
public struct TextSettings: Sendable {
  public enum Tokenizer: String, CaseIterable, Sendable {
    case bytePairs = "byte-pairs"
    case characters
  }

  public var tokenizer: Tokenizer
  /// Ids of the byte-pair tokenizer.
  public var vocabulary: Int
  /// Training tokens to take from the text; 0 for all.
  public var uniqueTokens: Int
  public var heldOutShare: Double
  /// Tokens trained on: the number of epochs follows from the text's size.
  public var trainingTokens: Int

  /// The corpus specification for these texts.
  public func specification(_ text: TextCollection) -> TextSpecification {
    let kind: TokenizerKind = tokenizer == .characters ? .characters : .bytePairs(vocabulary: vocabulary)
    return TextSpecification(text: text, tokenizer: kind, uniqueTokens: uniqueTokens, heldOutShare: heldOutShare)
  }
}

/// experiments.toml, all claims and presets of it checked.
public struct ExperimentFile: Sendable {
  public let path: String
  private let settings: [String: [Preset: ClaimSettings]]

  /// Reads the tables of those claims that the file has.
  /// - Throws: ``ConfigurationError`` with everything that is wrong anywhere in the file.
  public init(path: String, claims: [ClaimSchema]) throws(ConfigurationError) {
    self.path = path
    let root = try parseTOML(path: path)
    var settings: [String: [Preset: ClaimSettings]] = [:]
    let common = root.table("preset")
    for claim in claims {
      guard let table = root.table(claim.name) else { continue }
      let presets = table.table("preset")
      for preset in Preset.allCases {
        let shared = common?.table(preset.rawValue)
        let own = presets?.table(preset.rawValue)
        if shared == nil && own == nil { continue }
        let reader = SettingsReader(
          claim: claim, preset: preset, file: root, shared: shared, own: [table, own].compactMap { $0 })
        var read = reader.settings()
        read.file = path
        settings[claim.name, default: [:]][preset] = read
      }
    }
    try root.finish()
    self.settings = settings
  }

  /// Whether the file has a table for the claim.
  public func has(_ claim: String) -> Bool { settings[claim] != nil }

  /// The presets of a claim.
  public func presets(_ claim: String) -> [Preset] { Preset.allCases.filter { settings[claim]?[$0] != nil } }

  /// The settings of a claim.
  /// - Throws: ``ConfigurationError`` if the file has no table for it, or none for the preset.
  public func settings(_ claim: String, _ preset: Preset) throws(ConfigurationError) -> ClaimSettings {
    guard let found = settings[claim]?[preset] else {
      let table = has(claim) ? "\(claim).preset.\(preset.rawValue)" : claim
      throw ConfigurationError([
        ConfigurationProblem(
          file: path, path: table, message: "missing; expected a table, as in the project's experiments.toml")
      ])
    }
    return found
  }
}
