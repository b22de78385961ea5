// The tables that claims have in common, and the table behind `data.csv`.

import Foundation
import Specification
import Statistics
import Wording

extension Evidence {
  /// Accuracies and crossings, then losses, of AR and DLM: one row per seed, and the means.
  func seedTables(_ pair: Pair) throws -> [Table] {
    let seeds = try outcomes(pair)
    func rows(_ cells: ([SeedOutcome]) -> [String]) -> [[String]] {
      seeds.map { ["\($0.seed)"] + cells([$0]) } + (seeds.count > 1 ? [["mean"] + cells(seeds)] : [])
    }
    func epoch(_ group: [SeedOutcome], _ crossing: (SeedOutcome) -> Crossing) -> String {
      let epochs = group.compactMap { crossing($0).epoch }
      if epochs.isEmpty { return "none" }
      return epochs.count == group.count ? rounded(geometricMean(epochs)) : "\(epochs.count)/\(group.count)"
    }
    return [
      Table(
        title:
          "Accuracy (\(settings.tasks.names)) over \(counted(seeds.count, "seed")). Lead: DLM end − AR best. "
          + "Crosses: epoch from which the DLM stays at or above AR. Passes: epoch at which it passes AR's best.",
        columns: ["seed", "AR best", "epoch", "AR end", "DLM best", "DLM end", "lead", "crosses", "passes"],
        rows: rows { group in
          [
            percent(group.mean(\.incumbentBest)), rounded(geometricMean(group.map(\.incumbentBestEpoch))),
            percent(group.mean(\.incumbentFinal)), percent(group.mean(\.challengerBest)),
            percent(group.mean(\.challengerFinal)),
            signedPercent(group.mean { $0.challengerFinal - $0.incumbentBest }), epoch(group, \.crossover),
            epoch(group, \.crossingOfBest),
          ]
        }),
      Table(
        title: "Validation cross-entropy, nats per token (the DLM's is an upper bound).",
        columns: ["seed", "AR lowest", "AR end", "DLM lowest", "DLM end"],
        rows: rows { group in
          [\.incumbentLowestCE, \.incumbentFinalCE, \.challengerLowestCE, \.challengerFinalCE]
            .map { (path: KeyPath<SeedOutcome, Double>) in nats(group.mean { $0[keyPath: path] }) }
        }),
    ]
  }

  /// Accuracies and crossings of AR and DLM: one row per condition.
  func conditionTable(_ pairs: [Pair]) throws -> Table {
    Table(
      title:
        "Means over seeds (of epochs the geometric mean) of the accuracy (\(settings.tasks.names)). DLM lead: DLM final − AR best. Crossover: "
        + "epoch from which the DLM stays at or above AR. Passes best: epoch at which it passes AR's best checkpoint.",
      columns: [
        "condition", "seeds", "AR best", "at epoch", "AR final", "DLM best", "DLM final", "DLM lead", "crossover",
        "passes best",
      ],
      rows: try pairs.map { pair in
        let seeds = try outcomes(pair)
        guard !seeds.isEmpty else { return [pair.name, "0"] + Array(repeating: "–", count: 8) }
        func epoch(_ crossing: (SeedOutcome) -> Crossing) -> String {
          let epochs = seeds.compactMap { crossing($0).epoch }
          if epochs.isEmpty { return "none" }
          return rounded(geometricMean(epochs))
            + (epochs.count == seeds.count ? "" : " (\(epochs.count)/\(seeds.count))")
        }
        return [
          pair.name, "\(seeds.count)", percent(seeds.mean(\.incumbentBest)),
          rounded(geometricMean(seeds.map(\.incumbentBestEpoch))), percent(seeds.mean(\.incumbentFinal)),
          percent(seeds.mean(\.challengerBest)), percent(seeds.mean(\.challengerFinal)),
          signedPercent(seeds.mean { $0.challengerFinal - $0.incumbentBest }), epoch(\.crossover),
          epoch(\.crossingOfBest),
        ]
      })
  }
}

/// One row per checkpoint: what it belongs to, where in its run it is, losses, each task's scores, and the accuracy that
/// the claim judges. The first columns are the same for every study.
func measurements(_ study: Study, _ results: RunResults, _ cohorts: [Cohort]) throws -> Table {
  let tasks = study.design.tasks
  var rows: [[String]] = []
  for cohort in cohorts {
    // The runs of a cohort differ in their seeds alone.
    let flopsPerToken = try cohort.runs.first { results[$0] != nil }?.trainingFLOPsPerToken() ?? 0
    for (seed, run) in cohort.members {
      guard let result = results[run] else { continue }
      for (index, checkpoint) in result.checkpoints.enumerated() {
        var row = [
          study.name, cohort.condition, cohort.arm.name, "\(seed)", "\(index + 1)", numeral(checkpoint.epoch),
          "\(checkpoint.tokens)", numeral(Double(checkpoint.tokens) * flopsPerToken), run.hash, "\(checkpoint.step)",
          numeral(checkpoint.trainingLoss), checkpoint.validation.map { numeral($0.crossEntropy) } ?? "",
        ]
        for task in tasks {
          let scores = checkpoint.tasks[task]
          row += [scores?.acc, scores?.accNorm, scores?.nllRight, scores?.nllWrong].map { $0.map(numeral) ?? "" }
        }
        rows.append(row + [checkpoint.accuracy(study.settings.tasks).map(numeral) ?? ""])
      }
    }
  }
  return Table(
    title: study.name,
    columns: [
      "claim", "condition", "arm", "seed", "checkpoint", "epoch", "tokens", "flops", "run", "step", "training_loss",
      "validation_ce",
    ] + tasks.flatMap { ["\($0)_acc", "\($0)_acc_norm", "\($0)_nll_right", "\($0)_nll_wrong"] } + ["accuracy"],
    rows: rows)
}
