// The claims `input-noise` and `parameter-noise`: one kind of noise helps AR but does not close the gap to the DLM.

import Configuration

extension Claim {
  static let inputNoise = noise(
    "input-noise", of: "input masking",
    statement: "masking AR's input helps AR but does not close the gap to the DLM",
    explanation: """
      Trains AR with five shares of its input tokens masked, chooses the best share on seeds of its own, and compares it on the \
      verdict's seeds with plain AR and with the DLM.
      """,
    paper: "AR with 10 to 90 % of its input masked: better, below the DLM")

  static let parameterNoise = noise(
    "parameter-noise", of: "dropout", statement: "dropout helps AR but does not close the gap to the DLM",
    explanation: """
      Trains AR with seven rates of dropout, chooses the best rate on seeds of its own, and compares it on the verdict's seeds \
      with plain AR and with the DLM.
      """,
    paper: "AR with dropout 0.1 to 0.9: better, below the DLM")

  /// The best of a sweep of one kind of noise on AR against plain AR and against the DLM.
  private static func noise(
    _ name: String, of noise: String, statement: String, explanation: String, paper: String
  ) -> Claim {
    Claim(
      name, statement: statement, explanation: explanation, paper: paper,
      uses: ClaimUses(corpora: CorpusName.allCases, variants: .candidates)
    ) { planner in
      let settings = planner.settings
      try planner.require(
        settings.variants.count >= (settings.preset == .smoke ? 1 : 5), "needs at least five strengths of noise")
      return try noiseDesign(planner, of: noise) { "\(noise) \($0.name)" }
    }
  }
}

/// The best of a sweep of one kind of noise on AR against plain AR and against the DLM, under a planner's settings.
/// - Parameters:
///   - label: what is searched among, for tables and `data.csv`.
///   - strength: a candidate's noise in words, "dropout 0.2".
func noiseDesign(
  _ planner: Planner, of noise: String, search label: String = "noisy AR",
  strength: @escaping @Sendable (Variant) -> String
) throws -> Design {
  let settings = planner.settings
  let pair = try planner.pair()
  let search = try Search(label, .autoregressive, tuned: label, among: settings.variants, planner)
  return Design(
    cohorts: pair.cohorts, searches: [search], scale: settings.scale, tasks: settings.tasks
  ) { evidence in
    let (final, best) = (final(settings.tasks), best(settings.tasks))
    let noisy = try search.chosen(evidence.results)
    let strength = try search.best(evidence.results).map(strength) ?? "the best \(noise)"
    return Findings(
      parts: [
        try evidence.difference(
          "DLM's final accuracy − AR's best with \(strength)", key: "dlm_final_minus_noisy_ar_best",
          pair.diffusion, final, minus: noisy, best, margin: settings.margin,
          lead: ("DLM ends", "AR's best with \(strength)")),
        try evidence.difference(
          "AR's best with \(strength) − without", key: "noisy_ar_best_minus_ar_best", noisy, best,
          minus: pair.autoregressive, best, margin: settings.margin),
      ],
      also: [
        try evidence.difference(
          "DLM's best accuracy − AR's best with \(noise)", key: "dlm_best_minus_noisy_ar_best", pair.diffusion,
          best, minus: noisy, best)
      ],
      remarks: search.diverged(evidence.results),
      tables: try evidence.seedTables(pair) + [search.table(evidence.results)],
      panels: [
        try evidence.panel(
          "AR with \(noise) (tuning seeds)", .accuracy(settings.tasks), Curves.levels(search.cohorts),
          legendTitle: noise),
        try evidence.panel(
          "the best noise against the DLM", .accuracy(settings.tasks),
          [
            Curves(pair.autoregressive), Curves(noisy, "AR, \(strength)", .other(0)),
            Curves(pair.diffusion),
          ],
          markers: [
            evidence.bestMarker(noisy, "its best", settings.tasks, colour: .other(0))
          ].compactMap { $0 }),
      ])
  }
}
