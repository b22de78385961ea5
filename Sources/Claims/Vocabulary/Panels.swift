// The panels that claims have in common: learning curves over seeds, as dots, a smoothed line and a band; bars.

import Figures
import Foundation
import Specification
import Statistics

/// What stands on the horizontal axis of learning curves.
enum LearningAxis: Sendable, Equatable {
  case epochs, tokens, flops

  var label: String {
    switch self {
    case .epochs: "epochs"
    case .tokens: "training tokens"
    case .flops: "training FLOPs"
    }
  }

  func place(_ checkpoint: CheckpointRecord, of run: PlannedRun) throws -> Double {
    switch self {
    case .epochs: checkpoint.epoch
    case .tokens: Double(checkpoint.tokens)
    case .flops: Double(checkpoint.tokens) * (try run.trainingFLOPsPerToken())
    }
  }
}

/// How a cohort is drawn.
struct Curves {
  let cohort: Cohort
  var label: String
  var colour: SeriesColour
  var withDots = true
  var dashed = false

  init(
    _ cohort: Cohort, _ label: String? = nil, _ colour: SeriesColour? = nil, withDots: Bool = true, dashed: Bool = false
  ) {
    self.cohort = cohort
    self.label = label ?? cohort.arm.name
    self.colour = colour ?? cohort.arm.colour
    self.withDots = withDots
    self.dashed = dashed
  }

  /// Cohorts along ordered levels, from dark to light, by the names of their conditions.
  static func levels(_ cohorts: [Cohort]) -> [Curves] {
    let last = Double(max(cohorts.count - 1, 1))
    return cohorts.enumerated().map { Curves($1, $1.condition, .level(Double($0) / last), withDots: false) }
  }
}

extension Evidence {
  /// Learning curves of cohorts.
  func panel(
    _ title: String, _ quantity: Quantity, _ curves: [Curves], axis: LearningAxis = .epochs, markers: [Marker] = [],
    legendTitle: String = ""
  ) throws -> Panel {
    Panel(
      title: title, xLabel: axis.label, yLabel: quantity.label, xScale: .log, yPercent: quantity.isShare,
      series: try curves.compactMap { try series($0, quantity, axis: axis) },
      markers: (quantity.chance.map { [.horizontal($0, "chance")] } ?? []) + markers, legendTitle: legendTitle)
  }

  /// The judged accuracy, with the best of a cohort that it is judged by as a dotted line, then, where it is a mean over
  /// tasks, one panel per task.
  func taskPanels(_ curves: [Curves], best: (cohort: Cohort, label: String)? = nil) throws -> [Panel] {
    let tasks = settings.tasks
    return try ((tasks.count > 1 ? [tasks] : []) + tasks.map { [$0] }).map { tasks in
      let marker = best.flatMap { bestMarker($0.cohort, $0.label, tasks) }
      return try panel(
        tasks.count > 1 ? "mean of \(tasks.names)" : tasks.names, .accuracy(tasks), curves,
        markers: [marker].compactMap { $0 })
    }
  }

  /// Validation cross-entropy.
  func lossPanel(_ curves: [Curves], title: String = "validation loss") throws -> Panel {
    try panel(title, .loss, curves)
  }

  /// A number of every checkpoint of a cohort's runs: one dot each, a line through their mean, smoothed on a logarithmic
  /// axis, and, of three seeds or more, its 95 % interval as a band; nil without runs.
  private func series(_ drawn: Curves, _ quantity: Quantity, axis: LearningAxis) throws -> Series? {
    let curves = try found(drawn.cohort).map { result in
      try Curve(
        epochs: result.checkpoints.map { try axis.place($0, of: result.run) },
        values: result.checkpoints.map { quantity.value($0) ?? .nan })
    }
    guard !curves.isEmpty else { return nil }
    let dots = drawn.withDots ? curves.flatMap { zip($0.epochs, $0.values).map { (x: $0, y: $1) } } : []
    let band = try bandOverSeeds(try aligned(curves))
    let line = try smooth(band.mean, x: band.epochs.map { log($0) }, bandwidth: 0.12)
    return Series(
      label: drawn.label, colour: drawn.colour, dots: dots, line: zip(band.epochs, line).map { (x: $0, y: $1) },
      band: curves.count < 3
        ? []
        : band.epochs.indices.compactMap { i in
          guard let low = band.low?[i], let high = band.high?[i] else { return nil }
          return (x: band.epochs[i], low: low, high: high)
        }, dashed: drawn.dashed)
  }
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

/// A series of one value per category with its interval over seeds, drawn as bars.
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
