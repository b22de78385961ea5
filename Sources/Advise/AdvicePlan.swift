// Fits model, epochs, trials and splits to the time, by the estimates of RunCost. A pure function of the text's size, the
// time and the machine's pace; what a text offers is in TextInventory.swift, what is tried in TrialSearch.swift.

import Configuration
import Corpora
import Foundation
import Specification
import TensorEngine
import Training
import Transformer
import Wording

/// What the user fixes instead of leaving it to the plan.
package struct AdviceWishes: Sendable, Hashable, Codable {
  package var uniqueTokens: Int?
  package var width: Int?
  package var layers: Int?
  package var epochs: Int?
  package var splits: Int?

  package init(
    uniqueTokens: Int? = nil, width: Int? = nil, layers: Int? = nil, epochs: Int? = nil, splits: Int? = nil
  ) {
    (self.uniqueTokens, self.width, self.layers) = (uniqueTokens, width, layers)
    (self.epochs, self.splits) = (epochs, splits)
  }
}

/// How much is searched and judged.
package struct Thoroughness: Sendable, Hashable, Codable {
  /// Trials of each objective.
  package var trials: Int
  /// Splits that each trial is run on.
  package var tuningSplits: Int
  /// Fresh splits that the chosen ones are judged on.
  package var splits: Int

  package init(trials: Int, tuningSplits: Int, splits: Int) {
    (self.trials, self.tuningSplits, self.splits) = (trials, tuningSplits, splits)
  }
}

/// A plan that fits.
package struct AdvicePlan: Sendable {
  package let scale: AdviceScale
  package let thoroughness: Thoroughness
  /// What is measured on tuning splits: validation loss alone.
  package let tuningEvaluation: EvaluationConfiguration
  /// What is measured on the judged splits.
  package let evaluation: EvaluationConfiguration
  /// Estimated seconds on one core at the machine's pace: of the search, and of judging one split.
  package let searchSeconds: Double
  package let splitSeconds: Double
  /// Whether it needs more than the budget, because less would say nothing.
  package let exceedsBudget: Bool

  /// Tuning splits have seeds of their own.
  package static let firstTuningSeed: UInt64 = 101
  package var tuningSeeds: [UInt64] {
    (0..<UInt64(thoroughness.tuningSplits)).map { Self.firstTuningSeed + $0 }
  }

  package var seconds: Double { searchSeconds + Double(thoroughness.splits) * splitSeconds }

  /// With fewer splits no interval is worth giving, with more they overlap so much that they add little.
  package static let splits = 3...8
  /// Splits that may be needed, for which a text is surveyed.
  package static let seeds = Array(1...UInt64(splits.upperBound)) + [firstTuningSeed, firstTuningSeed + 1]

  /// With fewer epochs repetition is not what is compared.
  static let fewestEpochs = 40
  static let mostEpochs = 400
  /// The paper's longest run.
  static let mostTokensPerParameter = 480.0
  /// Share of the time that is planned for: threads end at different times, text is split, figures are drawn.
  static let usableShare = 0.85
}

/// The models to choose from, from small to large: width and layers.
let modelLadder: [(width: Int, layers: Int)] = [
  (24, 2), (32, 2), (48, 2), (48, 3), (64, 3), (96, 4), (128, 4), (192, 6), (256, 8),
]

extension AdvicePlan {
  /// The ways to save time, the first that fits is taken: the search becomes smaller, the model smaller for its text, the
  /// training shorter.
  private static let compromises: [(search: Thoroughness, leastRatio: Double, epochs: Int)] = [
    (.init(trials: 8, tuningSplits: 1, splits: 5), 0.5, 100),
    (.init(trials: 6, tuningSplits: 1, splits: 5), 0.5, 80),
    (.init(trials: 6, tuningSplits: 1, splits: 4), 0.25, 80),
    (.init(trials: 5, tuningSplits: 1, splits: 4), 0.25, 60),
    (.init(trials: 5, tuningSplits: 1, splits: 3), 0.1, fewestEpochs),
  ]
  /// r is at most this, where there is a model as small.
  private static let mostRatio = 1.3

