// Reads the settings of one claim at one preset from the layers of experiments.toml, and refuses what would have no effect
// there. What the numbers may be stands with the types that they become.

import Corpora
import Objectives
import Specification
import Statistics
import TensorEngine
import Training
import Transformer
import Wording

/// The tables of experiments.toml that decide a claim's settings at a preset.
struct SettingsReader {
  let claim: ClaimSchema
  let preset: Preset
  /// The root, with the tables that all claims share.
  let file: TableReader
  /// `[preset.P]`, which claims share too.
  let shared: TableReader?
  /// `[CLAIM]` and `[CLAIM.preset.P]`: here every key must have an effect on this claim.
  let own: [TableReader]
  /// Settings of the command line, which win over everything, also over a claim's variants.
  var over: TableReader?

  /// Those of which every key must have an effect.
  var particular: [TableReader] { own + [over].compactMap { $0 } }
  private var all: [TableReader] { common + particular }
  private var common: [TableReader] { [file, shared].compactMap { $0 } }

  /// The tables of one name in the layers, as one.
  private func merged(_ name: String, _ layers: [TableReader]) -> TableReader {
    TableReader.layered(layers.map { $0.table(name) })
  }

  func settings() -> ClaimSettings {
    let keys = TableReader.layered([shared] + particular)
    refuseIdleKeys()
    let corpus = corpus(keys)
    refuseTables(ofOtherCorporaThan: corpus)
    let seeds = keys.integer("seeds", in: 1...100)
    let thresholds =
      claim.thresholds.isEmpty ? TableReader([]) : merged("thresholds", ([shared] + particular).compactMap { $0 })
    let possible = possibleKinds(corpus)
    func layers(_ kind: CorpusName.Kind) -> [TableReader] { possible.contains(kind) ? all : common }
    return ClaimSettings(
      preset: preset, seeds: seeds, model: readModel(merged("model", all)),
      training: readTraining(merged("training", all)), evaluation: evaluation(all, corpus),
      world: readWorld(merged("world", layers(.world))), text: readText(merged("text", layers(.text))),
      python: readPython(merged("python", layers(.python))), corpus: corpus,
      tasks: tasks(keys, of: corpus), margin: claim.uses.margin ? keys.number("margin", in: -1...1) : 0,
      variants: variants(keys, corpus, seeds: seeds),
      tuningSeeds: claim.uses.variants == .candidates ? keys.integer("tuning_seeds", in: 1...100, default: 1) : 1,
      beside: claim.uses.beside ? beside(keys, corpus, seeds: seeds) : nil,
      naturals: claim.uses.naturals ? naturals(keys, seeds: seeds) : [],
      thresholds: Dictionary(
        claim.thresholds.map { ($0, thresholds.number($0, in: -1e6...1e6)) }, uniquingKeysWith: { first, _ in first }),
      expected: preset == .smoke ? .holds : keys.choice("expected", default: Verdict.holds))
  }

  /// Keys of the claim's own tables that it does not take.
  private func refuseIdleKeys() {
    let tables = TableReader.layered(particular)
    if claim.uses.variants == .none {
      tables.refuse(
        "variants", because: claim.uses.isStudy ? "a study has `conditions`" : "\(claim.name) has one condition")
    }
    if claim.uses.variants != .candidates { tables.refuse("tuning_seeds", because: "\(claim.name) searches nothing") }
    if !claim.uses.margin {
      tables.refuse(
        "margin",
        because: claim.uses.isStudy
          ? "each question of a study has its own"
          : "\(claim.name) is not judged by a difference, which a margin would be for")
    }
    if claim.thresholds.isEmpty { tables.refuse("thresholds", because: "\(claim.name) has none") }
    if preset == .smoke {
      TableReader.layered([shared, own.dropFirst().first])
        .refuse("expected", because: "preset smoke gives no verdict")
    }
  }

  private func corpus(_ keys: TableReader) -> CorpusName {
    let possible = claim.uses.corpora
    let usual = possible.first ?? .world
    let corpus = keys.choice("corpus", default: usual)
    if possible.contains(corpus) { return corpus }
    if claim.uses.naturals {
      keys.report("\(claim.name) is about the natural corpora that `natural` lists", at: "corpus")
      return usual
    }
    let names = possible.map(\.rawValue).joined(separator: ", ")
    keys.report(
      possible.count == 1
        ? "\(claim.name) is about the \(usual.rawValue) corpus only" : "\(claim.name) is about one of \(names)",
      at: "corpus")
    return usual
  }

