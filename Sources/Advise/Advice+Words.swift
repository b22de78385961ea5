// The advice in plain words: a sentence, and what a careful reader asks next, a line each. Pure functions of the
// numbers.

import Foundation
import Wording

extension Advice {
  /// The answer in a sentence, without full stop.
  package var sentence: String {
    switch choice {
    case .nothing where isUnfinished:
      return
        "On \(subject) nothing was learnt in so short a training: counting tokens without any context costs "
        + "\(nats(baseline)) nats per token on held-out text, the best model has \(nats(min(ar.loss, dlm.loss))) and "
        + "is still improving; ask again with \(longer)"
    case .nothing:
      return
        "On \(subject) nothing can be learnt at this scale: counting tokens without any context costs "
        + "\(nats(baseline)) nats per token on held-out text, and the best model \(nats(min(ar.loss, dlm.loss))); "
        + "train neither"
    case .autoregression, .diffusion:
      return
        "On \(subject) train \(name(advised)), for \(epochs(advised)): its held-out loss is "
        + "\(loss(advised)) nats per token, that of \(name(runnerUp)) \(loss(runnerUp))"
        + (isTooShort ? "; so short a training cannot tell for the DLM: ask again with \(longer)" : "")
    case .undecided:
      return
        "On \(subject) neither objective is shown to be better: \(name(ar)) has a held-out loss of \(loss(ar)) nats "
        + "per token, \(name(dlm)) \(loss(dlm)); \(cheaper)"
    }
  }

  /// "book.txt", or what of it the answer is about.
  private var subject: String {
    guard text.isSample else { return text.name }
    return "a sample of \(text.name) (\(grouped(text.usedTokens)) of \(grouped(text.availableTokens)) training tokens)"
  }

  /// How it stands while splits are still to come, without a judgement, which two of them could not give: the interval
  /// of a mean of two numbers is twelve standard errors wide.
  package var standing: String {
    "\(name(ar)) has a held-out loss of \(loss(ar)) nats per token, \(name(dlm)) \(loss(dlm)), counting tokens "
      + nats(baseline)
  }

  /// The rest of the answer, one sentence each, without full stop.
  package var remarks: [String] {
    var lines = [howSure]
    if choice != .nothing {
      lines += [accuracyLine, tuningLine, cost]
      lines += forTheOther
      if isTooShort {
        lines.append(
          "Too short for the DLM: it is \(distance(dlm)) counting tokens, AR \(distance(ar)) it; a DLM begins slowly, so "
            + "ask again with \(longer) before you believe this"
        )
      } else if diffusionLearntLittle, !dlm.stopsAtEnd || dlm.recipe.epochs < scale.epochs {
        lines.append(
          "The DLM has learnt \(diffusionLearntNothing ? "next to nothing" : "little"): it is \(distance(dlm)) counting "
            + "tokens, AR \(distance(ar)) it. It was best after epoch \(rounded(dlm.stop)), though trainings of up to "
            + "\(scale.epochs) were tried, so that a longer one need not help; what is said here is only that AR learns "
            + "more from so little")
      }
    }
    if choice != .nothing { lines += [scarcity, largerModels] }
    lines.append(used)
    lines += text.remarks.map(sentenceCase)
    if !missing.isEmpty { lines.append("Missing or diverged: \(missing.joined(separator: "; "))") }
    return lines
  }

  /// What gives a longer training: the budget, unless the user fixed the epochs.
  private var longer: String { wishes?.epochs == nil ? "a longer --budget" : "more --epochs" }

  /// "AR with dropout 0.1", "the plain DLM".
  private func name(_ contender: Contender) -> String {
    let kind = contender.recipe.kind
    if contender.words == "plain" { return kind == .diffusion ? "the plain DLM" : "plain AR" }
    return "\(kind == .diffusion ? "the " : "")\(kind.name) with \(contender.words)"
  }

  /// "at most 3.87" for a bound.
  private func loss(_ contender: Contender) -> String {
    (contender.recipe.kind == .diffusion ? "at most " : "") + nats(contender.loss)
  }

