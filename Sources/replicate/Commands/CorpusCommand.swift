// `replicate corpus`: what the models read, for people to read.

import ArgumentParser
import Claims
import Configuration
import Corpora
import Reporting

/// `replicate corpus world`, `replicate corpus python` and `replicate corpus text`.
struct CorpusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corpus",
    abstract: "Prints documents, items and counts of a corpus.",
    discussion: """
      Shows what the runs of `crossover` (of `coder` for python) read at a preset. Options override the configuration. \
      The exit status is 65 if any held-out item occurs in the training text.

        replicate corpus world
        replicate corpus world --quality low --documents 20
        replicate corpus world --set world.agents=64 --set world.scripts=drawn --set world.topics=100
        replicate corpus python
        replicate corpus natural kjv
        replicate corpus text book.txt notes/
      """,
    subcommands: [
      WorldCorpusCommand.self, PythonCorpusCommand.self, NaturalCorpusCommand.self, TextCorpusCommand.self,
    ])
}

/// What both corpora have in common.
struct CorpusOptions: ParsableArguments {
  @OptionGroup var configuration: ConfigurationOptions

  @Option(help: "The preset whose settings are shown.")
  var preset = Preset.ci

  @Option(help: ArgumentHelp("The seed that draws documents and items.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Training documents to print.", valueName: "n"))
  var documents = 5

  @Option(help: ArgumentHelp("Items to print per task.", valueName: "n"))
  var items = 3

  @Option(help: ArgumentHelp("Unique training tokens, instead of the configured number.", valueName: "n"))
  var uniqueTokens: Int?

  @Flag(help: "Print everything as JSON on standard output.")
  var json = false

  func validate() throws {
    if documents < 0 { throw ValidationError("--documents \(documents): give 0 or more") }
    if items < 0 { throw ValidationError("--items \(items): give 0 or more") }
    if let uniqueTokens, uniqueTokens < 0 { throw ValidationError("--unique-tokens \(uniqueTokens): give 0 or more") }
  }

  /// Those of the claim, or of `crossover` where the configuration does not have it.
  func settings(of claim: String = "crossover", corpus: CorpusName = .world) throws -> ClaimSettings {
    var sources = configuration.sources()
    if corpus.kind == .text {
      sources.assignments.append(.init(option: "corpus", text: "corpus = \"\(corpus.rawValue)\""))
    }
    let file = try ExperimentFile(sources, claims: Claim.schemas)
    return try file.settings(file.has(claim) ? claim : "crossover", preset)
  }

  /// Builds the sample, prints it, and fails if an item leaked.
  func show(
    _ specification: CorpusSpecification, settings: ClaimSettings, source: CorpusReport.Source? = nil,
    availableTokens: Int? = nil
  ) throws {
    let dataset = try namingOptions {
      try specification.requireMemory()
      return try specification.dataset(
        seed: seed, context: settings.model.context, items: settings.evaluation.items,
        validationSequences: settings.evaluation.validationSequences)
    }
    let report = CorpusReport(
      dataset, corpus: specification.name, seed: seed, source: source, availableTokens: availableTokens,
      exampleDocuments: documents, exampleItems: items)
    if json { try printJSON(.corpus, report) } else { print(report.text(width: outputWidth), terminator: "") }
    try report.requireNoLeak()
  }
}

/// What a corpus refuses in a specification was given by an option, because the configuration's own values are checked when
/// it is read; so it is named as that.
private func namingOptions<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch CorpusError.invalidSpecification(let field, let value, let allowed) {
    let option = field.reduce(into: "--") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
    throw UsageError(description: "\(option) \(value): allowed is \(allowed)")
  }
}

