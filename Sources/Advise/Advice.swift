// An advice as numbers: what `--json` prints and what is stored; its sentences are made of it alone, in
// Advice+Words.swift.

import Foundation
import Specification

/// What to train on a text, and everything that this rests on.
package struct Advice: Codable, Hashable, Sendable {
  /// The text as it was read and used.
  package struct Text: Codable, Hashable, Sendable {
    /// "book.txt", "notes (12 files)" or "12 files".
    package var name: String
    package var bytes: Int
    package var files: Int
    /// Of what was split: the whole text, or a sample of it that is kept as a file.
    package var sha256: String
    /// Unique training tokens of the smallest split, estimated where only a sample was split; and those that were
    /// trained on.
    package var availableTokens: Int
    package var usedTokens: Int
    package var heldOutShare: Double
    package var vocabulary: Int
    /// What was left out and why, one sentence each.
    package var remarks: [String]

    package var isSample: Bool { usedTokens < availableTokens }

    package init(
      name: String, bytes: Int, files: Int, sha256: String, availableTokens: Int, usedTokens: Int,
      heldOutShare: Double, vocabulary: Int, remarks: [String]
    ) {
      (self.name, self.bytes, self.files, self.sha256) = (name, bytes, files, sha256)
      (self.availableTokens, self.usedTokens) = (availableTokens, usedTokens)
      (self.heldOutShare, self.vocabulary, self.remarks) = (heldOutShare, vocabulary, remarks)
    }
  }

  /// The models and how much was tried.
  package struct Scale: Codable, Hashable, Sendable {
    package var width: Int
    package var layers: Int
    package var context: Int
    /// Without embeddings.
    package var parameters: Int
    /// The longest training.
    package var epochs: Int
    package var trials: Int
    package var tuningSplits: Int
    package var splits: Int

    package init(
      width: Int, layers: Int, context: Int, parameters: Int, epochs: Int, trials: Int, tuningSplits: Int, splits: Int
    ) {
      (self.width, self.layers, self.context, self.parameters) = (width, layers, context, parameters)
      (self.epochs, self.trials, self.tuningSplits, self.splits) = (epochs, trials, tuningSplits, splits)
    }
  }

  /// What is to be expected at the user's r, and what a larger model would probably change.
  package struct Larger: Codable, Hashable, Sendable {
    /// How many times as many parameters; 1 for the models that were tried.
    package var factor: Double
    package var parametersPerUniqueToken: Double
    /// DLM's loss − AR's there by a measured curve; nil where that does not reach, or there is none.
    package var gap: Measured?

    package init(factor: Double, parametersPerUniqueToken: Double, gap: Measured?) {
      (self.factor, self.parametersPerUniqueToken, self.gap) = (factor, parametersPerUniqueToken, gap)
    }
  }

  package var text: Text
  package var scale: Scale
  package var plainAR: Contender
  package var ar: Contender
  package var dlm: Contender
  /// Losses on the tuning splits of the plain and the chosen recipe: what tuning brought each objective there.
  package var tuning: [ObjectiveKind: TuningLosses]
  /// What counting tokens without context costs, nats per token, the mean over the splits.
  package var baseline: Double
  package var judgement: Judgement
  package var larger: [Larger]
  /// Where `larger` comes from; nil where nothing is known.
  package var curveSource: String?
  /// Splits that are missing because a run diverged or was not carried out.
  package var missing: [String]
  package var budgetMinutes: Double
  /// What the user fixed instead of leaving it to the plan; nil in answers of before this was kept.
  package var wishes: AdviceWishes?
  /// What to do next, as commands for a shell, each with what it does.
  package var commands: [Command]

  package struct TuningLosses: Codable, Hashable, Sendable {
    package var plain: Double?
    package var chosen: Double?

    package init(plain: Double?, chosen: Double?) { (self.plain, self.chosen) = (plain, chosen) }
  }

  package struct Command: Codable, Hashable, Sendable {
    package var purpose: String
    package var line: String

    package init(_ purpose: String, _ line: String) { (self.purpose, self.line) = (purpose, line) }
  }

  package init(
    text: Text, scale: Scale, plainAR: Contender, ar: Contender, dlm: Contender,
    tuning: [ObjectiveKind: TuningLosses], baseline: Double, judgement: Judgement, larger: [Larger],
    curveSource: String?, missing: [String], budgetMinutes: Double, wishes: AdviceWishes? = nil, commands: [Command]
  ) {
    (self.text, self.scale, self.plainAR, self.ar, self.dlm) = (text, scale, plainAR, ar, dlm)
    (self.tuning, self.baseline, self.judgement, self.larger) = (tuning, baseline, judgement, larger)
    (self.curveSource, self.missing) = (curveSource, missing)
    (self.budgetMinutes, self.wishes, self.commands) = (budgetMinutes, wishes, commands)
  }

  package var choice: AdviceChoice { judgement.choice }

  /// r of the models that were tried.
  package var parametersPerUniqueToken: Double { Double(scale.parameters) / Double(max(text.usedTokens, 1)) }

  /// The contender that the next commands are about: the advised one; where neither is, the one with the lower loss.
  package var advised: Contender {
    switch choice {
    case .autoregression: ar
    case .diffusion: dlm
    case .undecided, .nothing: judgement.difference.mean >= 0 ? ar : dlm
    }
  }

  /// The other objective's.
  package var runnerUp: Contender { advised.recipe.kind == .autoregression ? dlm : ar }
}

extension ObjectiveKind: CodingKeyRepresentable {}

extension Contender {
  /// The mean over the splits of the loss at the stop.
  package var loss: Double { losses.reduce(0, +) / Double(max(losses.count, 1)) }
  package var accuracy: Double { accuracies.reduce(0, +) / Double(max(accuracies.count, 1)) }
  package var bestAccuracy: Double { bestAccuracies.reduce(0, +) / Double(max(bestAccuracies.count, 1)) }
  /// Whether it is stopped at the end of its training.
  package var stopsAtEnd: Bool { stop > 0.98 * Double(recipe.epochs) }
}
