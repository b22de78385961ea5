// Everything that decides a run's numbers. Its hash is the run's name, so nothing that does not decide them stands here.

import Corpora
import Foundation
import Objectives
import TensorEngine
import Training
import Transformer
import Wording

/// When items whose answers no document tells are asked.
package enum CompositionalItems: String, Codable, CaseIterable, Sendable {
  /// At every checkpoint.
  case always
  /// At the last checkpoint.
  case last
}

/// What is evaluated at each checkpoint, and how often.
package struct EvaluationConfiguration: Codable, Hashable, Sendable {
  /// Checkpoints over the run, the last at its end.
  package var checkpoints: Int
  /// Items of each task.
  package var items: Int
  /// K, maskings of a span for the DLM's likelihoods; spans with at most K maskings are scored exactly.
  package var samples: Int
  /// Held-out sequences for the validation cross-entropy.
  package var validationSequences: Int
  /// K for those.
  package var validationSamples: Int
  /// Documents drawn from the trained model in each way and judged, at the last checkpoint only; nil for none. The
  /// world corpus alone has a judge.
  package var sampledDocuments: Int?
  /// How a DLM fills in functions; nil for the most confident positions first, end tokens like any other.
  package var decoder: CompletionDecoder?
  /// Tokens that a DLM writes in each forward pass over a function; nil for one.
  package var tokensPerPass: Int?
  /// Further decoders that a DLM's functions are written by at the last checkpoint; nil for none.
  package var comparedDecoders: [CompletionDecoder]?
  /// Further checkpoints, evenly spaced over the run; nil for none.
  package var evenCheckpoints: Int?
  /// When compositional tasks are asked, which no claim is judged by unless it says so; nil for always.
  package var compositional: CompositionalItems?

  private enum CodingKeys: String, CodingKey {
    case checkpoints = "checkpoints"
    case items = "items"
    case samples = "samples"
    case validationSequences = "validationSequences"
    case validationSamples = "validationSamples"
    case sampledDocuments = "sampledDocuments"
    case decoder = "decoder"
    case tokensPerPass = "tokensPerPass"
    case comparedDecoders = "comparedDecoders"
    case evenCheckpoints = "evenCheckpoints"
    case compositional = "compositional"
  }

  package init(
    checkpoints: Int, items: Int, samples: Int, validationSequences: Int, validationSamples: Int,
    sampledDocuments: Int? = nil, decoder: CompletionDecoder? = nil, tokensPerPass: Int? = nil,
    comparedDecoders: [CompletionDecoder]? = nil, evenCheckpoints: Int? = nil,
    compositional: CompositionalItems? = nil
  ) {
    self.compositional = compositional
    self.evenCheckpoints = evenCheckpoints
    self.sampledDocuments = sampledDocuments
    self.checkpoints = checkpoints
    self.items = items
    self.samples = samples
    self.validationSequences = validationSequences
    self.validationSamples = validationSamples
    self.decoder = decoder
    self.tokensPerPass = tokensPerPass
    self.comparedDecoders = comparedDecoders
  }

  package var compositionalItems: CompositionalItems { compositional ?? .always }

  /// The decoder that functions are written by.
  package var usedDecoder: CompletionDecoder { decoder ?? .confidenceEarlyEnd }

  /// The steps after which to evaluate: logarithmically spaced from the first epoch (but at the latest a hundredth of the
  /// run) to the start of the learning-rate decay, then evenly inside the decay, a quarter of all; and the even ones.
  package func steps(schedule: Schedule, stepsInEpoch: Double) -> [Int] {
    let inDecay = schedule.decay > 0 ? max(1, checkpoints / 4) : 1
    let spread = max(checkpoints - inDecay, 0)
    let first = max(1, min(stepsInEpoch, Double(schedule.steps) / 100))
    let last = max(first, Double(schedule.steps - schedule.decay))
    var steps: Set<Int> = []
    for i in 0..<spread {
      let place = spread == 1 ? 1 : Double(i) / Double(spread - 1)
      steps.insert(Int((first * pow(last / first, place)).rounded()))
    }
    for i in 0..<(evenCheckpoints ?? 0) {
      steps.insert(Int((Double(i + 1) * Double(schedule.steps) / Double(evenCheckpoints ?? 1)).rounded()))
    }
    for i in 1...inDecay {
      steps.insert(
        schedule.steps - schedule.decay + Int((Double(i) / Double(inDecay) * Double(schedule.decay)).rounded()))
    }
    return steps.filter { $0 >= 1 && $0 <= schedule.steps }.sorted()
  }
}

extension EvaluationConfiguration {
  /// The same without what a model of the objective is not asked, so that such settings give its runs no other names.
  package func asked(of objective: Objective) -> EvaluationConfiguration {
    var asked = self
    switch objective.maskings {
    case .none: (asked.decoder, asked.tokensPerPass, asked.comparedDecoders) = (nil, nil, nil)
    case .subsets, .suffixes, .blocks: break
    }
    // AR's likelihoods are exact at the cost of reading, so its best on every task can be had.
    if objective.likelihood == .exact { asked.compositional = nil }
    return asked
  }
}

