// How the crossover claim speaks: the verdict's sentence, remarks, the table of seeds and the figure.

import Figures
import Foundation
import Statistics

extension Crossover {
  /// The verdict in one sentence, with its numbers.
  func sentence(_ verdict: Verdict, _ headline: PairedComparison, crossovers: [Double]) -> String {
    guard let interval = headline.interval else { return "no interval: \(headline.explanation)" }
    let difference = "DLM's final accuracy − AR's best: \(percentInterval(interval)) over \(headline.differences.count) seeds"
    let crossing =
      crossovers.isEmpty
      ? "no seed crosses within \(settings.training.epochs) epochs"
      : "the curves cross in \(crossovers.count) of \(pairs.count) seeds, at epoch \(rounded(geometricMean(crossovers))) (mean)"
    return "\(difference); \(crossing); at this scale (\(scale))"
  }

  /// "0.17 M parameters" would need the vocabulary; the width and depth say as much.
  var scale: String {
    "width \(settings.model.width), \(settings.model.layers) layers, \(corpus.summary), \(settings.training.epochs) epochs"
  }

  func remarks(
    _ headline: PairedComparison, _ control: PairedComparison, crossings: [Double], crossovers: [Double]
  ) -> [String] {
    var lines: [String] = []
    if let test = headline.signFlip { lines.append("exact sign-flip test of the difference: one-sided p = \(significant(test.oneSided))") }
    if crossings.isEmpty {
      lines.append("the DLM passes AR's best checkpoint in none of \(pairs.count) seeds")
    } else {
      lines.append(
        "the DLM passes AR's best checkpoint (early-stopped AR) in \(crossings.count) of \(pairs.count) seeds, at epoch "
          + "\(rounded(geometricMean(crossings))) (mean)")
    }
    if !headline.missing.isEmpty { lines.append("missing or diverged: " + headline.missing.joined(separator: "; ")) }
    let controlInterval = control.interval.map(percentInterval) ?? control.explanation
    switch control.verdict {
    case .holds: lines.append("NEGATIVE CONTROL HOLDS, so nothing follows: a second AR model − AR's best: \(controlInterval)")
    case .fails, .inconclusive:
      lines.append("negative control (a second AR model in the DLM's place) does not hold, as it must: \(controlInterval)")
    }
    if settings.preset == .smoke { lines.append("preset smoke tests that everything works; it gives no verdict") }
    return lines
  }

  /// One row a seed, then the means.
  func table(_ seeds: [CrossoverSeed]) -> Table {
    func cells(_ name: String, _ group: [CrossoverSeed], _ crossing: (KeyPath<CrossoverSeed, Crossing>) -> String) -> [String] {
      func mean(_ value: KeyPath<CrossoverSeed, Double>) -> Double {
        group.reduce(0) { $0 + $1[keyPath: value] } / Double(group.count)
      }
      return [
        name, percent(mean(\.incumbentBest)), rounded(mean(\.incumbentBestEpoch)), percent(mean(\.incumbentFinal)),
        percent(mean(\.challengerFinal)), signedPercent(mean(\.challengerFinal) - mean(\.incumbentBest)),
        crossing(\.crossover), crossing(\.crossingOfBest),
        String(format: "%.2f → %.2f", mean(\.incumbentLowestCE), mean(\.incumbentFinalCE)),
        String(format: "%.2f → %.2f", mean(\.challengerLowestCE), mean(\.challengerFinalCE)),
      ]
    }
    var rows = seeds.map { seed in
      cells("\(seed.seed)", [seed]) { seed[keyPath: $0].epoch.map(rounded) ?? "none" }
    }
    if seeds.count > 1 {
      rows.append(
        cells("mean", seeds) { path in
          let epochs = seeds.compactMap { $0[keyPath: path].epoch }
          return epochs.count == seeds.count ? rounded(geometricMean(epochs)) : "none"
        })
    }
    return Table(
      title: "Accuracy: mean of \(tasks.joined(separator: " and ")); validation cross-entropy in nats per token, lowest → final",
      columns: [
        "seed", "AR best", "at epoch", "AR final", "DLM final", "DLM − AR best", "crossover", "passes AR best", "AR val. CE",
        "DLM val. CE",
      ], rows: rows)
  }

