// The search among the recipes of one objective, on tuning splits. It has the same number of trials for each objective
// and the same three rounds: the plain recipe and each knob alone; combinations of what helped; the best one ended
// where it was best. Nothing here knows which objective is which but for the knobs.

import Foundation
import Specification
import Wording

/// A recipe that was tried, and what its curve said.
package struct Trial: Sendable, Hashable {
  package let recipe: Recipe
  /// The lowest validation cross-entropy of its curve, the mean over the tuning splits, nats per token; nil if a run of
  /// it diverged or is not there.
  package let loss: Double?
  /// The epoch of that checkpoint.
  package let stop: Double

  package init(recipe: Recipe, loss: Double?, stop: Double) {
    (self.recipe, self.loss, self.stop) = (recipe, loss, stop)
  }

  /// Whether the curve was at its lowest well before its end, so that a shorter run suggests itself.
  package var endedEarly: Bool { stop <= 0.7 * Double(recipe.epochs) }

  /// Whether the curve was at its lowest at its end, as far as checkpoints tell.
  package var isBestAtEnd: Bool { stop > 0.98 * Double(recipe.epochs) }
}

extension Trial {
  /// The trial's numbers from its runs on the tuning splits, one each.
  package init(_ recipe: Recipe, results: [RunResult?]) {
    let curves = results.compactMap { result in
      result.map { run in run.checkpoints.map { (epoch: $0.epoch, loss: $0.validation?.crossEntropy ?? .nan) } }
    }
    let points = curves.map(\.count).min() ?? 0
    guard curves.count == results.count, points > 0 else {
      self.init(recipe: recipe, loss: nil, stop: Double(recipe.epochs))
      return
    }
    // Checkpoints of different splits lie at slightly different epochs; the last ones belong together.
    var best = (epoch: Double(recipe.epochs), loss: Double.infinity)
    for back in 0..<points {
      let column = curves.map { $0[$0.count - 1 - back] }
      let loss = column.reduce(0) { $0 + $1.loss } / Double(column.count)
      let epoch = column.reduce(0) { $0 + $1.epoch } / Double(column.count)
      if loss < best.loss { best = (epoch, loss) }
    }
    self.init(recipe: recipe, loss: best.loss.isFinite ? best.loss : nil, stop: best.epoch)
  }
}

/// The trials of one objective.
package struct TrialSearch: Sendable {
  package let plain: Recipe
  /// Trials in all.
  package let count: Int
  let steps: Int

  package init(plain: Recipe, count: Int, steps: Int) {
    (self.plain, self.count, self.steps) = (plain, count, steps)
  }

  /// The number of trials of each round: the plain recipe with each knob, combinations, and one that ends early.
  package static func rounds(_ count: Int) -> [Int] {
    let first = 1 + Knob.tried(for: .autoregression).count
    return [first, max(0, count - first - 1), count > first ? 1 : 0].filter { $0 > 0 }
  }

  private var knobs: [Knob] { Knob.tried(for: plain.kind) }

  /// The recipes of the round that follows these trials; empty when the search is over.
  package func next(after trials: [Trial]) -> [Recipe] {
    let rounds = Self.rounds(count)
    if trials.isEmpty { return [plain] + knobs.map { plain.turning($0, .first, plain: plain, steps: steps) } }
    let done = trials.count
    guard done < count else { return [] }
    let isLastRound = done >= rounds.dropLast().reduce(0, +)
    var queue = combinations(trials)
    if isLastRound, let best = Self.best(trials), best.endedEarly { queue.insert(ended(best), at: 0) }
    let tried = trials.map(\.recipe)
    var recipes: [Recipe] = []
    for recipe in queue where !tried.contains(recipe) && !recipes.contains(recipe) { recipes.append(recipe) }
    return Array(recipes.prefix(isLastRound ? count - done : rounds[1]))
  }

  /// The trial with the lowest loss; nil while none has one.
  package static func best(_ trials: [Trial]) -> Trial? {
    trials.filter { $0.loss != nil }.min { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) }
  }

  /// The recipe that ends about where the trial was best, its learning rate decayed by then, which lets it go on a
  /// little longer.
  func ended(_ trial: Trial) -> Recipe {
    var recipe = trial.recipe
    recipe.epochs = max(1, min(recipe.epochs, Int((trial.stop * 1.25).rounded(.up))))
    return recipe
  }

  /// What suggests itself after the first round, the most promising first: the helpful knobs together, the most helpful
  /// one turned further, and slight turns of the others.
  private func combinations(_ trials: [Trial]) -> [Recipe] {
    func loss(_ recipe: Recipe) -> Double { trials.first { $0.recipe == recipe }?.loss ?? .infinity }
    func turned(_ turns: [(Knob, Knob.Turn)]) -> Recipe {
      turns.reduce(plain) { $0.turning($1.0, $1.1, plain: plain, steps: steps) }
    }
    let base = loss(plain)
    let gains = knobs.map { (knob: $0, gain: base - loss(turned([($0, .first)]))) }  // not a number if both diverged
    let helpful = gains.filter { $0.gain > 0 }.sorted { $0.gain > $1.gain }.map(\.knob)
    let others = knobs.filter { !helpful.contains($0) }
    var queue: [Recipe] = []
    if helpful.count > 1 { queue.append(turned([(helpful[0], .first), (helpful[1], .first)])) }
    if let most = helpful.first { queue.append(turned([(most, .further)])) }
    if helpful.count > 2 { queue.append(turned(helpful.map { ($0, .first) })) }
    if helpful.count > 1 { queue.append(turned([(helpful[0], .further), (helpful[1], .first)])) }
    let kept = helpful.prefix(1).map { ($0, Knob.Turn.first) }
    queue += others.map { turned(kept + [($0, .slightly)]) }
    if helpful.count > 1 { queue.append(turned([(helpful[1], .further)])) }
    queue.append(turned(kept + [(.batch, .slightly)]))
    queue.append(turned([(knobs[0], .slightly), (knobs[1], .slightly)]))
    return queue
  }
}
