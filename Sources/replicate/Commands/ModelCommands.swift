// Commands about single models: train, evaluate, sample, compare.

import ArgumentParser
import Corpora
import Figures
import Files
import Foundation
import Objectives
import Reporting
import SingleModels
import Specification
import Store
import Training
import Transformer
import Wording

extension DenoisingOrder: ExpressibleByArgument {}
extension ReadingOrder: ExpressibleByArgument {}

/// What `replicate train` can train.
enum TrainableObjective: String, CaseIterable, ExpressibleByArgument {
  case ar, dlm
  case suffixDLM = "suffix-dlm"
  case blockDLM = "block-dlm"
}

/// `replicate train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains one model, with the settings of `crossover` unless options say otherwise.",
    discussion: """
      The run is stored like those of claims: named by its specification, resumable, never trained twice. The model is \
      results/runs/HASH/model.safetensors; the folder loads in Hugging Face's transformers (Documentation/python.md).

        replicate train dlm --epochs 50
        replicate train ar --preset smoke --width 96 --layers 4 --dropout 0.2
        replicate train dlm --text book.txt
      """)

  @Argument(help: "ar, dlm, suffix-dlm or block-dlm.") var objective: TrainableObjective?
  @OptionGroup var options: ClaimOptions
  @OptionGroup var text: TextOptions
  @Option(help: ArgumentHelp("Seed of the sample, initialisation, data order and items.", valueName: "n"))
  var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Passes over the unique tokens.", valueName: "n")) var epochs: Int?
  @Option(help: ArgumentHelp("Unique training tokens of the world corpus.", valueName: "n")) var uniqueTokens: Int?
  @Option(
    help: ArgumentHelp(
      "Model width; the feed-forward width follows as 8/3 of it, unless --set model.feed_forward=… gives another.",
      valueName: "n"))
  var width: Int?
  @Option(help: ArgumentHelp("Number of layers.", valueName: "n")) var layers: Int?
  @Option(help: ArgumentHelp("Dropout rate.", valueName: "share")) var dropout: Double?
  @Option(help: ArgumentHelp("Peak learning rate.", valueName: "rate")) var learningRate: Double?
  @Option(help: ArgumentHelp("Weight decay on matrices.", valueName: "rate")) var weightDecay: Double?
  @Option(help: ArgumentHelp("Share of AR's input that is masked.", valueName: "share")) var inputMasking: Double = 0
  @Option(
    help: ArgumentHelp(
      "Weight of the loss on the masked input beside that on the input as it is (default: the masked one alone).",
      valueName: "weight"))
  var maskedLoss: Double?
  @Option(
    help: ArgumentHelp(
      "The order in which AR reads: left-to-right, right-to-left, fixed-N (N permutations) or fresh.",
      valueName: "order"))
  var order = ReadingOrder.leftToRight
  @Option(help: ArgumentHelp("Tokens of a block-dlm's blocks.", valueName: "n")) var block: Int?

  mutating func validate() throws {
    if objective == nil {
      let words = text.takeBack(most: 1) { TrainableObjective(rawValue: $0) != nil }
      objective = words.first.flatMap(TrainableObjective.init)
    }
    if objective == nil { throw ValidationError("Missing expected argument '<objective>'") }
    if options.seeds != nil { throw ValidationError("--seeds: one model has one seed; give it with --seed") }
    try requireOption("epochs", epochs, in: TrainingConfiguration.Limits.epochs)
    try requireOption("unique-tokens", uniqueTokens, in: WorldSpecification.uniqueTokensRange)
    try requireOption("width", width, in: ModelConfiguration.Limits.width)
    try requireOption("layers", layers, in: ModelConfiguration.Limits.layers)
    try requireOption("dropout", dropout, in: ModelConfiguration.Limits.dropout)
    try requireOption("learning-rate", learningRate, in: TrainingConfiguration.Limits.learningRate)
    try requireOption("weight-decay", weightDecay, in: TrainingConfiguration.Limits.weightDecay)
    try requireOption("input-masking", inputMasking, in: Objective.Limits.inputMasking)
    if inputMasking > 0 && objective != .ar { throw ValidationError("--input-masking: only AR has an input to mask") }
    try requireOption("masked-loss", maskedLoss, in: Objective.Limits.maskedLoss)
    if maskedLoss != nil && inputMasking == 0 {
      throw ValidationError("--masked-loss: no input is masked; give its share with --input-masking")
    }
    try requireOption("block", block, in: Objective.Limits.blockSize)
    if (block != nil) != (objective == .blockDLM) {
      throw ValidationError("--block: a block-dlm has blocks of a size, and nothing else does")
    }
    if order != .leftToRight && (objective != .ar || inputMasking > 0) {
      throw ValidationError("--order: only AR without input masking reads in another order")
    }
    if uniqueTokens != nil && (!text.paths.isEmpty || options.corpus.map { $0.kind != .world } == true) {
      throw ValidationError(
        "--unique-tokens: it is the world's; give --set text.unique_tokens=… or python.unique_tokens=…")
    }
  }

  mutating func run() throws {
    let run = try plannedRun(try text.readForRuns(options))
    try trainToEnd([run], options)
    let status = options.runner.states([run])[0].status
    if options.json {
      try printJSON(.runs, [PlanLine(run, status)])
      return
    }
    print(try checkpointTable(options.files.store.checkpoints(of: run.hash).records), terminator: "")
    print(
      "\nRun:   \(run.hash), \(run.specification.summary)\nModel: \(options.files.store.folder(of: run.hash))/model.safetensors"
    )
    if case .diverged(let reason) = status {
      Replicate.complain(reason)
      throw Finish(status: .badData)
    }
  }

  private func plannedRun(_ text: TextCollection?) throws -> PlannedRun {
    try options.refuseAssignment(of: "seeds", because: "one model has one seed; give it with --seed")
    for (key, option) in [
      ("training.epochs", epochs.map { "--epochs \($0)" }), ("model.width", width.map { "--width \($0)" }),
      ("model.layers", layers.map { "--layers \($0)" }), ("model.dropout", dropout.map { "--dropout \($0)" }),
      ("training.learning_rate", learningRate.map { "--learning-rate \($0)" }),
      ("training.weight_decay", weightDecay.map { "--weight-decay \($0)" }),
      ("world.unique_tokens", uniqueTokens.map { "--unique-tokens \($0)" }),
    ] {
      if let option { try options.refuseAssignment(of: key, because: "\(option) sets it too; leave one out") }
    }
    let file = try options.catalogue(isAboutText: text != nil).file
    var settings = try file.settings(
      options.corpus == .python ? "coder" : "crossover", options.preset)
    settings.training.epochs = epochs ?? settings.training.epochs
    settings.training.learningRate = learningRate ?? settings.training.learningRate
    settings.training.weightDecay = weightDecay ?? settings.training.weightDecay
    settings.model.dropout = dropout ?? settings.model.dropout
    settings.model.layers = layers ?? settings.model.layers
    settings.world.uniqueTokens = uniqueTokens ?? settings.world.uniqueTokens
    if let width {
      settings.model.width = width
      let following = max(8, width * 8 / 3 / 8 * 8)
      if !options.assigns("model.feed_forward") && following != settings.model.feedForward {
        Replicate.note(
          "note: the feed-forward width follows --width: \(following) in place of \(settings.model.feedForward); --set "
            + "model.feed_forward=\(settings.model.feedForward) keeps it", unless: options.json)
        settings.model.feedForward = following
      }
    }
    let chosen: Objective =
      switch objective {
      case .ar, nil:
        order == .leftToRight
          ? .autoregressive(inputMasking: inputMasking, maskedLoss: maskedLoss) : .orderedAutoregressive(order: order)
      case .dlm: .maskedDiffusion
      case .suffixDLM: .suffixDiffusion
      case .blockDLM: .blockDiffusion(size: block ?? 1)
      }
    return try singleRun(
      settings, chosen, seed: seed, text: text, epochs: epochs ?? (file.setsEpochs ? settings.training.epochs : nil),
      backend: options.backend)
  }
}

