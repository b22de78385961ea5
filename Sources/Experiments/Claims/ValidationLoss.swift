// The claim `validation-loss`: rising validation cross-entropy does not imply worse downstream accuracy.

import Figures
import Statistics
import TensorEngine

/// Accuracy and NLL gap of AR's checkpoints whose validation cross-entropy has risen far above its minimum, against those
/// of the checkpoint at the minimum.
///
/// All such checkpoints count, by their mean, so that no lucky one decides. "Not lower" is a test of non-inferiority: the
/// margin is negative.
public struct ValidationLoss: Claim {
  public static let name = "validation-loss"
  public static let statement = "rising validation cross-entropy does not imply worse downstream accuracy"
  public static let explanation = """
    Takes the AR runs of `crossover`. At the checkpoints after the minimum of the validation cross-entropy where it has risen \
    by at least a quarter, accuracy must not be lower than at the minimum and the NLL of the wrong answers must have moved \
    further from that of the right ones.
    """
  public static let paper = "validation CE doubles while accuracy does not fall, and the NLL gap keeps widening"
  public static let thresholds = ["rise"]

  let settings: ClaimSettings
  let pairs: [RunPair]

  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    self.settings = settings
    pairs = try settings.base.pairs(backend: backend)
  }

  public var runs: [PlannedRun] { pairs.flatMap(\.runs) }

  /// The checkpoint with the lowest cross-entropy, and those after it that have risen by the threshold.
  private func risen(_ run: RunResult) -> (lowest: CheckpointRecord, later: [CheckpointRecord])? {
    let losses = run.checkpoints.map { $0.validation?.crossEntropy ?? .infinity }
    guard let minimum = losses.min(), let place = losses.firstIndex(of: minimum) else { return nil }
    let later = run.checkpoints[(place + 1)...].filter {
      ($0.validation?.crossEntropy ?? 0) >= (1 + settings.threshold("rise")) * minimum
    }
    return (run.checkpoints[place], later)
  }

  /// The mean of a number over the risen checkpoints minus that at the minimum; NaN where nothing has risen.
  private func change(_ run: RunResult, _ value: (CheckpointRecord) -> Double?) -> Double {
    guard let (lowest, later) = risen(run), !later.isEmpty, let before = value(lowest) else { return .nan }
    return later.reduce(0) { $0 + (value($1) ?? .nan) } / Double(later.count) - before
  }

  /// Mean over tasks of NLL wrong − NLL right, nats.
  private func gap(_ checkpoint: CheckpointRecord, _ tasks: [String]) -> Double? {
    let gaps = tasks.compactMap { task in
      checkpoint.tasks[task].flatMap { scores in scores.nllWrong.flatMap { wrong in scores.nllRight.map { wrong - $0 } }
      }
    }
    return gaps.count == tasks.count ? gaps.reduce(0, +) / Double(gaps.count) : nil
  }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let tasks = settings.tasks
    let unrisen = pairs.filter { pair in results[pair.autoregressive].map { risen($0)?.later.isEmpty ?? true } ?? false
    }
    let own = pairs.filter { pair in !unrisen.contains { $0.seed == pair.seed } }
      .map { (seed: $0.seed, first: $0.autoregressive, second: $0.autoregressive) }
    let missing = unrisen.map {
      "seed \($0.seed) (its validation loss has not risen by \(percent(settings.threshold("rise"))))"
    }
    let accuracy = try results.compare(own, margin: settings.margin, missing: missing) { run, _ in
      change(run) { $0.accuracy(tasks) }
    }
    let gap = try results.compare(own, missing: missing) { run, _ in change(run) { self.gap($0, tasks) } }
    let byTask = try tasks.count < 2 ? [] : tasks.map { task in
      Part(
        "\(task) alone", key: "accuracy_change_\(task)",
        try results.compare(own, margin: settings.margin) { run, _ in change(run) { $0.accuracy([task]) } })
    }
    return ClaimReport(
      Self.self, settings, results, runs: pairs.map(\.autoregressive), scale: settings.scale,
      parts: [
        Part("AR's accuracy after the rise − at the lowest validation loss", key: "accuracy_change", accuracy),
        Part("NLL gap wrong − right, likewise", key: "nll_gap_change", gap, unit: "nats"),
      ],
      also: byTask,
      remarks: ["\"not lower\" allows for \(points(-settings.margin)) (a test of non-inferiority)"],
      tables: [try outcomeTable(pairs, results, tasks: tasks)],
      panels: [
        try accuracyPanel("accuracy", pairs, results, tasks: tasks), try lossPanel(pairs, results),
        try pairPanel("NLL gap, wrong − right", yLabel: "nats", pairs, results) { self.gap($0, tasks) },
      ])
  }

  public func data(_ results: RunResults) -> Table {
    measurements(Self.name, results, tasks: settings.tasks, pairs: pairs)
  }
}
