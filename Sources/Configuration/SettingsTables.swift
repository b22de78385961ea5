// Reads the tables that settings are made of: [model], [training], [evaluation], [world], [python], [text], and what of a
// variant or an arm names noise and order. Which layers they are read from is decided in SettingsReader.swift.

import Corpora
import Objectives
import Specification
import TensorEngine
import Training
import Transformer

func readModel(_ table: TableReader) -> ModelConfiguration {
  typealias Limits = ModelConfiguration.Limits
  let experts = table.table("experts").map { table in
    let experts = ModelConfiguration.Experts(
      count: table.integer("count", in: Limits.experts), active: table.integer("active", in: Limits.activeExperts),
      feedForward: table.integer("feed_forward", in: Limits.feedForward),
      loadBalance: table.number("load_balance", in: Limits.loadBalance, default: 0.01))
    if let impossibility = experts.impossibility { table.report(impossibility, at: "active") }
    return experts
  }
  let model = ModelConfiguration(
    width: table.integer("width", in: Limits.width), heads: table.integer("heads", in: Limits.heads),
    feedForward: table.integer("feed_forward", in: Limits.feedForward),
    layers: table.integer("layers", in: Limits.layers), context: table.integer("context", in: Limits.context),
    experts: experts, dropout: table.number("dropout", in: Limits.dropout, default: 0),
    attentionDropout: table.optionalNumber("attention_dropout", in: Limits.dropout),
    feedForwardDropout: table.optionalNumber("feed_forward_dropout", in: Limits.dropout),
    initialStandardDeviation: table.number("initial_std", in: Limits.initialStandardDeviation, default: 0.02))
  if experts?.impossibility == nil, let impossibility = model.impossibility {
    table.report(impossibility, at: "width")
  }
  return model
}

func readTraining(_ table: TableReader) -> TrainingConfiguration {
  typealias Limits = TrainingConfiguration.Limits
  let training = TrainingConfiguration(
    epochs: table.integer("epochs", in: Limits.epochs), batch: table.integer("batch", in: Limits.batch),
    learningRate: table.number("learning_rate", in: Limits.learningRate),
    warmup: table.number("warmup", in: Limits.warmup), decay: table.number("decay", in: Limits.decay),
    finalShare: table.number("final_share", in: Limits.finalShare),
    weightDecay: table.number("weight_decay", in: Limits.weightDecay),
    beta1: table.number("beta1", in: Limits.beta1, default: 0.9),
    beta2: table.number("beta2", in: Limits.beta2, default: 0.95),
    epsilon: table.number("epsilon", in: Limits.epsilon, default: 1e-8),
    clip: table.number("clip", in: Limits.clip, default: 1),
    decayShape: table.choice("decay_shape", default: DecayShape.linear),
    averaging: table.number("averaging", in: Limits.averaging, default: 0),
    ensemble: table.optionalInteger("ensemble", in: Limits.ensemble) ?? 1,
    precision: table.choice("precision", default: ProductPrecision.single))
  if let impossibility = training.impossibility { table.report(impossibility, at: "decay") }
  return training
}

func readEvaluation(_ table: TableReader, _ corpus: CorpusName) -> EvaluationConfiguration {
  typealias Limits = EvaluationConfiguration.Limits
  /// Where 0 stands for none.
  func optional(_ key: String, _ range: ClosedRange<Int>) -> Int? {
    table.optionalInteger(key, in: 0...range.upperBound).flatMap { $0 == 0 ? nil : $0 }
  }
  // What the presets say is about the world corpus.
  let documents = optional("sampled_documents", Limits.sampledDocuments).flatMap { corpus.kind == .world ? $0 : nil }
  let decoder = table.optionalString("decoder").flatMap { readDecoder($0, table, "decoder") }
  let tokensPerPass = table.optionalInteger("tokens_per_pass", in: Limits.tokensPerPass)
  let compared = table.strings("compared_decoders", count: 0...16, default: [])
    .compactMap { readDecoder($0, table, "compared_decoders") }
  let compositional = table.choice("compositional", default: CompositionalItems.always)
  let hasFunctions = corpus.kind == .python
  return EvaluationConfiguration(
    checkpoints: table.integer("checkpoints", in: Limits.checkpoints), items: table.integer("items", in: Limits.items),
    samples: table.integer("samples", in: Limits.samples),
    validationSequences: table.integer("validation_sequences", in: Limits.validationSequences),
    validationSamples: table.integer("validation_samples", in: Limits.validationSamples),
    sampledDocuments: documents,
    decoder: hasFunctions ? decoder : nil, tokensPerPass: hasFunctions ? tokensPerPass : nil,
    comparedDecoders: hasFunctions && !compared.isEmpty ? compared : nil,
    evenCheckpoints: optional("even_checkpoints", Limits.evenCheckpoints),
    compositional: compositional == .last && corpus.kind == .world ? .last : nil)
}

