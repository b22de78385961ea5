// The claim `dense-compute`: the DLM turns more compute into accuracy, in training and by iterative denoising. The FLOP
// ledger is in DenseCompute+Ledger.swift.

import Evaluation
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
    let samples = DocumentDrawing.all.map { TaskID.documents($0) }
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
          try denoisingPart(pair.diffusion, evidence, mostConfidentFirst: false),
        ],
        also: [
          try evidence.gain(
            "AR's gain in the second half of training", key: "late_gain_ar", of: pair.autoregressive, lateGain),
          try denoisingPart(pair.diffusion, evidence, mostConfidentFirst: true),
        ],
        tables: try ledgers(pair, evidence), panels: try panels(pair, evidence))
    }
  }

  /// The share of true sentences in documents drawn with ever more steps.
  private static func denoisingPart(_ cohort: Cohort, _ evidence: Evidence, mostConfidentFirst: Bool) throws -> Part {
    func task(_ steps: Int?) -> TaskID { drawn(steps, mostConfidentFirst: mostConfidentFirst) }
    let blocks = cohort.members.map { seed, run in
      (
        label: "seed \(seed)",
        values: judgedSteps.map { evidence.results[run]?.last(task($0)) }
      )
    }
    let means = DocumentDrawing.steps.compactMap { step in
      evidence.mean(cohort) { $0.last(task(step)) }.map { "\(DocumentDrawing.word(step)) \(percent($0))" }
    }
    return Part(
      "true sentences by denoising steps\(mostConfidentFirst ? ", most confident positions first" : "")",
      key: "true_sentences_by_steps\(mostConfidentFirst ? "_confidence" : "")",
      try judgeTrend(blocks: blocks, levels: judgedSteps.map(DocumentDrawing.word), expected: .increasing),
      values: means.joined(separator: ", "))
  }

  /// The accuracy gained in the second half of the epochs.
  private static func lateGain(_ tasks: [TaskID]) -> Measure {
    { run in
      let curve = try run.accuracies(tasks)
      return curve.values[curve.values.count - 1] - value(curve, at: curve.epochs[curve.epochs.count - 1] / 2)
    }
  }

  /// The DLM's accuracy when it has spent the training FLOPs of AR's best checkpoint.
  private static func accuracy(_ tasks: [TaskID], of dlm: RunResult, atFLOPsOfBest ar: RunResult) throws -> Double {
    let curve = try ar.accuracies(tasks)
    let best = curve.values.indices.reduce(0) { curve.values[$1] > curve.values[$0] ? $1 : $0 }
    let ratio = try ar.run.trainingFLOPsPerToken() / dlm.run.trainingFLOPsPerToken()
    return value(try dlm.accuracies(tasks), at: curve.epochs[best] * ratio)
  }

  /// The value of the last checkpoint that is not after the epoch by more than a thousandth, since checkpoints fall on
  /// whole steps; the first one's before it.
  static func value(_ curve: Curve, at epoch: Double) -> Double {
    curve.values[curve.epochs.lastIndex { $0 <= epoch * 1.001 } ?? 0]
  }

  private static func panels(_ pair: Pair, _ evidence: Evidence) throws -> [Panel] {
    func values(mostConfidentFirst: Bool) -> [[Double]] {
      DocumentDrawing.steps.map { step in
        evidence.found(pair.diffusion).compactMap { $0.last(drawn(step, mostConfidentFirst: mostConfidentFirst)) }
      }
    }
    let ar = evidence.mean(pair.autoregressive) { $0.last(.documents(.autoregressive)) }
    return [
      try evidence.panel(
        "training", .accuracy(evidence.settings.tasks), pair.cohorts.map { Curves($0) }, axis: .flops,
        markers: [evidence.bestMarker(pair.autoregressive, "AR's best", evidence.settings.tasks)].compactMap { $0 }),
      Panel(
        title: "inference", xLabel: "denoising steps", yLabel: "true sentences", yPercent: true,
        categories: DocumentDrawing.steps.map(DocumentDrawing.word),
        series: [
          try bars("DLM, random order", .diffusion, values(mostConfidentFirst: false)),
          try bars("DLM, confidence order", .other(1), values(mostConfidentFirst: true)),
        ],
        markers: ar.map { [.horizontal($0, "AR", colour: .autoregressive)] } ?? []),
    ]
  }
}

/// The numbers of denoising steps that the trend is judged over: fewer write nonsense, which any number surpasses.
private let judgedSteps: [Int?] = [4, 8, 16, 32, nil]

private func drawn(_ steps: Int?, mostConfidentFirst: Bool) -> TaskID {
  .documents(.denoising(steps: steps, mostConfidentFirst: mostConfidentFirst))
}
