// `replicate train`: one model of one's own. What is done with stored models: EvaluateCommand.swift and its neighbours.

import ArgumentParser
import Corpora
import Objectives
import Reporting
import SingleModels
import Specification
import Store
import Training
import Transformer
import Wording

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
      results/runs/HASH/model.safetensors; the folder of a single model loads in Hugging Face's transformers \
      (Documentation/python.md).

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
  @Option(
    help: ArgumentHelp("Models trained side by side, whose predictions are mixed (default: 1).", valueName: "n"))
  var ensemble: Int?
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
    try requireOption("ensemble", ensemble, in: TrainingConfiguration.Limits.ensemble)
    try requireOption("input-masking", inputMasking, in: Objective.Limits.inputMasking)
    if inputMasking > 0 && objective != .ar { throw ValidationError("--input-masking: only AR has an input to mask") }
    try requireOption("masked-loss", maskedLoss, in: Objective.Limits.maskedLoss)
    if maskedLoss != nil && inputMasking == 0 {
      throw ValidationError("--masked-loss: no input is masked; give its share with --input-masking")
    }
    try requireOption("block", block, in: Objective.Limits.blockSize)
    if (block != nil) != (objective == .blockDLM) {
      throw ValidationError(
        block == nil
          ? "Missing option --block: a block-dlm has blocks of a size; give for example --block 4"
          : "--block: only a block-dlm has blocks; leave it out")
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
    try options.files.store.verify(run.hash)  // a model that was there already may have been damaged since
    let status = options.runner.states([run])[0].status
    if options.json {
      try printJSON(.runs, [PlanLine(run, status)])
      return
    }
    print(try checkpointTable(options.files.store.checkpoints(of: run.hash).records), terminator: "")
    print("\n" + shownLines("Run:   \(run.hash), \(run.specification.summary)", rest: "       "))
    print("Model: \(options.files.store.folder(of: run.hash))/model.safetensors")
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
      ("training.ensemble", ensemble.map { "--ensemble \($0)" }),
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
    settings.training.ensemble = ensemble ?? settings.training.ensemble
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

/// One row per checkpoint, for standard output: where it is, its losses, each task's accuracy.
func checkpointTable(_ checkpoints: [CheckpointRecord]) -> String {
  let tasks = Set(checkpoints.flatMap(\.tasks.keys)).sorted()
  return shownTable(
    columns: ["epoch", "step", "training loss", "validation CE"] + tasks.map { "\($0) %" },
    rows: checkpoints.map { checkpoint in
      [rounded(checkpoint.epoch, 1), "\(checkpoint.step)", rounded(checkpoint.trainingLoss, 3)]
        + [checkpoint.validation.map { rounded($0.crossEntropy, 3) } ?? ""]
        + tasks.map { task in checkpoint.tasks[task].map { rounded($0.acc * 100, 1) } ?? "" }
    })
}