/// One row per checkpoint: where it is, its losses, each task's accuracy.
func checkpointTable(_ checkpoints: [CheckpointRecord]) -> String {
  let tasks = Set(checkpoints.flatMap(\.tasks.keys)).sorted()
  return textTable(
    columns: ["epoch", "step", "training loss", "validation CE"] + tasks.map { "\($0) %" },
    rows: checkpoints.map { checkpoint in
      [rounded(checkpoint.epoch, 1), "\(checkpoint.step)", rounded(checkpoint.trainingLoss, 3)]
        + [checkpoint.validation.map { rounded($0.crossEntropy, 3) } ?? ""]
        + tasks.map { task in checkpoint.tasks[task].map { rounded($0.acc * 100, 1) } ?? "" }
    })
}

/// Which stored model a command is about.
struct ModelOptions: ParsableArguments {
  @Argument(help: "The run's hash, or enough of its beginning.", transform: nonEmpty) var hash: String?
  @Option(help: ArgumentHelp("Where the runs are.", valueName: "directory"), transform: nonEmpty) var out = "results"
  @OptionGroup var text: TextOptions
  @Flag(help: "Print the result as JSON on standard output.") var json = false

  /// The hash may follow `--text`.
  mutating func requireHash() throws {
    if hash == nil { hash = text.takeBack(most: 1, where: isHash).first }
    if hash == nil { throw ValidationError("Missing expected argument '<hash>'") }
  }

