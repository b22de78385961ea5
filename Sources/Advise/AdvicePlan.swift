// Fits model, epochs, trials and splits to the time, by the estimates of RunCost. A pure function of the text's size,
// the time and the machine's pace; what a text offers is in TextInventory.swift, what is tried in TrialSearch.swift.

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

  /// Whether any of it is about the size of the runs.
  package var areOfSize: Bool { uniqueTokens != nil || width != nil || layers != nil || epochs != nil }

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
  /// What the user fixed.
  package let wishes: AdviceWishes
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

  /// The budget that the plan fits into, in minutes.
  /// - Parameter preparation: seconds that reading and splitting the text takes.
  package func minutes(cores: Int, preparation: Double) -> Double {
    (seconds / Self.usableShare + 2 * preparation) / Double(max(cores, 1)) / 60
  }

  /// With fewer splits no interval is worth giving, with more they overlap so much that they add little.
  package static let splits = 3...8
  /// Splits that may be needed, for which a text is surveyed.
  package static let seeds = Array(1...UInt64(splits.upperBound)) + [firstTuningSeed, firstTuningSeed + 1]

  /// With fewer epochs repetition is not what is compared.
  package static let fewestEpochs = 40
  static let mostEpochs = 400
  /// With fewer steps a DLM has only learnt to count.
  static let fewestSteps = 5000
  /// The paper's longest run.
  static let mostTokensPerParameter = 480.0
  /// Share of the time that is planned for: threads end at different times, text is split, figures are drawn.
  package static let usableShare = 0.85
}

/// The models to choose from, from small to large: width and layers.
package let modelLadder: [(width: Int, layers: Int)] = [
  (24, 2), (32, 2), (48, 2), (48, 3), (64, 3), (96, 4), (128, 4), (192, 6), (256, 8),
]

extension AdvicePlan {
  /// The ways to save time, the first that fits is taken: the search becomes smaller, the model smaller for its text,
  /// the training shorter, at the least the paper's 96 tokens per parameter.
  private static let compromises: [(search: Thoroughness, leastRatio: Double, epochs: Int, perParameter: Double)] = [
    (.init(trials: 8, tuningSplits: 1, splits: 5), 0.5, 150, 192),
    (.init(trials: 8, tuningSplits: 1, splits: 5), 0.5, 100, 96),
    (.init(trials: 6, tuningSplits: 1, splits: 5), 0.25, 100, 96),
    (.init(trials: 6, tuningSplits: 1, splits: 4), 0.25, 80, 96),
    (.init(trials: 5, tuningSplits: 1, splits: 4), 0.25, 60, 96),
    (.init(trials: 5, tuningSplits: 1, splits: 3), 0.1, fewestEpochs, 96),
  ]
  /// r is at most this, where there is a model as small.
  private static let mostRatio = 1.3

  /// The plan for a text.
  ///
  /// The whole text is used if 40 epochs of it fit; else the largest part of which they do. The model has at most about
  /// as many parameters as there are unique tokens, the paper's headline ratio, and as many epochs as fit, up to 480
  /// tokens per parameter.
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
    let planner = try Planner(
      settings: settings, corpus: corpus, inventory: inventory, wishes: wishes, backend: backend)
    var tokens = min(wishes.uniqueTokens ?? available, available)
    let shortest = max(TextInventory.fewestTokens, 16 * settings.training.batch * settings.model.context)
    while true {
      for compromise in compromises {
        let candidates = planner.models(tokens: tokens, least: compromise.leastRatio, most: mostRatio)
        for model in candidates {
          let enough = compromise.perParameter * Double(model.parametersWithoutEmbeddings) / Double(tokens)
          let fitting = max(compromise.epochs, Int(enough.rounded(.up)), planner.beginning(tokens: tokens))
          let least = wishes.epochs ?? min(fitting, planner.longest(model, tokens: tokens))

          if let plan = try planner.plan(model, tokens, compromise.search, atLeast: least, within: usable, pace: pace) {
            return plan
          }
        }
      }
      let smaller = Int(Double(tokens) * 0.75)
      if wishes.uniqueTokens != nil || smaller < shortest { break }
      tokens = smaller
    }
    let search = compromises[compromises.count - 1].search
    let model = planner.models(tokens: tokens, least: 0, most: mostRatio).last ?? planner.smallest
    let least =
      wishes.epochs
      ?? min(max(fewestEpochs, planner.beginning(tokens: tokens)), planner.longest(model, tokens: tokens))

