// The claim `dense-compute`: the DLM turns more compute into accuracy, in training and by iterative denoising. The FLOP
// ledger is in DenseCompute+Ledger.swift.

import Figures
import Specification
import Statistics
import Wording

extension Claim {
  /// What the DLM gains after AR has stopped gaining, and how samples improve with denoising steps.
  static let denseCompute = Claim(
    "dense-compute",
    statement:
      "the DLM keeps turning compute into quality, in training after AR has stopped and by denoising at inference",
    explanation: """
      Takes AR and DLM runs on the same scarce data. In training, the DLM's accuracy at the FLOPs of AR's best checkpoint is compared \
      with its last; at inference, documents are drawn with ever more denoising steps and judged by the hidden world. Prints the FLOP ledger.
      """,
    paper: "> 100× AR's training FLOPs to full potential; 16× to 4700× the FLOPs for 16 to 4096 tokens"
  ) { planner in
    let settings = planner.settings
    try planner.require(
      settings.evaluation.sampledDocuments ?? 0 > 0, "needs `evaluation.sampled_documents` of at least 1")
    let pair = try planner.pair()
    let samples = ["samples"] + DenoisingSteps.all.flatMap { ["samples-\($0)", "samples-\($0)-confidence"] }
    return Design(cohorts: pair.cohorts, scale: settings.scale, tasks: settings.tasks + samples) { evidence in
      let lateGain = lateGain(settings.tasks)
      return Findings(
        parts: [
          Part(
            "DLM's final accuracy − DLM's at the training FLOPs of AR's best", key: "dlm_gain_after_ar_best",
            try evidence.compare(pair.diffusion, pair.autoregressive, margin: settings.margin) { dlm, ar in
              try dlm.final(settings.tasks) - accuracy(settings.tasks, of: dlm, atFLOPsOfBest: ar)
            }),
          try evidence.gain(
            "the DLM's gain in the second half of training", key: "late_gain_dlm", of: pair.diffusion,
            margin: settings.margin, lateGain),
          try evidence.difference(
            "that gain, DLM − AR", key: "late_gain_dlm_minus_ar", pair.diffusion, lateGain, minus: pair.autoregressive,
            lateGain, margin: settings.margin),
          try denoisingPart(pair.diffusion, evidence, order: ""),
        ],
        also: [
          try evidence.gain(
            "AR's gain in the second half of training", key: "late_gain_ar", of: pair.autoregressive, lateGain),
          try denoisingPart(pair.diffusion, evidence, order: "-confidence"),
        ],
        tables: try ledgers(pair, evidence), panels: try panels(pair, evidence))
    }
  }

  /// The share of true sentences in documents drawn with ever more steps.
  private static func denoisingPart(_ cohort: Cohort, _ evidence: Evidence, order: String) throws -> Part {
    let blocks = cohort.members.map { seed, run in
      (
        label: "seed \(seed)",
        values: DenoisingSteps.judged.map { evidence.results[run]?.last("samples-\($0)\(order)") }
      )
    }
    let means = DenoisingSteps.all.compactMap { step in
      evidence.mean(cohort) { $0.last("samples-\(step)\(order)") }.map { "\(step) \(percent($0))" }
    }
    return Part(
      "true sentences by denoising steps\(order.isEmpty ? "" : ", most confident positions first")",
      key: "true_sentences_by_steps\(order.replacing("-", with: "_"))",
      try judgeTrend(blocks: blocks, levels: DenoisingSteps.judged, expected: .increasing),
      values: means.joined(separator: ", "))
  }

  /// The accuracy gained in the second half of the epochs.
  private static func lateGain(_ tasks: [String]) -> Measure {
    { run in
      let curve = try run.accuracies(tasks)
      return curve.values[curve.values.count - 1] - value(curve, at: curve.epochs[curve.epochs.count - 1] / 2)
    }
  }

  /// The DLM's accuracy when it has spent the training FLOPs of AR's best checkpoint.
  private static func accuracy(_ tasks: [String], of dlm: RunResult, atFLOPsOfBest ar: RunResult) throws -> Double {
    let curve = try ar.accuracies(tasks)
    let best = curve.values.indices.reduce(0) { curve.values[$1] > curve.values[$0] ? $1 : $0 }
    let ratio = try ar.run.trainingFLOPsPerToken() / dlm.run.trainingFLOPsPerToken()
    return value(try dlm.accuracies(tasks), at: curve.epochs[best] * ratio)
  }

  /// The value of the last checkpoint that is not after the epoch; the first one's before it.
  private static func value(_ curve: Curve, at epoch: Double) -> Double {
    curve.values[curve.epochs.lastIndex { $0 <= epoch * 1.000001 } ?? 0]
  }

  private static func panels(_ pair: Pair, _ evidence: Evidence) throws -> [Panel] {
    func values(order: String) -> [[Double]] {
      DenoisingSteps.all.map { step in evidence.found(pair.diffusion).compactMap { $0.last("samples-\(step)\(order)") } }
    }
    let ar = evidence.mean(pair.autoregressive) { $0.last("samples") }
    return [
      try evidence.panel(
        "training", .accuracy(evidence.settings.tasks), pair.cohorts.map { Curves($0) }, axis: .flops),
      Panel(
        title: "inference", xLabel: "denoising steps", yLabel: "true sentences", yPercent: true,
        categories: DenoisingSteps.all,
        series: [
          try bars("DLM, random order", .diffusion, values(order: "")),
          try bars("DLM, confidence order", .other(1), values(order: "-confidence")),
        ],
        markers: ar.map { [.horizontal($0, "AR", colour: .autoregressive)] } ?? []),
    ]
  }
}

/// The numbers of denoising steps that documents are drawn with, as the names of tasks spell them.
enum DenoisingSteps {
  static let all = ["1", "2", "4", "8", "16", "32", "all"]
  /// Those that the trend is judged over: fewer steps write nonsense, which any number of steps surpasses.
  static let judged = ["4", "8", "16", "32", "all"]
}
