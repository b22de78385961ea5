// Where in a run checkpoints are.

import Testing
import Training
@testable import Specification

@Suite struct CheckpointPlaceTests {
  private func steps(epochs: Int, checkpoints: Int = 8, even: Int? = nil) -> [Int] {
    let training = TrainingConfiguration(epochs: epochs, batch: 10, learningRate: 1e-3)
    let evaluation = EvaluationConfiguration(
      checkpoints: checkpoints, items: 4, samples: 1, validationSequences: 2, validationSamples: 1,
      evenCheckpoints: even)
    return evaluation.steps(schedule: training.schedule(steps: epochs * 10), stepsInEpoch: 10)
  }

  @Test func fromTheFirstEpochToTheEndWithAQuarterInTheDecay() {
    let steps = steps(epochs: 200)
    #expect(steps.first == 10 && steps.last == 2000 && steps.count == 8)
    #expect(steps.count { $0 > 1600 } == 2)
  }

  /// A run of one epoch has a curve too.
  @Test func fewEpochsBeginEarlier() {
    #expect(steps(epochs: 10).first == 1)
    #expect(steps(epochs: 1, checkpoints: 6).count >= 4)
  }

  @Test func evenOnesAreAdded() {
    let steps = steps(epochs: 200, even: 4)
    #expect(Set(steps).isSuperset(of: [500, 1000, 1500, 2000]))
    #expect(steps == steps.sorted() && Set(steps).count == steps.count)
  }
}