  /// - Parameter accept: refuses options that would have no effect on such a run.
  func model(
    accept: (RunSpecification) throws -> Void = { _ in },
    _ change: (inout EvaluationConfiguration) -> Void = { _ in }
  ) throws -> StoredModel {
    let store = RecordStore<RunSpecification>(directory: out + "/runs")
    let hash = try knownRun(hash ?? "", in: store)
    let specification = try store.specification(of: hash)
    if case .text = specification.corpus {
    } else if !text.paths.isEmpty {
      throw UsageError(
        description: "--text: run \(hash) was trained on the \(specification.corpus.name) corpus; leave it out")
    }
    try accept(specification)
    return try StoredModel(
      hash, in: store, text: try text.read(isSilent: json), kept: KeptTexts(below: out), evaluation: change)
  }
}

/// The one run whose hash begins so.
func knownRun(_ beginning: String, in store: RecordStore<RunSpecification>) throws -> String {
  let hashes = try store.hashes()
  let matching = beginning.isEmpty ? [] : hashes.filter { $0.hasPrefix(beginning) }
  if matching.count == 1 { return matching[0] }
  throw UsageError(
    description: matching.isEmpty
      ? "\(store.directory) has no run \(beginning)\(suggestion(for: beginning, among: hashes)); `replicate plan CLAIM` lists them"
      : "\(matching.count) runs of \(store.directory) begin with \(beginning); give more of the hash")
}

