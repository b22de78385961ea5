// What experiments.toml says about one claim at one preset, read and checked. What a claim does with it is the claim's.

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

  public init(name: String, thresholds: [String] = []) {
    self.name = name
    self.thresholds = thresholds
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
        let layers = [shared, table, own]
        var read = readSettings(claim, preset, file: root, tables: layers.compactMap { $0 })
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

/// `tables` are the layers above the file, from general to specific: its preset, the claim, the claim's preset.
private func readSettings(_ claim: ClaimSchema, _ preset: Preset, file: TableReader, tables: [TableReader])
  -> ClaimSettings
{
  let layers = [file] + tables
  func merged(_ name: String, _ layers: [TableReader]) -> TableReader {
    TableReader.layered(layers.map { $0.table(name) })
  }
  let own = TableReader.layered(tables)
  own.accept("preset")
  let tasks = own.strings("tasks", count: 1...8)
  let margin = own.number("margin", in: -1...1)
  let seeds = own.integer("seeds", in: 1...100)
  let corpus = own.choice("corpus", default: BuiltInCorpus.world)
  let variants = own.tables("variants").map { table in
    let layers = layers + [table]
    return Variant(
      name: table.string("name"), seeds: table.integer("seeds", in: 1...100, default: seeds),
      model: readModel(merged("model", layers)), training: readTraining(merged("training", layers)),
      evaluation: readEvaluation(merged("evaluation", layers)),
      corpus: corpus == .python
        ? .python(readPython(merged("python", layers))) : .world(readWorld(merged("world", layers))),
      inputMasking: table.number("input_masking", in: 0...0.99, default: 0),
      maskings: table.optionalInteger("maskings", in: 1...1_000_000))
  }
  for (name, group) in Dictionary(grouping: variants, by: \.name) where group.count > 1 {
    own.report("two variants are named \"\(name)\"; names must differ", at: "variants")
  }
  let thresholds = merged("thresholds", tables)
  return ClaimSettings(
    preset: preset, seeds: seeds, model: readModel(merged("model", layers)),
    training: readTraining(merged("training", layers)), evaluation: readEvaluation(merged("evaluation", layers)),
    world: readWorld(merged("world", layers)), text: readText(merged("text", layers)),
    python: readPython(merged("python", layers)), corpus: corpus, tasks: tasks, margin: margin, variants: variants,
    tuningSeeds: own.integer("tuning_seeds", in: 1...100, default: 1),
    thresholds: Dictionary(
      claim.thresholds.map { ($0, thresholds.number($0, in: -1e6...1e6)) }, uniquingKeysWith: { first, _ in first }),
    expected: own.choice("expected", default: Verdict.holds))
}

private func readModel(_ table: TableReader) -> ModelConfiguration {
  let experts = table.table("experts").map { experts in
    ModelConfiguration.Experts(
      count: experts.integer("count", in: 1...256), active: experts.integer("active", in: 1...8),
      feedForward: experts.integer("feed_forward", in: 1...65_536),
      loadBalance: experts.number("load_balance", in: 0...10, default: 0.01))
  }
  let model = ModelConfiguration(
    width: table.integer("width", in: 2...8192), heads: table.integer("heads", in: 1...256),
    feedForward: table.integer("feed_forward", in: 1...65_536), layers: table.integer("layers", in: 1...256),
    context: table.integer("context", in: 2...4096), experts: experts,
    dropout: table.number("dropout", in: 0...0.99, default: 0),
    initialStandardDeviation: table.number("initial_std", in: 1e-6...10, default: 0.02))
  if let impossibility = model.impossibility { table.report(impossibility, at: "width") }
  return model
}

private func readTraining(_ table: TableReader) -> TrainingConfiguration {
  let training = TrainingConfiguration(
    epochs: table.integer("epochs", in: 1...1_000_000), batch: table.integer("batch", in: 1...65_536),
    learningRate: table.number("learning_rate", in: 1e-9...10), warmup: table.number("warmup", in: 0...1),
    decay: table.number("decay", in: 0...1), finalShare: table.number("final_share", in: 0...1),
    weightDecay: table.number("weight_decay", in: 0...100), beta1: table.number("beta1", in: 0...0.9999, default: 0.9),
    beta2: table.number("beta2", in: 0...0.99999, default: 0.95),
    epsilon: table.number("epsilon", in: 1e-16...1, default: 1e-8),
    clip: table.number("clip", in: 1e-6...1e6, default: 1))
  if training.warmup + training.decay > 1 {
    table.report("warmup and decay together exceed the whole run", at: "decay")
  }
  return training
}

private func readEvaluation(_ table: TableReader) -> EvaluationConfiguration {
  EvaluationConfiguration(
    checkpoints: table.integer("checkpoints", in: 1...10_000), items: table.integer("items", in: 4...100_000),
    samples: table.integer("samples", in: 1...10_000),
    validationSequences: table.integer("validation_sequences", in: 2...100_000),
    validationSamples: table.integer("validation_samples", in: 1...10_000),
    sampledDocuments: table.optionalInteger("sampled_documents", in: 0...100_000).flatMap { $0 == 0 ? nil : $0 },
    denoisingSteps: table.optionalInteger("denoising_steps", in: 1...4096),
    evenCheckpoints: table.optionalInteger("even_checkpoints", in: 0...10_000).flatMap { $0 == 0 ? nil : $0 })
}

private func readWorld(_ table: TableReader) -> WorldSpecification {
  let agents = table.integer("agents", in: 12...16)
  if agents % 2 != 0 {
    table.report("there are as many women as men: expected 12, 14 or 16, found \(agents)", at: "agents")
  }
  return WorldSpecification(
    uniqueTokens: table.integer("unique_tokens", in: 48...1_000_000_000),
    quality: table.choice("quality", default: Quality.high),
    corruption: table.number("corruption", in: 0...1, default: 0),
    directions: table.choice("directions", default: Directions.both),
    agents: agents, topics: table.integer("topics", in: 4...9),
    worldSeed: UInt64(table.integer("world_seed", in: 0...Int(Int32.max), default: 1)))
}

private func readPython(_ table: TableReader) -> PythonSpecification {
  PythonSpecification(
    uniqueTokens: table.integer(
      "unique_tokens", in: PythonSpecification.shortestContext...1_000_000_000, default: 12_000))
}

private func readText(_ table: TableReader) -> TextSettings {
  TextSettings(
    tokenizer: table.choice("tokenizer", default: TextSettings.Tokenizer.bytePairs),
    vocabulary: table.integer("vocabulary", in: 260...65_536),
    uniqueTokens: table.integer("unique_tokens", in: 0...1_000_000_000),
    heldOutShare: table.number("held_out_share", in: 0.001...0.9),
    trainingTokens: table.integer("training_tokens", in: 1...Int(1e12)))
}
