// `replicate crossover --text`: which objective wins on a user's own text? The runs, numbers and statistics are those
// of the claim `crossover`; the answer's words are in TextQuestion+Answer.swift.

import Configuration
import Specification
import Corpora
import Statistics
import TensorEngine
import Wording

/// A question about a text, which has an answer but no verdict on the paper.
package struct TextQuestion: Sendable {
  /// The one task of text corpora.
  static let task = TaskID.choice(.cloze)

  let survey: TextSurvey
  let text: TextCollection
  let settings: ClaimSettings
  let crossover: Crossover

  /// Surveys the text and plans the runs: `settings` with the epochs and the number of items that the text allows.
  /// - Parameter epochs: nil for as many as its training tokens make.
  /// - Throws: `CorpusError`, ``TextTooSmall`` for a text that cannot be used.
  package init(
    settings: ClaimSettings, text: TextCollection, epochs: Int? = nil, backend: ProductBackend
  ) throws {
    self.text = text
    survey = try TextSurvey(settings, text: text)
    var settings = settings
    settings.training.epochs = epochs ?? survey.epochs
    settings.evaluation.items = survey.items
    settings.evaluation.sampledDocuments = nil  // they cannot be judged
    settings.tasks = [Self.task]
    self.settings = settings
    var specification = settings.text.specification(text)
    specification.uniqueTokens = survey.uniqueTokens
    var condition = settings.base
    condition.corpus = .text(specification)
    let planner = Planner(name: Claim.crossover.name, settings: settings, backend: backend)
    crossover = try Crossover(planner, condition)
  }

  /// The question with its runs. The same text has the same folder and figure, wherever its files stand.
  package var study: Study {
    get throws {
      var study = Study(
        name: "text-\(survey.identity.digest.prefix(8))",
        statement: "which objective wins on this text, autoregression (AR) or masked diffusion (DLM)?",
        settings: settings, digest: try settings.digest(), design: crossover.design)
      study.word = Claim.crossover.name
      study.notes = survey.remarks
      study.answer = { try answered($1, $0) }
      return study
    }
  }

  /// The report in the words of an answer.
  private func answered(_ report: ClaimReport, _ evidence: Evidence) throws -> ClaimReport {
    let findings = try TextFindings(report, crossover, evidence)
    var report = report
    report.sentence = answer(findings)
    report.remarks =
      remarks(findings)
      + evidence.results.provenance(crossover.runs).map(sentenceCase)
    report.metrics["epochs"] = Double(settings.training.epochs)
    report.metrics["files"] = Double(survey.identity.files)
    report.metrics["items"] = Double(survey.items)
    report.metrics["unique_tokens"] = Double(survey.uniqueTokens)
    report.metrics["available_tokens"] = Double(survey.availableTokens)
    report.figure?.title = "\(textName): \(title(findings))"
    report.figure?.subtitle = "which objective wins on this text?"
    report.figure?.caption[0] = "Answer: \(report.sentence)"
    report.expected = nil
    report.label = textName
    report.isQuestion = true
    return report
  }
}

/// The numbers that an answer rests on.
struct TextFindings: Sendable {
  let verdict: Verdict
  /// DLM's final accuracy − AR's best.
  let headline: PairedComparison
  /// DLM's best − AR's best.
  let bests: PairedComparison
  /// The negative control: the second AR model's final accuracy − AR's best.
  let control: PairedComparison
  /// Every seed whose AR and DLM runs are there.
  let seeds: [SeedOutcome]
  /// Seeds that were asked for.
  let pairs: Int
  /// Every run that is missing or diverged.
  let missing: [String]
  let metrics: [String: Double]

  init(_ report: ClaimReport, _ crossover: Crossover, _ evidence: Evidence) throws {
    let none = try judge(differences: [], margin: 0, minimumSeeds: 5, missing: [])
    func comparison(_ key: String) -> PairedComparison { report.comparisons[key] ?? none }
    verdict = report.verdict ?? .inconclusive
    headline = comparison("dlm_final_minus_ar_best")
    bests = comparison("dlm_best_minus_ar_best")
    control = comparison("control_final_minus_ar_best")
    seeds = try evidence.outcomes(crossover.pair)
    pairs = crossover.pair.diffusion.members.count
    missing = evidence.results.missing(among: crossover.runs)
    metrics = report.metrics
  }

  /// Epochs from which the DLM stays ahead of AR, of the seeds where it does.
  var crossovers: [Double] { seeds.compactMap { $0.crossover.epoch } }
  /// Epochs at which the DLM passes AR's best, of the seeds where it does.
  var crossings: [Double] { seeds.compactMap { $0.crossingOfBest.epoch } }
}
