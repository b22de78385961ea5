// The table of seeds that claims with one condition show: accuracies and losses of AR and DLM.

/// One row a seed, then the means.
func outcomeTable(_ pairs: [RunPair], _ results: RunResults, tasks: [String]) throws -> Table {
  let seeds = try SeedOutcome.all(pairs, results, tasks: tasks)
  func row(_ name: String, _ group: [SeedOutcome]) -> [String] {
    return [
      name, percent(group.mean(\.incumbentBest)), rounded(geometricMean(group.map(\.incumbentBestEpoch))),
      percent(group.mean(\.incumbentFinal)), percent(group.mean(\.challengerBest)),
      percent(group.mean(\.challengerFinal)),
      signedPercent(group.mean { $0.challengerFinal - $0.incumbentBest }), nats(group.mean(\.incumbentLowestCE)),
      nats(group.mean(\.incumbentFinalCE)), nats(group.mean(\.challengerLowestCE)),
      nats(group.mean(\.challengerFinalCE)),
    ]
  }
  return Table(
    title:
      "Accuracy (\(tasks.joined(separator: ", "))) and validation cross-entropy in nats per token (the DLM's is an "
      + "upper bound). DLM lead: DLM final − AR best.",
    columns: [
      "seed", "AR best", "at epoch", "AR final", "DLM best", "DLM final", "DLM lead", "AR CE lowest", "final",
      "DLM CE lowest",
      "final",
    ],
    rows: seeds.map { row("\($0.seed)", [$0]) } + (seeds.count > 1 ? [row("mean", seeds)] : []))
}
