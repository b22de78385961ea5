// The plan of `replicate advise` as a user meets it: what it is fitted to, what is said of it, and what is refused
// instead of being begun. How a plan is fitted: Sources/Advise/AdvicePlan.swift.

import Advise
import Basics
import Claims
import Configuration
import Corpora
import Foundation
import Reporting
import Specification
import Wording

extension AdviseCommand {
  /// A plan that takes more than this many times the budget is not begun.
  private static let mostOverrun = 4.0
  /// The same where the user has a part in its size.
  private static let mostWishedOverrun = 20.0

  /// Cores that the plan counts on: no more than there are.
  func plannedCores() -> Int {
    let cores = min(jobs ?? availableCores(), availableCores())
    if let jobs, jobs > cores {
      Replicate.note(
        "note: --jobs \(jobs): the plan counts on the \(counted(cores, "core")) that there are", unless: json)
    }
    return cores
  }

  /// Heads divide the width into even parts, which rotary positions need.
  func refuseWidth(_ settings: ClaimSettings) throws {
    guard let width, width % (2 * settings.model.heads) != 0 else { return }
    let (step, heads) = (2 * settings.model.heads, settings.model.heads)
    throw UsageError(
      description: "--width \(width): give a multiple of \(step), so that \(counted(heads, "head")) have even widths")
  }

  /// Says what an answer under this name is about that will be replaced; refuses the name of something else.
  func noteWhatIsReplaced(
    _ name: String, in folder: ClaimFolder, by wishes: AdviceWishes, about inventory: TextInventory
  ) throws {
    guard let stored = try storedVerdict(name, out: files.out) else { return }
    guard let earlier = stored.advice else {
      throw UsageError(
        description: "--name \(name): \(folder.path) has the verdict of something else; give another name")
    }
    let subject: String
    if earlier.text.sha256 != inventory.identity.digest {
      subject = "\(earlier.text.name) as it was then"
    } else if earlier.wishes ?? wishes != wishes || earlier.budgetMinutes != budget {
      subject = "this text that was asked for with other options"
    } else {
      return
    }
    Replicate.note(
      oneLine(
        "note: \(name) has an answer about \(subject), which this one will replace; give another --name to keep both"),
      unless: json)
  }

  /// The plan that fits the budget, said, and the pace that it rests on, kept.
  func planned(
    _ wishes: AdviceWishes, for inventory: TextInventory, of text: TextCollection, _ settings: ClaimSettings,
    in folder: ClaimFolder, cores: Int, preparation: Double
  ) throws -> (plan: AdvicePlan, measured: AdvicePace.Measured) {
    if let uniqueTokens, uniqueTokens > inventory.availableTokens {
      Replicate.note(
        "note: --unique-tokens \(uniqueTokens): a split has \(grouped(inventory.availableTokens)) training tokens, which "
          + "are all used", unless: json)
    }
    let paces = AdvicePace(folder, inventory, wishes, budget: budget, jobs: cores)
    var measured = try paces.measured(preparation: preparation) { Replicate.note($0, unless: json) }
    let coreSeconds = budget * 60 * Double(cores)
    func fitting(_ measured: AdvicePace.Measured) throws -> AdvicePlan {
      try AdvicePlan.fitting(
        available: inventory.availableTokens, settings: settings, corpus: inventory.text.specification(text),
        inventory: (inventory.items, inventory.sequences), wishes: wishes,
        coreSeconds: max(coreSeconds - 2 * measured.preparation, coreSeconds / 2), pace: measured.pace)
    }
    var plan = try fitting(measured)
    if plan.exceedsBudget, try paces.remeasure(&measured) { plan = try fitting(measured) }
    let least = plan.minutes(cores: cores, preparation: measured.preparation)
    if plan.exceedsBudget, least > (wishes.areOfSize ? Self.mostWishedOverrun : Self.mostOverrun) * budget {
      throw refusal(minutes: least, wishes, settings)
    }
    try paces.keep(measured)
    explain(plan, measured, minutes: least, cores: cores)
    return (plan, measured)
  }

  /// What is said instead of beginning a plan that takes many times the budget.
  private func refusal(
    minutes: Double, _ wishes: AdviceWishes, _ settings: ClaimSettings
  ) -> UsageError {
    var smaller = wishes.areOfSize ? ["--width, --layers, --epochs or --unique-tokens"] : []
    let usual = (try? Catalogue(ConfigurationSources(file: nil)).file.settings("crossover", .ci)) ?? settings
    if settings.training.batch > usual.training.batch { smaller.append("training.batch") }
    if settings.model.context > usual.model.context { smaller.append("model.context") }
    let suffices = (minutes * 1.25).rounded(.up)
    let budgets =
      suffices <= Self.budgets.upperBound
      ? ["--budget \(numeral(suffices)) or more"] : []
    let sizes = smaller.isEmpty ? [] : ["a smaller \(smaller.joined(separator: " or "))"]
    let remedies = budgets + sizes
    return UsageError(
      description:
        "--budget \(numeral(budget)): the least that gives an answer about this text takes about "
        + "\(formatDuration(minutes * 60)) here; "
        + (remedies.isEmpty ? "that is longer than any budget" : "give " + remedies.joined(separator: ", or ")))
  }

  private func explain(_ plan: AdvicePlan, _ measured: AdvicePace.Measured, minutes: Double, cores: Int) {
    let (scale, amount) = (plan.scale, plan.thoroughness)
    let time = formatDuration(minutes * 60)
    Replicate.note(
      "plan: models of width \(scale.model.width) with \(counted(scale.model.layers, "layer")) "
        + "(\(grouped(scale.model.parametersWithoutEmbeddings)) parameters) on "
        + "\(grouped(scale.corpus.nominalUniqueTokens)) unique tokens, at most "
        + "\(counted(scale.training.epochs, "epoch")); "
        + "\(counted(amount.trials, "trial")) of each objective on \(counted(amount.tuningSplits, "tuning split")), "
        + "then "
        + "\(splits == nil ? "about " : "")\(counted(amount.splits, "fresh split")); about \(time) on \(counted(cores, "core")) at this machine's pace "
        + "(\(numeral((measured.pace * 100).rounded() / 100)) times the usual time)"
        + (measured.isKept ? ", less what is stored of it" : ""), unless: json)
    if plan.exceedsBudget, !measured.isKept {
      Replicate.note(
        "note: that is the least that gives an answer, and more than --budget \(numeral(budget))", unless: json)
    }
  }
}
