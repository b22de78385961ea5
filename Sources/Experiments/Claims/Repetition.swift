// The claim `repetition`: with one small corpus repeated 480 times the DLM is still improving, far past AR.

import Figures
import Statistics
import TensorEngine

/// The DLM's accuracy in the last quarter of the epochs against the third quarter, and its final accuracy against AR's best.
///
/// The schedule's final decay lies in the last quarter and gives a jump of its own, here as in the paper; the comparison
/// inside the plateau of the learning rate is reported beside it.
public struct Repetition: Claim {
  public static let name = "repetition"
  public static let statement = "with one small corpus repeated 480 times the DLM is still improving, far past AR"
  public static let explanation = """
    Trains AR and DLM for 480 epochs of one small corpus and compares the DLM's accuracy in the last quarter with that in \
    the third, and its last checkpoint with AR's best.
    """
  public static let paper = "1B model, 1B tokens, 480 epochs: > 56 % HellaSwag, > 33 % MMLU, still rising"
  public static let thresholds = ["far_above"]

  let settings: ClaimSettings
  let pairs: [RunPair]

  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    self.settings = settings
    pairs = try settings.base.pairs(backend: backend)
  }

  public var runs: [PlannedRun] { pairs.flatMap(\.runs) }

  /// The mean accuracy over a part of the epochs, along the line through the checkpoints.
  private func mean(_ run: RunResult, from: Double, to: Double) throws -> Double {
    let curve = try run.accuracies(settings.tasks)
    let last = curve.epochs[curve.epochs.count - 1]
    return curve.mean(from: from * last, to: to * last)
  }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let own = pairs.map { (seed: $0.seed, first: $0.diffusion, second: $0.diffusion) }
    let against = pairs.map { (seed: $0.seed, first: $0.diffusion, second: $0.autoregressive) }
    let rising = try results.compare(own, margin: settings.margin) { dlm, _ in
      try mean(dlm, from: 0.75, to: 1) - mean(dlm, from: 0.5, to: 0.75)
    }
    let plateau = try results.compare(own, margin: settings.margin) { dlm, _ in
      let stable = 1 - settings.training.decay
      return try mean(dlm, from: 0.75 * stable, to: stable) - mean(dlm, from: 0.5 * stable, to: 0.75 * stable)
    }
    let above = try results.compare(against, margin: settings.threshold("far_above")) { dlm, ar in
      try dlm.final(settings.tasks) - ar.best(settings.tasks)
    }
    return ClaimReport(
      Self.self, settings, results, runs: runs, scale: settings.scale,
      parts: [
        Part("DLM's final accuracy − AR's best", key: "dlm_final_minus_ar_best", above),
        Part("DLM in the last quarter − in the third", key: "dlm_last_minus_third_quarter", rising),
      ],
      also: [
        Part(
          "the same quarters of the epochs before the learning rate decays",
          key: "dlm_last_minus_third_quarter_before_decay", plateau)
      ],
      remarks: ["\"far above\" is more than \(points(settings.threshold("far_above"))) here"],
      tables: [try outcomeTable(pairs, results, tasks: settings.tasks)],
      panels: try taskPanels(pairs, results, tasks: settings.tasks) + [lossPanel(pairs, results)])
  }

  public func data(_ results: RunResults) -> Table {
    measurements(Self.name, results, tasks: settings.tasks, pairs: pairs)
  }
}
