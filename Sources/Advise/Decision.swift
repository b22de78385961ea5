// The rule that turns the numbers of the fresh splits into an advice. It was fixed before any text was advised on: the
// validation loss decides, nothing else, and where its interval contains zero nobody wins.

import Foundation
import Statistics
import Wording

/// What is advised.
package enum AdviceChoice: String, Codable, Sendable, CaseIterable {
  case autoregression = "ar"
  case diffusion = "dlm"
  /// Neither is shown to be better.
  case undecided
  /// No model is better than counting tokens.
  case nothing
}

/// What the fresh splits say.
package struct Judgement: Codable, Hashable, Sendable {
  package let choice: AdviceChoice
  /// Tuned DLM's loss − tuned AR's, nats per token.
  package let difference: Measured
  /// Tuned DLM's cloze accuracy − tuned AR's, both at their stops, and both at their best checkpoints, cross-fitted.
  package let accuracyDifference: Measured
  package let bestAccuracyDifference: Measured
  /// Tuned AR's loss − plain AR's; plain DLM's is not judged.
  package let tuningGain: Measured
  /// Tuned DLM's loss − plain AR's: the paper's comparison.
  package let againstPlain: Measured
  /// The baseline − the lower of the losses: what was learnt of the context.
  package let learnt: Measured

  /// A gain over the baseline below this share of it is nothing that was learnt.
  package static let leastLearnt = 0.01

  package init(
    choice: AdviceChoice, difference: Measured, accuracyDifference: Measured, bestAccuracyDifference: Measured,
    tuningGain: Measured, againstPlain: Measured, learnt: Measured
  ) {
    (self.choice, self.difference, self.accuracyDifference) = (choice, difference, accuracyDifference)
    (self.bestAccuracyDifference, self.tuningGain) = (bestAccuracyDifference, tuningGain)
    (self.againstPlain, self.learnt) = (againstPlain, learnt)
  }

  /// Judges the contenders, each with one number a split, in the same order of splits.
  package init(
    plainAR: Contender, ar: Contender, dlm: Contender, baselines: [Double], heldOutShare: Double
  ) throws {
    func difference(_ first: [Double], _ second: [Double]) throws -> Measured {
      try Measured(zip(first, second).map { $0 - $1 }, heldOutShare: heldOutShare)
    }
    let gap = try difference(dlm.losses, ar.losses)
    let best = zip(ar.losses, dlm.losses).map { min($0, $1) }
    let learnt = try difference(baselines, best)
    let baseline = baselines.reduce(0, +) / Double(max(baselines.count, 1))
    let choice: AdviceChoice
    if !learnt.isAboveZero || learnt.mean < Self.leastLearnt * baseline {
      choice = .nothing
    } else if gap.isAboveZero {
      choice = .autoregression
    } else if gap.isBelowZero {
      choice = .diffusion
    } else {
      choice = .undecided
    }
    self.init(
      choice: choice, difference: gap, accuracyDifference: try difference(dlm.accuracies, ar.accuracies),
      bestAccuracyDifference: try difference(dlm.bestAccuracies, ar.bestAccuracies),
      tuningGain: try difference(ar.losses, plainAR.losses),
      againstPlain: try difference(dlm.losses, plainAR.losses), learnt: learnt)
  }
}