  /// The plan for a text.
  ///
  /// The whole text is used if 40 epochs of it fit; else the largest part of which they do. The model has at most about as
  /// many parameters as there are unique tokens, the paper's headline ratio, and as many epochs as fit, up to 480 tokens per
  /// parameter.
  /// - Parameters:
  ///   - available: unique training tokens of the smallest split.
  ///   - settings: evaluation, training and text as configured.
  ///   - coreSeconds: the time, all cores together.
  ///   - pace: how much longer runs take on this machine than estimated.
  package static func fitting(
    available: Int, settings: ClaimSettings, corpus: TextSpecification, inventory: (items: Int, sequences: Int),
    wishes: AdviceWishes = AdviceWishes(), coreSeconds: Double, pace: Double = 1, backend: ProductBackend = .native
  ) throws -> AdvicePlan {
    let usable = coreSeconds * usableShare / pace
    let planner = Planner(
      settings: settings, corpus: corpus, inventory: inventory, wishes: wishes, backend: backend)
    var tokens = min(wishes.uniqueTokens ?? available, available)
    let shortest = settings.training.batch * settings.model.context
    while true {
      for compromise in compromises {
        let candidates = planner.models(tokens: tokens, least: compromise.leastRatio, most: mostRatio)
        for model in candidates {
          let least = min(wishes.epochs ?? compromise.epochs, planner.longest(model, tokens: tokens))
          if let plan = try planner.plan(model, tokens, compromise.search, atLeast: least, within: usable, pace: pace) {
            return plan
          }
        }
      }
      let smaller = Int(Double(tokens) * 0.75)
      if wishes.uniqueTokens != nil || smaller < 16 * shortest { break }
      tokens = smaller
    }
    let least = compromises[compromises.count - 1]
    let model = planner.models(tokens: tokens, least: 0, most: mostRatio).last ?? settings.model
    guard
      let plan = try planner.plan(
        model, tokens, least.search, atLeast: min(wishes.epochs ?? fewestEpochs, planner.longest(model, tokens: tokens)),
        within: .infinity, pace: pace, exceeding: true)
    else { preconditionFailure("a plan without a bound fits") }
    return plan
  }

  /// How many splits to judge on, once the search has shown how long runs really take.
  /// - Parameters:
  ///   - spent: seconds of the search's runs, on one core; 0 where it is not known.
  ///   - estimated: what was estimated for the same runs, at the pace of the plan.
  ///   - available: core-seconds of the budget that are left.
  package func splits(spent: Double, estimated: Double, available: Double, perSplit: Double) -> Int {
    guard spent > 0, estimated > 0, perSplit > 0 else { return thoroughness.splits }
    let real = perSplit * spent / estimated
    let fitting = Int(available * 0.95 / real)
    return min(max(fitting, Self.splits.lowerBound), Self.splits.upperBound)
  }
}

/// Makes plans of given sizes and estimates them.
private struct Planner {
  let settings: ClaimSettings
  let corpus: TextSpecification
  let inventory: (items: Int, sequences: Int)
  let wishes: AdviceWishes
  let backend: ProductBackend

  /// Models for so many tokens, the largest first.
  func models(tokens: Int, least: Double, most: Double) -> [ModelConfiguration] {
    if wishes.width != nil || wishes.layers != nil {
      return [model(wishes.width ?? settings.model.width, wishes.layers ?? settings.model.layers)]
    }
    let all = modelLadder.map { model($0.width, $0.layers) }
    let suitable = all.filter { model in
      let ratio = Double(model.parametersWithoutEmbeddings) / Double(tokens)
      return ratio >= least && ratio <= most
    }
    return (suitable.isEmpty && Double(all[0].parametersWithoutEmbeddings) > most * Double(tokens) ? [all[0]] : suitable)
      .reversed()
  }

