// The claim `data-budget`: the crossover comes later with more unique data; with abundant data and one epoch AR wins.

import Configuration

extension Claim {
  /// Crossover epochs against unique tokens at a fixed number of training tokens, and the condition of one epoch.
  ///
  /// The latter is the negative control of the whole crossover story: there the DLM must not win.
  static let dataBudget = Claim(
    "data-budget",
    statement: "the crossover comes later with more unique data; with abundant data and one epoch AR wins",
    explanation: """
      Trains AR and DLM on ever more unique tokens for the same number of training tokens, so for ever fewer epochs; in the \
      last condition every token is new. The crossover is measured in epochs, as in the paper; training tokens stand beside it.
      """,
    paper: "crossing after 35, 43, 58 epochs of 0.5, 1, 1.5B tokens; none at 10B and 96B",
    uses: ClaimUses(corpora: CorpusName.prose, variants: .pairs)
  ) { planner in
    let pairs = try planner.pairs()
    let repeated = pairs.filter { $0.condition.training.epochs > 1 }
    let single = pairs.filter { $0.condition.training.epochs == 1 }
    try planner.require(
      repeated.count >= 2 && single.count == 1,
      "needs at least two conditions with repeated data and exactly one with epochs = 1")
    try planner.requireAscending("unique tokens") { Double($0.corpus.nominalUniqueTokens) }
    let settings = planner.settings
    return Design(cohorts: pairs.cohorts, scale: pairs.scale, tasks: settings.tasks) { evidence in
      Findings(
        parts: [
          try evidence.crossoverTrend(
            "crossover, in epochs, by unique tokens", key: "crossover_epochs", repeated, expected: .increasing),
          try evidence.difference(
            "one epoch of new tokens, AR − DLM", key: "one_epoch_ar_minus_dlm", single[0].autoregressive,
            final(settings.tasks), minus: single[0].diffusion, final(settings.tasks), margin: settings.margin),
        ],
        also: [
          try evidence.crossoverTrend(
            "the same in training tokens", key: "crossover_tokens", repeated, expected: .increasing, unit: .tokens)
        ],
        tables: [try evidence.conditionTable(pairs)], panels: try evidence.conditionPanels(pairs))
    }
  }
}
