// The question `tuned-baseline`: does the crossover survive when both objectives get the same search for regularisation?

import Configuration

extension Claim {
  /// The best regularised DLM against the best regularised AR, both chosen on seeds that the verdict does not use.
  ///
  /// Each has its own grid: weight decay, dropout and masked input for AR; weight decay, averaged weights, the batch, the
  /// decay and a stratified t for the DLM; an ensemble of two for both. What is chosen should lie inside its grid; `experiments.toml` says how that was
  /// seen to.
  static let tunedBaseline = Claim(
    "tuned-baseline", statement: "the DLM still wins when both objectives get the same search for regularisation",
    explanation: """
      Searches weight decay, dropout and masked input for AR, and weight decay, averaging of weights, batch, decay and stratified t \
      for the DLM, and an ensemble of two for both, on seeds of its own, trains the best of each objective on the verdict's seeds, and compares their best \
      checkpoints. Not a claim of the paper: its critics ask it.
      """,
    paper: "not asked there; Kim et al. and Gao et al. find that regularised AR gains much",
    uses: ClaimUses(corpora: CorpusName.allCases, variants: .candidates, candidatesOfBoth: true)
  ) { planner in
    let settings = planner.settings
    let forAR = settings.variants.filter(\.isForAutoregressive)
    let forDLM = settings.variants.filter(\.isForDiffusion)
    try planner.require(!forAR.isEmpty && !forDLM.isEmpty, "needs `variants` for AR and for the DLM")
    let pair = try planner.pair()
    let autoregressive = try Search("AR", .autoregressive, tuned: "AR, tuned", among: forAR, planner)
    let diffusion = try Search("DLM", .diffusion, tuned: "DLM, tuned", among: forDLM, planner)
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