  /// The feed-forward width is that of `replicate train --width`.
  private func model(_ width: Int, _ layers: Int) -> ModelConfiguration {
    var model = settings.model
    (model.width, model.layers, model.feedForward) = (width, layers, max(8, width * 8 / 3 / 8 * 8))
    model.dropout = 0
    model.experts = nil
    return model
  }

  func longest(_ model: ModelConfiguration, tokens: Int) -> Int {
    let most = AdvicePlan.mostTokensPerParameter * Double(model.parametersWithoutEmbeddings) / Double(tokens)
    return max(AdvicePlan.fewestEpochs, min(AdvicePlan.mostEpochs, Int(most)))
  }

  /// The plan with as many epochs as fit, nil if those are too few; what is left is spent on more splits.
  func plan(
    _ model: ModelConfiguration, _ tokens: Int, _ search: Thoroughness, atLeast least: Int, within usable: Double,
    pace: Double, exceeding: Bool = false
  ) throws -> AdvicePlan? {
    var search = search
    if let splits = wishes.splits { search.splits = splits }
    func make(_ epochs: Int, _ search: Thoroughness) throws -> AdvicePlan {
      try draft(model, tokens, epochs, search, pace: pace, exceeding: exceeding)
    }
    let shortest = try make(least, search)
    if shortest.seconds > usable * pace { return nil }
    if exceeding { return shortest }
    var (low, high) = (least, max(least, wishes.epochs ?? longest(model, tokens: tokens)))
    while low < high {
      let middle = (low + high + 1) / 2
      if try make(middle, search).seconds <= usable * pace { low = middle } else { high = middle - 1 }
    }
    var best = try make(low, search)
    if wishes.splits == nil {
      for more in [
        Thoroughness(trials: search.trials, tuningSplits: 2, splits: search.splits),
        Thoroughness(trials: search.trials, tuningSplits: 2, splits: AdvicePlan.splits.upperBound),
        Thoroughness(trials: 8, tuningSplits: 2, splits: AdvicePlan.splits.upperBound),
      ] {
        let richer = try make(low, more)
        if richer.seconds <= usable * pace { best = richer }
      }
    }
    return best
  }

  private func draft(
    _ model: ModelConfiguration, _ tokens: Int, _ epochs: Int, _ search: Thoroughness, pace: Double, exceeding: Bool
  ) throws -> AdvicePlan {
    var text = corpus
    text.uniqueTokens = tokens
    var training = settings.training
    training.epochs = epochs
    let scale = AdviceScale(corpus: .text(text), model: model, training: training, backend: backend)
    var tuning = settings.evaluation
    tuning.checkpoints = 16
    tuning.validationSequences = inventory.sequences
    tuning.items = EvaluationConfiguration.Limits.items.lowerBound  // loss decides the search
    tuning.samples = 1
    tuning.sampledDocuments = nil
    var judging = tuning
    judging.items = inventory.items
    judging.samples = settings.evaluation.samples
    func seconds(_ kind: ObjectiveKind, _ evaluation: EvaluationConfiguration, noisy: Bool = false) throws -> Double {
      var recipe = scale.plain(kind)
      if noisy { recipe.dropout = 0.1 }
      return try recipe.run(scale, seed: 1, evaluation: evaluation, label: "estimate").estimatedSeconds * pace
    }
    let ar = try seconds(.autoregression, judging)
    let noisy = try seconds(.autoregression, judging, noisy: true)
    let dlm = try seconds(.diffusion, judging)
    let trials = Double(search.trials * search.tuningSplits)
    let trial = try seconds(.autoregression, tuning, noisy: true) + seconds(.diffusion, tuning)
    return AdvicePlan(
      scale: scale, thoroughness: search, tuningEvaluation: tuning, evaluation: judging,
      searchSeconds: trials * trial, splitSeconds: ar + noisy + dlm, exceedsBudget: exceeding)
  }
}