/// `replicate evaluate HASH`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Re-evaluates a stored model, optionally with other numbers of items or samples.",
    discussion: """
      Accuracies are `acc` and `acc_norm` of lm-evaluation-harness with their standard errors over items; NLL is in \
      nats per choice, validation cross-entropy in nats per token.

        replicate evaluate 0123456789abcdef
        replicate evaluate 0123 --items 2000 --samples 16
        replicate evaluate 0123 --samples-table
      """)

  @OptionGroup var options: ModelOptions
  @Option(help: ArgumentHelp("Items per task.", valueName: "n")) var items: Int?
  @Option(help: ArgumentHelp("K, the number of maskings per span for a DLM's likelihoods.", valueName: "n"))
  var samples: Int?
  @Option(help: ArgumentHelp("Number of validation sequences.", valueName: "n")) var validationSequences: Int?
  @Flag(help: "Print accuracy and NLL for several numbers of maskings K, and exact values where possible.")
  var samplesTable = false

  mutating func validate() throws {
    try options.requireHash()
    if samplesTable && (samples ?? validationSequences) != nil {
      throw ValidationError(
        "--samples-table: it goes through the numbers of samples itself and scores no sequences; leave out --samples and "
          + "--validation-sequences")
    }
    typealias Limits = EvaluationConfiguration.Limits
    try requireOption("items", items, in: Limits.items)
    try requireOption("samples", samples, in: Limits.samples)
    try requireOption("validation-sequences", validationSequences, in: Limits.validationSequences)
  }

  func run() throws {
    let model = try options.model(accept: { specification in
      if samples != nil && specification.objective.likelihood == .exact {
        throw UsageError(description: "--samples: an AR model's likelihoods are exact; name a DLM's run")
      }
    }) {
      $0.items = items ?? $0.items
      $0.samples = samples ?? $0.samples
      $0.validationSequences = validationSequences ?? $0.validationSequences
      $0.validationSamples = samples ?? $0.validationSamples
    }
    if samplesTable {
      if model.dataset.tasks.isEmpty {
        throw UsageError(description: "--samples-table: the model's corpus has no task with choices")
      }
      let table = model.samplesTable()
      if options.json {
        try printJSON(.samplesTable, table)
      } else {
        print(model.specification.summary + "\n\n" + table.text, terminator: "")
      }
      return
    }
    let record = try model.evaluate()
    if options.json {
      try printJSON(
        .scores, ModelScores(run: model.specification.summary, validation: record.validation, tasks: record.tasks))
      return
    }
    func cell(_ value: Double?, _ digits: Int, times factor: Double = 1) -> String {
      value.map { rounded($0 * factor, digits) } ?? "–"
    }
    print(model.specification.summary + "\n")
    print(
      textTable(
        columns: ["task", "items", "acc %", "±", "acc_norm %", "±", "NLL right", "NLL wrong"],
        rows: record.tasks.sorted { $0.key < $1.key }.map { name, task in
          [
            name.name, "\(task.items)", cell(task.acc, 1, times: 100), cell(task.accStandardError, 1, times: 100),
            cell(task.accNorm, 1, times: 100), cell(task.accNormStandardError, 1, times: 100), cell(task.nllRight, 2),
            cell(task.nllWrong, 2),
          ]
        }))
    if let validation = record.validation {
      print(
        "Validation cross-entropy: \(rounded(validation.crossEntropy, 4)) ± \(rounded(validation.standardError, 4)) nats per token "
          + "(\(validation.sequences) sequences, K = \(validation.samples))")
    }
  }
}

/// What `evaluate --json` prints.
private struct ModelScores: Encodable {
  let run: String
  let validation: CheckpointRecord.Validation?
  let tasks: [TaskID: CheckpointRecord.Task]
}

/// `replicate sample HASH`.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Generates text with a stored model: token by token, or by denoising step by step.",
    discussion: """
      A DLM fills in a canvas of masks; --show-steps prints it after every forward pass. For documents of the world \
      corpus it counts the sentences that are well formed and those that are true in that world.

        replicate sample 0123456789abcdef
        replicate sample 0123 --count 1 --steps 8 --show-steps
        replicate sample 0123 --prompt "Mara wakes up ." --temperature 0.5
      """)

  @OptionGroup var options: ModelOptions
  @Option(help: ArgumentHelp("Number of documents.", valueName: "n")) var count = 3
  @Option(help: ArgumentHelp("Sampling temperature; 0 always takes the most likely token.", valueName: "t"))
  var temperature = 1.0
  @Option(help: ArgumentHelp("A DLM's forward passes per document (default: one per token).", valueName: "n"))
  var steps: Int?
  @Option(help: "The order in which a DLM fills in tokens: random, confidence or left-to-right.")
  var order: DenoisingOrder?
  @Option(help: "Text that each document begins with.") var prompt = ""
  @Option(help: ArgumentHelp("Tokens per document (default: as in training).", valueName: "n")) var length: Int?
  @Option(help: ArgumentHelp("Seed of the sampling.", valueName: "n")) var seed: UInt64 = 1
  @Flag(help: "Print a DLM's canvas after every forward pass.") var showSteps = false

  mutating func validate() throws {
    try options.requireHash()
    guard (1...10_000).contains(count) else { throw ValidationError("--count \(count): give a number from 1 to 10000") }
    guard temperature.isFinite, temperature >= 0 else {
      throw ValidationError("--temperature \(temperature): give 0 or more")
    }
    if let steps, steps < 1 { throw ValidationError("--steps \(steps): give 1 or more") }
    if let length, length < 1 { throw ValidationError("--length \(length): give 1 or more") }
  }

  func run() throws {
    let model = try options.model(accept: { specification in
      if specification.objective.maskings == .none, steps != nil || order != nil || showSteps {
        throw UsageError(
          description: "--steps, --order, --show-steps: an AR model writes token by token; name a DLM's run")
      }
    })
    var rule = DrawingRule()
    (rule.temperature, rule.steps, rule.order, rule.prompt) = (temperature, steps, order, prompt)
    (rule.length, rule.seed) = (length, seed)
    let documents = try model.draw(count, rule)
    if options.json {
      try printJSON(.documents, documents)
      return
    }
    print(model.specification.summary)
    for document in documents { print(document.text(showingSteps: showSteps)) }
  }
}