  private func epochs(_ contender: Contender) -> String {
    counted(contender.epochsToTrain, "epoch")
  }

  /// "0.42 nats below", "0.01 nats above": where a model stands to counting tokens.
  private func distance(_ contender: Contender) -> String {
    let gain = baseline - contender.loss
    return "\(nats(abs(gain))) nats \(gain < 0 ? "above" : "below")"
  }

  private var cheaper: String {
    guard let ratio = flopsRatio else { return "train AR, whose likelihood is exact" }
    return ratio > 1
      ? "train AR, which takes \(part(ratio)) of the computation, unless you need what only the DLM can do"
      : "the DLM takes no more computation here, so what you need it for may decide"
  }

  /// The DLM's FLOPs to its stop over AR's.
  private var flopsRatio: Double? { ar.flops > 0 && dlm.flops > 0 ? dlm.flops / ar.flops : nil }

  private func part(_ ratio: Double) -> String {
    switch ratio {
    case ..<1.5: "nearly all"
    case ..<2.5: "half"
    case ..<3.5: "a third"
    case ..<4.5: "a quarter"
    default: "1/\(Int(ratio.rounded()))"
    }
  }

  private var howSure: String {
    if choice == .nothing {
      return
        "How sure: what counting costs − the best model's loss is \(judgement.learnt.nats) nats, over \(splits); of a model "
        + "that has learnt anything it is at least \(percent(Judgement.leastLearnt)) of what counting costs"
    }
    let meaning =
      switch choice {
      case .autoregression: "the whole interval is above zero, AR's side"
      case .diffusion: "the whole interval is below zero, the DLM's side, although its loss is only an upper bound"
      case .undecided, .nothing: "the interval contains zero; \(moreCertainty)"
      }
    return
      "How sure: the DLM's loss − AR's is \(judgement.difference.nats) nats per token over \(splits) that played no "
      + "part in the choice of settings; \(meaning). The interval (95 %) is about splitting this text anew, and says "
      + "nothing about another text"
  }

  /// What a larger budget would bring.
  private var moreCertainty: String {
    switch (wishes?.epochs == nil, wishes?.splits == nil) {
    case (true, true): "a longer --budget has more splits and a longer training"
    case (true, false): "a longer --budget has a longer training, and more --splits a narrower interval"
    case (false, true): "a longer --budget has more splits"
    case (false, false): "more --splits give a narrower interval, more --epochs a longer training"
    }
  }

  private var splits: String { counted(ar.losses.count, "fresh split") }

  private var accuracyLine: String {
    "Beside it, which of four continuations follows a held-out passage (cloze, chance 25 %): AR "
      + "\(percent(ar.accuracy)), "
      + "the DLM \(percent(dlm.accuracy)), difference \(judgement.accuracyDifference.points); each at its best "
      + "checkpoint, chosen on one half of the items and read on the other, \(judgement.bestAccuracyDifference.points)"
      + disagreement
  }

  /// Where loss and accuracy point in different directions.
  private var disagreement: String {
    let gap = judgement.accuracyDifference
    switch choice {
    case .autoregression where gap.isAboveZero: return ". It says the opposite; the loss decides by the rule"
    case .diffusion where gap.isBelowZero: return ". It says the opposite; the loss decides by the rule"
    case .autoregression, .diffusion, .undecided, .nothing: return ""
    }
  }

  private var tuningLine: String {
    var text =
      "What tuning brought: AR's loss changes by \(judgement.tuningGain.nats) against plain AR stopped at its best "
      + "(\(nats(plainAR.loss)) at epoch \(rounded(plainAR.stop)))"
    if let dlm = tuning[.diffusion], let plain = dlm.plain, let chosen = dlm.chosen {
      text += String(
        format: ", the DLM's by %@ on the tuning split%@", signed(chosen - plain, places: 3),
        scale.tuningSplits > 1 ? "s" : "")
    }
    text +=
      "; \(counted(scale.trials, "trial")) each. Against plain AR, the paper's comparison, the tuned DLM has "
      + "\(judgement.againstPlain.nats)"
    return text
  }

