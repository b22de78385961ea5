// The answer to a question about a text, in plain words: who wins, from how many epochs on, and how sure that is.

import Corpora
import Foundation
import Statistics
import Wording

extension TextQuestion {
  /// "book.txt" or "12 files".
  var textName: String {
    text.files.count == 1
      ? URL(fileURLWithPath: text.files[0].path).lastPathComponent : counted(text.files.count, "file")
  }

  /// "On this text (12 files, 20 000 of 181 000 unique tokens used, 200 epochs) …": the answer in a sentence.
  func answer(_ findings: TextFindings) -> String {
    let used =
      survey.uniqueTokens < survey.availableTokens
      ? "\(grouped(survey.uniqueTokens)) of \(grouped(survey.availableTokens)) unique tokens used"
      : "all \(grouped(survey.uniqueTokens)) unique tokens used"
    let text = "On this text (\(textName), \(used), \(counted(settings.training.epochs, "epoch")))"
    guard let scores = Scores(findings) else { return "\(text) there is no answer: no pair of runs has finished" }
    if settings.preset == .smoke {
      return "\(text) there is no answer: preset smoke only shows that everything works; ask again without it"
    }
    let (ar, dlm) = (percent(scores.arBest), percent(scores.dlmFinal))
    let comparison =
      "of held-out passages the DLM's last checkpoint continues \(dlm) rightly, AR's best checkpoint \(ar)"
    switch findings.verdict {
    case .holds: return "\(text) the DLM wins: \(comparison)"
    case .fails: return "\(text) AR, stopped at its best, wins: \(comparison)"
    case .inconclusive: return "\(text) neither objective is shown to win: \(comparison)"
    }
  }

  /// The answer in a few words, for a figure's title.
  func title(_ findings: TextFindings) -> String {
    guard let interval = findings.headline.interval, settings.preset != .smoke else { return "no answer" }
    let size = points(abs(interval.estimate))
    switch findings.verdict {
    case .holds: return "the DLM wins, by \(size)"
    case .fails: return "AR, stopped at its best, wins, by \(size)"
    case .inconclusive: return "neither objective is shown to win"
    }
  }

  func remarks(_ findings: TextFindings) -> [String] {
    var lines: [String] = []
    if let scores = Scores(findings) {
      if settings.preset != .smoke { lines.append("How sure: " + certainty(findings)) }
      lines.append("From how many epochs on: " + epochs(findings, scores))
      lines.append("Each at its best checkpoint: " + bests(findings, scores))
      lines.append("By held-out loss, which need not agree: " + losses(findings))
      if max(scores.arBest, scores.dlmBest) < Self.nearChance {
        lines.append(
          "Both are near chance (25.0 %): at this scale neither learns enough from this text for the answer to mean much"
        )
      }
    }
    lines += amounts()
    lines += commonRemarks(findings)
    lines.append(
      "Nothing follows for other scales: these are models of width \(settings.model.width) with "
        + "\(counted(settings.model.layers, "layer")), trained on \(grouped(survey.uniqueTokens)) tokens; larger "
        + "models, more text or regularisation of AR can turn the answer round")
    return lines
  }

  /// Runs that are missing, and the negative control.
  private func commonRemarks(_ findings: TextFindings) -> [String] {
    var lines: [String] = []
    if !findings.missing.isEmpty { lines.append("Missing or diverged: " + findings.missing.joined(separator: "; ")) }
    let control = findings.control
    let what = "a second AR model in the DLM's place"
    if !control.missing.isEmpty {
      lines.append("The negative control (\(what)) cannot be judged, because a run is missing")
    } else if let interval = control.interval {
      lines.append(
        control.verdict == .holds
          ? "NEGATIVE CONTROL HOLDS, so nothing follows: \(what) − AR's best: \(percentInterval(interval))"
          : "Negative control (\(what)) does not hold, as it must: \(percentInterval(interval))")
    } else {
      lines.append("The negative control (\(what)) cannot be judged with \(counted(findings.pairs, "seed"))")
    }
    return lines
  }

  /// Accuracies of four choices below this are hardly told from guessing.
  private static let nearChance = 0.3

  /// The interval, the number of seeds and p; what speaks against an answer where there is none.
  private func certainty(_ findings: TextFindings) -> String {
    let headline = findings.headline
    guard let interval = headline.interval else { return headline.explanation }
    var text =
      "DLM's last − AR's best is \(signedPercent(interval.estimate)) points, 95 % interval "
      + "\(signedPercent(interval.low)) to \(signedPercent(interval.high)), over \(counted(interval.count, "seed"))"
    if let test = headline.signFlip, test.exact {
      let smallest = 2 / Double(test.permutations)
      text += "; two-sided sign-flip p = \(significant(test.twoSided))"
      if test.twoSided <= smallest * 1.001 {
        text += ", the smallest that \(counted(interval.count, "seed")) can give"
      }
    }
    guard findings.verdict == .inconclusive else { return text }
    return text + ". Not decided, because \(indecision(findings, seeds: interval.count))"
  }