extension DrawnDocument {
  /// For people; a model writes whatever it has learnt, also what a terminal would obey.
  fileprivate func text(showingSteps: Bool) -> String {
    var lines = [""]
    if showingSteps { lines += steps.enumerated().map { "\($0 + 1)  \(visible($1))" } }
    lines.append(visible(text))
    var facts = "\(counted(tokens, "token")), \(passes) forward passes"
    if let sentences, let wellFormed, let truthful {
      facts += "; of \(counted(sentences, "sentence")) \(wellFormed) well formed, \(truthful) true"
    }
    return (lines + ["(\(facts))"]).joined(separator: "\n")
  }
}

/// `replicate compare A B`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compares two runs or two stores: how the settings differ, then the results.",
    discussion: """
      Runs are named by hashes (or their beginnings), stores by folders of results. The exit status is 0 whatever \
      differs.

        replicate compare 0123456789abcdef fedcba9876543210
        replicate compare results /elsewhere/results
      """)

  @Argument(help: "A run's hash, or a folder of results.", transform: nonEmpty) var first: String
  @Argument(help: "Another one.", transform: nonEmpty) var second: String
  @Option(help: ArgumentHelp("Where the runs are (default: results).", valueName: "directory"), transform: nonEmpty)
  var out: String?
  @Flag(help: "Print the result as JSON on standard output.") var json = false

  func run() throws {
    let areFolders = try [first, second].map { try isThere($0 + "/runs") }
    if areFolders.contains(true) {
      if out != nil { throw UsageError(description: "--out: says where runs are; folders of results need none") }
      let comparison = try StoreComparison(first, second)
      if json { try printJSON(.storeComparison, comparison) } else { print(comparison.text) }
    } else {
      let store = RecordStore<RunSpecification>(directory: (out ?? "results") + "/runs")
      let comparison = try RunComparison(
        (try knownRun(first, in: store), store), (try knownRun(second, in: store), store))
      if json { try printJSON(.comparison, comparison) } else { print(comparison.text) }
    }
  }
}

extension RunComparison {
  fileprivate var text: String {
    func rows(_ differences: [Difference]) -> [[String]] { differences.map { [$0.name, $0.first, $0.second] } }
    let asked =
      parameters.isEmpty
      ? "The specifications are the same.\n" : textTable(columns: ["parameter", first, second], rows: rows(parameters))
    return asked + "\n" + textTable(columns: ["measured", first, second], rows: rows(metrics))
      + (isSameBits ? "\nMetrics, items and weights are bit-identical." : "\nMetrics, items or weights differ.")
  }
}

extension StoreComparison {
  fileprivate var text: String {
    var lines = [
      "\(counted(common, "run")) in both, \(onlyInFirst) only in \(first), \(onlyInSecond) only in \(second)."
    ]
    if !different.isEmpty {
      lines.append("\(counted(different.count, "run")) with different bits: \(different.joined(separator: " "))")
    } else if common > 0 {
      lines.append("All runs that are in both are bit-identical.")
    }
    if common > 0 && verdicts.isEmpty { lines.append("All stored verdicts are the same.") }
    for verdict in verdicts {
      lines.append("\n\(verdict.name)\n  \(first): \(verdict.first)\n  \(second): \(verdict.second)")
    }
    return lines.joined(separator: "\n")
  }
}
