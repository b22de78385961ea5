// The claim `model-size`: the crossover comes earlier with larger models.

import Configuration

extension Claim {
  /// Crossover epochs against the size of the model, the same data and epochs for all.
  static let modelSize = Claim(
    "model-size", statement: "the crossover comes earlier with larger models",
    explanation: """
      Trains AR and DLM of growing width and depth on the same few unique tokens for the same epochs and compares the epochs \
      at which they cross.
      """,
    paper: "on 1B tokens: crossing after 43 epochs at 1B parameters, 18 at 8B",
    uses: ClaimUses(corpora: CorpusName.allCases, variants: .pairs, margin: false)
  ) { planner in
    try planner.require(planner.settings.variants.count >= 2, "needs at least two sizes")
    try planner.requireAscending("width") { Double($0.model.width) }
    let pairs = try planner.pairs()
    let tasks = planner.settings.tasks
    return Design(cohorts: pairs.cohorts, scale: pairs.map(\.name).joined(separator: ", "), tasks: tasks) { evidence in
      Findings(
        parts: [
          try evidence.crossoverTrend("crossover by size", key: "crossover_epoch", pairs, expected: .decreasing)
        ],
        also: [
          try evidence.trend(
            "the DLM's final accuracy rises with size", key: "dlm_final_accuracy",
            pairs.map { ($0.name, [$0.diffusion]) }, expected: .increasing, values: "over the sizes"
          ) { try $0[0].final(tasks) }
        ],
        tables: [try evidence.conditionTable(pairs)], panels: try evidence.conditionPanels(pairs))
    }
  }
}