  /// Why there is no answer, and what may help.
  private func indecision(_ findings: TextFindings, seeds: Int) -> String {
    if !findings.missing.isEmpty { return "runs are missing" }
    let needed = findings.headline.minimumSeeds
    if seeds < needed { return "an answer needs at least \(needed) seeds (--seeds \(needed))" }
    let hint =
      settings.preset == .full ? "" : "; --preset full has more seeds and items and trains for longer"
    if let interval = findings.headline.interval, findings.headline.verdict == .inconclusive {
      return (interval.contains(0) ? "the interval contains 0" : "the interval does not lie beyond the margin") + hint
    }
    if findings.control.verdict == .holds { return "the negative control passes the same test" }
    return "not in every seed does the DLM end above AR trained for as long\(hint)"
  }

  /// When the DLM overtakes AR trained for as long, and when AR's best, as far as it does.
  private func epochs(_ findings: TextFindings, _ scores: Scores) -> String {
    let n = findings.seeds.count
    func part(_ epochs: [Double]) -> String {
      if epochs.count == n { return n == 1 ? "" : " in all \(n) seeds" }
      return " in \(epochs.count) of \(n) seeds"
    }
    func at(_ epochs: [Double]) -> String {
      let mean = rounded(geometricMean(epochs))
      let (low, high) = (rounded(epochs.min() ?? 0), rounded(epochs.max() ?? 0))
      return low == high ? mean : "\(mean) (\(low) to \(high))"
    }
    let peak = "AR is at its best after epoch \(rounded(scores.arBestEpoch)) on average"
    let ahead =
      findings.crossovers.isEmpty
      ? "trained for as long, AR ends above the DLM in every seed"
      : "the DLM stays at or above AR trained for as long from epoch \(at(findings.crossovers)) on"
        + part(findings.crossovers)
    let passes =
      findings.crossings.isEmpty
      ? "it never passes AR's best within \(counted(settings.training.epochs, "epoch"))"
      : "passes AR's best at epoch \(at(findings.crossings))\(part(findings.crossings))"
    if findings.crossovers.isEmpty && findings.crossings.isEmpty {
      return
        "\(peak); \(ahead), and the DLM never passes AR's best within \(counted(settings.training.epochs, "epoch"))"
    }
    if findings.crossovers.isEmpty { return "\(peak); \(ahead), though the DLM \(passes)" }
    return "\(peak); \(ahead)\(findings.crossings.isEmpty ? ", but " : " and ")\(passes)"
  }

  /// Early-stopped AR against the DLM at its own best checkpoint.
  private func bests(_ findings: TextFindings, _ scores: Scores) -> String {
    let difference = findings.bests.interval.map { ": \(percentInterval($0))" } ?? ""
    return "DLM \(percent(scores.dlmBest)), AR \(percent(scores.arBest))\(difference)"
  }

  /// Validation cross-entropies, lowest and last, in nats per token.
  private func losses(_ findings: TextFindings) -> String {
    let mean = findings.metrics.mapValues { String(format: "%.2f", $0) }
    func from(_ model: String) -> String {
      let lowest = mean["\(model)_lowest_validation_ce"] ?? "?"
      return "\(lowest) at its lowest and \(mean["\(model)_final_validation_ce"] ?? "?") at the end"
    }
    return "AR has \(from("ar")), the DLM at most \(from("dlm")), in nats per token"
  }

  /// What of the text was used, and where there was less than was asked for.
  private func amounts() -> [String] {
    var line = "The text has at least \(grouped(survey.availableTokens)) unique training tokens"
    if survey.uniqueTokens < survey.availableTokens {
      line +=
        "; \(grouped(survey.uniqueTokens)) are used, because scarce data are the question (`unique_tokens` in "
        + "[text])"
    } else {
      line += "; all are used"
    }
    let omitted = text.omitted.summary
    return [line] + survey.remarks.map(sentenceCase)
      + (omitted.isEmpty ? [] : ["Left out: \(omitted)"])
  }
}

/// Mean accuracies over the seeds.
private struct Scores {
  let arBest: Double
  let arBestEpoch: Double
  let dlmBest: Double
  let dlmFinal: Double

  init?(_ findings: TextFindings) {
    let seeds = findings.seeds
    if seeds.isEmpty { return nil }
    arBest = seeds.mean(\.incumbentBest)
    arBestEpoch = geometricMean(seeds.map(\.incumbentBestEpoch))
    dlmBest = seeds.mean(\.challengerBest)
    dlmFinal = seeds.mean(\.challengerFinal)
  }
}
