// The claim `coder`: a DLM coder on few unique Python tokens overtakes a matched AR coder.

import Configuration
import Specification

extension Claim {
  /// pass@1 by execution on held-out functions, DLM final − AR best.
  ///
  /// Negative control: a second AR model on the same data in the DLM's place must not hold.
  static let coder = Claim(
    "coder", statement: "a DLM coder on few unique Python tokens overtakes a matched AR coder",
    explanation: """
      Trains AR and DLM on small Python functions, completes held-out specifications at each checkpoint (AR greedily, the DLM by denoising, \
      most confident positions first) and executes what they write against tests.
      """,
    paper: "1.7B on 10B unique Python tokens for ≈ 150 epochs overtakes AR on HumanEval(+) and MBPP(+)",
    uses: ClaimUses(corpora: [.python])
  ) { planner in
    let settings = planner.settings
    /// The decoders that are reported beside the one that counts.
    let others = (settings.evaluation.comparedDecoders ?? []).map { TaskID.execution(.functions, $0) }
    let pair = try planner.pair()
    let control = try planner.cohort(.control)
    return Design(
      cohorts: pair.cohorts + [control], scale: settings.scale, tasks: settings.tasks + others
    ) { evidence in
      let (final, best) = (final(settings.tasks), best(settings.tasks))
      func part(_ name: String, key: String, _ challenger: Cohort, margin: Double = 0, _ measure: Measure) throws
        -> Part
      {
        try evidence.difference(
          name, key: key, challenger, measure, minus: pair.autoregressive, best, margin: margin,
          lead: ("\(challenger.arm.name) ends", "AR's best"))
      }
      return Findings(
        parts: [
          try part(
            "DLM's final pass@1 − AR's best", key: "dlm_final_minus_ar_best", pair.diffusion, margin: settings.margin,
            final)
        ],
        control: try part(
          "a second AR model's final pass@1 − AR's best", key: "control_final_minus_ar_best", control,
          margin: settings.margin, final),
        also: [
          try part("DLM's best − AR's best", key: "dlm_best_minus_ar_best", pair.diffusion, best)
        ]
          + (try others.map { other in
            try part(
              "the same, \(other)", key: "dlm_final_\(other.name.replacing("-", with: "_"))_minus_ar_best",
              pair.diffusion
            ) {
              $0.last(other) ?? .nan
            }
          }),
        tables: try evidence.seedTables(pair),
        panels: [
          try evidence.duelPanels(pair, pair.cohorts.map { Curves($0) }),
          [try evidence.lossPanel(pair.cohorts.map { Curves($0) })],
        ].flatMap { $0 })
    }
  }
}