  /// The paper's row of panels: one accuracy a task, then validation loss, against epochs.
  func figure(_ results: RunResults, verdict: Verdict, headline: PairedComparison, crossovers: [Double]) throws -> Figure {
    let accuracies = try tasks.map { task in
      try panel(results, title: task, yLabel: "accuracy", markers: try markers(results, task: task)) { $0.tasks[task]?.acc }
    }
    let loss = try panel(results, title: "validation loss", yLabel: "cross-entropy (nats per token)", markers: []) {
      $0.validation?.crossEntropy
    }
    let word = settings.preset == .smoke ? "preset smoke: no verdict" : "verdict: \(verdict.rawValue)"
    return Figure(
      name: Self.name, title: "crossover: \(Self.statement)",
      caption: ["\(word) — \(sentence(verdict, headline, crossovers: crossovers))", "dots: checkpoints of \(pairs.count) seeds; line: mean; band: 95 % interval over seeds; preset \(settings.preset.rawValue)"],
      panels: accuracies + [loss])
  }

  private func panel(
    _ results: RunResults, title: String, yLabel: String, markers: [Marker], value: (CheckpointRecord) -> Double?
  ) throws -> Panel {
    let percent = yLabel == "accuracy"
    return Panel(
      title: title, xLabel: "epochs", yLabel: yLabel, xScale: .log, yPercent: percent,
      series: [
        try series("AR", .autoregressive, pairs.compactMap { results[$0.autoregressive] }, value),
        try series("DLM", .diffusion, pairs.compactMap { results[$0.diffusion] }, value),
      ].compactMap { $0 }, markers: markers)
  }

  private func series(
    _ label: String, _ colour: SeriesColour, _ results: [RunResult], _ value: (CheckpointRecord) -> Double?
  ) throws -> Series? {
    let curves = try results.map { try $0.curve(value) }
    guard !curves.isEmpty else { return nil }
    let dots = curves.flatMap { zip($0.epochs, $0.values).map { (x: $0, y: $1) } }
    guard let aligned = try align(curves) else { return Series(label: label, colour: colour, dots: dots) }
    let band = try bandOverSeeds(aligned)
    let line = try smooth(band.mean, x: band.epochs.map { log($0) }, bandwidth: 0.12)
    return Series(
      label: label, colour: colour, dots: dots,
      line: zip(band.epochs, line).map { (x: $0, y: $1) },
      band: band.epochs.indices.compactMap { i in
        guard let low = band.low?[i], let high = band.high?[i] else { return nil }
        return (x: band.epochs[i], low: low, high: high)
      })
  }

  /// The same curves on common epochs: seeds have slightly different numbers of sequences, so checkpoint i of one seed is
  /// at a slightly different epoch than that of another; nil if they have different numbers of checkpoints.
  private func align(_ curves: [Curve]) throws -> [Curve]? {
    let count = curves[0].epochs.count
    guard curves.allSatisfy({ $0.epochs.count == count }) else { return nil }
    let epochs = (0..<count).map { i in geometricMean(curves.map { $0.epochs[i] }) }
    return try curves.map { try Curve(epochs: epochs, values: $0.values) }
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

func geometricMean(_ values: [Double]) -> Double {
  values.isEmpty ? .nan : exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
}

/// "61.3 %".
func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
/// "+4.2".
func signedPercent(_ share: Double) -> String { String(format: "%+.1f", share * 100) }
/// "+4.2 points [+1.0, +7.4]".
func percentInterval(_ interval: Interval) -> String {
  "\(signedPercent(interval.estimate)) points [\(signedPercent(interval.low)), \(signedPercent(interval.high))]"
}
/// An epoch: whole from 10 on.
func rounded(_ epoch: Double) -> String { String(format: epoch < 10 ? "%.1f" : "%.0f", epoch) }
func significant(_ p: Double) -> String { String(format: "%.3g", p) }
