// The claim `dense-compute`: the DLM turns more compute into accuracy, in training and by iterative denoising. The FLOP
// ledger is in DenseCompute+Ledger.swift.

import Figures
import Statistics
import TensorEngine

/// What the DLM gains after AR has stopped gaining, and how samples improve with denoising steps.
public struct DenseCompute: Claim {
  public static let name = "dense-compute"
  public static let statement =
    "the DLM keeps turning compute into quality, in training after AR has stopped and by denoising at inference"
  public static let explanation = """
    Takes AR and DLM runs on the same scarce data. In training, the DLM's accuracy at the FLOPs of AR's best checkpoint is compared \
    with its last; at inference, documents are drawn with ever more denoising steps and judged by the hidden world. Prints the FLOP ledger.
    """
  public static let paper = "> 100× AR's training FLOPs to full potential; 16× to 4700× the FLOPs for 16 to 4096 tokens"

  let settings: ClaimSettings
  let pairs: [RunPair]

  public init(settings: ClaimSettings, backend: ProductBackend) throws {
    self.settings = settings
    try settings.require(
      settings.evaluation.sampledDocuments ?? 0 > 0, in: Self.name, "needs `evaluation.sampled_documents` of at least 1"
    )
    pairs = try settings.base.pairs(backend: backend)
  }

  public var runs: [PlannedRun] { pairs.flatMap(\.runs) }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let tasks = settings.tasks
    let both = pairs.map { (seed: $0.seed, first: $0.diffusion, second: $0.autoregressive) }
    let after = try results.compare(both, margin: settings.margin) { dlm, ar in
      try dlm.final(tasks) - accuracy(of: dlm, atFLOPsOfBest: ar)
    }
    let half = try results.compare(both, margin: settings.margin) { dlm, ar in try lateGain(dlm) - lateGain(ar) }
    let own = try results.compare(both, margin: settings.margin) { dlm, _ in try lateGain(dlm) }
    let arHalf = try results.compare(both) { _, ar in try lateGain(ar) }
    return ClaimReport(
      Self.self, settings, results, runs: runs, scale: settings.scale,
      parts: [
        Part("DLM's final accuracy − DLM's at the training FLOPs of AR's best", key: "dlm_gain_after_ar_best", after),
        Part("the DLM's gain in the second half of training", key: "late_gain_dlm", own),
        Part("that gain, DLM − AR", key: "late_gain_dlm_minus_ar", half),
        try denoisingPart(results, order: ""),
      ],
      also: [
        Part("AR's gain in the second half of training", key: "late_gain_ar", arHalf),
        try denoisingPart(results, order: "-confidence"),
      ],
      tables: try ledgers(results), panels: try panels(results))
  }

  /// The numbers of denoising steps as the names of tasks spell them.
  static let steps = ["1", "2", "4", "8", "16", "32", "all"]
  /// Those that the trend is judged over: fewer steps write nonsense, which any number of steps surpasses.
  static let judgedSteps = ["4", "8", "16", "32", "all"]

  /// The share of true sentences in documents drawn with ever more steps.
  private func denoisingPart(_ results: RunResults, order: String) throws -> Part {
    let runs = pairs.map(\.diffusion)
    let blocks = pairs.map { pair in
      (
        label: "seed \(pair.seed)",
        values: Self.judgedSteps.map { step in results[pair.diffusion].flatMap { $0.last("samples-\(step)\(order)") } }
      )
    }
    let means = Self.steps.compactMap { step -> String? in
      let values = runs.compactMap { results[$0]?.last("samples-\(step)\(order)") }
      return values.isEmpty ? nil : "\(step) \(percent(values.reduce(0, +) / Double(values.count)))"
    }
    return Part(
      "true sentences by denoising steps\(order.isEmpty ? "" : ", most confident positions first")",
      key: "true_sentences_by_steps\(order.replacing("-", with: "_"))",
      try judgeTrend(blocks: blocks, levels: Self.judgedSteps, expected: .increasing),
      values: means.joined(separator: ", "))
  }

  /// The accuracy gained in the second half of the epochs.
  private func lateGain(_ run: RunResult) throws -> Double {
    let curve = try run.accuracies(settings.tasks)
    return curve.values[curve.values.count - 1] - value(curve, at: curve.epochs[curve.epochs.count - 1] / 2)
  }

  /// The DLM's accuracy when it has spent the training FLOPs of AR's best checkpoint.
  private func accuracy(of dlm: RunResult, atFLOPsOfBest ar: RunResult) throws -> Double {
    let curve = try ar.accuracies(settings.tasks)
    let best = curve.values.indices.reduce(0) { curve.values[$1] > curve.values[$0] ? $1 : $0 }
    let ratio = try ar.run.trainingFLOPsPerToken() / dlm.run.trainingFLOPsPerToken()
    return value(try dlm.accuracies(settings.tasks), at: curve.epochs[best] * ratio)
  }

  /// The value of the last checkpoint that is not after the epoch; the first one's before it.
  private func value(_ curve: Curve, at epoch: Double) -> Double {
    curve.values[curve.epochs.lastIndex { $0 <= epoch * 1.000001 } ?? 0]
  }

  private func panels(_ results: RunResults) throws -> [Panel] {
    let accuracy = try pairs.first.map { first in
      let perToken = (
        ar: try first.autoregressive.trainingFLOPsPerToken(), dlm: try first.diffusion.trainingFLOPsPerToken()
      )
      func curve(_ label: String, _ colour: SeriesColour, _ runs: [PlannedRun], _ flops: Double) throws -> Series? {
        try learningCurve(label, colour, runs.compactMap { results[$0] }, axis: .flops(perToken: flops)) {
          $0.accuracy(settings.tasks)
        }
      }
      return Panel(
        title: "training", xLabel: "training FLOPs", yLabel: "accuracy", xScale: .log, yPercent: true,
        series: [
          try curve("AR", .autoregressive, pairs.map(\.autoregressive), perToken.ar),
          try curve("DLM", .diffusion, pairs.map(\.diffusion), perToken.dlm),
        ].compactMap { $0 }, markers: [.horizontal(0.25, "chance")])
    }
    let ar = pairs.compactMap { results[$0.autoregressive]?.last("samples") }
    let sampling = Panel(
      title: "inference", xLabel: "denoising steps", yLabel: "true sentences", yPercent: true, categories: Self.steps,
      series: [
        try bars("DLM, random order", .diffusion, stepValues(results, order: "")),
        try bars("DLM, confidence order", .other(1), stepValues(results, order: "-confidence")),
      ],
      markers: ar.isEmpty ? [] : [.horizontal(ar.reduce(0, +) / Double(ar.count), "AR", colour: .autoregressive)])
    return ([accuracy].compactMap { $0 } + [sampling])
  }

  private func stepValues(_ results: RunResults, order: String) -> [[Double]] {
    Self.steps.map { step in pairs.compactMap { results[$0.diffusion]?.last("samples-\(step)\(order)") } }
  }

  public func data(_ results: RunResults) -> Table {
    let samples = ["samples"] + Self.steps.flatMap { ["samples-\($0)", "samples-\($0)-confidence"] }
    return measurements(Self.name, results, tasks: settings.tasks + samples, pairs: pairs)
  }
}

extension RunResult {
  /// The score on a task at the last checkpoint; nil if it was not measured.
  func last(_ task: String) -> Double? { checkpoints.last?.tasks[task]?.acc }
}