    return try planner.plan(model, tokens, search, atLeast: least, within: usable, pace: pace)
      ?? planner.draft(model, tokens, least, planner.wished(search), pace: pace, exceeding: true)
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
  /// What a run of a model takes: so much in any case, and so much for each token that is trained on.
  private struct Cost {
    let fixed: Double
    let perToken: Double

    func seconds(_ tokens: Int) -> Double { fixed + perToken * Double(tokens) }
  }

  /// The runs of a model: plain AR, noisy AR and the DLM on a judged split, then noisy AR and the DLM on a tuning
  /// split.
  private struct Costs {
    let ar: Cost
    let noisyAR: Cost
    let dlm: Cost
    let noisyARTrial: Cost
    let dlmTrial: Cost
  }

  let settings: ClaimSettings
  let corpus: TextSpecification
  let wishes: AdviceWishes
  let backend: ProductBackend
  private let tuningEvaluation: EvaluationConfiguration
  private let evaluation: EvaluationConfiguration
  /// The models to choose from, the smallest first, and what their runs take.
  private let all: [ModelConfiguration]
  private var costs: [ModelConfiguration: Costs] = [:]

  init(
    settings: ClaimSettings, corpus: TextSpecification, inventory: (items: Int, sequences: Int), wishes: AdviceWishes,
    backend: ProductBackend
  ) throws {
    (self.settings, self.corpus, self.wishes, self.backend) = (settings, corpus, wishes, backend)
    var tuning = settings.evaluation
    tuning.checkpoints = 16
    tuning.validationSequences = inventory.sequences
    tuning.items = EvaluationConfiguration.Limits.items.lowerBound  // loss decides the search
    tuning.samples = 1
    tuning.sampledDocuments = nil
    tuningEvaluation = tuning
    var judging = tuning
    judging.items = inventory.items
    judging.samples = min(settings.evaluation.samples, 8)  // accuracy stands beside, and takes most of the time
    evaluation = judging
    // The feed-forward width is that of `replicate train --width`.
    func model(_ width: Int, _ layers: Int) -> ModelConfiguration {
      var model = settings.model
      (model.width, model.layers, model.feedForward) = (width, layers, max(8, width * 8 / 3 / 8 * 8))
      (model.dropout, model.attentionDropout, model.feedForwardDropout, model.experts) = (0, nil, nil, nil)
      return model
    }
    all =
      wishes.width == nil && wishes.layers == nil
      ? modelLadder.map { model($0.width, $0.layers) }
      : [model(wishes.width ?? settings.model.width, wishes.layers ?? settings.model.layers)]
    for model in all { costs[model] = try measured(model) }
  }

  /// What runs of a model are estimated to take, from two lengths of each.
  private func measured(_ model: ModelConfiguration) throws -> Costs {
    func cost(_ kind: ObjectiveKind, _ evaluation: EvaluationConfiguration, noisy: Bool) throws -> Cost {
      func seconds(_ epochs: Int) throws -> Double {
        var recipe = scale(model, tokens: 1000, epochs: epochs).plain(kind)
        if noisy { recipe.dropout = 0.1 }
        return try recipe.run(
          scale(model, tokens: 1000, epochs: epochs), seed: 1, evaluation: evaluation, label: "estimate"
        ).estimatedSeconds
      }
      let (short, long) = (try seconds(1), try seconds(1001))
      return Cost(fixed: short - (long - short) / 1000, perToken: (long - short) / 1_000_000)
    }
    return Costs(
      ar: try cost(.autoregression, evaluation, noisy: false),
      noisyAR: try cost(.autoregression, evaluation, noisy: true),
      dlm: try cost(.diffusion, evaluation, noisy: false),
      noisyARTrial: try cost(.autoregression, tuningEvaluation, noisy: true),
      dlmTrial: try cost(.diffusion, tuningEvaluation, noisy: false))
  }

