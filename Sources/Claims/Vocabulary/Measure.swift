// What is read off runs: a quantity is a number of a checkpoint, a measure one of a run, as a rule a quantity at the
// checkpoint that counts.

import Foundation
import Specification
import Statistics
import Wording

/// A number of every checkpoint.
struct Quantity: Sendable {
  /// What stands on its axis.
  let label: String
  /// Whether it is a share, shown in percent.
  let isShare: Bool
  /// What guessing gives, where that is known.
  var chance: Double?
  let value: @Sendable (CheckpointRecord) -> Double?

  /// The mean accuracy over tasks.
  static func accuracy(_ tasks: [TaskID]) -> Quantity {
    Quantity(label: tasks.scoreName, isShare: true, chance: tasks.chance) { $0.accuracy(tasks) }
  }

  /// Validation cross-entropy; the DLM's is an upper bound.
  static let loss = Quantity(label: "cross-entropy (nats per token)", isShare: false) { $0.validation?.crossEntropy }

  /// Mean over tasks of the NLL of the wrong answers minus that of the right ones, nats.
  static func gap(_ tasks: [TaskID]) -> Quantity {
    Quantity(label: "nats", isShare: false) { checkpoint in
      let gaps = tasks.compactMap { task -> Double? in
        guard let scores = checkpoint.tasks[task], let wrong = scores.nllWrong, let right = scores.nllRight else {
          return nil
        }
        return wrong - right
      }
      return gaps.count == tasks.count ? gaps.reduce(0, +) / Double(gaps.count) : nil
    }
  }
}

/// A number of a run.
typealias Measure = @Sendable (RunResult) throws -> Double

/// The accuracy of the last checkpoint, the mean over tasks.
func final(_ tasks: [TaskID]) -> Measure { { try $0.final(tasks) } }

/// The accuracy of the best checkpoint of each task, cross-fitted, the mean over tasks.
func best(_ tasks: [TaskID]) -> Measure { { try $0.best(tasks) } }

/// The lowest validation cross-entropy of a run, nats per token.
let lowestLoss: Measure = { try $0.curve(Quantity.loss.value).values.reduce(.infinity, min) }

/// The validation cross-entropy of the last checkpoint.
let finalLoss: Measure = { run in
  let values = try run.curve(Quantity.loss.value).values
  return values[values.count - 1]
}

extension CheckpointRecord {
  /// The mean of `acc` over the tasks; nil if one of them was not measured.
  func accuracy(_ tasks: [TaskID]) -> Double? {
    let values = tasks.compactMap { self.tasks[$0]?.acc }
    return values.count == tasks.count ? values.reduce(0, +) / Double(tasks.count) : nil
  }
}

extension RunResult {
  /// The mean accuracy over the tasks against epochs.
  func accuracies(_ tasks: [TaskID]) throws -> Curve { try curve { $0.accuracy(tasks) } }

  /// The accuracy of the best checkpoint, per task and cross-fitted, the mean over tasks: the checkpoint that is best on
  /// one half of the items is scored on the other half, and the two are averaged, so that choosing favours neither.
  /// Records without halves count with the best checkpoint on all items.
  package func best(_ tasks: [TaskID]) throws -> Double {
    try tasks.reduce(0) { try $0 + best($1) } / Double(tasks.count)
  }

  private func best(_ task: TaskID) throws -> Double {
    let whole = try accuracies([task]).values
    let halves = checkpoints.compactMap { $0.tasks[task]?.halves }.filter { $0.count == 2 }
    guard halves.count == whole.count else { return whole.reduce(-.infinity, max) }
    func score(chosenOn half: Int) -> Double {
      let chosen = halves.indices.reduce(0) { halves[$1][half] > halves[$0][half] ? $1 : $0 }
      return halves[chosen][1 - half]
    }
    return (score(chosenOn: 0) + score(chosenOn: 1)) / 2
  }

  /// The accuracy of the last checkpoint.
  func final(_ tasks: [TaskID]) throws -> Double {
    let values = try accuracies(tasks).values
    return values[values.count - 1]
  }

  /// The score on a task at the last checkpoint; nil if it was not measured.
  func last(_ task: TaskID) -> Double? { checkpoints.last?.tasks[task]?.acc }
}