  private var cost: String {
    func side(_ contender: Contender) -> String {
      let time = contender.seconds.map { "\(formatDuration($0)) on one core, " } ?? ""
      return "\(time)\(scientific(contender.flops)) FLOPs"
    }
    var text = "Cost up to the stop: AR \(side(ar)); the DLM \(side(dlm))"
    if let ratio = flopsRatio { text += String(format: ", %.1f times the FLOPs", ratio) }
    return text
  }

  /// What speaks for the objective that is not advised.
  private var forTheOther: [String] {
    switch choice {
    case .nothing: return []
    case .autoregression: return ["What speaks for the DLM: " + reasonsForDiffusion.joined(separator: "; ")]
    case .diffusion: return ["What speaks for AR: " + reasonsForAutoregression.joined(separator: "; ")]
    case .undecided:
      return [
        "What speaks for the DLM: " + reasonsForDiffusion.joined(separator: "; "),
        "What speaks for AR: " + reasonsForAutoregression.joined(separator: "; "),
      ]
    }
  }

  private var reasonsForDiffusion: [String] {
    var reasons = ["it fills in gaps anywhere in a text, which AR cannot"]
    if let ar = tuning[.autoregression]?.plain, let dlm = tuning[.diffusion]?.plain, dlm < ar {
      reasons.append(
        "without any tuning it has the lower loss on the tuning split\(scale.tuningSplits > 1 ? "s" : ""), at most "
          + "\(nats(dlm)) against \(nats(ar))")
    }
    if dlm.stopsAtEnd, dlm.recipe.epochs >= scale.epochs, dlm.lateGain > Self.stillImproving {
      let other = ar.stopsAtEnd && ar.recipe.epochs >= scale.epochs ? ar.lateGain : 0
      let outcome =
        other < dlm.lateGain
        ? "so more epochs would narrow the gap by an amount that is not known"
        : "though AR's by \(nats(other)), so that more epochs need not narrow the gap"
      reasons.append(
        "it is still improving: its loss fell by \(nats(dlm.lateGain)) in the second half of the training before the "
          + "decay of the learning rate, \(outcome)")
    }
    reasons.append("its loss is an upper bound, and its true one is lower by an amount that is not known")
    if judgement.accuracyDifference.isAboveZero { reasons.append("its cloze accuracy is higher") }
    return reasons
  }

  private var reasonsForAutoregression: [String] {
    var reasons: [String] = []
    if let ratio = flopsRatio, ratio > 1.2 {
      reasons.append(String(format: "it takes %.1f times less computation", ratio))
    }
    reasons.append("its likelihoods are exact, and it writes a text with one pass a token")
    if judgement.accuracyDifference.isBelowZero { reasons.append("its cloze accuracy is higher") }
    return reasons
  }

  private static let stillImproving = 0.01

  /// Whether a model is stopped by the end of its training while its loss still falls.
  private var isUnfinished: Bool {
    [ar, dlm].contains { $0.stopsAtEnd && $0.lateGain > Self.stillImproving }
  }

  /// Whether the DLM's slow beginning is all that was seen: at the end of the longest training it has not learnt a third of
  /// what AR has and still improves, or it has learnt nothing where AR has.
  private var isTooShort: Bool {
    dlm.stopsAtEnd && dlm.recipe.epochs >= scale.epochs && diffusionLearntLittle
      && (diffusionLearntNothing || dlm.lateGain > Self.stillImproving)
  }

  /// Whether the DLM has learnt less than a third of what AR has.
  private var diffusionLearntLittle: Bool {
    baseline - ar.loss >= Judgement.leastLearnt * baseline && baseline - dlm.loss < (baseline - ar.loss) / 3
  }

  /// Whether the DLM has learnt nothing where AR has.
  private var diffusionLearntNothing: Bool {
    let least = Judgement.leastLearnt * baseline
    return baseline - dlm.loss < least && baseline - ar.loss >= least
  }