private func readDecoder(_ name: String, _ table: TableReader, _ key: String) -> CompletionDecoder? {
  if let decoder = CompletionDecoder(name) { return decoder }
  table.report("expected \(CompletionDecoder.allowed), found \"\(name)\"", at: key)
  return nil
}

/// The share of AR's input that is masked, and the weight of the loss on it, if the input as it is has one too.
func readInputNoise(_ table: TableReader) -> (masking: Double, maskedLoss: Double?) {
  let masking = table.number("input_masking", in: Objective.Limits.inputMasking, default: 0)
  let maskedLoss = table.optionalNumber("masked_loss", in: Objective.Limits.maskedLoss)
  if maskedLoss != nil, masking == 0 {
    table.report("weighs the loss on masked input, and none is masked; set `input_masking`", at: "masked_loss")
  }
  return (masking, maskedLoss)
}

/// The order of a name; nil, with a report, where there is none.
func readReadingOrder(_ name: String, _ table: TableReader, _ key: String) -> ReadingOrder? {
  if let order = ReadingOrder(name) { return order }
  table.report("expected \(ReadingOrder.allowed), found \"\(name)\"", at: key)
  return nil
}

func readWorld(_ table: TableReader) -> WorldSpecification {
  typealias World = WorldSpecification
  let agents = table.integer("agents", in: World.agentsRange)
  if agents % 2 != 0 {
    table.report("there are as many women as men: expected an even number, found \(agents)", at: "agents")
  }
  let scripts = table.choice("scripts", default: Scripts.written)
  let heldOut = table.choice("held_out", default: HeldOut.compositional)
  let objects = table.optionalInteger("objects", in: World.objectsRange)
  if let objects, objects > agents {
    table.report("expected at most the \(agents) agents, found \(objects)", at: "objects")
  }
  let trades = table.integer("trades", in: World.tradesRange, default: World.tradesRange.lowerBound)
  if trades > agents / 3 {
    table.report("expected at most a third of the \(agents) agents, found \(trades)", at: "trades")
  }
  let topics = table.integer("topics", in: World.topicsRange)
  let possible = World.topicsRange(of: scripts, heldOut)
  if !possible.contains(topics) {
    table.report(
      "expected \(possible.lowerBound) to \(possible.upperBound) for \(scripts.rawValue) scripts and items held out by "
        + "\(heldOut.rawValue), found \(topics)",
      at: "topics")
  }
  return WorldSpecification(
    uniqueTokens: table.integer("unique_tokens", in: World.uniqueTokensRange),
    quality: table.choice("quality", default: Quality.high),
    corruption: table.number("corruption", in: World.corruptionRange, default: 0),
    directions: table.choice("directions", default: Directions.both),
    agents: agents, topics: topics,
    worldSeed: UInt64(table.integer("world_seed", in: 0...Int(Int32.max), default: 1)), objects: objects,
    trades: trades,
    relations: table.integer("relations", in: World.relationsRange, default: 0),
    skew: table.number("skew", in: World.skewRange, default: 0),
    entropy: table.number("entropy", in: World.entropyRange, default: 0), scripts: scripts, heldOut: heldOut,
    worldPerSeed: table.boolean("world_per_seed", default: false))
}

func readPython(_ table: TableReader) -> PythonSpecification {
  let difficulty = table.choice("difficulty", default: PythonDifficulty.basic)
  let tokens = table.integer("unique_tokens", in: PythonSpecification.uniqueTokensRange, default: 12_000)
  if tokens < difficulty.longestDocument {
    table.report(
      "expected at least \(difficulty.longestDocument), the longest \(difficulty.rawValue) function, found \(tokens)",
      at: "unique_tokens")
  }
  return PythonSpecification(uniqueTokens: tokens, difficulty: difficulty)
}

func readText(_ table: TableReader) -> TextSettings {
  TextSettings(
    tokenizer: table.choice("tokenizer", default: TextSettings.Tokenizer.bytePairs),
    vocabulary: table.integer("vocabulary", in: BytePairTokenizer.vocabularyRange),
    uniqueTokens: table.integer("unique_tokens", in: TextSpecification.uniqueTokensRange),
    heldOutShare: table.number("held_out_share", in: 0.001...0.9),
    trainingTokens: table.integer("training_tokens", in: 1...Int(1e12)),
    cloze: table.choice("cloze", default: ClozeGrade.long))
}