  /// A claim's own tables may prepare for every corpus that it can be about, a study's and those of the command line only for
  /// the one that it is about.
  private func refuseTables(ofOtherCorporaThan corpus: CorpusName) {
    let reason =
      claim.uses.naturals
      ? "\(claim.name) is about natural corpora" : "\(claim.name) is about the \(corpus.rawValue) corpus here"
    let possible = possibleKinds(corpus)
    let own = claim.uses.naturals ? .text : corpus.kind
    for kind in CorpusName.Kind.allCases {
      if !possible.contains(kind) { TableReader.layered(particular).refuse(kind.rawValue, because: reason) }
      if kind != own { over?.refuse(kind.rawValue, because: reason) }
    }
    if !possible.contains(.python) {
      for key in ["decoder", "tokens_per_pass", "compared_decoders"] {
        merged("evaluation", particular).refuse(key, because: "\(reason), which has no functions to fill in")
      }
    }
    if !possible.contains(.world) {
      merged("evaluation", particular).refuse(
        "sampled_documents", because: "\(reason), and documents drawn from a model of it cannot be judged")
    }
  }

  /// The kinds of corpora that its own tables may have settings of.
  private func possibleKinds(_ corpus: CorpusName) -> [CorpusName.Kind] {
    if claim.uses.isStudy { return [corpus.kind] }
    return claim.uses.naturals ? [.text] : claim.uses.corpora.map(\.kind)
  }

  /// The natural corpus beside the claim's usual one; a question about another corpus is about that one alone.
  private func beside(_ keys: TableReader, _ corpus: CorpusName, seeds: Int) -> Beside? {
    let natural = keys.optionalChoice("beside", of: NaturalCorpus.self)
    guard let natural, corpus == claim.uses.corpora.first else { return nil }
    return beside(natural, keys, seeds: seeds)
  }

  /// The natural corpora that the claim is about, each once.
  private func naturals(_ keys: TableReader, seeds: Int) -> [Beside] {
    let names = keys.choices("natural", of: NaturalCorpus.self, default: NaturalCorpus.allCases)
    if Set(names).count < names.count { keys.report("a corpus is named twice", at: "natural") }
    return names.map { beside($0, keys, seeds: seeds) }
  }

  private func beside(_ natural: NaturalCorpus, _ keys: TableReader, seeds: Int) -> Beside {
    Beside(
      corpus: natural, condition: condition(named: natural.rawValue, [], .natural(natural), seeds: seeds),
      variants: claim.uses.variants == .none
        ? []
        : keys.tables("variants").map { table in
          var variant = variant(table, .natural(natural), seeds: seeds)
          variant.name = "\(natural.rawValue), \(variant.name)"
          return variant
        })
  }

  private func tasks(_ keys: TableReader, of corpus: CorpusName) -> [TaskID] {
    let known = specification(of: corpus, all).tasks
    if !keys.contains("tasks") {
      keys.accept("tasks")
      return corpus.judgedTasks
    }
    let names = keys.strings("tasks", count: 1...8)
    // The tasks that a file names are those of its own corpus; the command line has chosen another.
    let isChosenElsewhere = over?.contains("corpus") == true && over?.contains("tasks") == false
    if isChosenElsewhere, !names.contains(where: { name in known.contains { $0.name == name } }) {
      return corpus.judgedTasks
    }
    for name in Set(names) where !known.contains(where: { $0.name == name }) {
      keys.report(
        "the \(corpus.rawValue) corpus has no task \"\(name)\"\(suggestion(for: name, among: known.map(\.name))), only "
          + known.map { "\"\($0)\"" }.joined(separator: ", "),
        at: "tasks")
    }
    if Set(names).count < names.count { keys.report("a task is named twice", at: "tasks") }
    return names.compactMap { TaskID(name: $0) }
  }

  private func variants(_ keys: TableReader, _ corpus: CorpusName, seeds: Int) -> [Variant] {
    if claim.uses.variants == .none { return [] }
    let variants = keys.tables("variants").map { variant($0, corpus, seeds: seeds) }
    for (name, group) in Dictionary(grouping: variants, by: \.name) where group.count > 1 {
      keys.report("two variants are named \"\(name)\"; names must differ", at: "variants")
    }
    return variants
  }

  /// The settings with further layers over them.
  func condition(named name: String, _ tables: [TableReader], _ corpus: CorpusName, seeds: Int) -> Variant {
    let layers = common + own + tables + [over].compactMap { $0 }
    // What is there for other corpora is checked too.
    for kind in possibleKinds(corpus) where kind != corpus.kind {
      let table = merged(kind.rawValue, common + own + tables)
      switch kind {
      case .world: _ = readWorld(table)
      case .python: _ = readPython(table)
      case .text: _ = readText(table)
      }
    }
    return Variant(
      name: name, seeds: seeds, model: readModel(merged("model", layers)),
      training: readTraining(merged("training", layers)),
      evaluation: evaluation(layers, corpus),
      corpus: specification(of: corpus, layers))
  }

