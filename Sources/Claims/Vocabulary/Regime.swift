// Where a study's runs lie on the axis that decides how scarce their data is, beside the paper's: parameters per unique
// token, training tokens per parameter, and how far AR overfits.

import Foundation
import Objectives
import Specification
import Transformer

/// The regime of a study: one place where its conditions share it, ranges over its conditions where they do not.
struct Regime: Sendable {
  /// r: parameters without embeddings per unique token.
  let parametersPerUniqueToken: ClosedRange<Double>
  /// Training tokens, repetitions counted, per parameter without embeddings.
  let tokensPerParameter: ClosedRange<Double>
  /// AR's last validation loss over its lowest, minus 1, the mean over seeds of each condition; nil without AR runs or
  /// losses.
  let lossRise: ClosedRange<Double>?

  /// - Parameter cohorts: what a study trains in any case. Of plain AR cohorts under one condition the first counts, so
  ///   that a control changes nothing; without any, all other cohorts do.
  /// - Returns: nil where there are no runs, or their unique tokens are not known from their specification.
  init?(_ cohorts: [Cohort], _ results: RunResults) {
    let specified = cohorts.compactMap { cohort in cohort.runs.first.map { (cohort, $0.specification) } }
    let plain = specified.filter { $0.1.objective == .plainAutoregressive }
    var conditions: [Cohort] = []
    var (ratios, lengths, places): ([Double], [Double], [RunSpecification]) = ([], [], [])
    for (cohort, specification) in plain.isEmpty ? specified : plain {
      let isKnown = places.contains {
        $0.model == specification.model && $0.corpus == specification.corpus
          && $0.training.epochs == specification.training.epochs
      }
      if isKnown { continue }
      let uniqueTokens = specification.corpus.nominalUniqueTokens
      let parameters = Double(specification.model.parametersWithoutEmbeddings)
      guard uniqueTokens > 0, parameters > 0 else { return nil }
      places.append(specification)
      conditions.append(cohort)
      ratios.append(parameters / Double(uniqueTokens))
      lengths.append(Double(uniqueTokens) * Double(specification.training.epochs) / parameters)
    }
    guard let ratios = Self.range(ratios), let lengths = Self.range(lengths) else { return nil }
    (parametersPerUniqueToken, tokensPerParameter) = (ratios, lengths)
    lossRise = plain.isEmpty ? nil : Self.range(conditions.compactMap { Self.rise($0, results) })
  }

  private static func rise(_ cohort: Cohort, _ results: RunResults) -> Double? {
    let rises = cohort.runs.compactMap { run -> Double? in
      let losses = results[run]?.checkpoints.compactMap { $0.validation?.crossEntropy } ?? []
      guard let lowest = losses.min(), let last = losses.last, lowest > 0 else { return nil }
      return last / lowest - 1
    }
    return rises.isEmpty ? nil : rises.reduce(0, +) / Double(rises.count)
  }

  private static func range(_ values: [Double]) -> ClosedRange<Double>? {
    guard let low = values.min(), let high = values.max() else { return nil }
    return low...high
  }

  /// For captions: the numbers beside the paper's.
  func words(beside paper: PaperRegime) -> String {
    func whole(_ value: Double) -> String { String(format: "%.0f", value) }
    let ratio = Self.words(parametersPerUniqueToken) {
      String(format: $0 < 0.095 ? "%.1g" : $0 < 0.95 ? "%.2f" : "%.1f", $0)
    }
    let length = Self.words(tokensPerParameter, whole)
    return
      "\(ratio) parameters per unique token (the paper's 1B on 1B: 1), \(length) training tokens per parameter (the "
      + "paper: \(whole(paper.tokensPerParameter)))"
      + (lossRise.map { rise in
        ", AR's validation loss rises by \(Self.words(rise) { whole($0 * 100) }) %"
          + (paper.lossRise.map { " (the paper: \(whole($0 * 100)) %)" } ?? "")
      } ?? "")
  }

  /// "1.0", or "0.26 to 4.2".
  private static func words(_ range: ClosedRange<Double>, _ format: (Double) -> String) -> String {
    let (low, high) = (format(range.lowerBound), format(range.upperBound))
    return low == high ? low : "\(low) to \(high)"
  }

  /// For `verdict.json`: each number, or its smallest and largest over the conditions.
  var metrics: [String: Double] {
    var metrics: [String: Double] = [:]
    func put(_ name: String, _ range: ClosedRange<Double>?) {
      guard let range else { return }
      if range.lowerBound == range.upperBound {
        metrics[name] = range.lowerBound
      } else {
        metrics[name + "_smallest"] = range.lowerBound
        metrics[name + "_largest"] = range.upperBound
      }
    }
    put("parametersPerUniqueToken", parametersPerUniqueToken)
    put("tokensPerParameter", tokensPerParameter)
    put("lossRise", lossRise)
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
