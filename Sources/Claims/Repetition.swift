// The claim `repetition`: with one small corpus repeated 480 times the DLM is still improving, far past AR.

import Configuration
import Wording

extension Claim {
  /// The DLM's accuracy in the last quarter of the epochs at the full learning rate against the third quarter of them, and
  /// its final accuracy against AR's best.
  ///
  /// The schedule's final decay gives a jump of its own, here as in the paper, so it has no part in the first comparison;
  /// the quarters of all epochs are reported beside it.
  static let repetition = Claim(
    "repetition", statement: "with one small corpus repeated 480 times the DLM is still improving, far past AR",
    explanation: """
      Trains AR and DLM for 480 epochs of one small corpus and compares the DLM's accuracy in the last quarter of the epochs \
      before the learning rate decays with that in the third, and its last checkpoint with AR's best.
      """,
    paper: "1B model, 1B tokens, 480 epochs: > 56 % HellaSwag, > 33 % MMLU, still rising", thresholds: ["far_above"],
    uses: ClaimUses(corpora: CorpusName.allCases)
  ) { planner in
    let settings = planner.settings
    let pair = try planner.pair()
    let curves = pair.cohorts.map { Curves($0) }
    return Design(cohorts: pair.cohorts, scale: settings.scale, tasks: settings.tasks) { evidence in
      /// The gain from the third to the last quarter of a share of the epochs, along the line through the checkpoints.
      func gain(of share: Double) -> Measure {
        { run in
          let curve = try run.accuracies(settings.tasks)
          let last = curve.epochs[curve.epochs.count - 1]
          let (half, most, end) = (0.5 * share * last, 0.75 * share * last, share * last)
          return curve.mean(from: most, to: end) - curve.mean(from: half, to: most)
        }
      }
      return Findings(
        parts: [
          try evidence.difference(
            "DLM's final accuracy − AR's best", key: "dlm_final_minus_ar_best", pair.diffusion, final(settings.tasks),
            minus: pair.autoregressive, best(settings.tasks), margin: settings.threshold("far_above"),
            lead: ("DLM ends", "AR's best")),
          try evidence.gain(
            "before the learning rate decays, DLM in the last quarter − in the third",
            key: "dlm_last_minus_third_quarter_before_decay", of: pair.diffusion, margin: settings.margin,
            gain(of: 1 - settings.training.decay)),
        ],
        also: [
          try evidence.gain(
            "the same quarters of all epochs, the decay among them", key: "dlm_last_minus_third_quarter",
            of: pair.diffusion, margin: settings.margin, gain(of: 1)),
          try evidence.gain(
            "AR in the last quarter before the decay − in the third", key: "ar_last_minus_third_quarter_before_decay",
            of: pair.autoregressive, margin: settings.margin, gain(of: 1 - settings.training.decay)),
        ],
        remarks: ["\"far above\" is more than \(points(settings.threshold("far_above"))) here"],
        tables: try evidence.seedTables(pair),
        panels: try (evidence.duelPanels(pair, curves) + [evidence.lossPanel(curves)]).map { panel in
          var panel = panel
          panel.markers.append(.vertical(Double(settings.training.epochs) * (1 - settings.training.decay), "decay"))
          return panel
        },
        paper: PaperRegime(tokensPerParameter: 480, lossRise: nil))
    }
  }
}
