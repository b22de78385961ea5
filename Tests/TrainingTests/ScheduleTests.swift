// The learning-rate schedule at its boundaries, the number of steps and the clipping factor.

import Testing

@testable import Training

@Suite struct ScheduleTests {
  static func configuration(epochs: Int = 1, batch: Int = 4) -> TrainingConfiguration {
    TrainingConfiguration(epochs: epochs, batch: batch, learningRate: 4e-3)
  }

  @Test func warmUpStableDecay() {
    let schedule = Self.configuration().schedule(steps: 200)
    #expect(schedule.warmup == 4 && schedule.decay == 40)
    #expect((0..<4).map(schedule.rate) == [1e-3, 2e-3, 3e-3, 4e-3])
    for step in 4..<160 { #expect(schedule.rate(step) == 4e-3) }
    #expect(abs(schedule.rate(160) - 4e-3 * (1 - 0.9 / 40)) < 1e-12)
    #expect(abs(schedule.rate(179) - 4e-3 * 0.55) < 1e-12)
    #expect(abs(schedule.rate(199) - 4e-4) < 1e-12)  // ends at a tenth of the peak
    for step in 160..<199 { #expect(schedule.rate(step + 1) < schedule.rate(step)) }
  }

  @Test func shortRunsHaveEveryPartThatFits() {
    let one = Self.configuration().schedule(steps: 1)
    #expect(one.rate(0) == 4e-3)
    let five = Self.configuration().schedule(steps: 5)
    #expect(five.warmup == 1 && five.decay == 1)
    #expect((0..<4).map(five.rate) == [4e-3, 4e-3, 4e-3, 4e-3])
    #expect(abs(five.rate(4) - 4e-4) < 1e-12)
  }

  @Test func partsAreSharesOfTheSteps() {
    var configuration = Self.configuration()
    (configuration.warmup, configuration.decay, configuration.finalShare) = (0, 0, 0.5)
    let constant = configuration.schedule(steps: 50)
    for step in 0..<50 { #expect(constant.rate(step) == 4e-3) }
    configuration.decay = 0.5
    let halved = configuration.schedule(steps: 50)
    #expect(halved.rate(24) == 4e-3 && halved.rate(25) < 4e-3 && abs(halved.rate(49) - 2e-3) < 1e-12)
    configuration.warmup = 0.1
    #expect(configuration.schedule(steps: 50).warmup == 5)
  }

  @Test(arguments: [(1, 4, 1), (1, 5, 2), (1, 8, 2), (3, 5, 4), (10, 4, 10), (7, 9, 16)])
  func stepsCoverAllEpochs(epochs: Int, sequences: Int, steps: Int) {
    #expect(Self.configuration(epochs: epochs, batch: 4).steps(sequences: sequences) == steps)
  }

  @Test func clippingBringsTheNormDownAndNeverUp() {
    #expect(clippingScale(norm: 0.5, clip: 1) == 1)
    #expect(clippingScale(norm: 0, clip: 1) == 1)
    #expect(abs(clippingScale(norm: 4, clip: 1) - 0.25) < 1e-6)
    #expect(abs(clippingScale(norm: 4, clip: 2) - 0.5) < 1e-6)
  }
}
