// The question `tuned-baseline`: does the crossover survive when both objectives get the same search for regularisation?

import Configuration

extension Claim {
  /// The best regularised DLM against the best regularised AR, both chosen on seeds that the verdict does not use.
  ///
  /// Weight decay and dropout are searched for both; masking the input as well for AR, whose objective has none.
  static let tunedBaseline = Claim(
    "tuned-baseline", statement: "the DLM still wins when both objectives get the same search for regularisation",
    explanation: """
      Searches weight decay, dropout and (for AR) input masking, combined, on seeds of its own, trains the best of each objective on \
      the verdict's seeds, and compares their best checkpoints. Not a claim of the paper: its critics ask it.
      """,
    paper: "not asked there; Kim et al. and Gao et al. find that regularised AR gains much",
    uses: ClaimUses(corpora: CorpusName.allCases, variants: .candidates)
  ) { planner in
    let settings = planner.settings
    let unmasked = settings.variants.filter { $0.inputMasking == 0 }
    try planner.require(
      !unmasked.isEmpty && unmasked.count < settings.variants.count, "needs settings with and without input masking")
    let pair = try planner.pair()
    let autoregressive = try Search("AR", .autoregressive, tuned: "AR, tuned", among: settings.variants, planner)
    let diffusion = try Search("DLM", .diffusion, tuned: "DLM, tuned", among: unmasked, planner)
    return Design(
      cohorts: pair.cohorts, searches: [autoregressive, diffusion], scale: settings.scale, tasks: settings.tasks
    ) { evidence in
      let results = evidence.results
      let (final, best) = (final(settings.tasks), best(settings.tasks))
      let (ar, dlm) = (try autoregressive.chosen(results), try diffusion.chosen(results))
      func name(_ search: Search) throws -> String { try search.best(results)?.name ?? "not chosen" }
      return Findings(
        parts: [
          try evidence.difference(
            "tuned DLM's best (\(name(diffusion))) − tuned AR's best (\(name(autoregressive)))",
            key: "tuned_dlm_best_minus_tuned_ar_best", dlm, best, minus: ar, best, margin: settings.margin,
            lead: ("tuned DLM's best lies", "tuned AR's best"))
        ],
        also: [
          try evidence.difference(
            "tuned DLM's final accuracy − tuned AR's best", key: "tuned_dlm_final_minus_tuned_ar_best", dlm, final,
            minus: ar, best),
          try evidence.difference(
            "what tuning gains AR", key: "tuned_ar_best_minus_ar_best", ar, best, minus: pair.autoregressive, best),
          try evidence.difference(
            "what tuning gains the DLM", key: "tuned_dlm_best_minus_dlm_best", dlm, best, minus: pair.diffusion, best),
          try evidence.difference(
            "what AR loses more than the DLM from its best to its last checkpoint", key: "loss_after_best", dlm,
            { try final($0) - best($0) }, minus: ar, { try final($0) - best($0) }),
        ],
        remarks: autoregressive.diverged(results) + diffusion.diverged(results),
        tables: [try autoregressive.table(results), try diffusion.table(results)],
        panels: try evidence.taskPanels(
          [
            Curves(pair.autoregressive, withDots: false, dashed: true),
            Curves(pair.diffusion, withDots: false, dashed: true), Curves(ar), Curves(dlm),
          ], best: (ar, "tuned AR's best")))
    }
  }
}
