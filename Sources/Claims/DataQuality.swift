// The claim `data-quality`: the crossover comes later with higher-quality data, by two notions of quality.

import Configuration

extension Claim {
  /// Crossover epochs against the quality of the training text.
  ///
  /// The verdict uses tiers by the share of informative documents, which is what filters of web text change. Corrupted
  /// words are the other notion; they slow learning down whatever the quality of the rest, and are reported beside it.
  static let dataQuality = Claim(
    "data-quality", statement: "the crossover comes later with higher-quality data",
    explanation: """
      Trains AR and DLM on the same number of unique tokens of growing quality. The verdict is about tiers by the share of \
      informative documents against boilerplate and near-duplicates; text with random words replaced is reported beside it.
      """,
    paper: "three quality tiers: the crossover moves later with quality",
    uses: ClaimUses(variants: .pairs, margin: false)
  ) { planner in
    try planner.requireAscending("quality: first corrupted, then by share of informative documents") {
      $0.world.quality.informativeShare - 10 * $0.world.corruption
    }
    let pairs = try planner.pairs()
    let tiers = pairs.filter { $0.condition.world.corruption == 0 }
    let corrupted = pairs.filter { $0.condition.world.corruption > 0 || $0.condition.world.quality == .high }
    try planner.require(
      tiers.count >= 2 && tiers.contains { $0.condition.world.quality == .high },
      "needs at least two tiers without corruption, in ascending order of quality, \"high\" among them")
    return Design(cohorts: pairs.cohorts, scale: pairs.scale, tasks: planner.settings.tasks) { evidence in
      Findings(
        parts: [
          try evidence.crossoverTrend(
            "crossover by share of informative documents", key: "crossover_epoch", tiers, expected: .increasing)
        ],
        also: corrupted.count < 2
          ? []
          : [
            try evidence.crossoverTrend(
              "crossover by share of uncorrupted words", key: "crossover_epoch_corrupted", corrupted,
              expected: .increasing)
          ],
        tables: [try evidence.conditionTable(pairs)], panels: try evidence.conditionPanels(pairs))
    }
  }
}
