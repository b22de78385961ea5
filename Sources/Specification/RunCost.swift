// What a run costs: seconds and bytes, estimated from its specification alone. For plans, for packing, and for the weights
// of progress; what a run really took is in its record.
//
// Calibrated on one core of an AMD EPYC (Zen 5, AVX-512, native backend): the constants reproduce the quickest records of
// each kind of run at presets ci and full (214 records, of which those made beside other work were left out) to within 8 %,
// and the processor time of 18 runs of width 32 to 256 on a busy machine, which is a seventh above a quiet one's, to within
// 28 %, mostly from below. A processor without AVX-512 takes about twice as long. Bytes reproduce the largest resident size
// of those 18 runs to within 5 %, of mixtures of experts to within 17 %.

import Corpora
import Objectives
import Transformer
import Wording

extension PlannedRun {
  /// Estimated seconds of training and evaluation on one quiet core.
  package var estimatedSeconds: Double {
    let model = specification.model
    let width = Double(model.width)
    // Products come closer to the peak the wider they are; experts' products have fewer rows, and under the DLM all rows go
    // through the last block.
    var rate = 200e9 * width / (width + 24)
    if model.experts != nil { rate *= specification.objective.maskings == .none ? 0.8 : 0.65 }
    let places = [
      (ModelConfiguration.DropoutSite.embedding, 1), (.attention, model.layers), (.feedForward, model.layers),
    ]
    let dropped = places.reduce(0) { $0 + (model.dropout(at: $1.0) > 0 ? trainedTokens * width * Double($1.1) : 0) }
    let once =
      (trainedTokens + evaluatedTokens / 3) * flopsPerToken / rate  // a forward pass is a third of a training pass
      + dropped * 17e-9  // a random number for each element of each mask
    return once * Double(specification.training.ensemble)
  }

  /// One member's training FLOPs per token by the documented formula, with a nominal vocabulary and every position scored.
  private var flopsPerToken: Double {
    let model = specification.model
    return model.trainingFLOPs(
      rows: specification.objective.rows(of: model.context), pairs: specification.objective.pairs(of: model.context),
      scored: Double(model.context), vocabulary: nominalVocabulary) / Double(model.context)
  }

  private var trainedTokens: Double {
    let nominal = Double(specification.corpus.nominalUniqueTokens) * Double(specification.training.epochs)
    // A function has 40 or 60 tokens on average, the rest of a sequence are end tokens.
    switch specification.corpus {
    case .world, .text: return nominal
    case .python(let python):
      return nominal * Double(specification.model.context) / (python.difficulty == .basic ? 40 : 60)
    }
  }

  /// Tokens of the forward passes of all checkpoints, counted as whole sequences.
  private var evaluatedTokens: Double {
    let evaluation = specification.evaluation
    let context = specification.model.context
    let objective = specification.objective
    let isExact = objective.likelihood == .exact
    let perItem: Double
    if case .orderedAutoregressive(let order) = objective {
      // The four choices of an item in each order that was learnt, from the first token that tells them apart; in any
      // order those of what stands around them, and little more. Each document takes half a sequence per token.
      let asked = order.count.map { 4 * 0.8 * Double(min($0, evaluation.samples)) } ?? 12
      let tasks = if case .world(let world) = specification.corpus { 2 * kinds(of: world) } else { 1.0 }
      let orders = order.count.map { min($0, evaluation.validationSamples) } ?? evaluation.validationSamples
      let sequences = Double(evaluation.items) * tasks * asked + Double(evaluation.validationSequences * orders)
      let drawn = Double(evaluation.sampledDocuments ?? 0) * Double(context) / 2
      return (Double(evaluation.checkpoints + (evaluation.evenCheckpoints ?? 0)) * sequences + drawn) * Double(context)
    }
    switch specification.corpus {
    // Choices share what they have in common. Per item, AR reads about one and a half sequences of `endings` and one of
    // `knowledge`; the DLM three quarters of a sequence per masking, all four choices together, and one of `knowledge`.
    case .world(let world):
      perItem =
        kinds(of: world)
        * (isExact ? 2.5 : 0.75 * Double(objective.maskings == .suffixes ? 7 : evaluation.samples) + 1)
    case .text: perItem = Double(4 * (isExact ? 1 : evaluation.samples))
    // Two thirds of a canvas are masked; a hole has a quarter of that.
    case .python(let python):
      let passes = Double(context) * 2 / 3 / Double(evaluation.tokensPerPass ?? 1)
      let tasks = python.difficulty == .basic ? 1 : 1.25
      perItem = isExact ? 2 * tasks - 1 : tasks * passes
    }
    let sequences =
      Double(evaluation.items) * perItem
      + Double(evaluation.validationSequences * (isExact ? 1 : evaluation.validationSamples))
    // Of each document drawn: seven numbers of steps, 64 and more passes in all, in two orders.
    let drawn = Double(evaluation.sampledDocuments ?? 0) * (isExact ? 1 : 200)
    let checkpoints = Double(evaluation.checkpoints + (evaluation.evenCheckpoints ?? 0))
    return (checkpoints * sequences + drawn) * Double(context)
  }

