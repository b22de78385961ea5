// An advice as a report like those of claims: tables, figure and `data.csv`, so that it is stored, listed and shown as
// they are. Its sentences are in Advice+Words.swift.

import Claims
import Configuration
import Figures
import Foundation
import Specification
import Statistics
import Wording

extension Advice {
  /// What is asked, for reports.
  package static let statement = "what should be trained on this text, autoregression (AR) or masked diffusion (DLM)?"

  /// The report under a name.
  /// - Parameters:
  ///   - runs: all that it rests on, the search's too.
  ///   - results: of the fresh splits' runs.
  package func report(
    name: String, search: SearchOutcome, plan: AdvicePlan, runs: [PlannedRun], results: RunResults, digest: String
  ) -> ClaimReport {
    var report = ClaimReport(
      claim: name, preset: .ci, seeds: scale.splits, sentence: sentence, remarks: remarks, metrics: metrics,
      tables: [contenders, searches(search, plan)], figure: figure(name, results, runs: runs, plan),
      records: uniqueHashes(runs))
    report.effect = sentence
    report.configuration = digest
    report.isQuestion = true
    return report
  }

  private var metrics: [String: Double] {
    var metrics: [String: Double] = [
      "plain_ar_loss": plainAR.loss, "ar_loss": ar.loss, "dlm_loss": dlm.loss, "baseline": baseline,
      "difference": judgement.difference.mean, "ar_accuracy": ar.accuracy, "dlm_accuracy": dlm.accuracy,
      "parametersPerUniqueToken": parametersPerUniqueToken, "lossRise": plainAR.rise,
    ]
    if let low = judgement.difference.low, let high = judgement.difference.high {
      (metrics["difference_low"], metrics["difference_high"]) = (low, high)
    }
    return metrics.filter { $0.value.isFinite }
  }

  private var contenders: Table {
    func row(_ name: String, _ contender: Contender) -> [String] {
      [
        name, contender.words, "\(contender.recipe.epochs)", rounded(contender.stop),
        String(format: "%.3f", contender.loss),
        percent(contender.accuracy), percent(contender.bestAccuracy),
        contender.seconds.map { formatDuration($0) } ?? "–", String(format: "%.1e", contender.flops),
      ]
    }
    return Table(
      title: "Means over \(counted(scale.splits, "fresh split")), read at the stop that the tuning splits chose. Loss: "
        + "validation cross-entropy, nats per token, the DLM's an upper bound; counting tokens without context: "
        + "\(String(format: "%.3f", baseline)). Best cloze: at its best checkpoint, chosen on one half of the items and read on "
        + "the other, so that it can be the lower one.",
      columns: ["model", "settings", "epochs", "stop", "loss", "cloze", "best cloze", "time", "FLOPs"],
      rows: [row("plain AR", plainAR), row("chosen AR", ar), row("chosen DLM", dlm)])
  }

  private func searches(_ search: SearchOutcome, _ plan: AdvicePlan) -> Table {
    Table(
      title:
        "The search, on \(counted(scale.tuningSplits, "tuning split")), where settings and stops were chosen and nothing was "
        + "judged: lowest validation loss and its epoch.",
      columns: ["objective", "settings", "epochs", "lowest loss", "at epoch", "choice"],
      rows: ObjectiveKind.allCases.flatMap { kind in
        let chosen = search.best(kind)
        return (search.trials[kind] ?? []).map { trial in
          [
            kind.name, trial.recipe.words(from: plan.scale.plain(kind)), "\(trial.recipe.epochs)",
            trial.loss.map { String(format: "%.3f", $0) } ?? "diverged", rounded(trial.stop),
            trial == chosen ? "chosen" : "",
          ]
        }
      })
  }

  // MARK: Figure

  private func figure(_ name: String, _ results: RunResults, runs: [PlannedRun], _ plan: AdvicePlan) -> Figure? {
    let colours: [(String, Contender, SeriesColour)] =
      [("plain AR", plainAR, .other(3))] + (plainAR.recipe == ar.recipe ? [] : [("chosen AR", ar, .autoregressive)])
      + [("chosen DLM", dlm, .diffusion)]
    func curves(_ contender: Contender) -> [RunResult] {
      runs.compactMap { results[$0] }.filter { matches($0.run, contender.recipe, plan) }
    }
    func panel(
      _ title: String, _ label: String, isShare: Bool, markers: [Marker], _ value: (CheckpointRecord) -> Double?
    ) -> Panel {
      Panel(
        title: title, xLabel: "epochs", yLabel: label, xScale: .log, yScale: isShare ? .linear : .log,
        yPercent: isShare,
        series: colours.map { name, contender, colour in
          let own = curves(contender)
          let dots = own.flatMap { run in
            run.checkpoints.compactMap { point in value(point).map { (x: point.epoch, y: $0) } }
          }
          return Series(label: name, colour: colour, dots: dots, line: meanLine(own, value))
        }, markers: markers)
    }
    let losses = panel(
      "held-out loss", "cross-entropy (nats per token)", isShare: false,
      markers: [.horizontal(baseline, "counting tokens")]
    ) { $0.validation?.crossEntropy }
    let accuracies = panel("cloze", "accuracy", isShare: true, markers: [.horizontal(0.25, "chance")]) {
      $0.tasks[.choice(.cloze)]?.acc
    }
    let panels = [losses, accuracies].filter { $0.series.contains { !$0.dots.isEmpty } }
    if panels.isEmpty { return nil }
    return Figure(
      name: name, title: "\(text.name): what to train on this text?",
      caption: [
        "Answer — \(sentence)",
        "dots: checkpoints of all fresh splits; lines: their means; the DLM's loss is an upper bound; "
          + "\(ratio(parametersPerUniqueToken)) parameters per unique token",
      ], panels: panels)
  }

  private func matches(_ run: PlannedRun, _ recipe: Recipe, _ plan: AdvicePlan) -> Bool {
    guard run.specification.evaluation.items == plan.evaluation.items else { return false }
    let own = try? recipe.run(plan.scale, seed: run.specification.seed, evaluation: plan.evaluation, label: "")
    return own?.hash == run.hash
  }

  /// The mean over splits, checkpoint by checkpoint, where all have the same number of them.
  private func meanLine(_ runs: [RunResult], _ value: (CheckpointRecord) -> Double?) -> [Point] {
    guard let count = runs.map(\.checkpoints.count).min(), count > 0 else { return [] }
    return (0..<count).reversed().compactMap { back in
      let column = runs.map { $0.checkpoints[$0.checkpoints.count - 1 - back] }
      let values = column.compactMap(value)
      guard values.count == runs.count else { return nil }
      let x = geometricMean(column.map(\.epoch))
      return (x: x, y: values.reduce(0, +) / Double(values.count))
    }
  }

  // MARK: Data

  /// `data.csv`: a row for each checkpoint of the fresh splits' runs.
  package func data(name: String, runs: [PlannedRun], results: RunResults) -> Table {
    let found = runs.distinct.compactMap { results[$0] }
    return Table(
      title: name,
      columns: [
        "advice", "run", "what", "split", "epoch", "step", "tokens", "training_loss", "validation_ce", "cloze_acc",
      ],
      rows: found.flatMap { result in
        result.checkpoints.map { point in
          [
            name, result.run.hash, result.run.label, "\(result.run.specification.dataSeed)", numeral(point.epoch),
            "\(point.step)", "\(point.tokens)", numeral(point.trainingLoss),
            point.validation.map { numeral($0.crossEntropy) } ?? "",
            point.tasks[.choice(.cloze)].map { numeral($0.acc) } ?? "",
          ]
        }
      })
  }
}