/// `replicate corpus world`.
struct WorldCorpusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "world", abstract: "Short stories around a hidden world, with the tasks endings and knowledge.")

  @OptionGroup var options: CorpusOptions

  @Option(help: "How much of the text is informative.") var quality: Quality?
  @Option(help: "The directions in which facts are stated.") var directions: Directions?
  @Option(help: ArgumentHelp("Share of words replaced by random ones.", valueName: "share")) var corruption: Double?
  @Option(help: ArgumentHelp("People in the world, an even number from 12 to 100.", valueName: "n")) var agents: Int?
  @Option(help: ArgumentHelp("Topics with a script, from 4; more than 9 need drawn scripts.", valueName: "n"))
  var topics: Int?
  @Option(help: ArgumentHelp("Seed that fixes what is true and what is held out.", valueName: "n"))
  var worldSeed: UInt64?

  func run() throws {
    let settings = try options.settings()
    var world = settings.world
    world.uniqueTokens = options.uniqueTokens ?? world.uniqueTokens
    world.quality = quality ?? world.quality
    world.directions = directions ?? world.directions
    world.corruption = corruption ?? world.corruption
    world.agents = agents ?? world.agents
    world.topics = topics ?? world.topics
    world.worldSeed = worldSeed ?? world.worldSeed
    try options.show(.world(world), settings: settings)
  }
}

/// `replicate corpus python`.
struct PythonCorpusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "python", abstract: "Small Python functions with docstrings, with the task functions.",
    discussion: """
      Of a function's end tokens, one counts as a unique token; those that pad it to the context do not. If there are \
      fewer held-out behaviours than configured items, all of them are used.
      """)

  @OptionGroup var options: CorpusOptions

  func run() throws {
    var settings = try options.settings(of: "coder")
    settings.model.context = max(settings.model.context, PythonSpecification.shortestContext)
    settings.evaluation.items = min(
      settings.evaluation.items, PythonSpecification.availableItems(seed: options.seed))
    var python = settings.python
    python.uniqueTokens = options.uniqueTokens ?? python.uniqueTokens
    try options.show(.python(python), settings: settings)
  }
}

/// `replicate corpus natural NAME`.
struct NaturalCorpusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "natural", abstract: "Real English and real code from Debian's packages, with the task cloze.",
    discussion: NaturalCorpus.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n")
      + "\n\n`make natural` installs the packages; nothing is copied from them.\n\n  replicate corpus natural kjv")

  @Argument(help: "kjv, glosses, stdlib or manuals.") var name: NaturalCorpus
  @OptionGroup var options: CorpusOptions

  func run() throws {
    var settings = try options.settings(corpus: .natural(name))
    settings.text.uniqueTokens = options.uniqueTokens ?? settings.text.uniqueTokens
    let corpus = try settings.read(nil, for: "corpus").base.corpus
    try options.show(corpus, settings: settings)
  }
}

extension NaturalCorpus: ExpressibleByArgument {}

/// `replicate corpus text PATH…`.
struct TextCorpusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "text", abstract: "Your own files, with the task cloze.",
    discussion: """
      The counts are those of one seed's split. If the text has fewer tokens or items than configured, all of them are \
      used, as in `replicate crossover --text`.
      """)

  @Argument(help: "UTF-8 files, directories (read recursively), or - for standard input.", transform: nonEmpty)
  var paths: [String]
  @OptionGroup var patterns: TextPatternOptions
  @OptionGroup var options: CorpusOptions

  @Option(help: "How the text is tokenised.") var tokenizer: TextSettings.Tokenizer?
  @Option(help: ArgumentHelp("Vocabulary size of the byte-pair tokenizer.", valueName: "n")) var vocabulary: Int?
  @Option(help: ArgumentHelp("Share of the text held out for validation and items.", valueName: "share"))
  var heldOutShare: Double?

  func validate() throws {
    if paths.contains("") { throw ValidationError("give the path of a file or directory, not an empty string") }
  }

  func run() throws {
    var settings = try options.settings(corpus: .text)
    settings.text.uniqueTokens = options.uniqueTokens ?? settings.text.uniqueTokens
    settings.text.tokenizer = tokenizer ?? settings.text.tokenizer
    settings.text.vocabulary = vocabulary ?? settings.text.vocabulary
    settings.text.heldOutShare = heldOutShare ?? settings.text.heldOutShare
    let text = try patterns.read(paths, isSilent: true)
    let survey = try namingOptions { try TextSurvey(settings, text: text, seeds: [options.seed]) }
    var specification = settings.text.specification(text)
    specification.uniqueTokens = survey.uniqueTokens
    settings.evaluation.items = survey.items
    try options.show(
      .text(specification), settings: settings, source: CorpusReport.Source(text, survey),
      availableTokens: survey.availableTokens)
  }
}

extension Quality: ExpressibleByArgument {}
extension Directions: ExpressibleByArgument {}
extension TextSettings.Tokenizer: ExpressibleByArgument {}
