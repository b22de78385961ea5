// The claim `sparsity`: the crossover persists across dense and sparse architectures.

import Configuration

extension Claim {
  /// DLM final − AR best for a dense model, a mixture of experts of the same active size, and a dense model of its total
  /// size.
  static let sparsity = Claim(
    "sparsity", statement: "the crossover persists across dense and sparse models",
    explanation: """
      Trains AR and DLM with a dense feed-forward block, with a mixture of experts that has the same active parameters, and \
      with a dense block of the mixture's total parameters, and asks of each whether the DLM passes AR's best.
      """,
    paper: "1B dense, 8B total with 1B active, 8B dense: all cross",
    uses: ClaimUses(corpora: CorpusName.allCases, variants: .pairs)
  ) { planner in
    let settings = planner.settings
    try planner.require(
      settings.variants.contains { $0.model.experts != nil } && settings.variants.contains { $0.model.experts == nil },
      "needs dense and sparse architectures (`model.experts`)")
    let pairs = try planner.pairs()
    return Design(cohorts: pairs.cohorts, scale: pairs.scale, tasks: settings.tasks) { evidence in
      Findings(
        parts: try pairs.map { pair in
          try evidence.difference(
            "\(pair.name), DLM's final accuracy − AR's best", key: "dlm_final_minus_ar_best_\(pair.name)",
            pair.diffusion, final(settings.tasks), minus: pair.autoregressive, best(settings.tasks),
            margin: settings.margin, lead: ("DLM (\(pair.name)) ends", "AR's best"))
        },
        tables: [try evidence.conditionTable(pairs)], panels: try evidence.conditionPanels(pairs))
    }
  }
}
