// One of the models that are judged against each other: its numbers on the fresh splits, read at the stop that the
// tuning splits chose. Which one is advised is decided in Decision.swift.

import Claims
import Foundation
import Specification
import Statistics
import Transformer
import Wording

/// A recipe on the fresh splits.
package struct Contender: Codable, Hashable, Sendable {
  package var recipe: Recipe
  /// What differs from the plain recipe, in words.
  package var words: String
  /// The epoch at which it is stopped and read, chosen on the tuning splits.
  package var stop: Double
  /// Validation cross-entropy at the stop, one number a split; the DLM's is an upper bound.
  package var losses: [Double]
  /// `cloze` at the stop.
  package var accuracies: [Double]
  /// `cloze` at its best checkpoint, chosen on one half of the items and scored on the other.
  package var bestAccuracies: [Double]
  /// The validation loss at the last checkpoint over the lowest one, minus 1, the mean over splits.
  package var rise: Double
  /// How much the loss still fell in the second half of the training before the learning rate's decay, nats; negative
  /// where it rose.
  package var lateGain: Double
  /// The stop in whole epochs, as it is said and trained to.
  package var epochsToTrain: Int { max(1, Int(stop.rounded())) }
  /// FLOPs of training to the stop.
  package var flops: Double
  /// Seconds to the stop on one core, evaluation included; nil where that is not known.
  package var seconds: Double?

  package init(
    recipe: Recipe, words: String, stop: Double, losses: [Double], accuracies: [Double], bestAccuracies: [Double],
    rise: Double, lateGain: Double, flops: Double, seconds: Double?
  ) {
    (self.recipe, self.words, self.stop, self.losses) = (recipe, words, stop, losses)
    (self.accuracies, self.bestAccuracies, self.rise) = (accuracies, bestAccuracies, rise)
    (self.lateGain, self.flops, self.seconds) = (lateGain, flops, seconds)
  }

  /// - Parameters:
  ///   - results: of the fresh splits, all of them there.
  ///   - seconds: of their records, by hash.
  package init(
    _ trial: Trial, plain: Recipe, results: [RunResult], vocabulary: Int, decay: Double, seconds: [String: Double]
  ) throws {
    let read = results.compactMap { $0.checkpoint(near: trial.stop, isEnd: trial.isBestAtEnd) }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
    let epochs = Double(trial.recipe.epochs)
    let share = min(1, trial.stop / epochs)
    let times = results.compactMap { seconds[$0.run.hash] }
    let specification = results.first?.run.specification
    let perToken = specification.map { run in
      run.model.trainingFLOPs(
        length: run.model.context, scored: Double(run.model.context) * run.objective.scoredShare,
        vocabulary: vocabulary, causal: run.objective.attention == .causal) / Double(run.model.context)
    }
    self.init(
      recipe: trial.recipe, words: trial.recipe.words(from: plain), stop: trial.stop,
      losses: read.map { $0.validation?.crossEntropy ?? .nan },
      accuracies: read.map { $0.tasks[.choice(.cloze)]?.acc ?? .nan },
      bestAccuracies: try results.map { try $0.best([.choice(.cloze)]) },
      rise: mean(results.map(\.lossRise)),
      lateGain: mean(results.map { $0.lossFall(from: (1 - decay) / 2 * epochs, to: (1 - decay) * epochs) }),
      flops: mean(read.map { Double($0.tokens) }) * (perToken ?? 0),
      seconds: times.isEmpty ? nil : mean(times) * share)
  }
}

extension RunResult {
  /// The checkpoint nearest to an epoch by its logarithm; the last one for the end.
  func checkpoint(near epoch: Double, isEnd: Bool) -> CheckpointRecord? {
    if isEnd { return checkpoints.last }
    return checkpoints.min { abs(log($0.epoch / epoch)) < abs(log($1.epoch / epoch)) }
  }

  /// Validation losses and epochs.
  private var losses: [(epoch: Double, loss: Double)] {
    checkpoints.compactMap { point in point.validation.map { (point.epoch, $0.crossEntropy) } }
  }

  /// The last validation loss over the lowest, minus 1.
  var lossRise: Double {
    let values = losses.map(\.loss)
    guard let lowest = values.min(), let last = values.last, lowest > 0 else { return 0 }
    return last / lowest - 1
  }

  /// The loss at the checkpoint nearest to one epoch minus that nearest to another.
  func lossFall(from first: Double, to last: Double) -> Double {
    func loss(_ epoch: Double) -> Double? { checkpoint(near: epoch, isEnd: false)?.validation?.crossEntropy }
    guard let before = loss(first), let after = loss(last) else { return 0 }
    return before - after
  }
}

/// A mean over splits with its interval.
package struct Measured: Codable, Hashable, Sendable {
  package let mean: Double
  /// Bounds of the 95 % interval; nil with fewer than two splits.
  package let low: Double?
  package let high: Double?

  package init(mean: Double, low: Double?, high: Double?) {
    (self.mean, self.low, self.high) = (mean, low, high)
  }

  /// Student's interval, widened because the splits share most of their training text: the standard error's 1/n becomes
  /// 1/n + h/(1 − h), where h is the share held out (Nadeau and Bengio 2003, the corrected resampled t-test).
  /// - Parameter values: one number a split.
  package init(_ values: [Double], heldOutShare h: Double) throws {
    guard values.count > 1 else {
      self.init(mean: values.first ?? .nan, low: nil, high: nil)
      return
    }
    let plain = try studentInterval(values)
    let factor = (1 + Double(values.count) * h / (1 - h)).squareRoot()
    let half = (plain.high - plain.estimate) * factor
    self.init(mean: plain.estimate, low: plain.estimate - half, high: plain.estimate + half)
  }

  package var isAboveZero: Bool { (low ?? -.infinity) > 0 }
  package var isBelowZero: Bool { (high ?? .infinity) < 0 }

  /// "−0.18 [−0.22, −0.14]".
  package var nats: String { words { signed($0, places: 3) } }
  /// "+3.1 points [−0.4, +6.6]".
  package var points: String {
    let bounds = low.flatMap { low in high.map { " [\(signedPercent(low)), \(signedPercent($0))]" } } ?? ""
    return signedPercent(mean) + " points" + bounds
  }

  private func words(_ format: (Double) -> String) -> String {
    format(mean) + (low.flatMap { low in high.map { " [\(format(low)), \(format($0))]" } } ?? "")
  }
}
