// How the crossover claim speaks: the verdict's sentence, remarks, the table of seeds and the figure.

import Figures
import Foundation
import Statistics

extension Crossover {
  /// The verdict in one sentence, with its numbers.
  func sentence(_ findings: CrossoverFindings) -> String {
    guard let interval = findings.headline.interval else { return "no interval: \(findings.headline.explanation)" }
    let crossovers = findings.crossovers
    let difference = "DLM's final accuracy − AR's best\(taskExceptions(findings)): \(percentInterval(interval)) over "
      + counted(interval.count, "seed")
    let crossing =
      crossovers.isEmpty
      ? "no seed crosses within \(settings.training.epochs) epochs"
      : "the curves cross in \(crossovers.count) of \(findings.pairs) seeds, at epoch \(rounded(geometricMean(crossovers))) (geometric mean)"
    return "\(difference); \(crossing); at this scale (\(scale))"
  }

  /// Where the accuracy is a mean over tasks, says so, and names the tasks on which AR is ahead.
  private func taskExceptions(_ findings: CrossoverFindings) -> String {
    if tasks.count < 2 { return "" }
    let behind = tasks.filter { findings.tasks[$0]?.verdict == .fails }
    return " (mean of \(tasks.joined(separator: ", "))"
      + (behind.isEmpty ? ")" : "; on \(behind.joined(separator: ", ")) alone AR is ahead)")
  }

  /// Each task on its own, in a line.
  private func byTask(_ findings: CrossoverFindings) -> String? {
    let parts = tasks.compactMap { task in
      findings.tasks[task].flatMap { comparison in
        comparison.interval.map { "\(task) \(percentInterval($0)), \(comparison.verdict.rawValue)" }
      }
    }
    return parts.isEmpty ? nil : "the same for each task alone: " + parts.joined(separator: "; ")
  }

  /// Width and depth say as much as a number of parameters, which would need the vocabulary.
  var scale: String {
    pairs[0].diffusion.specification.commonSummary
  }

  func remarks(_ findings: CrossoverFindings) -> [String] {
    var lines: [String] = []
    if let line = byTask(findings) { lines.append(line) }
    if let test = findings.headline.signFlip {
      lines.append("exact sign-flip test of the difference: one-sided p = \(significant(test.oneSided))")
    }
    if !findings.seeds.isEmpty {
      let crossings = findings.crossings
      lines.append(
        crossings.isEmpty
          ? "the DLM passes AR's best checkpoint in none of \(findings.pairs) seeds"
          : "the DLM passes AR's best checkpoint (early-stopped AR) in \(crossings.count) of \(findings.pairs) seeds, at "
            + "epoch \(rounded(geometricMean(crossings))) (geometric mean)")
    }
    lines += commonRemarks(findings)
    if settings.preset == .smoke { lines.append("preset smoke tests that everything works; it gives no verdict") }
    return lines
  }

  /// What the claim and a question about a text both have to say: runs that are missing, and the negative control.
  func commonRemarks(_ findings: CrossoverFindings) -> [String] {
    var lines: [String] = []
    if !findings.missing.isEmpty { lines.append("missing or diverged: " + findings.missing.joined(separator: "; ")) }
    let control = findings.control
    let what = "a second AR model in the DLM's place"
    if !control.missing.isEmpty {
      lines.append("the negative control (\(what)) cannot be judged, because a run is missing")
    } else if let interval = control.interval {
      lines.append(
        control.verdict == .holds
          ? "NEGATIVE CONTROL HOLDS, so nothing follows: \(what) − AR's best: \(percentInterval(interval))"
          : "negative control (\(what)) does not hold, as it must: \(percentInterval(interval))")
    } else {
      lines.append("the negative control (\(what)) cannot be judged with \(counted(pairs.count, "seed"))")
    }
    return lines
  }

