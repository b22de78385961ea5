// How one model of an advice is trained: what the search changes of the plain recipe, in numbers and in words. Which
// recipes are tried is in TrialSearch.swift.

import Configuration
import Corpora
import Foundation
import Objectives
import Specification
import TensorEngine
import Training
import Transformer
import Wording

/// What the advice is about: which of the two objectives.
package enum ObjectiveKind: String, Codable, Sendable, CaseIterable {
  case autoregression = "ar"
  case diffusion = "dlm"

  /// "AR" or "DLM".
  package var name: String {
    switch self {
    case .autoregression: "AR"
    case .diffusion: "DLM"
    }
  }
}

/// A setting that the search may change, with the steps that it takes.
package enum Knob: String, Codable, Sendable, CaseIterable {
  case dropout, inputMasking, weightDecay, learningRate, averaging, batch

  /// How far a knob is turned.
  package enum Turn: Sendable { case slightly, first, further }

  /// Those that are tried for an objective, in the order in which they are tried: the same number for each.
  package static func tried(for kind: ObjectiveKind) -> [Knob] {
    switch kind {
    case .autoregression: [.dropout, .inputMasking, .weightDecay]
    case .diffusion: [.learningRate, .averaging, .weightDecay]
    }
  }
}

/// The settings of a model, as far as the search decides them; everything else is the plan's.
package struct Recipe: Hashable, Codable, Sendable {
  package var kind: ObjectiveKind
  /// Passes over the unique tokens.
  package var epochs: Int
  package var dropout = 0.0
  /// Share of AR's input that is masked.
  package var inputMasking = 0.0
  package var weightDecay: Double
  package var learningRate: Double
  package var batch: Int
  /// ρ of the exponential moving average of the weights; 0 for none.
  package var averaging = 0.0

  /// The plain recipe: the configuration's, without noise and averaging.
  package init(_ kind: ObjectiveKind, epochs: Int, _ training: TrainingConfiguration) {
    self.kind = kind
    self.epochs = epochs
    weightDecay = training.weightDecay
    learningRate = training.learningRate
    batch = training.batch
  }

  /// The same with a knob turned.
  ///
  /// - Parameters:
  ///   - plain: the recipe that rates and factors are counted from.
  ///   - steps: optimiser steps of the run, from which the horizon of an average follows.
  package func turning(_ knob: Knob, _ turn: Knob.Turn, plain: Recipe, steps: Int) -> Recipe {
    var recipe = self
    func pick(_ slightly: Double, _ first: Double, _ further: Double) -> Double {
      switch turn {
      case .slightly: slightly
      case .first: first
      case .further: further
      }
    }
    switch (knob, kind) {
    case (.dropout, _): recipe.dropout = pick(0.05, 0.1, 0.25)
    case (.inputMasking, _): recipe.inputMasking = pick(0.1, 0.25, 0.5)
    case (.weightDecay, .autoregression): recipe.weightDecay = pick(3, 10, 30) * plain.weightDecay
    case (.weightDecay, .diffusion): recipe.weightDecay = pick(0.2, 5, 20) * plain.weightDecay
    case (.learningRate, _): recipe.learningRate = pick(0.5, 2, 4) * plain.learningRate
    case (.averaging, _): recipe.averaging = Self.average(over: pick(0.003, 0.01, 0.03) * Double(steps))
    case (.batch, _): recipe.batch = Int(pick(2, 4, 8)) * plain.batch
    }
    return recipe
  }

  /// ρ of an average over about so many steps, of a few round values.
  private static func average(over steps: Double) -> Double {
    let wanted = 1 - 1 / max(steps, 1)
    return [0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999].min { abs($0 - wanted) < abs($1 - wanted) } ?? 0.99
  }

  package var objective: Objective {
    switch kind {
    case .autoregression: .autoregressive(inputMasking: inputMasking)
    case .diffusion: .maskedDiffusion
    }
  }

  /// "dropout 0.1, input masking 0.25", what differs from the plain recipe, epochs aside; "plain" if nothing does.
  package func words(from plain: Recipe) -> String {
    var parts: [String] = []
    if dropout != plain.dropout { parts.append("dropout \(numeral(dropout))") }
    if inputMasking != plain.inputMasking { parts.append("input masking \(numeral(inputMasking))") }
    if weightDecay != plain.weightDecay { parts.append("weight decay \(shortNumeral(weightDecay))") }
    if learningRate != plain.learningRate { parts.append("learning rate \(shortNumeral(learningRate))") }
    if batch != plain.batch { parts.append("batch \(batch)") }
    if averaging != plain.averaging { parts.append("averaged weights (\(numeral(averaging)))") }
    return parts.isEmpty ? "plain" : parts.joined(separator: ", ")
  }

  /// The run of this recipe on the split of a seed.
  /// - Throws: ``ImpossibleRun``.
  package func run(_ scale: AdviceScale, seed: UInt64, evaluation: EvaluationConfiguration, label: String) throws
    -> PlannedRun
  {
    var model = scale.model
    model.dropout = dropout
    var training = scale.training
    (training.epochs, training.batch) = (epochs, batch)
    (training.learningRate, training.weightDecay, training.averaging) = (learningRate, weightDecay, averaging)
    return try PlannedRun(
      label: "\(label), seed \(seed)",
      specification: RunSpecification(
        corpus: scale.corpus, textDigest: scale.corpus.textDigest, dataSeed: seed, seed: seed, objective: objective,
        model: model, training: training, evaluation: evaluation.asked(of: objective), backend: scale.backend))
  }
}

/// What all runs of an advice have in common.
package struct AdviceScale: Sendable {
  /// With the number of unique tokens that is used.
  package var corpus: CorpusSpecification
  /// Without dropout.
  package var model: ModelConfiguration
  /// The plain recipe, with the longest number of epochs.
  package var training: TrainingConfiguration
  package var backend: ProductBackend

  package init(
    corpus: CorpusSpecification, model: ModelConfiguration, training: TrainingConfiguration, backend: ProductBackend
  ) {
    (self.corpus, self.model, self.training, self.backend) = (corpus, model, training, backend)
  }

  /// The plain recipe of an objective.
  package func plain(_ kind: ObjectiveKind) -> Recipe { Recipe(kind, epochs: training.epochs, training) }

  /// r: parameters without embeddings per unique token.
  package var parametersPerUniqueToken: Double {
    Double(model.parametersWithoutEmbeddings) / Double(max(corpus.nominalUniqueTokens, 1))
  }

  /// Steps of a run of all epochs, sequences counted as full.
  package var steps: Int {
    max(1, corpus.nominalUniqueTokens * training.epochs / max(1, model.context * training.batch))
  }
}

/// A number in the shortest form to three significant digits: products of factors have digits that nobody chose.
func shortNumeral(_ value: Double) -> String { numeral(Double(String(format: "%.3g", value)) ?? value) }
