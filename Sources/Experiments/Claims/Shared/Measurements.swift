// `data.csv` of a claim: one row a checkpoint with the condition that it belongs to, the same columns for every claim.

/// A run with the values of the columns that say which condition it is.
struct Measured {
  let run: PlannedRun
  let labels: [String]
}

/// One row a checkpoint: the labels, the run's hash, where the checkpoint is, losses, and each task's scores.
func measurements(
  _ title: String, _ results: RunResults, tasks: [String], runs: [Measured], labels: [String]
) -> Table {
  var rows: [[String]] = []
  for measured in runs {
    for checkpoint in results[measured.run]?.checkpoints ?? [] {
      var row = measured.labels
      row += [measured.run.hash, numeral(checkpoint.epoch), "\(checkpoint.step)", "\(checkpoint.tokens)"]
      row += [numeral(checkpoint.trainingLoss), checkpoint.validation.map { numeral($0.crossEntropy) } ?? ""]
      for task in tasks {
        let scores = checkpoint.tasks[task]
        row += [scores?.acc, scores?.accNorm, scores?.nllRight, scores?.nllWrong].map { $0.map(numeral) ?? "" }
      }
      rows.append(row)
    }
  }
  return Table(
    title: title,
    columns: labels + ["run", "epoch", "step", "tokens", "training_loss", "validation_ce"]
      + tasks.flatMap { ["\($0)_acc", "\($0)_acc_norm", "\($0)_nll_right", "\($0)_nll_wrong"] }, rows: rows)
}

extension [RunPair] {
  /// AR and DLM of each pair, with labels that the model's name goes into.
  func measured(_ labels: (_ model: String, RunPair) -> [String]) -> [Measured] {
    flatMap { pair in
      [("AR", pair.autoregressive), ("DLM", pair.diffusion)].map { Measured(run: $1, labels: labels($0, pair)) }
    }
  }
}

/// The measurements of AR and DLM under each condition.
func measurements(_ title: String, _ results: RunResults, tasks: [String], pairs: [RunPair]) -> Table {
  measurements(
    title, results, tasks: tasks,
    runs: pairs.measured { [$1.variant.name, $0, "\($1.seed)"] }, labels: ["condition", "model", "seed"])
}