  /// One, or two where compositional items are asked beside the others, on average over the checkpoints.
  private func kinds(of world: WorldSpecification) -> Double {
    let evaluation = specification.evaluation
    switch (world.heldOut, evaluation.compositionalItems) {
    case (.compositional, _): return 1
    case (.sample, .always): return 2
    case (.sample, .last):
      return 1 + 1 / Double(max(1, evaluation.checkpoints + (evaluation.evenCheckpoints ?? 0)))
    }
  }

  /// The functions' and the plain world's vocabularies have about 200 words, that of the largest world about 650.
  private var nominalVocabulary: Int {
    switch specification.corpus {
    case .text(let text):
      switch text.tokenizer {
      case .bytePairs(let vocabulary): vocabulary
      case .characters: 256
      }
    case .world(let world): 256 + 5 * max(0, world.agents - 16)
    case .python: 256
    }
  }

  /// Estimated bytes of memory at most, the program included.
  ///
  /// Program and corpus; values, gradients, two moments, packed weights of the trainer and of three models for evaluation,
  /// and three copies of a state that is being saved (value, two moments); activations of the trainer and of those models.
  /// All of that but program and corpus once for each member of an ensemble.
  package var estimatedBytes: Int {
    min(Int(saturating: Self.programBytes + ownBytes), .max / 2)
  }

  private static let programBytes = 46e6

  /// Those that the run takes in a program that is running already.
  // Half of what can be counted: estimates are added and multiplied.
  package var estimatedOwnBytes: Int { min(Int(saturating: ownBytes), .max / 2) }

  private var ownBytes: Double {
    // The average has a gradient, which nothing uses, and is part of each copy of a state.
    let copies = 4.0 + 4 + 9 + (specification.training.averaging > 0 ? 2 + 3 : 0)
    return specification.corpus.estimatedBytes
      + Double(specification.training.ensemble) * (4 * copies * parameterCount + 14 * activationCount)
  }

  /// Parameters without the gains of norms.
  private var parameterCount: Double {
    let model = specification.model
    let width = Double(model.width)
    let block =
      model.experts.map { Double($0.count) * (width + 3 * width * Double($0.feedForward)) }
      ?? 3 * width * Double(model.feedForward)
    return 2 * Double(nominalVocabulary) * width + Double(model.layers) * (4 * width * width + block)
  }

  /// Floats of the activations of one model, with those gradients that do not replace them.
  private var activationCount: Double {
    let model = specification.model
    let width = Double(model.width)
    let feedForward =
      model.experts.map { Double($0.active) * (3 * width + 6 * Double($0.feedForward)) + 3 * width }
      ?? 2 * width + 3 * Double(model.feedForward)
    let rows =
      model.experts == nil
      ? Double(max(512, model.context)) : Double(specification.training.batch) * Double(model.context)
    return rows * (2 * width + Double(model.layers) * (6 * width + feedForward) + 2 * Double(nominalVocabulary))
  }
}

extension Int {
  /// The whole number nearest to a value, at most the largest there is; 0 for NaN.
  package init(saturating value: Double) {
    self = value.isNaN ? 0 : Int(exactly: value.rounded()) ?? (value < 0 ? .min : .max)
  }
}
