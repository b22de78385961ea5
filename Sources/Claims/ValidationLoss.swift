// The claim `validation-loss`: rising validation cross-entropy does not imply worse downstream accuracy.

import Specification
import Wording

extension Claim {
  /// Accuracy and NLL gap of AR's checkpoints whose validation cross-entropy has risen far above its minimum, against those
  /// of the checkpoint at the minimum.
  ///
  /// All such checkpoints count, by their mean, so that no lucky one decides. "Not lower" is a test of non-inferiority: the
  /// margin is negative.
  static let validationLoss = Claim(
    "validation-loss", statement: "rising validation cross-entropy does not imply worse downstream accuracy",
    explanation: """
      Takes the AR runs of `crossover`. At the checkpoints after the minimum of the validation cross-entropy where it has risen \
      by at least a quarter, accuracy must not be lower than at the minimum, on each task, and the NLL of the wrong answers \
      must have moved further from that of the right ones.
      """,
    paper: "validation CE doubles while accuracy does not fall, and the NLL gap keeps widening", thresholds: ["rise"]
  ) { planner in
    let settings = planner.settings
    let tasks = settings.tasks
    let rise = settings.threshold("rise")
    let pair = try planner.pair()
    let curves = pair.cohorts.map { Curves($0) }
    return Design(cohorts: pair.cohorts, scale: settings.scale, tasks: tasks) { evidence in
      let level = pair.autoregressive.members.filter { _, run in
        evidence.results[run].map { risen($0, by: rise)?.later.isEmpty ?? true } ?? false
      }.map(\.seed)
      let ar = pair.autoregressive.without(level)
      let missing = level.map { "seed \($0) (its validation loss has not risen by \(percent(rise)))" }
      return Findings(
        parts: try tasks.map { task in
          try evidence.gain(
            "AR's accuracy after the rise − at the lowest validation loss, \(task)", key: "accuracy_change_\(task)",
            of: ar,
            margin: settings.margin, missing: missing, change(of: .accuracy([task]), by: rise))
        } + [
          try evidence.gain(
            "NLL gap wrong − right, likewise", key: "nll_gap_change", of: ar, missing: missing, unit: "nats",
            change(of: .gap(tasks), by: rise))
        ],
        also: tasks.count < 2
          ? []
          : [
            try evidence.gain(
              "the mean over tasks", key: "accuracy_change", of: ar, margin: settings.margin,
              change(of: .accuracy(tasks), by: rise))
          ],
        remarks: ["\"not lower\" allows for \(points(-settings.margin)) (a test of non-inferiority)"],
        tables: try evidence.seedTables(pair),
        panels: try tasks.map { try evidence.panel("\($0)", .accuracy([$0]), curves) } + [
          try evidence.lossPanel(curves), try evidence.panel("NLL gap, wrong − right", .gap(tasks), curves),
        ])
    }
  }

  /// The checkpoint with the lowest cross-entropy, and those after it whose cross-entropy is higher by a share of it.
  private static func risen(_ run: RunResult, by rise: Double) -> (lowest: CheckpointRecord, later: [CheckpointRecord])?
  {
    let losses = run.checkpoints.map { $0.validation?.crossEntropy ?? .infinity }
    guard let minimum = losses.min(), let place = losses.firstIndex(of: minimum) else { return nil }
    let later = run.checkpoints[(place + 1)...].filter { ($0.validation?.crossEntropy ?? 0) >= (1 + rise) * minimum }
    return (run.checkpoints[place], later)
  }

  /// The mean of a quantity over the risen checkpoints minus that at the minimum; NaN where nothing has risen.
  private static func change(of quantity: Quantity, by rise: Double) -> Measure {
    { run in
      guard let (lowest, later) = risen(run, by: rise), !later.isEmpty, let before = quantity.value(lowest) else {
        return .nan
      }
      return later.reduce(0) { $0 + (quantity.value($1) ?? .nan) } / Double(later.count) - before
    }
  }
}
