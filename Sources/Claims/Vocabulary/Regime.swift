// Where a study's runs lie on the axis that decides how scarce their data is, beside the paper's: parameters per unique
// token, training tokens per parameter, and how far AR overfits.

import Foundation
import Objectives
import Specification
import Transformer

/// The regime of a study's shared condition.
struct Regime: Sendable {
  /// r: parameters without embeddings per unique token.
  let parametersPerUniqueToken: Double
  /// Training tokens, repetitions counted, per parameter without embeddings.
  let tokensPerParameter: Double
  /// AR's last validation loss over its lowest, minus 1, the mean over seeds; nil without AR runs or losses.
  let lossRise: Double?

  /// - Parameter cohorts: what a study trains in any case; the first AR cohort counts, or the first one.
  /// - Returns: nil where there are no runs, their unique tokens are not known from their specification, or the cohorts lie
  ///   at several places.
  init?(_ cohorts: [Cohort], _ results: RunResults) {
    func isPlain(_ cohort: Cohort) -> Bool { cohort.runs.first?.specification.objective == .plainAutoregressive }
    let plain = cohorts.first(where: isPlain)
    let places = Set(
      cohorts.compactMap { $0.runs.first?.specification }.map {
        [$0.model.parametersWithoutEmbeddings, $0.corpus.nominalUniqueTokens, $0.training.epochs]
      })
    guard places.count == 1, let specification = (plain ?? cohorts.first)?.runs.first?.specification else { return nil }
    let uniqueTokens = specification.corpus.nominalUniqueTokens
    let parameters = Double(specification.model.parametersWithoutEmbeddings)
    guard uniqueTokens > 0, parameters > 0 else { return nil }
    parametersPerUniqueToken = parameters / Double(uniqueTokens)
    tokensPerParameter = Double(uniqueTokens) * Double(specification.training.epochs) / parameters
    let rises = (plain?.runs ?? []).compactMap { run -> Double? in
      let losses = results[run]?.checkpoints.compactMap { $0.validation?.crossEntropy } ?? []
      guard let lowest = losses.min(), let last = losses.last, lowest > 0 else { return nil }
      return last / lowest - 1
    }
    lossRise = rises.isEmpty ? nil : rises.reduce(0, +) / Double(rises.count)
  }

  /// For captions: the numbers beside the paper's.
  func words(beside paper: PaperRegime) -> String {
    String(format: "%.1f parameters per unique token (the paper's 1B on 1B: 1)", parametersPerUniqueToken)
      + String(
        format: ", %.0f training tokens per parameter (the paper: %.0f)", tokensPerParameter, paper.tokensPerParameter)
      + (lossRise.map {
        String(format: ", AR's validation loss rises by %.0f %%", $0 * 100)
          + (paper.lossRise.map { String(format: " (the paper: %.0f %%)", $0 * 100) } ?? "")
      } ?? "")
  }

  /// For `verdict.json`.
  var metrics: [String: Double] {
    var metrics = ["parametersPerUniqueToken": parametersPerUniqueToken, "tokensPerParameter": tokensPerParameter]
    metrics["lossRise"] = lossRise
    return metrics
  }
}

/// Where the paper's 1B model on 1B unique tokens lies.
struct PaperRegime: Sendable {
  /// Of 96 epochs, unless the claim is about more.
  var tokensPerParameter = 96.0
  /// AR's last validation loss over its lowest, minus 1; nil where the paper does not show it.
  var lossRise: Double? = 0.31
}
