// The course of an advice: searches on the tuning splits, then judges what they chose on fresh ones. How runs are
// carried out and shown is the caller's; how numbers become an answer is in Contender.swift and Decision.swift.

import Basics
import Claims
import Configuration
import Corpora
import Foundation
import Specification
import Wording

/// What is there of runs that were to be carried out.
package struct AdviceRuns: Sendable {
  package let results: RunResults
  /// Seconds that runs took, by hash, where it is known.
  package let seconds: [String: Double]
  /// Whether any had to be carried out, so that somebody has waited for it.
  package let areNew: Bool

  package init(results: RunResults, seconds: [String: Double], areNew: Bool) {
    (self.results, self.seconds, self.areNew) = (results, seconds, areNew)
  }
}

/// What the search chose.
package struct SearchOutcome: Sendable {
  package let trials: [ObjectiveKind: [Trial]]
  /// Every run of it.
  package let runs: [PlannedRun]
  /// Seconds that its runs took, together; 0 where none is known.
  package let seconds: Double
  /// Seconds that were estimated for those of which it is known, at the plan's pace.
  package let estimated: Double

  package func plain(_ kind: ObjectiveKind) -> Trial? { trials[kind]?.first }
  package func best(_ kind: ObjectiveKind) -> Trial? { TrialSearch.best(trials[kind] ?? []) }
}

/// Nothing can be said because the runs that it would rest on are not there.
package struct NoAnswer: ExitStatusProviding {
  package var exitStatus: ExitStatus { .badData }
  package let description: String
}

