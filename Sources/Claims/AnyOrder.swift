// The claim `any-order`: the DLM's advantage needs masks in any order, not merely masks.

import Configuration

extension Claim {
  /// Masked diffusion with random masks against masked diffusion with left-to-right suffixes of the same sizes only; AR
  /// beside them, and both in other worlds.
  ///
  /// Each model is scored by an estimator that asks only what it was trained on: the suffix-trained one by the chain rule
  /// from left to right, which is exact.
  static let anyOrder = Claim(
    "any-order", statement: "the DLM's advantage comes from modelling in any order",
    explanation: """
      Trains the DLM with random masks and with the same numbers of masks always at the end of the sequence, everything else \
      equal, and compares the former's last checkpoint with the latter's best.
      """,
    paper: "factor 1 of three: any-order modelling",
    uses: ClaimUses(corpora: CorpusName.allCases, variants: .pairs)
  ) { planner in
    let settings = planner.settings
    let pair = try planner.pair()
    let suffixes = try planner.cohort(.suffixes)
    let worlds = try planner.pairs()
    return Design(
      cohorts: pair.cohorts + [suffixes] + worlds.cohorts, scale: settings.scale, tasks: settings.tasks
    ) { evidence in
      let (final, best) = (final(settings.tasks), best(settings.tasks))
      func lead(_ name: String, key: String, _ pair: Pair) throws -> Part {
        try evidence.difference(
          "\(name), DLM's final accuracy − AR's best", key: key, pair.diffusion, final, minus: pair.autoregressive, best
        )
      }
      return Findings(
        parts: [
          try evidence.difference(
            "DLM's final accuracy with random masks − best with suffixes only", key: "random_final_minus_suffix_best",
            pair.diffusion, final, minus: suffixes, best, margin: settings.margin,
            lead: ("DLM with random masks ends", "the best with suffixes only"))
        ],
        also: try settings.tasks.map { task in
          try evidence.difference(
            "\(task) alone, random − suffixes", key: "random_final_minus_suffix_best_\(task)", pair.diffusion,
            { try $0.final([task]) }, minus: suffixes, { try $0.best([task]) })
        } + [
          try evidence.difference(
            "DLM's best with suffixes only − AR's best", key: "suffix_best_minus_ar_best", suffixes, best,
            minus: pair.autoregressive, best)
        ] + (worlds.isEmpty ? [] : [try lead("in this world", key: "dlm_final_minus_ar_best", pair)])
          + worlds.map { try lead("in the world \($0.name)", key: "dlm_final_minus_ar_best_\($0.name)", $0) },
        tables: try evidence.seedTables(pair),
        panels: try evidence.taskPanels(
          [
            Curves(pair.autoregressive), Curves(suffixes, "DLM, suffixes only"),
            Curves(pair.diffusion, "DLM, random masks"),
          ], best: (suffixes, "best with suffixes only")))
    }
  }
}
