// Made-up data in the shapes that real runs have; they serve the tests and nothing else. To look at the drawings, set
// FIGURES_TO to a directory when running the tests.

import Foundation

@testable import Figures

enum Example {
  /// Deterministic numbers in −1…1 that look like noise.
  static func wobble(_ index: Int, _ seed: Int) -> Double { sin(Double(index * 131 + seed * 977) * 12.9898) }

  static let epochs: [Double] = (0..<26).map { (pow(600, Double($0) / 25) * 10).rounded() / 10 }

  static func runs(noise: Double, _ curve: @escaping (Double) -> Double) -> [[Point]] {
    (1...5).map { seed in
      epochs.enumerated().map { ($1, curve(log($1)) + noise * (wobble($0, seed) + 0.7 * wobble(seed, 3 * seed))) }
    }
  }

  static func rise(_ position: Double, middle: Double, width: Double) -> Double {
    1 / (1 + exp((middle - position) / width))
  }

  static let autoregressiveAccuracy = runs(noise: 0.012) {
    0.25 + 0.44 * rise($0, middle: 1.2, width: 0.45) - 0.14 * rise($0, middle: 3.6, width: 0.6)
  }
  static let diffusionAccuracy = runs(noise: 0.012) { 0.25 + 0.58 * rise($0, middle: 4.3, width: 0.55) }
  static let autoregressiveEndings = runs(noise: 0.01) {
    0.25 + 0.07 * rise($0, middle: 1.5, width: 0.5) - 0.03 * rise($0, middle: 4, width: 0.6)
  }
  static let diffusionEndings = runs(noise: 0.012) { 0.25 + 0.34 * rise($0, middle: 5.1, width: 0.4) }
  static let autoregressiveLoss = runs(noise: 0.04) {
    5.2 * exp(-1.3 * $0) + 1.8 + 4.2 * rise($0, middle: 4.2, width: 0.7)
  }
  static let diffusionLoss = runs(noise: 0.03) { 1.65 + 3.6 * exp(-0.75 * $0) }

  /// Dots of all runs, a line through their mean, and a band around it.
  static func series(_ label: String, _ colour: SeriesColour, _ runs: [[Point]]) -> Series {
    guard let first = runs.first else { return Series(label: label, colour: colour) }
    let line = first.indices.map { i in (first[i].x, runs.reduce(0) { $0 + $1[i].y } / Double(runs.count)) }
    return Series(
      label: label, colour: colour, dots: runs.flatMap { $0 }, line: line,
      band: line.map { ($0.0, $0.1 - 0.02, $0.1 + 0.02) })
  }

  static func both(_ autoregressive: [[Point]], _ diffusion: [[Point]]) -> [Series] {
    [
      series("AR", .autoregressive, autoregressive), series("DLM", .diffusion, diffusion),
    ]
  }

  static var crossover: Figure {
    Figure(
      name: "crossover", title: "With limited unique data the DLM overtakes AR by training for more epochs",
      caption: [
        "made-up data: the DLM's final accuracy exceeds AR's best checkpoint by 0.142 (95 % interval 0.118 … "
          + "0.166, 5 seeds, sign-flip p = 0.063); crossover at 86 epochs.",
        "Dots: checkpoints of 5 seeds; line: mean; band: ± 0.02.",
      ],
      panels: [
        Panel(
          title: "knowledge", xLabel: "epochs", yLabel: "accuracy", xScale: .log, yPercent: true,
          series: both(autoregressiveAccuracy, diffusionAccuracy),
          markers: [
            .vertical(86, "crossover ≈ 86 epochs"), .horizontal(0.25, "chance"),
            .horizontal(0.655, "AR's best", colour: .autoregressive),
          ]),
        Panel(
          title: "endings", xLabel: "epochs", yLabel: "accuracy", xScale: .log, yPercent: true,
          series: both(autoregressiveEndings, diffusionEndings),
          markers: [.vertical(77, "crossover ≈ 77 epochs"), .horizontal(0.25, "chance")]),
        Panel(
          title: "validation loss", xLabel: "epochs", yLabel: "cross-entropy (nats per token)", xScale: .log,
          series: both(autoregressiveLoss, diffusionLoss)),
      ])
  }

  static func bars(_ values: [Double], _ low: Double, _ high: Double) -> [Bar] {
    values.enumerated().map { Bar(category: $0, value: $1, interval: $1 * low...$1 * high) }
  }

  static var anyOrder: Figure {
    let names = ["random masks", "left-to-right suffixes", "AR"]
    return Figure(
      name: "any-order", title: "Any-order modelling", caption: ["inconclusive at this scale: 3 seeds."],
      panels: [
        Panel(
          title: "final accuracy", xLabel: "", yLabel: "accuracy", yPercent: true, categories: names,
          series: [
            Series(
              label: "knowledge", colour: .other(0),
              bars: bars([0.62, 0.51, 0.44], 0.95, 1.06)),
            Series(
              label: "endings", colour: .other(1),
              bars: bars([0.48, 0.33, 0.26], 0.94, 1.06)),
          ], markers: [.horizontal(0.25, "chance")]),
        Panel(
          title: "cost of 100 tokens", xLabel: "", yLabel: "FLOPs", yScale: .log, categories: names,
          series: [
            Series(
              label: "", colour: .other(4),
              bars: bars([3.1e9, 2.8e9, 4e7], 0.8, 1.3))
          ]),
      ])
  }

  static var sweep: Figure {
    let ratios = (1...9).map { Double($0) / 10 }
    let curves: [Series] = ratios.map { ratio in
      let runs = self.runs(noise: 0.006) {
        0.25 + (0.2 + 0.9 * ratio * (1 - ratio)) * rise($0, middle: 1.5 + 2 * ratio, width: 0.5)
      }
      var series = series("\(ratio)", .level((ratio - 0.1) / 0.8), runs)
      series.dots = []
      series.band = []
      return series
    }
    let diffusion = both([], diffusionAccuracy)[1].line
    let bests = ratios.map { 0.25 + 0.2 + 0.9 * $0 * (1 - $0) }
    return Figure(
      name: "input-noise", title: "Masking AR's input helps AR but does not close the gap",
      caption: ["fails at this scale: the best noisy AR (ratio 0.5) reaches 0.675, the DLM 0.83."],
      panels: [
        Panel(
          title: "AR with masked input", xLabel: "epochs", yLabel: "accuracy", xScale: .log, yPercent: true,
          series: curves + [Series(label: "DLM", colour: .diffusion, line: diffusion, dashed: true)],
          legendTitle: "masked share"),
        Panel(
          title: "best checkpoint", xLabel: "masked share of AR's input", yLabel: "accuracy", yPercent: true,
          series: [
            Series(
              label: "best AR", colour: .autoregressive, dots: zip(ratios, bests).map { ($0, $1) },
              line: zip(ratios, bests).map { ($0, $1) },
              errorBars: zip(ratios, bests).map { ($0, $1 - 0.02, $1 + 0.02) })
          ],
          markers: [
            .horizontal(0.83, "DLM", colour: .diffusion),
            .horizontal(0.69, "AR without masking", colour: .autoregressive),
          ]),
      ])
  }

  /// The smallest figure: one panel, one line.
  static func plain(name: String = "plain", line: [Point] = [(1, 0.2), (2, 0.4), (4, 0.9)]) -> Figure {
    Figure(
      name: name, title: "",
      panels: [
        Panel(title: "p", xLabel: "x", yLabel: "y", series: [Series(label: "s", colour: .autoregressive, line: line)])
      ])
  }
}
