// What the claim `repeated-data` shows: tables of losses, constants and crossings, and its panels. What they are computed
// from is in RepeatedData.swift.

import Figures
import Foundation
import Specification
import Statistics
import Wording

extension RepeatedDataFits {
  /// The mean lowest loss of each condition beside the law's.
  var lossTable: Table {
    Table(
      title: "Means over seeds of the lowest validation cross-entropy (nats per token; the DLM's is an upper bound), "
        + "beside the fitted laws.",
      columns: ["condition", "unique tokens", "epochs", "seeds", "AR", "law", "DLM", "law"],
      rows: pairs.map { pair in
        let own = points.filter { $0.pair.name == pair.name }
        let cells = Objective.allCases.flatMap { objective -> [String] in
          let runs = own.map { $0.losses[objective.rawValue] }
          guard let run = runs.first else { return ["–", "–"] }
          let mean = runs.reduce(0) { $0 + $1.loss } / Double(runs.count)
          return [
            nats(mean),
            laws.isEmpty
              ? "–" : nats(laws[objective.rawValue].loss(uniqueTokens: run.uniqueTokens, epochs: run.epochs)),
          ]
        }
        return [
          pair.name, grouped(pair.condition.corpus.nominalUniqueTokens), "\(pair.condition.training.epochs)",
          "\(own.count)",
        ] + cells
      })
  }

  var constantTable: Table {
    get throws {
      Table(
        title:
          "The laws L = E + B / D'^β, D' = U + U R* (1 − exp(−R/R*)), with 95 % bootstrap intervals over runs; half-life "
          + "is R* ln 2; error is the mean size of log L − log of the law.",
        columns: ["objective", "E", "B", "β", "R*", "half-life", "error"],
        rows: try zip(Objective.allCases, laws).map { objective, law in
          func cell(_ number: (RepeatedDataLaw) -> Double, _ spell: (Double) -> String) throws -> String {
            try interval { number($0[objective.rawValue]) }
              .map { "\(spell($0.estimate)) [\(spell($0.low)), \(spell($0.high))]" } ?? "–"
          }
          return [
            objective.name, try cell(\.floor, nats), spelt(law.coefficient), try cell(\.exponent, nats),
            try cell(\.worth, spelt), try cell(\.halfLife, spelt), percent(error(objective, law)),
          ]
        })
    }
  }

  var crossingTable: Table {
    get throws {
      Table(
        title:
          "Where the DLM's lowest loss passes AR's: predicted by the laws, with bootstrap intervals, and measured between "
          + "the numbers of epochs that were trained (geometric mean over the seeds that cross).",
        columns: ["unique tokens", "predicted", "measured", "seeds that cross"],
        rows: try crossings.map { passing in
          let seen = passing.measured.compactMap(\.epoch)
          return [
            grouped(passing.uniqueTokens), passing.predictedWords,
            seen.isEmpty ? "none" : "epoch \(rounded(geometricMean(seen)))",
            "\(seen.count) of \(passing.measured.count)",
          ]
        })
    }
  }

  /// Losses against training tokens with the laws, one panel per objective, and what epochs are worth.
  var panels: [Panel] {
    get throws {
      try Objective.allCases.map(lossPanel) + [worthPanel].compactMap { $0 }
    }
  }

  private func lossPanel(_ objective: Objective) throws -> Panel {
    let budgets = Dictionary(grouping: points) { $0.pair.condition.corpus.nominalUniqueTokens }
      .sorted { $0.key < $1.key }
    let repeated = budgets.filter { Set($0.value.map(\.pair.name)).count > 1 }
    var series: [Series] = []
    for (index, (budget, own)) in repeated.enumerated() {
      let runs = own.map { $0.losses[objective.rawValue] }
      let (fewest, most) = (runs.map(\.epochs).min() ?? 1, runs.map(\.epochs).max() ?? 1)
      let unique = runs.map(\.uniqueTokens).reduce(0, +) / Double(runs.count)
      series.append(
        Series(
          label: "\(grouped(budget)) tokens", colour: .level(Double(index) / Double(max(repeated.count - 1, 1))),
          dots: runs.map { (x: $0.uniqueTokens * $0.epochs, y: $0.loss) },
          line: laws.isEmpty
            ? []
            : (0...60).map { step in
              let epochs = fewest * pow(most / fewest, Double(step) / 60)
              return (
                x: unique * epochs, y: laws[objective.rawValue].loss(uniqueTokens: unique, epochs: epochs)
              )
            }))
    }
    let new = budgets.filter { !repeated.map(\.key).contains($0.key) }.flatMap(\.value)
      .map { $0.losses[objective.rawValue] }
    if !new.isEmpty {
      let tokens = points.flatMap { $0.losses.map { $0.uniqueTokens * $0.epochs } }
      let (low, high) = (tokens.min() ?? 1, tokens.max() ?? 1)
      series.append(
        Series(
          label: "one epoch", colour: objective.colour,
          dots: new.map { (x: $0.uniqueTokens * $0.epochs, y: $0.loss) },
          line: laws.isEmpty
            ? []
            : (0...60).map { step in
              let all = low * pow(high / low, Double(step) / 60)
              return (x: all, y: laws[objective.rawValue].loss(uniqueTokens: all, epochs: 1))
            }, dashed: true))
    }
    return Panel(
      title: "\(objective.name): lowest loss", xLabel: "training tokens", yLabel: "cross-entropy (nats per token)",
      xScale: .log, series: series, legendTitle: "unique")
  }

  private var worthPanel: Panel? {
    if laws.isEmpty { return nil }
    let most = points.flatMap { $0.losses.map(\.epochs) }.max() ?? 1
    func line(_ worth: (Double) -> Double) -> [Figures.Point] {
      (0...60).map { step in
        let epochs = pow(most, Double(step) / 60)
        return (x: epochs, y: worth(epochs))
      }
    }
    return Panel(
      title: "what epochs are worth", xLabel: "epochs", yLabel: "passes over new tokens", xScale: .log, yScale: .log,
      series: [Series(label: "new tokens", colour: .other(1), line: line { $0 }, dashed: true)]
        + zip(Objective.allCases, laws).map { objective, law in
          Series(
            label: "\(objective.name): \(spelt(law.worth))", colour: objective.colour,
            line: line(law.effectiveEpochs))
        }
        + [("AR", "reported_ar", 0), ("DLM", "reported_dlm", 2)].map { name, threshold, colour in
          let worth = evidence.settings.threshold(threshold)
          return Series(
            label: "\(name), reported: \(numeral(worth))", colour: .other(colour),
            line: line { 1 + worth * -expm1(-($0 - 1) / worth) }, dashed: true)
        }, legendTitle: "R*")
  }
}