  private func scale(_ model: ModelConfiguration, tokens: Int, epochs: Int) -> AdviceScale {
    var text = corpus
    text.uniqueTokens = tokens
    var training = settings.training
    training.epochs = epochs
    return AdviceScale(corpus: .text(text), model: model, training: training, backend: backend)
  }

  /// The smallest model that there is to choose.
  var smallest: ModelConfiguration { all[0] }

  /// Models for so many tokens, the largest first; the smallest one where all are too large.
  func models(tokens: Int, least: Double, most: Double) -> [ModelConfiguration] {
    func ratio(_ model: ModelConfiguration) -> Double {
      Double(model.parametersWithoutEmbeddings) / Double(tokens)
    }
    if all.count == 1 || ratio(smallest) > most { return [smallest] }
    return all.filter { ratio($0) >= least && ratio($0) <= most }.reversed()
  }

  func longest(_ model: ModelConfiguration, tokens: Int) -> Int {
    let most = AdvicePlan.mostTokensPerParameter * Double(model.parametersWithoutEmbeddings) / Double(tokens)
    return max(AdvicePlan.fewestEpochs, min(AdvicePlan.mostEpochs, Int(most)))
  }

  /// Epochs that get a DLM past its slow beginning, in which it only learns to count.
  func beginning(tokens: Int) -> Int {
    (AdvicePlan.fewestSteps * settings.training.batch * settings.model.context + tokens - 1) / tokens
  }

  func wished(_ search: Thoroughness) -> Thoroughness {
    Thoroughness(
      trials: search.trials, tuningSplits: search.tuningSplits, splits: wishes.splits ?? search.splits)
  }

  /// The plan with as many epochs as fit, nil if those are too few; what is left is spent on more splits and trials.
  func plan(
    _ model: ModelConfiguration, _ tokens: Int, _ search: Thoroughness, atLeast least: Int, within usable: Double,
    pace: Double
  ) throws -> AdvicePlan? {
    let search = wished(search)
    func fits(_ epochs: Int, _ search: Thoroughness) -> Bool {
      let (searching, split) = seconds(model, tokens * epochs, search)
      return searching + Double(search.splits) * split <= usable
    }
    if !fits(least, search) { return nil }
    var (low, high) = (least, max(least, wishes.epochs ?? longest(model, tokens: tokens)))
    while low < high {
      let middle = (low + high + 1) / 2
      if fits(middle, search) { low = middle } else { high = middle - 1 }
    }
    let richer = [
      Thoroughness(trials: search.trials, tuningSplits: 2, splits: search.splits),
      Thoroughness(trials: search.trials, tuningSplits: 2, splits: AdvicePlan.splits.upperBound),
      Thoroughness(trials: 8, tuningSplits: 2, splits: AdvicePlan.splits.upperBound),
    ].map(wished).last { fits(low, $0) }
    return try draft(model, tokens, low, richer ?? search, pace: pace, exceeding: false)
  }

  /// Estimated seconds of the search, and of judging one split, with so many training tokens in each run.
  private func seconds(
    _ model: ModelConfiguration, _ tokens: Int, _ search: Thoroughness
  ) -> (search: Double, split: Double) {
    guard let costs = costs[model] else { return (.infinity, .infinity) }
    let trial = costs.noisyARTrial.seconds(tokens) + costs.dlmTrial.seconds(tokens)
    let split = costs.ar.seconds(tokens) + costs.noisyAR.seconds(tokens) + costs.dlm.seconds(tokens)
    return (Double(search.trials * search.tuningSplits) * trial, split)
  }

  func draft(
    _ model: ModelConfiguration, _ tokens: Int, _ epochs: Int, _ search: Thoroughness, pace: Double, exceeding: Bool
  ) throws -> AdvicePlan {
    let (searching, split) = seconds(model, tokens * epochs, search)
    return AdvicePlan(
      wishes: wishes, scale: scale(model, tokens: tokens, epochs: epochs), thoroughness: search,
      tuningEvaluation: tuningEvaluation, evaluation: evaluation, searchSeconds: searching * pace,
      splitSeconds: split * pace, exceedsBudget: exceeding)
  }
}
