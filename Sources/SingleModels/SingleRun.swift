// One run outside any claim's grid, planned with a claim's settings.

import Claims
import Configuration
import Corpora
import Objectives
import Specification
import TensorEngine

/// The run of one objective and seed under these settings, on their corpus or on a user's own text.
///
/// - Parameter epochs: asked for; nil for the settings', or, for a text, for as many as its training tokens make.
/// - Throws: what is wrong with the text, as ``TextSurvey`` says it.
package func singleRun(
  _ settings: ClaimSettings, _ objective: Objective, seed: UInt64, text: TextCollection?, epochs: Int?,
  backend: ProductBackend
) throws -> PlannedRun {
  var settings = settings
  let corpus: CorpusSpecification
  if let text {
    let survey = try TextSurvey(settings, text: text, seeds: [seed])
    var specification = settings.text.specification(text)
    specification.uniqueTokens = survey.uniqueTokens
    corpus = .text(specification)
    settings.training.epochs = epochs ?? survey.epochs
    settings.evaluation.items = survey.items
    settings.evaluation.sampledDocuments = nil  // they cannot be judged
  } else {
    corpus = try settings.read(nil, for: "train").base.corpus
  }
  return try PlannedRun(
    label: "\(objective.shortName), seed \(seed)",
    specification: RunSpecification(
      corpus: corpus, textDigest: corpus.textDigest, dataSeed: seed, seed: seed, objective: objective,
      model: settings.model,
      training: settings.training, evaluation: settings.evaluation.asked(of: objective), backend: backend))
}