/// An advice in the making.
package struct Inquiry: Sendable {
  package let plan: AdvicePlan
  package let inventory: TextInventory
  /// Name of the text for people.
  package let name: String
  /// Bytes of the whole text, of which `inventory` may be a sample's.
  package let wholeBytes: Int
  package let budgetMinutes: Double
  /// Estimated seconds are those of RunCost times this.
  package let pace: Double
  /// Runs at once.
  package let jobs: Int
  package let curve: RegimeCurve?
  /// Carries out what is missing of the runs and returns what is there of them.
  package let carryOut: @Sendable (_ runs: [PlannedRun]) throws -> AdviceRuns
  /// Is told, a line at a time, how it goes and what the answer is so far.
  package let tell: @Sendable (String) -> Void

  package init(
    plan: AdvicePlan, inventory: TextInventory, name: String, wholeBytes: Int, budgetMinutes: Double, pace: Double = 1,
    jobs: Int,
    curve: RegimeCurve? = .measured, tell: @escaping @Sendable (String) -> Void = { _ in },
    carryOut: @escaping @Sendable ([PlannedRun]) throws -> AdviceRuns
  ) {
    (self.plan, self.inventory, self.name, self.budgetMinutes) = (plan, inventory, name, budgetMinutes)
    self.wholeBytes = wholeBytes
    (self.pace, self.jobs, self.curve) = (pace, jobs, curve)
    (self.carryOut, self.tell) = (carryOut, tell)
  }

  private func label(_ recipe: Recipe) -> String {
    let plain = plan.scale.plain(recipe.kind)
    let length = recipe.epochs == plain.epochs ? "" : ", \(counted(recipe.epochs, "epoch"))"
    return "\(recipe.kind.name) \(recipe.words(from: plain))\(length)"
  }

  // MARK: Searching

  /// Tries recipes of both objectives on the tuning splits, round by round.
  package func search() throws -> SearchOutcome {
    var trials: [ObjectiveKind: [Trial]] = [.autoregression: [], .diffusion: []]
    var all: [PlannedRun] = []
    var (seconds, estimated) = (0.0, 0.0)
    let searches = ObjectiveKind.allCases.map { kind in
      TrialSearch(plain: plan.scale.plain(kind), count: plan.thoroughness.trials, steps: plan.scale.steps)
    }
    while true {
      let recipes = searches.flatMap { $0.next(after: trials[$0.plain.kind] ?? []) }
      if recipes.isEmpty { break }
      let runs = try recipes.map { recipe in
        try plan.tuningSeeds.map { seed in
          try recipe.run(plan.scale, seed: seed, evaluation: plan.tuningEvaluation, label: label(recipe))
        }
      }
      let there = try carryOut(runs.flatMap { $0 })
      for (recipe, own) in zip(recipes, runs) {
        trials[recipe.kind, default: []].append(Trial(recipe, results: own.map { there.results[$0] }))
        for run in own {
          guard let took = there.seconds[run.hash] else { continue }
          seconds += took
          estimated += run.estimatedSeconds * pace
        }
      }
      all += runs.flatMap { $0 }
      if there.areNew {
        let done = all.count / max(1, ObjectiveKind.allCases.count)
        tell(soFar(trials) + timeLeft(trials: done, splits: 0, of: plan.thoroughness.splits, seconds, estimated))
      }
    }
    return SearchOutcome(trials: trials, runs: all, seconds: seconds, estimated: estimated)
  }

  /// "tuning: AR 3.91 (dropout 0.1), DLM at most 3.88 (plain)".
  private func soFar(_ trials: [ObjectiveKind: [Trial]]) -> String {
    let parts = ObjectiveKind.allCases.map { kind in
      guard let best = TrialSearch.best(trials[kind] ?? []), let loss = best.loss else { return "\(kind.name) none" }
      return "\(label(best.recipe)) \(kind == .diffusion ? "at most " : "")\(nats(loss)) at epoch \(rounded(best.stop))"
    }
    let count = trials.values.map(\.count).max() ?? 0
    return "so far, after \(count) of \(plan.thoroughness.trials) trials each, best on the tuning split: "
      + parts.joined(separator: "; ")
  }

  /// "; about 3 min left in all", by the plan's estimate and how long the runs so far took against theirs.
  /// - Parameters:
  ///   - trials: runs of either objective that the search has had; nil once it is over.
  ///   - splits: fresh splits that are done, of how many.
  private func timeLeft(
    trials: Int?, splits: Int, of count: Int, _ seconds: Double, _ estimated: Double
  ) -> String {
    guard seconds > 0, estimated > 0 else { return "" }
    let searchRuns = Double(plan.thoroughness.trials * plan.thoroughness.tuningSplits)
    let searchLeft = trials.map { max(0, 1 - Double($0) / max(1, searchRuns)) } ?? 0
    let left = searchLeft * plan.searchSeconds + Double(count - splits) * plan.splitSeconds
    return "; about \(formatDuration(left * seconds / estimated / Double(max(1, jobs)))) left in all"
  }

  // MARK: Judging

  /// Three runs of one fresh split.
  private struct Split {
    let seed: UInt64
    let plainAR: PlannedRun
    let ar: PlannedRun
    let dlm: PlannedRun

    var runs: [PlannedRun] { [plainAR, ar, dlm] }
  }

  /// Trains the chosen recipes and plain AR on fresh splits and judges them there.
  /// - Parameters:
  ///   - coreSeconds: what is left of the budget, all cores together; nil for as many splits as planned.
  ///   - commands: what to do next, of the contender that is advised.
  /// - Returns: the advice, its runs, and what is there of them.
  /// - Throws: ``NoAnswer`` if no recipe of an objective can be judged.
  package func judge(
    _ search: SearchOutcome, coreSeconds: Double?, commands: (Contender) throws -> [Advice.Command]
  ) throws -> (advice: Advice, runs: [PlannedRun], results: RunResults) {
    guard let plain = search.plain(.autoregression), let ar = search.best(.autoregression),
      let dlm = search.best(.diffusion)
    else { throw NoAnswer(description: "no run of one of the objectives finished, so nothing can be compared") }
    let count =
      coreSeconds.map {
        plan.splits(spent: search.seconds, estimated: search.estimated, available: $0, perSplit: plan.splitSeconds)
      } ?? plan.thoroughness.splits
    func run(_ trial: Trial, _ seed: UInt64) throws -> PlannedRun {
      try trial.recipe.run(plan.scale, seed: seed, evaluation: plan.evaluation, label: label(trial.recipe))
    }
    let splits = try (1...UInt64(count)).map { seed in
      Split(seed: seed, plainAR: try run(plain, seed), ar: try run(ar, seed), dlm: try run(dlm, seed))
    }
    let all = splits.flatMap(\.runs).distinct
    var advice: Advice?
    var latest = RunResults(results: [], missing: [:])
    let step = max(1, (jobs + 1) / 2 * 2)
    for end in stride(from: step, through: count + step - 1, by: step) {
      let done = Array(splits.prefix(end))
      let there = try carryOut(done.flatMap(\.runs).distinct)
      latest = there.results
      advice = try self.advice(done, (plain, ar, dlm), search, there, commands)
      if let advice, there.areNew, end < count {
        tell(
          "so far, after \(end) of \(counted(count, "fresh split")): \(advice.standing)"
            + timeLeft(trials: nil, splits: end, of: count, search.seconds, search.estimated))
      }
    }
    guard let advice else {
      throw NoAnswer(description: "on no fresh split did all runs finish, so nothing can be compared")
    }
    return (advice, search.runs + all, latest)
  }

  /// The advice that the splits give which are there, nil if none is.
  private func advice(
    _ splits: [Split], _ chosen: (plain: Trial, ar: Trial, dlm: Trial), _ search: SearchOutcome, _ there: AdviceRuns,
    _ commands: (Contender) throws -> [Advice.Command]
  ) throws -> Advice? {
    let complete = splits.filter { $0.runs.allSatisfy { there.results[$0] != nil } }
    if complete.isEmpty { return nil }
    let evaluation = plan.evaluation
    let datasets = try complete.map { split in
      try plan.scale.corpus.dataset(
        seed: split.seed, context: plan.scale.model.context, items: 0,
        validationSequences: evaluation.validationSequences)
    }
    let baselines = datasets.map { Baseline($0).value }
    let vocabulary = datasets.map(\.tokenizer.vocabularySize).max() ?? 0
    func contender(_ trial: Trial, _ run: (Split) -> PlannedRun) throws -> Contender {
      try Contender(
        trial, plain: plan.scale.plain(trial.recipe.kind), results: complete.compactMap { there.results[run($0)] },
        vocabulary: vocabulary, decay: plan.scale.training.decay, seconds: there.seconds)
    }
    let plainAR = try contender(chosen.plain) { $0.plainAR }
    let ar = try contender(chosen.ar) { $0.ar }
    let dlm = try contender(chosen.dlm) { $0.dlm }
    let share = inventory.text.heldOutShare
    let judgement = try Judgement(plainAR: plainAR, ar: ar, dlm: dlm, baselines: baselines, heldOutShare: share)
    func losses(_ kind: ObjectiveKind) -> Advice.TuningLosses {
      .init(plain: search.plain(kind)?.loss, chosen: search.best(kind)?.loss)
    }
    let model = plan.scale.model
    let r = plan.scale.parametersPerUniqueToken
    let sampledBytes = max(inventory.identity.bytes, 1)
    let whole = Double(inventory.availableTokens) * Double(max(wholeBytes, sampledBytes)) / Double(sampledBytes)
    var advice = Advice(
      text: .init(
        name: name, bytes: wholeBytes, files: inventory.identity.files, sha256: inventory.identity.digest,
        availableTokens: wholeBytes > sampledBytes ? Int(whole) : inventory.availableTokens,
        usedTokens: plan.scale.corpus.nominalUniqueTokens,
        heldOutShare: share, vocabulary: vocabulary, remarks: inventory.remarks),
      scale: .init(
        width: model.width, layers: model.layers, context: model.context,
        parameters: model.parametersWithoutEmbeddings, epochs: plan.scale.training.epochs,
        trials: plan.thoroughness.trials, tuningSplits: plan.thoroughness.tuningSplits, splits: complete.count),
      plainAR: plainAR, ar: ar, dlm: dlm,
      tuning: [.autoregression: losses(.autoregression), .diffusion: losses(.diffusion)],
      baseline: baselines.reduce(0, +) / Double(baselines.count), judgement: judgement,
      larger: [1, 10, 100].map { factor in
        .init(factor: factor, parametersPerUniqueToken: factor * r, gap: curve?.gap(at: factor * r))
      }, curveSource: curve?.source, missing: there.results.missing(among: splits.flatMap(\.runs).distinct),
      budgetMinutes: budgetMinutes, wishes: plan.wishes, commands: [])
    if advice.choice != .nothing { advice.commands = try commands(advice.advised) }
    return advice
  }
}