  private var scarcity: String {
    let r = parametersPerUniqueToken
    let perParameter = Double(text.usedTokens) * Double(scale.epochs) / Double(scale.parameters)
    let overfitting =
      switch plainAR.rise {
      case ..<0.02: "it does not overfit, so that for this model the text is not scarce"
      case ..<0.2: "it overfits a little, so that for this model the text is beginning to be scarce"
      case ..<1: "it overfits, so that for this model the text is scarce"
      default: "it overfits heavily, so that for this model the text is very scarce"
      }
    return
      "How scarce the text is: \(grouped(scale.parameters)) parameters on \(grouped(text.usedTokens)) unique tokens, "
      + "r = \(ratio(r)) (the 1B models of the paper, arXiv 2511.03276: 0.7 to 2), \(Int(perParameter.rounded())) tokens "
      + "per parameter in the longest training (the paper's: 96); "
      + "plain AR is at its best after epoch \(rounded(plainAR.stop)) of \(scale.epochs), and its loss then rises by "
      + "\(Int((plainAR.rise * 100).rounded())) % (the paper's: 31 %); \(overfitting)"
  }

  private var largerModels: String {
    guard let curveSource, !larger.isEmpty else {
      let ratios = larger.filter { $0.factor > 1 }
        .map { "\(Int($0.factor)) times: r = \(ratio($0.parametersPerUniqueToken))" }
      return
        "What a larger model would change is not known (\(ratios.joined(separator: ", "))): no such model was trained "
        + "here, and how the gap depends on r has not been measured; give --width and --layers to ask about one"
    }
    let parts = larger.map { size in
      let isOwn = size.factor <= 1
      return (isOwn ? "as they are here" : "\(Int(size.factor)) times as large")
        + " (r = \(ratio(size.parametersPerUniqueToken))): "
        + (size.gap.map { "the DLM's loss − AR's about \($0.nats)" } ?? "beyond what was measured")
        + (isOwn && size.gap != nil
          ? " there, where it was \(signed(judgement.difference.mean, places: 3)) here, on your text and tuned" : "")
    }
    return
      "What larger models would probably change, by \(curveSource), on other text and so with more uncertainty than "
      + "its intervals say: models \(parts.joined(separator: "; "))"
  }

  private var used: String {
    let models = "width \(scale.width), \(counted(scale.layers, "layer")), context \(scale.context)"
    guard text.isSample else {
      return
        "What was used: the whole text (\(size(text.bytes)), \(counted(text.files, "file"))), of which each split "
        + "trains on "
        + "\(grouped(text.usedTokens)) tokens and holds out \(percent(text.heldOutShare)); models of \(models)"
    }
    let whole = Double(text.availableTokens) * parametersPerUniqueToken
    return
      "What was used: a sample, \(grouped(text.usedTokens)) of \(grouped(text.availableTokens)) unique training tokens "
      + "(\(size(text.bytes)) in all), as many as \(room); the answer is "
      + "about models of \(models) on so much text. The whole text is as scarce for a model of about "
      + "\(grouped(Int(saturatingRound(whole)))) parameters, and for smaller ones it is less scarce"
  }

  /// What decided how much of the text is used.
  private var room: String {
    if wishes?.uniqueTokens != nil { return "--unique-tokens says" }
    return "--budget \(numeral(budgetMinutes)) leads to"
  }
}

/// "0.70", "7.0", "71".
func ratio(_ r: Double) -> String { String(format: r < 0.995 ? "%.2f" : r < 9.95 ? "%.1f" : "%.0f", r) }

/// "3.1e+12".
private func scientific(_ value: Double) -> String { String(format: "%.1e", value) }

/// To two significant digits.
private func saturatingRound(_ value: Double) -> Double {
  guard value.isFinite, value > 1 else { return 1 }
  let power = pow(10, floor(log10(value)) - 1)
  return min((value / power).rounded() * power, 1e15)
}