/// The full specification of one run. Limits.swift defines what its numbers may be; one that is decoded has passed it.
package struct RunSpecification: Encodable, Hashable, Sendable {
  /// Raised whenever the same specification would give other numbers.
  package static let currentFormatVersion = 4

  package var formatVersion: Int
  package var corpus: CorpusSpecification
  /// SHA-256 over the files of a text corpus, which are not part of its specification; nil for generated corpora.
  package var textDigest: String?
  /// Fixes the corpus sample, the validation sequences and the items.
  package var dataSeed: UInt64
  /// Fixes initialisation, data order, masks and dropout.
  package var seed: UInt64
  package var objective: Objective
  package var model: ModelConfiguration
  package var training: TrainingConfiguration
  package var evaluation: EvaluationConfiguration
  package var backend: ProductBackend

  enum CodingKeys: String, CodingKey {
    case formatVersion = "formatVersion"
    case corpus = "corpus"
    case textDigest = "textDigest"
    case dataSeed = "dataSeed"
    case seed = "seed"
    case objective = "objective"
    case model = "model"
    case training = "training"
    case evaluation = "evaluation"
    case backend = "backend"
  }

  package init(
    corpus: CorpusSpecification, textDigest: String? = nil, dataSeed: UInt64, seed: UInt64, objective: Objective,
    model: ModelConfiguration, training: TrainingConfiguration, evaluation: EvaluationConfiguration,
    backend: ProductBackend
  ) {
    formatVersion = Self.currentFormatVersion
    self.corpus = corpus
    self.textDigest = textDigest
    self.dataSeed = dataSeed
    self.seed = seed
    self.objective = objective
    self.model = model
    self.training = training
    self.evaluation = evaluation
    self.backend = backend
  }

  /// "DLM, width 64, 3 layers, 20 000 unique tokens of the world corpus, 300 epochs, seed 2".
  package var summary: String {
    "\(objective.shortName), \(commonSummary), "
      + (seed == dataSeed ? "seed \(seed)" : "seed \(seed) on the data of seed \(dataSeed)")
  }

  /// The summary without objective and seeds: "width 64, 3 layers, dropout 0.2, 20 000 unique tokens of …, 300 epochs".
  package var commonSummary: String {
    let parts =
      ["width \(model.width)", counted(model.layers, "layer")] + peculiarities
      + [corpus.summary + corpus.peculiarities.map { ", \($0)" }.joined(), counted(training.epochs, "epoch")]
    return parts.joined(separator: ", ")
  }

  /// What differs from a dense model trained by the paper's recipe, in words.
  private var peculiarities: [String] {
    var parts: [String] = []
    if let experts = model.experts { parts.append("\(counted(experts.count, "expert")), \(experts.active) active") }
    if model.dropout != 0 { parts.append("dropout \(numeral(model.dropout))") }
    if let rate = model.attentionDropout { parts.append("dropout \(numeral(rate)) after attention") }
    if let rate = model.feedForwardDropout { parts.append("dropout \(numeral(rate)) after feed-forward blocks") }
    if training.weightDecay != Self.paperWeightDecay { parts.append("weight decay \(numeral(training.weightDecay))") }
    if training.decayShape != .linear { parts.append("\(training.decayShape.rawValue) decay") }
    if training.averaging != 0 { parts.append("averaged weights (\(numeral(training.averaging)))") }
    if training.ensemble != 1 { parts.append("an ensemble of \(training.ensemble)") }
    if training.precision != .single { parts.append("\(training.precision.rawValue) products") }
    return parts
  }

  private static let paperWeightDecay = 0.1
}

extension CorpusSpecification {
  /// "world", "python", "text", or the name of a natural corpus.
  package var name: String {
    switch self {
    case .world: "world"
    case .text(let text): text.natural?.rawValue ?? "text"
    case .python: "python"
    }
  }

  /// The corpus in a few words.
  package var summary: String {
    switch self {
    case .world(let world): "\(grouped(world.uniqueTokens)) unique tokens of the world corpus"
    case .text(let text):
      "\(text.uniqueTokens.map { grouped($0) } ?? "all") unique tokens of "
        + (text.natural.map { "the corpus \($0.rawValue)" } ?? "the given text")
    case .python(let python): "\(grouped(python.uniqueTokens)) unique tokens of the python corpus"
    }
  }
}

extension CorpusSpecification {
  /// What differs from the plainest corpus of its name, in words.
  var peculiarities: [String] {
    switch self {
    case .world(let world):
      var parts: [String] = []
      if world.quality != .high { parts.append("\(world.quality.rawValue) quality") }
      if world.corruption != 0 { parts.append("\(numeral(world.corruption * 100)) % of the words replaced") }
      switch world.directions {
      case .both: break
      case .forward: parts.append("told only in forward order")
      }
      let plain = WorldSpecification()
      if world.agents != plain.agents { parts.append("\(world.agents) agents") }
      if world.topics != plain.topics { parts.append("\(world.topics) topics") }
      if world.skew != 0 { parts.append("skew \(numeral(world.skew))") }
      if world.entropy != 0 { parts.append("\(numeral(world.entropy * 100)) % filler") }
      return parts
    case .python(let python):
      return switch python.difficulty {
      case .basic: []
      case .advanced: ["advanced functions"]
      }
    case .text: return []
    }
  }

  /// Unique tokens that the specification asks for; 0 for text that is used whole, which no plan does. A function is
  /// trained on with the end tokens after it, which do not count as unique.
  package var nominalUniqueTokens: Int {
    switch self {
    case .world(let world): world.uniqueTokens
    case .text(let text): text.uniqueTokens ?? 0
    case .python(let python): python.uniqueTokens
    }
  }
}
