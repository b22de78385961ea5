// What the tests of the advice have in common: made-up settings, contenders and advice.

import Configuration
import Corpora
import Foundation
import Specification
import TestSupport
import Training
import Transformer
import Advise
import Claims

enum Made {
  static let training = TrainingConfiguration(epochs: 300, batch: 16, learningRate: 2e-3)

  /// The built-in settings for a text, as the command has them; read once.
  static var settings: ClaimSettings { get throws { try read.get() } }

  private static let read = Result {
    var sources = ConfigurationSources(file: nil)
    sources.assignments.append(.init(option: "test", text: "corpus = \"text\""))
    return try Catalogue(sources).file.settings("crossover", .ci)
  }

  static func plan(
    available: Int = 78_000, minutes: Double = 10, cores: Int = 2, pace: Double = 1, wishes: AdviceWishes = .init()
  ) throws -> AdvicePlan {
    let settings = try settings
    var text = settings.text
    text.uniqueTokens = 0
    return try AdvicePlan.fitting(
      available: available, settings: settings, corpus: text.specification(TextCollection()),
      inventory: (items: 200, sequences: 400), wishes: wishes, coreSeconds: minutes * 60 * Double(cores), pace: pace)
  }

  static func contender(
    _ kind: ObjectiveKind, _ losses: [Double], stop: Double = 100, epochs: Int = 100, words: String = "plain",
    accuracies: [Double]? = nil, rise: Double = 0, lateGain: Double = 0, flops: Double = 1e12, seconds: Double? = 10
  ) -> Contender {
    Contender(
      recipe: Recipe(kind, epochs: epochs, training), words: words, stop: stop, losses: losses,
      accuracies: accuracies ?? losses.map { _ in 0.4 }, bestAccuracies: accuracies ?? losses.map { _ in 0.42 },
      rise: rise, lateGain: lateGain, flops: flops, seconds: seconds)
  }

  static func advice(
    plain: [Double] = [4.1, 4.12, 4.08], ar: [Double], dlm: [Double], baseline: Double = 5.2, used: Int = 78_000,
    larger: RegimeCurve? = nil, arAccuracies: [Double]? = nil, dlmAccuracies: [Double]? = nil
  ) throws -> Advice {
    let plainAR = contender(.autoregression, plain, stop: 9.4, rise: 0.45, flops: 2e11, seconds: 3)
    let chosenAR = contender(
      .autoregression, ar, stop: 19.2, words: "dropout 0.1", accuracies: arAccuracies, flops: 5e11, seconds: 6)
    let chosenDLM = contender(
      .diffusion, dlm, words: "learning rate 0.004", accuracies: dlmAccuracies, lateGain: 0.04, flops: 3e12, seconds: 40
    )
    let judgement = try Judgement(
      plainAR: plainAR, ar: chosenAR, dlm: chosenDLM, baselines: ar.map { _ in baseline }, heldOutShare: 0.1)
    return Advice(
      text: .init(
        name: "book.txt", bytes: 200_000, files: 1, sha256: "00", availableTokens: 78_000, usedTokens: used,
        heldOutShare: 0.1, vocabulary: 512, remarks: []),
      scale: .init(
        width: 48, layers: 2, context: 48, parameters: 55_296, epochs: 100, trials: 8, tuningSplits: 1,
        splits: ar.count),
      plainAR: plainAR, ar: chosenAR, dlm: chosenDLM,
      tuning: [.autoregression: .init(plain: 4.1, chosen: 3.9), .diffusion: .init(plain: 4.0, chosen: 3.95)],
      baseline: baseline, judgement: judgement,
      larger: [1, 10, 100].map {
        .init(factor: $0, parametersPerUniqueToken: $0 * 0.7, gap: larger?.gap(at: $0 * 0.7))
      },
      curveSource: larger?.source, missing: [], budgetMinutes: 10, commands: [])
  }
}

extension Made {
  static func checkpoint(_ epoch: Double, _ loss: Double, accuracy: Double = 0.4) -> CheckpointRecord {
    CheckpointRecord(
      epoch: epoch, step: Int(epoch * 10), tokens: Int(epoch * 1000), trainingLoss: loss,
      validation: .init(crossEntropy: loss, standardError: 0.01, samples: 1, sequences: 400),
      tasks: ["cloze": .init(acc: accuracy, accStandardError: 0.01, items: 200, halves: [accuracy, accuracy])])
  }
}
