// The question `regime`: does the gap between the objectives depend on parameters per unique token, and where does it
// vanish? Beyond the paper. What is computed along r: RegimeAxis.swift. The regime of a single study, in captions:
// Vocabulary/Regime.swift.

import Configuration
import Corpora
import Figures
import Foundation
import Specification
import Statistics
import Transformer
import Wording

extension Claim {
  /// The DLM's best minus AR's best, in validation loss and in accuracy, against log r, r the parameters without embeddings
  /// per unique token: one line per seed, through several models at each r.
  ///
  /// Both count with their best checkpoint, in loss the lowest, in accuracy per task and cross-fitted, so that neither is
  /// judged by how far it overfits. The gap is signed so that above zero AR is ahead.
  static let regime = Claim(
    "regime", statement: "the more parameters there are per unique token, the further the DLM falls behind AR",
    explanation: """
      Trains AR and DLM at several numbers of parameters per unique token (r), models of two sizes at each, and fits a line through \
      the gaps between their bests against log r: its slope, and the r at which the gap vanishes, in validation loss and \
      in accuracy.
      """,
    paper: "not asked there; read off its figures the DLM gains from r = 0.01 to r = 8",
    uses: ClaimUses(corpora: CorpusName.prose, variants: .pairs, margin: false, beside: true)
  ) { planner in
    let settings = planner.settings
    let own = RegimeAxis(
      title: settings.corpus.rawValue, prefix: "", pairs: try planner.pairs(), tasks: settings.tasks)
    let isSmoke = settings.preset == .smoke
    try planner.require(
      own.values.count >= (isSmoke ? 2 : 6), "needs at least six numbers of parameters per unique token")
    try planner.require(
      own.values.allSatisfy { Set($0.map(\.condition.model.width)).count >= 2 },
      "needs models of at least two widths at each number of parameters per unique token")
    let natural = try settings.beside.flatMap { beside -> RegimeAxis? in
      guard beside.isInstalled else { return nil }
      return RegimeAxis(
        title: beside.corpus.title, prefix: "\(beside.corpus.rawValue)_",
        pairs: try beside.variants.map { try planner.pair($0) }, tasks: beside.condition.corpus.tasks)
    }
    return Design(
      cohorts: own.pairs.cohorts, beside: natural?.pairs.cohorts ?? [],
      scale: "\(counted(own.values.count, "value")) of r from \(own.words(of: own.ratios.min() ?? .nan)) to "
        + "\(own.words(of: own.ratios.max() ?? .nan)), \(settings.corpus.rawValue) corpus",
      tasks: settings.tasks + (natural?.tasks ?? [])
    ) { evidence in
      let axes = [own] + [natural].compactMap { $0 }
      return Findings(
        parts: try RegimeGap.allCases.map { try own.slope($0, evidence) },
        also: try RegimeGap.allCases.flatMap { gap in
          try [own.vanishing(gap, evidence), own.bend(gap, evidence)].compactMap { $0 }
        }
          + (try natural.map { axis in
            try RegimeGap.allCases.flatMap { gap in
              try [axis.slope(gap, evidence), axis.vanishing(gap, evidence), axis.bend(gap, evidence)]
                .compactMap { $0 }
            }
          } ?? []),
        remarks: try axes.flatMap { axis in
          try RegimeGap.allCases.compactMap { try axis.interpolated($0, evidence) }
        } + [settings.beside?.absence("so not beside it; no verdict rests on it")].compactMap { $0 },
        estimates: try axes.flatMap { axis in
          try RegimeGap.allCases.flatMap { try axis.estimates($0, evidence) }
        },
        tables: try axes.map { try $0.table(evidence) },
        panels: try axes.flatMap { axis in
          try RegimeGap.allCases.map { try axis.panel($0, evidence, withPaper: axis.prefix.isEmpty) }
        },
        marks: FigureMarks(
          dots: "two runs of a seed each", lines: "means over seeds and widths; dashed: the paper's models"))
    }
  }
}

/// What the gap is measured in; above zero AR is ahead.
enum RegimeGap: CaseIterable {
  /// The DLM's lowest validation cross-entropy − AR's, nats per token.
  case loss
  /// AR's best accuracy − the DLM's, a share.
  case accuracy

  var name: String {
    switch self {
    case .loss: "DLM's lowest validation loss − AR's"
    case .accuracy: "AR's best accuracy − DLM's best"
    }
  }

  var key: String {
    switch self {
    case .loss: "loss_gap"
    case .accuracy: "accuracy_gap"
    }
  }

  var unit: String {
    switch self {
    case .loss: "nats"
    case .accuracy: "accuracy"
    }
  }

  func value(_ ar: RunResult, _ dlm: RunResult, _ tasks: [TaskID]) throws -> Double {
    switch self {
    case .loss: try lowestLoss(dlm) - lowestLoss(ar)
    case .accuracy: try ar.best(tasks) - dlm.best(tasks)
    }
  }

  /// The paper's models at their r: the DLM's last against AR's lowest loss, and the mean over HellaSwag and MMLU of AR's
  /// best minus the DLM's last, read off its figures (96B, 10B, 1.5B, 1B, 0.5B unique tokens at 1B parameters; 8B on 1B).
  var paper: [Point] {
    let ratios = [0.01, 0.1, 0.67, 1, 2, 8]
    let gaps =
      switch self {
      case .loss: [0.37, 0.3, -0.12, -0.25, -0.6, -0.8]
      case .accuracy: [0.075, 0.065, -0.01, -0.0435, -0.0735, -0.095]
      }
    return zip(ratios, gaps).map { (x: $0, y: $1) }
  }
}
