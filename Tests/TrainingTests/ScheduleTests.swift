// The learning-rate schedule at its boundaries, the number of steps and the clipping factor.

import Foundation
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

  /// Forty steps of decay to a tenth: the exponential one by the same factor each, the cosine one by half a period.
  @Test func theDecayHasAShape() {
    var configuration = Self.configuration()
    configuration.decayShape = .exponential
    let exponential = configuration.schedule(steps: 200)
    var expected = 4e-3
    for step in 160..<200 {
      expected *= 0.9440608762859234  // 10^(-1/40)
      #expect(abs(exponential.rate(step) - expected) < 1e-12)
    }
    #expect(abs(exponential.rate(199) - 4e-4) < 1e-12)
    configuration.decayShape = .cosine
    let cosine = configuration.schedule(steps: 200)
    // 4e-3 (0.1 + 0.45 (1 + cos πu)) at u = 1/4, 1/2, 3/4, 1
    let shares = [0.8681980515339464, 0.55, 0.2318019484660536, 0.1]
    for (step, share) in zip([169, 179, 189, 199], shares) { #expect(abs(cosine.rate(step) - 4e-3 * share) < 1e-12) }
    for step in 0..<160 { #expect(exponential.rate(step) == cosine.rate(step)) }
    for step in 159..<199 { #expect(cosine.rate(step + 1) < cosine.rate(step)) }
  }

  @Test func whatNoTrainingCanHave() {
    func reason(_ change: (inout TrainingConfiguration) -> Void) -> String? {
      var configuration = Self.configuration()
      change(&configuration)
      return configuration.impossibility
    }
    #expect(reason { $0.averaging = 0.999 } == nil)
    #expect(reason { $0.averaging = 1 } == "averaging 1.0 is not from 0.0 to 0.99999")
    #expect(reason { $0.averaging = .nan } == "averaging nan is not from 0.0 to 0.99999")
    #expect(reason { ($0.decayShape, $0.finalShare) = (.cosine, 0) } == nil)
    #expect(
      reason { ($0.decayShape, $0.finalShare) = (.exponential, 0) } == "an exponential decay cannot end at finalShare 0"
    )
  }

  /// Stored specifications are hashed in this form: an option that is off must leave no trace.
  @Test func theStoredFormIsFixed() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var configuration = Self.configuration()
    (configuration.learningRate, configuration.epsilon) = (0.5, 0.25)
    (configuration.warmup, configuration.decay, configuration.finalShare) = (0.125, 0.25, 0.5)
    (configuration.weightDecay, configuration.beta1, configuration.beta2) = (0.5, 0.75, 0.875)
    let plain = #""batch":4,"beta1":0.75,"beta2":0.875,"clip":1,"decay":0.25,"#
    let rest = #""epochs":1,"epsilon":0.25,"finalShare":0.5,"learningRate":0.5,"warmup":0.125,"weightDecay":0.5}"#
    func text() throws -> String { String(decoding: try encoder.encode(configuration), as: UTF8.self) }
    #expect(try text() == "{" + plain + rest)
    #expect(try JSONDecoder().decode(TrainingConfiguration.self, from: Data(text().utf8)) == configuration)
    (configuration.averaging, configuration.decayShape) = (0.5, .cosine)
    #expect(try text() == #"{"averaging":0.5,"# + plain + #""decayShape":"cosine","# + rest)
    #expect(try JSONDecoder().decode(TrainingConfiguration.self, from: Data(text().utf8)) == configuration)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        TrainingConfiguration.self, from: Data(text().replacing("cosine", with: "steep").utf8))
    }
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