  /// What a verdict is about is asked at every checkpoint, whatever `compositional` says.
  private func evaluation(_ layers: [TableReader], _ corpus: CorpusName) -> EvaluationConfiguration {
    var evaluation = readEvaluation(merged("evaluation", layers), corpus)
    let judged = TableReader.layered([shared] + particular).strings("tasks", count: 1...8, default: [])
    if judged.compactMap({ TaskID(name: $0) }).contains(where: \.isCompositional) { evaluation.compositional = nil }
    return evaluation
  }

  private func specification(of corpus: CorpusName, _ layers: [TableReader]) -> CorpusSpecification {
    let table = merged(corpus.kind.rawValue, layers)
    switch corpus {
    case .world: return .world(readWorld(table))
    case .python: return .python(readPython(table))
    case .text: return .text(readText(table).specification(TextCollection()))
    case .natural(let natural): return .text(readText(table).specification(TextCollection(), of: natural))
    }
  }

  private func variant(_ table: TableReader, _ corpus: CorpusName, seeds: Int) -> Variant {
    var variant = condition(named: table.string("name"), [table], corpus, seeds: seeds)
    switch claim.uses.variants {
    case .none: break
    case .pairs, .diffusion:
      variant.seeds = TableReader.layered([table, over]).integer("seeds", in: 1...100, default: seeds)
      variant.maskings = table.optionalInteger("maskings", in: Objective.Limits.maskings)
    case .orders:
      table.refuse("seeds", because: "\(claim.name) compares its conditions with the same AR and DLM")
      variant.order = readReadingOrder(table.string("order"), table, "order")
    case .blocks:
      table.refuse("seeds", because: "\(claim.name) compares its conditions with the same AR and DLM")
      variant.block = table.integer("block", in: Objective.Limits.blockSize)
    case .candidates:
      table.refuse("seeds", because: "the search runs on `tuning_seeds`")
      table.refuse("maskings", because: "the search is about AR too, which has none")
    }
    func refuseInputNoise(_ reason: String) {
      for key in ["input_masking", "masked_loss"] { table.refuse(key, because: reason) }
    }
    switch claim.uses.variants {
    case .diffusion: refuseInputNoise("\(claim.name) trains no AR")
    case .orders: refuseInputNoise("a model that reads in another order has none")
    case .blocks: refuseInputNoise("block diffusion has none")
    case .none, .pairs, .candidates:
      (variant.inputMasking, variant.maskedLoss) = readInputNoise(table)
    }
    if claim.uses.variants == .candidates, claim.uses.candidatesOfBoth {
      variant.candidacy = table.optionalChoice("objective", of: Variant.Candidacy.self)
      if variant.inputMasking > 0, variant.candidacy.map({ $0 != .autoregressive }) ?? false {
        table.report("masks AR's input, but the candidate is for the DLM", at: "input_masking")
      }
    }
    return variant
  }
}

private func readModel(_ table: TableReader) -> ModelConfiguration {
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

private func readTraining(_ table: TableReader) -> TrainingConfiguration {
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
    precision: table.choice("precision", default: ProductPrecision.single))
  if let impossibility = training.impossibility { table.report(impossibility, at: "decay") }
  return training
}

private func readEvaluation(_ table: TableReader, _ corpus: CorpusName) -> EvaluationConfiguration {
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

private func readWorld(_ table: TableReader) -> WorldSpecification {
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

private func readPython(_ table: TableReader) -> PythonSpecification {
  let difficulty = table.choice("difficulty", default: PythonDifficulty.basic)
  let tokens = table.integer("unique_tokens", in: PythonSpecification.uniqueTokensRange, default: 12_000)
  if tokens < difficulty.longestDocument {
    table.report(
      "expected at least \(difficulty.longestDocument), the longest \(difficulty.rawValue) function, found \(tokens)",
      at: "unique_tokens")
  }
  return PythonSpecification(uniqueTokens: tokens, difficulty: difficulty)
}

private func readText(_ table: TableReader) -> TextSettings {
  TextSettings(
    tokenizer: table.choice("tokenizer", default: TextSettings.Tokenizer.bytePairs),
    vocabulary: table.integer("vocabulary", in: BytePairTokenizer.vocabularyRange),
    uniqueTokens: table.integer("unique_tokens", in: TextSpecification.uniqueTokensRange),
    heldOutShare: table.number("held_out_share", in: 0.001...0.9),
    trainingTokens: table.integer("training_tokens", in: 1...Int(1e12)),
    cloze: table.choice("cloze", default: ClozeGrade.long))
}
