// The FLOP ledger of `dense-compute`: what training to the best checkpoint and generating cost each objective, by the
// documented formula, here and at the paper's shape.

import Configuration
import Evaluation
import Foundation
import Specification
import Transformer
import Wording

extension Claim {
  /// A dense model near the paper's 1B parameters. The paper does not print its shape; this one has 1.2 billion
  /// non-embedding parameters.
  private static let paperShape = ModelConfiguration(
    width: 2048, heads: 16, feedForward: 5632, layers: 24, context: 4096)
  private static let paperVocabulary = 50_257

  static func ledgers(_ pair: Pair, _ evidence: Evidence) throws -> [Table] {
    [
      try trainingLedger(pair, evidence), samplesTable(pair, evidence), try inferenceLedger(evidence.settings),
    ].compactMap { $0 }
  }

  /// FLOPs until each model's best checkpoint, one row per seed.
  private static func trainingLedger(_ pair: Pair, _ evidence: Evidence) throws -> Table? {
    func spent(_ result: RunResult) throws -> (best: Double, all: Double) {
      let curve = try result.accuracies(evidence.settings.tasks)
      let best = curve.values.indices.reduce(0) { curve.values[$1] > curve.values[$0] ? $1 : $0 }
      let perToken = try result.run.trainingFLOPsPerToken()
      return (
        Double(result.checkpoints[best].tokens) * perToken,
        Double(result.checkpoints[result.checkpoints.count - 1].tokens) * perToken
      )
    }
    let rows = try pair.autoregressive.members.compactMap { seed, run -> [String]? in
      guard let ar = evidence.results[run], let dlm = pair.diffusion[seed].flatMap({ evidence.results[$0] }) else {
        return nil
      }
      let (own, other) = (try spent(dlm), try spent(ar))
      return [
        "\(seed)", scientific(other.best), scientific(own.best), scientific(own.all),
        String(format: "%.1f×", own.best / other.best), String(format: "%.1f×", own.all / other.best),
      ]
    }
    return rows.isEmpty
      ? nil
      : Table(
        title:
          "Training FLOPs to the best checkpoint and to the end. In the paper the DLM's full potential costs more than 100× "
          + "AR's; here the DLM's best may lie beyond the budget, so its ratio is a lower bound.",
        columns: ["seed", "AR to its best", "DLM to its best", "DLM in all", "ratio of bests", "all / AR's best"],
        rows: rows)
  }

  /// What drawn documents are like, means over seeds.
  private static func samplesTable(_ pair: Pair, _ evidence: Evidence) -> Table? {
    func cells(_ cohort: Cohort, _ drawing: DocumentDrawing) -> [String] {
      [\.wellFormed, { $0.acc as Double? }, \.stories, \.distinct].map {
        (value: (CheckpointRecord.Task) -> Double?) in
        evidence.mean(cohort) { $0.checkpoints.last?.tasks[.documents(drawing)].flatMap(value) }.map(percent) ?? "–"
      }
    }
    let dlm = pair.diffusion
    let rows =
      [["AR"] + cells(pair.autoregressive, .autoregressive)]
      + [false, true].flatMap { first in
        DocumentDrawing.steps.map { steps in
          ["DLM, \(DocumentDrawing.word(steps))\(first ? ", confidence order" : "")"]
            + cells(dlm, .denoising(steps: steps, mostConfidentFirst: first))
        }
      }
    return rows.allSatisfy { $0[1] == "–" }
      ? nil
      : Table(
        title:
          "Documents drawn at temperature 1 at the last checkpoint, by denoising steps (\"all\": one a token): share of sentences that "
          + "are well formed and that are true, of documents that are whole stories, and of distinct documents.",
        columns: ["drawn by", "well formed", "true", "stories", "distinct"], rows: rows)
  }

  /// FLOPs of generating, AR with a key/value cache against a DLM with one denoising step per token.
  private static func inferenceLedger(_ settings: ClaimSettings) throws -> Table {
    let vocabulary = try settings.base.corpus.vocabularySize()
    func cells(_ shape: ModelConfiguration, _ vocabulary: Int, _ length: Int, members: Int = 1) -> [String] {
      let ar = Double(members) * shape.generationFLOPs(length: length, vocabulary: vocabulary)
      let dlm = Double(members) * shape.denoisingFLOPs(length: length, steps: length, vocabulary: vocabulary)
      return [scientific(ar), scientific(dlm), String(format: "%.0f×", dlm / ar)]
    }
    let lengths = [16, 64, 256, 1024, 4096]
    return Table(
      title:
        "FLOPs of generating, by the formula: AR with a key/value cache, DLM with a denoising step a token. The paper: 16× for 16 "
        + "tokens to 4700× for 4096.",
      columns: ["tokens", "AR here", "DLM here", "ratio", "AR at 1B", "DLM at 1B", "ratio"],
      rows: lengths.map {
        ["\($0)"] + cells(settings.model, vocabulary, $0, members: settings.training.ensemble)
          + cells(paperShape, paperVocabulary, $0)
      })
  }
}

/// "3.2e+12".
private func scientific(_ flops: Double) -> String { String(format: "%.1e", flops) }
