// The table of seeds that claims with one condition show: accuracies and losses of AR and DLM.

/// One row a seed, then the means.
func outcomeTable(_ pairs: [RunPair], _ results: RunResults, tasks: [String]) throws -> Table {
  let seeds = try SeedOutcome.all(pairs, results, tasks: tasks)
  func row(_ name: String, _ group: [SeedOutcome]) -> [String] {
    func mean(_ value: (SeedOutcome) -> Double) -> Double { group.reduce(0) { $0 + value($1) } / Double(group.count) }
    return [
      name, percent(mean(\.incumbentBest)), rounded(geometricMean(group.map(\.incumbentBestEpoch))),
      percent(mean(\.incumbentFinal)), percent(mean(\.challengerBest)), percent(mean(\.challengerFinal)),
      signedPercent(mean { $0.challengerFinal - $0.incumbentBest }), nats(mean(\.incumbentLowestCE)),
      nats(mean(\.incumbentFinalCE)), nats(mean(\.challengerLowestCE)), nats(mean(\.challengerFinalCE)),
    ]
  }
  return Table(
    title: "Accuracy (\(tasks.joined(separator: ", "))) and validation cross-entropy in nats per token (the DLM's is an "
      + "upper bound). DLM lead: DLM final − AR best.",
    columns: [
      "seed", "AR best", "at epoch", "AR final", "DLM best", "DLM final", "DLM lead", "AR CE lowest", "final", "DLM CE lowest",
      "final",
    ],
    rows: seeds.map { row("\($0.seed)", [$0]) } + (seeds.count > 1 ? [row("mean", seeds)] : []))
}