  /// Accuracies and cross-entropies, one row a seed, then the means.
  func tables(_ seeds: [SeedOutcome]) -> [Table] {
    func rows(_ cells: ([SeedOutcome]) -> [String]) -> [[String]] {
      let single = seeds.map { ["\($0.seed)"] + cells([$0]) }
      return seeds.count > 1 ? single + [["mean"] + cells(seeds)] : single
    }
    func epoch(_ group: [SeedOutcome], _ crossing: (SeedOutcome) -> Crossing) -> String {
      let epochs = group.compactMap { crossing($0).epoch }
      if epochs.isEmpty { return "none" }
      return epochs.count == group.count ? rounded(geometricMean(epochs)) : "\(epochs.count)/\(group.count)"
    }
    let accuracies = Table(
      title:
        "Accuracy, \(tasks.count > 1 ? "the mean of \(tasks.joined(separator: " and "))" : "task \(tasks.joined())"). "
        + "DLM lead: DLM final − AR best. Crossover: epoch from which the DLM stays at or above AR. Passes best: epoch at "
        + "which it passes AR's best checkpoint.",
      columns: ["seed", "AR best", "at epoch", "AR final", "DLM final", "DLM lead", "crossover", "passes best"],
      rows: rows { group in
        [
          percent(group.mean(\.incumbentBest)), rounded(geometricMean(group.map(\.incumbentBestEpoch))),
          percent(group.mean(\.incumbentFinal)), percent(group.mean(\.challengerFinal)),
          signedPercent(group.mean { $0.challengerFinal - $0.incumbentBest }), epoch(group, \.crossover),
          epoch(group, \.crossingOfBest),
        ]
      })
    let losses = Table(
      title: "Validation cross-entropy, nats per token (the DLM's is an upper bound).",
      columns: ["seed", "AR lowest", "AR final", "DLM lowest", "DLM final"],
      rows: rows { group in
        [\.incumbentLowestCE, \.incumbentFinalCE, \.challengerLowestCE, \.challengerFinalCE]
          .map { (path: KeyPath<SeedOutcome, Double>) in String(format: "%.2f", group.mean { $0[keyPath: path] }) }
      })
    return seeds.isEmpty ? [] : [accuracies, losses]
  }

  /// The paper's row of panels: one accuracy a task, then validation loss, against epochs; nil where no run has finished.
  func figure(
    _ results: RunResults, name: String, title: String, heading: String, sentence: String
  ) throws -> Figure? {
    if pairs.allSatisfy({ results[$0.autoregressive] == nil && results[$0.diffusion] == nil }) { return nil }
    let accuracies = try tasks.map { task in
      try panel(results, title: task, yLabel: "accuracy", markers: try markers(results, task: task)) {
        $0.tasks[task]?.acc
      }
    }
    let loss = try panel(results, title: "validation loss", yLabel: "cross-entropy (nats per token)", markers: []) {
      $0.validation?.crossEntropy
    }
    return Figure(
      name: name, title: title,
      caption: [
        "\(heading) — \(sentence)",
        "dots: checkpoints of \(counted(pairs.count, "seed")); line: smoothed mean; band: 95 % interval over seeds; "
          + "preset \(settings.preset.rawValue)",
      ],
      panels: accuracies + [loss])
  }

  private func panel(
    _ results: RunResults, title: String, yLabel: String, markers: [Marker], value: (CheckpointRecord) -> Double?
  ) throws -> Panel {
    Panel(
      title: title, xLabel: "epochs", yLabel: yLabel, xScale: .log, yPercent: yLabel == "accuracy",
      series: [
        try learningCurve("AR", .autoregressive, pairs.compactMap { results[$0.autoregressive] }, value: value),
        try learningCurve("DLM", .diffusion, pairs.compactMap { results[$0.diffusion] }, value: value),
      ].compactMap { $0 }, markers: markers)
  }

  /// Chance, and where this task's curves cross on average, if they do in every seed.
  private func markers(_ results: RunResults, task: String) throws -> [Marker] {
    var epochs: [Double] = []
    for pair in pairs {
      guard let ar = results[pair.autoregressive], let dlm = results[pair.diffusion] else { continue }
      let crossing = try Statistics.crossover(
        challenger: try dlm.curve { $0.tasks[task]?.acc }, incumbent: try ar.curve { $0.tasks[task]?.acc })
      if let epoch = crossing.epoch { epochs.append(epoch) }
    }
    let chance = Marker.horizontal(0.25, "chance")
    guard epochs.count == pairs.count else { return [chance] }
    return [chance, .vertical(geometricMean(epochs), "crossover ≈ \(rounded(geometricMean(epochs))) epochs")]
  }
}
