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
