// The claim `monte-carlo`: accuracy rises with the number of different maskings of each sequence.

import Figures
import Statistics
import TensorEngine

/// The DLM with K frozen maskings a sequence, K from 1 to unlimited.
///
/// The best checkpoint counts, so that a small K is not judged by how badly it ends. The rise must be there without the
/// smallest K too, so that one bad condition does not make a trend.
public struct MonteCarlo: Claim {
  public static let name = "monte-carlo"
  public static let statement = "the DLM's accuracy rises with the number K of different maskings of each sequence"
  public static let explanation = """
    Trains the DLM with K maskings a sequence that are drawn once and repeated, for growing K, the last unlimited, for the same epochs \
    of the same tokens, and compares their best checkpoints.
    """
  public static let paper = "factor 3 of three: the built-in Monte Carlo augmentation"

  let settings: ClaimSettings
  /// The runs of each condition, by seed.
  private let conditions: [(name: String, runs: [PlannedRun])]

  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    self.settings = settings
    try settings.require(
      settings.variants.count >= 3 && settings.variants.last?.maskings == nil, in: Self.name,
      "needs at least three conditions in ascending order of `maskings`, the last without")
    conditions = try settings.variants.map { variant in
      (variant.name, try variant.pairs(backend: backend).map(\.diffusion))
    }
  }

  public var runs: [PlannedRun] { conditions.flatMap(\.runs) }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let tasks = settings.tasks
    func part(
      _ name: String, key: String, of conditions: [(name: String, runs: [PlannedRun])],
      _ value: (RunResult) throws -> Double
    ) throws -> Part {
      let trend = try results.trend(
        conditions.map { condition in
          (
            name: condition.name,
            seeds: Dictionary(
              condition.runs.map { ($0.specification.dataSeed, [$0]) }, uniquingKeysWith: { first, _ in first })
          )
        }, expected: .increasing
      ) { try value($0[0]) }
      let values = try conditions.map { condition in
        let values = try condition.runs.compactMap { run in try results[run].map(value) }
        return "\(condition.name) \(percent(values.reduce(0, +) / Double(values.count)))"
      }
      return Part(name, key: key, trend, values: values.joined(separator: ", "))
    }
    return ClaimReport(
      Self.self, settings, results, runs: runs, scale: settings.scale,
      parts: [
        try part("best accuracy by maskings", key: "best_accuracy", of: conditions) { try $0.best(tasks) },
        try part("without the smallest K", key: "best_accuracy_without_smallest", of: Array(conditions.dropFirst())) {
          try $0.best(tasks)
        },
      ],
      also: [try part("final accuracy", key: "final_accuracy", of: conditions) { try $0.final(tasks) }],
      tables: [try table(results)], panels: try panels(results))
  }

  private func table(_ results: RunResults) throws -> Table {
    Table(
      title: "Means over seeds of the accuracy (\(settings.tasks.joined(separator: ", "))).",
      columns: ["maskings", "seeds", "DLM best", "DLM final", "lowest CE", "final CE"],
      rows: try conditions.map { condition in
        let found = condition.runs.compactMap { results[$0] }
        func mean(_ value: (RunResult) throws -> Double) rethrows -> Double {
          try found.reduce(0) { try $0 + value($1) } / Double(found.count)
        }
        guard !found.isEmpty else { return [condition.name, "0", "–", "–", "–", "–"] }
        return [
          condition.name, "\(found.count)", percent(try mean { try $0.best(settings.tasks) }),
          percent(try mean { try $0.final(settings.tasks) }),
          nats(mean { $0.checkpoints.compactMap { $0.validation?.crossEntropy }.min() ?? .nan }),
          nats(mean { $0.checkpoints.last?.validation?.crossEntropy ?? .nan }),
        ]
      })
  }

  private func panels(_ results: RunResults) throws -> [Panel] {
    let last = Double(max(conditions.count - 1, 1))
    func panel(_ title: String, _ label: String, _ value: (CheckpointRecord) -> Double?) throws -> Panel {
      Panel(
        title: title, xLabel: "epochs", yLabel: label, xScale: .log, yPercent: label == "accuracy",
        series: try conditions.enumerated().compactMap { index, condition in
          try learningCurve(
            condition.name, .level(Double(index) / last), condition.runs.compactMap { results[$0] }, withDots: false,
            value: value)
        }, markers: label == "accuracy" ? [.horizontal(0.25, "chance")] : [], legendTitle: "maskings")
    }
    return (try settings.tasks.map { task in try panel(task, "accuracy") { $0.tasks[task]?.acc } } + [
      try panel("validation loss", "cross-entropy (nats per token)") { $0.validation?.crossEntropy }
    ])
  }

  public func data(_ results: RunResults) -> Table {
    measurements(
      Self.name, results, tasks: settings.tasks,
      runs: conditions.flatMap { condition in
        condition.runs.map { Measured(run: $0, labels: [condition.name, "\($0.specification.dataSeed)"]) }
      }, labels: ["maskings", "seed"])
  }
}
