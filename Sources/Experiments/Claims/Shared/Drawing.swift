// The series and panels that claims have in common: learning curves over seeds, as dots, a smoothed line and a band.

import Figures
import Foundation
import Statistics

/// What stands on the horizontal axis of learning curves.
enum LearningAxis: Sendable, Equatable {
  case epochs, tokens
  case flops(perToken: Double)

  var label: String {
    switch self {
    case .epochs: "epochs"
    case .tokens: "training tokens"
    case .flops: "training FLOPs"
    }
  }

  func place(_ checkpoint: CheckpointRecord) -> Double {
    switch self {
    case .epochs: checkpoint.epoch
    case .tokens: Double(checkpoint.tokens)
    case .flops(let perToken): Double(checkpoint.tokens) * perToken
    }
  }
}

/// A number of every checkpoint of several seeds' runs of one kind: a dot each, a line through their mean, smoothed on a
/// logarithmic axis, and, of three seeds or more, its 95 % interval as a band; nil without runs.
func learningCurve(
  _ label: String, _ colour: SeriesColour, _ results: [RunResult], axis: LearningAxis = .epochs, withDots: Bool = true,
  dashed: Bool = false, value: (CheckpointRecord) -> Double?
) throws -> Series? {
  let curves = try results.map { result in
    try Curve(epochs: result.checkpoints.map(axis.place), values: result.checkpoints.map { value($0) ?? .nan })
  }
  guard !curves.isEmpty else { return nil }
  let dots = withDots ? curves.flatMap { zip($0.epochs, $0.values).map { (x: $0, y: $1) } } : []
  let band = try bandOverSeeds(try aligned(curves))
  let line = try smooth(band.mean, x: band.epochs.map { log($0) }, bandwidth: 0.12)
  return Series(
    label: label, colour: colour, dots: dots,
    line: zip(band.epochs, line).map { (x: $0, y: $1) },
    band: curves.count < 3 ? [] : band.epochs.indices.compactMap { i in
      guard let low = band.low?[i], let high = band.high?[i] else { return nil }
      return (x: band.epochs[i], low: low, high: high)
    }, dashed: dashed)
}

/// The same curves on common epochs: seeds have slightly different numbers of sequences, so checkpoint i of one seed is
/// at a slightly different epoch than that of another. Where two checkpoints are one step in some seeds only, the curves
/// are read off at the epochs of a seed with the fewest.
private func aligned(_ curves: [Curve]) throws -> [Curve] {
  guard let shortest = curves.min(by: { $0.epochs.count < $1.epochs.count }) else { return [] }
  let count = shortest.epochs.count
  guard curves.allSatisfy({ $0.epochs.count == count }) else {
    return try curves.map { curve in try Curve(epochs: shortest.epochs, values: shortest.epochs.map(curve.value)) }
  }
  let epochs = (0..<count).map { i in geometricMean(curves.map { $0.epochs[i] }) }
  return try curves.map { try Curve(epochs: epochs, values: $0.values) }
}

/// Mean accuracies of AR (blue) and the DLM (red) under one condition.
func accuracyPanel(
  _ title: String, _ pairs: [RunPair], _ results: RunResults, tasks: [String], axis: LearningAxis = .epochs,
  markers: [Marker] = []
) throws -> Panel {
  Panel(
    title: title, xLabel: axis.label, yLabel: "accuracy", xScale: .log, yPercent: true,
    series: [
      try learningCurve("AR", .autoregressive, pairs.compactMap { results[$0.autoregressive] }, axis: axis) {
        $0.accuracy(tasks)
      },
      try learningCurve("DLM", .diffusion, pairs.compactMap { results[$0.diffusion] }, axis: axis) {
        $0.accuracy(tasks)
      },
    ].compactMap { $0 }, markers: [.horizontal(0.25, "chance")] + markers)
}

/// A series of one value a category with its interval over seeds, drawn as bars.
func bars(_ label: String, _ colour: SeriesColour, _ values: [[Double]]) throws -> Series {
  Series(
    label: label, colour: colour,
    bars: try values.enumerated().compactMap { category, values in
      guard !values.isEmpty else { return nil }
      let mean = values.reduce(0, +) / Double(values.count)
      let interval = values.count > 1 ? try studentInterval(values) : nil
      return Bar(category: category, value: mean, interval: interval.map { $0.low...$0.high })
    })
}

/// A number of AR (blue) and the DLM (red) against epochs.
func pairPanel(
  _ title: String, yLabel: String, _ pairs: [RunPair], _ results: RunResults, value: (CheckpointRecord) -> Double?
) throws -> Panel {
  Panel(
    title: title, xLabel: "epochs", yLabel: yLabel, xScale: .log, yPercent: ["accuracy", "pass@1"].contains(yLabel),
    series: [
      try learningCurve("AR", .autoregressive, pairs.compactMap { results[$0.autoregressive] }, value: value),
      try learningCurve("DLM", .diffusion, pairs.compactMap { results[$0.diffusion] }, value: value),
    ].compactMap { $0 })
}

/// Validation cross-entropy against epochs.
func lossPanel(_ pairs: [RunPair], _ results: RunResults) throws -> Panel {
  try pairPanel("validation loss", yLabel: "cross-entropy (nats per token)", pairs, results) {
    $0.validation?.crossEntropy
  }
}

/// One accuracy panel a task.
func taskPanels(_ pairs: [RunPair], _ results: RunResults, tasks: [String]) throws -> [Panel] {
  try tasks.map { try accuracyPanel($0, pairs, results, tasks: [$0]) }
}
