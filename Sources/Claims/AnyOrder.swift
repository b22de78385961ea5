// The claim `any-order`: the DLM's advantage needs masks in any order, not merely masks, and freedom of order explains it.

import Configuration

extension Claim {
  /// Masked diffusion with random masks against masked diffusion with left-to-right suffixes of the same sizes only; AR
  /// that reads in any order, and from right to left, beside AR; all but the latter two in other worlds too.
  ///
  /// Each model is scored by an estimator that asks only what it was trained on: the suffix-trained one by the chain rule
  /// from left to right, which is exact.
  static let anyOrder = Claim(
    "any-order", statement: "the DLM's advantage comes from modelling in any order",
    explanation: """
      Trains the DLM with random masks and with the same numbers of masks always at the end of the sequence, everything else \
      equal, and compares the former's last checkpoint with the latter's best; and asks whether an AR model that is given any \
      order closes at least half of the DLM's lead over AR.
      """,
    paper: "factor 1 of three: any-order modelling",
    uses: ClaimUses(corpora: CorpusName.prose, variants: .pairs)
  ) { planner in
    let settings = planner.settings
    let pair = try planner.pair()
    let suffixes = try planner.cohort(.suffixes)
    let anyOrder = try planner.cohort(.autoregressive(.fresh, .other(0)))
    let backwards = try planner.cohort(.autoregressive(.rightToLeft, .other(2)))
    let worlds = try planner.pairs()
    return Design(
      cohorts: pair.cohorts + [suffixes, anyOrder, backwards] + worlds.cohorts, scale: settings.scale,
      tasks: settings.tasks
    ) { evidence in
      let (final, best) = (final(settings.tasks), best(settings.tasks))
      func lead(_ name: String, key: String, _ pair: Pair) throws -> Part {
        try evidence.difference(
          name + "DLM's final accuracy − AR's best", key: key, pair.diffusion, final, minus: pair.autoregressive, best)
      }
      let own = try lead(worlds.isEmpty ? "" : "in this world, ", key: "dlm_final_minus_ar_best", pair)
      let matters = try evidence.difference(
        "DLM's final accuracy with random masks − best with suffixes only", key: "random_final_minus_suffix_best",
        pair.diffusion, final, minus: suffixes, best, margin: settings.margin,
        lead: ("DLM with random masks ends", "the best with suffixes only"))
      let explains = try evidence.closes(
        "what AR in any order gains over AR − half of the DLM's lead", key: "any_order_ar_closes_half", 0.5, of: pair,
        lead: own, by: anyOrder, margin: settings.margin)
      return Findings(
        parts: [matters, explains],
        also: [own]
          + (try settings.tasks.map { task in
            try evidence.difference(
              "\(task) alone, random − suffixes", key: "random_final_minus_suffix_best_\(task)", pair.diffusion,
              { try $0.final([task]) }, minus: suffixes, { try $0.best([task]) })
          }) + [
            try evidence.difference(
              "DLM's best with suffixes only − AR's best", key: "suffix_best_minus_ar_best", suffixes, best,
              minus: pair.autoregressive, best),
            try evidence.difference(
              "AR's best in any order − AR's best", key: "any_order_ar_best_minus_ar_best", anyOrder, best,
              minus: pair.autoregressive, best),
            try evidence.difference(
              "AR's best from right to left − AR's best", key: "right_to_left_best_minus_ar_best", backwards, best,
              minus: pair.autoregressive, best),
          ] + (try worlds.map { try lead("in the world \($0.name), ", key: "dlm_final_minus_ar_best_\($0.name)", $0) }),
        remarks: matters.verdict == .holds && explains.verdict != .holds
          ? ["order matters, but is not shown to explain the DLM's lead"] : [],
        tables: try evidence.seedTables(pair),
        panels: try evidence.taskPanels(
          [
            Curves(pair.autoregressive), Curves(backwards), Curves(anyOrder), Curves(suffixes, "DLM, suffixes only"),
            Curves(pair.diffusion, "DLM, random masks"),
          ], best: (suffixes, "best with suffixes only")))
    }
  }
}
