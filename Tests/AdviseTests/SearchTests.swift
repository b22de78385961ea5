// Which recipes are tried after which results, and that both objectives have the same number of trials in every round.

import Specification
import Testing
import Advise

@Suite struct SearchTests {
  private func search(_ kind: ObjectiveKind, count: Int = 8) -> TrialSearch {
    TrialSearch(plain: Recipe(kind, epochs: 100, Made.training), count: count, steps: 10_000)
  }

  /// Trials by a made-up loss, until the search is over.
  private func trials(
    _ search: TrialSearch, stop: (Recipe) -> Double = { Double($0.epochs) }, loss: (Recipe) -> Double?
  ) -> [[Trial]] {
    var rounds: [[Trial]] = []
    while true {
      let next = search.next(after: rounds.flatMap { $0 })
      if next.isEmpty { return rounds }
      rounds.append(next.map { Trial(recipe: $0, loss: loss($0), stop: stop($0)) })
    }
  }

  /// Whatever helps or harms.
  @Test(arguments: [4, 5, 6, 8]) func bothObjectivesHaveTheSameTrialsInEveryRound(count: Int) {
    let losses: [(Recipe) -> Double?] = [
      { _ in 4 }, { 4 - $0.dropout - $0.inputMasking - $0.weightDecay / 10 - $0.learningRate },
      { 4 + $0.dropout + $0.inputMasking + $0.weightDecay + $0.averaging + $0.learningRate * 100 },
      { $0.dropout > 0 || $0.averaging > 0 ? nil : 4 }, { _ in nil },
    ]
    for loss in losses {
      for stop in [10.0, 100] {
        let rounds = ObjectiveKind.allCases.map { kind in
          trials(search(kind, count: count), stop: { min(stop, Double($0.epochs)) }, loss: loss).map(\.count)
        }
        #expect(rounds[0] == rounds[1])
        #expect(rounds[0].reduce(0, +) == count)
      }
    }
  }

  @Test func noRecipeIsTriedTwice() {
    for kind in ObjectiveKind.allCases {
      let recipes = trials(search(kind)) { 4 - $0.dropout - $0.averaging / 100 }.flatMap { $0 }.map(\.recipe)
      #expect(Set(recipes).count == recipes.count)
    }
  }

  @Test func whatHelpedIsCombinedAndTurnedFurther() {
    let rounds = trials(search(.autoregression)) { recipe in
      4 - min(recipe.dropout, 0.2) - min(recipe.inputMasking, 0.25) / 5 + recipe.weightDecay / 100
    }
    #expect(rounds[0].map(\.recipe.dropout) == [0, 0.1, 0, 0])
    #expect(rounds[0].map(\.recipe.inputMasking) == [0, 0, 0.25, 0])
    #expect(rounds[1].contains { $0.recipe.dropout == 0.1 && $0.recipe.inputMasking == 0.25 })
    #expect(rounds[1].contains { $0.recipe.dropout == 0.25 && $0.recipe.inputMasking == 0 })
    #expect(TrialSearch.best(rounds.flatMap { $0 })?.recipe.dropout == 0.25)
  }

  /// What overfits is also tried with a schedule that ends where it was best.
  @Test func theBestIsEndedWhereItWasBest() {
    let rounds = trials(search(.autoregression), stop: { $0.epochs == 100 ? 12 : Double($0.epochs) }) {
      $0.dropout == 0.1 ? 3.5 : 4
    }
    let last = rounds[rounds.count - 1]
    #expect(last.map(\.recipe.epochs) == [15])
    #expect(last[0].recipe.dropout == 0.1)
  }

  @Test func aCandidateThatDivergedIsNotChosen() {
    let plain = Recipe(.diffusion, epochs: 100, Made.training)
    let diverged = Trial(recipe: plain, loss: nil, stop: 100)
    #expect(TrialSearch.best([diverged]) == nil)
    #expect(TrialSearch.best([diverged, Trial(recipe: plain, loss: 4, stop: 50)])?.stop == 50)
  }

  /// The stop is where the mean over tuning splits is lowest, and not the mean of the splits' own stops.
  @Test func theStopIsThatOfTheMeanCurve() throws {
    let plan = try Made.plan()
    let recipe = plan.scale.plain(.autoregression)
    func result(_ seed: UInt64, _ losses: [Double]) throws -> RunResult {
      let run = try recipe.run(plan.scale, seed: seed, evaluation: plan.tuningEvaluation, label: "x")
      return RunResult(run: run, checkpoints: losses.enumerated().map { Made.checkpoint(Double($0 + 1), $1) })
    }
    let trial = Trial(recipe, results: [try result(101, [5, 3.9, 4.2, 5]), try result(102, [5, 4.6, 4.1, 5])])
    #expect(trial.stop == 3)
    #expect(trial.loss.map { abs($0 - 4.15) < 1e-12 } == true)
    #expect(Trial(recipe, results: [try result(101, [5, 3]), nil]).loss == nil)
  }

  @Test func recipesInWords() {
    var recipe = Recipe(.autoregression, epochs: 100, Made.training)
    let plain = recipe
    #expect(recipe.words(from: plain) == "plain")
    recipe.dropout = 0.1
    recipe.weightDecay = 10 * plain.weightDecay
    #expect(recipe.words(from: plain) == "dropout 0.1, weight decay 1")
  }
}
