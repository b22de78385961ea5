// The claim `block-size`: what lies between AR and the DLM, by block diffusion. Beyond the paper.

import Configuration
import Evaluation
import Objectives
import Specification
import Statistics
import Wording

extension Claim {
  /// Block diffusion with ever larger blocks, from one token, which is predicted from those before it as AR's are, to the
  /// whole context, which is the DLM; AR beside them.
  ///
  /// Every model counts with its best checkpoint, per task and cross-fitted, so that small blocks are not judged by how
  /// badly they end.
  static let blockSize = Claim(
    "block-size", statement: "accuracy rises with the size of the blocks, from AR's to the DLM's",
    explanation: """
      Trains block diffusion (both ways within a block, causal to earlier blocks, one block masked at a time) with blocks of growing \
      size up to the whole context, and AR, everything else equal, and compares likelihoods, accuracies and documents.
      """,
    paper: "not asked there; Arriola et al. find likelihoods between AR's and the DLM's on abundant data",
    uses: ClaimUses(corpora: CorpusName.prose, variants: .blocks, margin: false)
  ) { planner in
    let settings = planner.settings
    let sizes = settings.variants.compactMap(\.block)
    try planner.require(
      sizes.count >= 2 && zip(sizes, sizes.dropFirst()).allSatisfy { $0 < $1 }
        && sizes.allSatisfy { $0 < settings.model.context },
      "needs at least two conditions in ascending order of `block`, all below the context, \(settings.model.context)")
    let pair = try planner.pair()
    let blocks = try sizes.enumerated().map { index, size in
      try planner.cohort(.blocks(size, .level(Double(index) / Double(max(sizes.count - 1, 1)))))
    }
    let levels = blocks + [pair.diffusion]
    let samples = settings.evaluation.sampledDocuments == nil ? [] : drawings.map { TaskID.documents($0) }
    return Design(
      cohorts: [pair.autoregressive] + levels, scale: settings.scale, tasks: settings.tasks + samples
    ) { evidence in
      let (final, best) = (final(settings.tasks), best(settings.tasks))
      func trend(
        _ name: String, key: String, _ expected: PageTrend.Direction, _ spell: (Double) -> String, _ measure: Measure
      ) throws -> Part {
        try evidence.trend(
          name, key: key, levels.map { (label($0, in: pair), [$0]) }, expected: expected,
          values: levels.map { "\(label($0, in: pair)) \(try evidence.mean($0, measure).map(spell) ?? "–")" }
            .joined(separator: ", ")
        ) { try measure($0[0]) }
      }
      return Findings(
        parts: [
          try trend("best accuracy by the size of blocks", key: "best_accuracy_by_block", .increasing, percent, best)
        ],
        also: [
          try trend("final accuracy", key: "final_accuracy_by_block", .increasing, percent, final),
          try trend("lowest validation loss", key: "lowest_loss_by_block", .increasing, nats, lowestLoss),
          try trend("last validation loss", key: "last_loss_by_block", .decreasing, nats, finalLoss),
        ]
          + (try blocks.prefix(1).map { smallest in
            try evidence.difference(
              "best of \(smallest.arm.name) − AR's best", key: "smallest_block_best_minus_ar_best", smallest, best,
              minus: pair.autoregressive, best)
          })
          + (try blocks.map { cohort in
            try evidence.difference(
              "DLM's final accuracy − best of \(cohort.arm.name)",
              key: "dlm_final_minus_\(cohort.arm.name.filter(\.isNumber))_best", pair.diffusion, final, minus: cohort,
              best)
          }),
        tables: [try table([pair.autoregressive] + levels, evidence)],
        panels: try evidence.taskPanels(curves(pair, blocks)) + [evidence.lossPanel(curves(pair, blocks))],
        marks: FigureMarks(dots: "checkpoints of all seeds of AR and the DLM"))
    }
  }

  /// Documents that all models are drawn from in the same way: one token after the other, in a DLM's random order.
  private static let drawings: [DocumentDrawing] = [
    .autoregressive, .denoising(steps: nil, mostConfidentFirst: false),
  ]

  private static func label(_ cohort: Cohort, in pair: Pair) -> String {
    cohort.arm.name == pair.diffusion.arm.name ? "whole context" : cohort.arm.name.filter(\.isNumber)
  }

  private static func curves(_ pair: Pair, _ blocks: [Cohort]) -> [Curves] {
    [Curves(pair.autoregressive)] + blocks.map { Curves($0, withDots: false) } + [Curves(pair.diffusion)]
  }

  private static func table(_ cohorts: [Cohort], _ evidence: Evidence) throws -> Table {
    let tasks = evidence.settings.tasks
    return Table(
      title:
        "Means over seeds of the accuracy (\(tasks.names)), of validation cross-entropy in nats per token (an upper "
        + "bound for blocks of more than one token), and of the share of true sentences in documents drawn token by token.",
      columns: ["model", "seeds", "best", "end"] + tasks.map { "\($0) best" } + [
        "CE lowest", "CE end", "true sentences",
      ],
      rows: try cohorts.map { cohort in
        func cell(_ spell: (Double) -> String, _ value: (RunResult) throws -> Double?) rethrows -> String {
          try evidence.mean(cohort, value).map(spell) ?? "–"
        }
        return [
          cohort.arm.name, "\(evidence.found(cohort).count)", try cell(percent) { try $0.best(tasks) },
          try cell(percent) { try $0.final(tasks) },
        ] + (try tasks.map { task in try cell(percent) { try $0.best([task]) } }) + [
          cell(nats) { $0.checkpoints.compactMap { $0.validation?.crossEntropy }.min() },
          cell(nats) { $0.checkpoints.last?.validation?.crossEntropy },
          cell(percent) { run in drawings.compactMap { run.last(.documents($0)) }.first },
        ]
      })
  }
}
