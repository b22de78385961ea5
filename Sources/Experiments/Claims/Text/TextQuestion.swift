// `replicate crossover --text`: which objective wins on a user's own text? The runs, numbers and statistics are those of
// the claim `crossover`; the answer's words are in TextQuestion+Answer.swift.

import Corpora
import TensorEngine

/// A question about a text, which has an answer but no verdict on the paper.
public struct TextQuestion: Study {
  public static let statement = "which objective wins on this text, autoregression (AR) or masked diffusion (DLM)?"
  /// The one task of text corpora.
  static let task = "cloze"

  public let survey: TextSurvey
  let paths: [String]
  let crossover: Crossover

  /// Surveys the text and plans the runs: `settings` with the epochs and the number of items that the text allows.
  /// - Throws: `CorpusError`, `TrainingError.corpusTooSmall`, ``TextTooSmall`` for a text that cannot be used.
  public init(settings: ClaimSettings, paths: [String], backend: ProductBackend) throws {
    self.paths = paths
    survey = try TextSurvey(settings, paths: paths)
    var settings = settings
    settings.training.epochs = survey.epochs
    settings.evaluation.items = survey.items
    var text = settings.text.specification(paths: paths)
    text.uniqueTokens = survey.uniqueTokens
    crossover = try Crossover(
      settings: settings, corpus: .text(text), textDigest: survey.identity.digest, tasks: [Self.task], backend: backend)
  }

  /// Folder and figure: the same text has the same, wherever its files stand.
  public var folder: String { "text-\(survey.identity.digest.prefix(8))" }

  public var runs: [PlannedRun] { crossover.runs }

  public func data(_ results: RunResults) -> Table { crossover.data(results) }

  public func report(_ results: RunResults) throws -> ClaimReport {
    let findings = try crossover.findings(results)
    let settings = crossover.settings
    let answer = answer(findings)
    var metrics = crossover.metrics(findings.seeds)
    metrics["epochs"] = Double(survey.epochs)
    metrics["files"] = Double(survey.identity.files)
    metrics["items"] = Double(survey.items)
    metrics["unique_tokens"] = Double(survey.uniqueTokens)
    metrics["available_tokens"] = Double(survey.availableTokens)
    return ClaimReport(
      claim: folder, preset: settings.preset, seeds: crossover.pairs.count,
      verdict: settings.preset == .smoke ? nil : findings.verdict, sentence: answer,
      remarks: remarks(findings) + results.provenance(runs).map { $0.prefix(1).uppercased() + $0.dropFirst() },
      metrics: metrics, estimates: try crossover.estimates(findings), comparisons: crossover.comparisons(findings),
      tables: crossover.tables(findings.seeds),
      figure: try crossover.figure(
        results, name: folder, title: "\(textName): which objective wins on this text?", heading: "Answer",
        sentence: answer),
      records: runs.map(\.hash), isQuestion: true)
  }
}
