// Every checkpoint of every run of a store in one table, and as TensorBoard's event files, whichever claim asked for the
// run. Reads only; a run that has not ended or cannot be read is named and left out.

import Claims
import Corpora
import Files
import Foundation
import Specification
import Store
import Wording

/// What is exported of a store.
package struct RunsExport {
  /// One run with its checkpoints.
  private struct Run {
    let planned: PlannedRun
    let record: RunRecord
    let checkpoints: [CheckpointRecord]
    /// nil where the vocabulary of the corpus is not known without its text.
    let flopsPerToken: Double?

    var specification: RunSpecification { planned.specification }
    var arm: String { specification.objective.attention == .causal ? "AR" : "DLM" }
  }

  private let runs: [Run]
  /// "0123456789abcdef: it has not ended": runs that are not in it, and why.
  package let leftOut: [String]

  package var count: Int { runs.count }
  package var rowCount: Int { runs.reduce(0) { $0 + $1.checkpoints.count } }

  /// Reads the runs of a store.
  /// - Throws: `StoreError` of kind `.io` if it cannot be read.
  package init(_ store: RecordStore<RunSpecification>) throws(StoreError) {
    var (runs, leftOut): ([Run], [String]) = ([], [])
    for hash in try store.hashes() {
      do {
        guard try isThere(store.path(of: .record, in: hash)) else {
          leftOut.append("\(hash): it has not ended")
          continue
        }
        let (record, checkpoints) = try store.ended(hash)
        let planned = try PlannedRun(label: hash, specification: store.specification(of: hash))
        runs.append(
          Run(
            planned: planned, record: record, checkpoints: checkpoints,
            flopsPerToken: try? planned.trainingFLOPsPerToken()))
      } catch let error as StoreError {
        if error.kind != .badData { throw error }
        leftOut.append("\(hash): \(error)")
      } catch {
        leftOut.append("\(hash): \(error)")
      }
    }
    (self.runs, self.leftOut) = (runs, leftOut)
  }

  /// The tasks that any run has a score on, in order.
  private var tasks: [TaskID] { Set(runs.flatMap { $0.checkpoints.flatMap(\.tasks.keys) }).sorted() }

  // MARK: CSV

  /// One row per checkpoint: settings of the run, place in training, losses, every task's scores.
  package var csvText: String {
    let tasks = tasks
    return csv(
      columns: [
        "run", "outcome", "preset", "arm", "objective", "corpus", "unique_tokens", "parameters", "data_seed", "seed",
        "epochs", "width", "layers", "dropout", "attention_dropout", "feed_forward_dropout", "weight_decay",
        "learning_rate", "batch", "averaging", "ensemble", "checkpoint", "epoch", "step", "tokens", "flops",
        "training_loss",
        "validation_ce",
      ] + tasks.flatMap { ["\($0)_acc", "\($0)_acc_norm", "\($0)_nll_right", "\($0)_nll_wrong"] },
      rows: runs.flatMap { run in run.checkpoints.enumerated().map { row(run, $0, $1, tasks) } })
  }

  private func row(_ run: Run, _ index: Int, _ checkpoint: CheckpointRecord, _ tasks: [TaskID]) -> [String] {
    let specification = run.specification
    let (model, training) = (specification.model, specification.training)
    var row = [
      run.planned.hash, run.record.outcome.rawValue, run.record.preset, run.arm, specification.objective.shortName,
      specification.corpus.name, "\(specification.corpus.nominalUniqueTokens)", "\(model.parametersWithoutEmbeddings)",
      "\(specification.dataSeed)", "\(specification.seed)", "\(training.epochs)", "\(model.width)", "\(model.layers)",
      numeral(model.dropout), numeral(model.dropout(at: .attention)),
      numeral(model.dropout(at: .feedForward)), numeral(training.weightDecay),
      numeral(training.learningRate), "\(training.batch)", numeral(training.averaging), "\(training.ensemble)",
    ]
    row += [
      "\(index + 1)", numeral(checkpoint.epoch), "\(checkpoint.step)", "\(checkpoint.tokens)",
      run.flopsPerToken.map { numeral($0 * Double(checkpoint.tokens)) } ?? "", numeral(checkpoint.trainingLoss),
      checkpoint.validation.map { numeral($0.crossEntropy) } ?? "",
    ]
    for task in tasks {
      let scores = checkpoint.tasks[task]
      row += [scores?.acc, scores?.accNorm, scores?.nllRight, scores?.nllWrong].map { $0.map(numeral) ?? "" }
    }
    return row
  }

  // MARK: TensorBoard

  /// Writes one file of events per run, `ARM/HASH/events.out.tfevents.0.replicate`, against training tokens. Times are not
  /// recorded at checkpoints, so the time of an event is its step, in seconds.
  /// - Returns: the files' paths.
  /// - Throws: `StoreError`.
  package func writeEvents(to directory: String) throws(StoreError) -> [String] {
    let elsewhere = "name another directory with --events"
    var paths: [String] = []
    for run in runs {
      var file = EventFile()
      for checkpoint in run.checkpoints {
        file.add(Self.scalars(checkpoint), step: checkpoint.tokens, seconds: Double(checkpoint.step))
      }
      let folder = "\(directory)/\(run.arm)/\(run.planned.hash)"
      try makeDirectory(folder, elsewhere: elsewhere)
      paths.append(folder + "/events.out.tfevents.0.replicate")
      try writeAtomically(file.data, to: paths[paths.count - 1], namedBy: .user, elsewhere: elsewhere)
    }
    return paths
  }

  private static func scalars(_ checkpoint: CheckpointRecord) -> [(tag: String, value: Double)] {
    var scalars = [("epoch", checkpoint.epoch), ("loss/training", checkpoint.trainingLoss)]
    if let validation = checkpoint.validation { scalars.append(("loss/validation", validation.crossEntropy)) }
    for (task, scores) in checkpoint.tasks.sorted(by: { $0.key < $1.key }) {
      let values = [
        ("acc", scores.acc), ("acc_norm", scores.accNorm), ("nll_right", scores.nllRight),
        ("nll_wrong", scores.nllWrong),
      ]
      scalars += values.compactMap { name, value in value.map { ("\(task)/\(name)", $0) } }
    }
    return scalars.map { (tag: $0.0, value: $0.1) }
  }
}
