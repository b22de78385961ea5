// Crossover and crossing of the best, on curves whose crossings are known by construction.

import Foundation
import Statistics
import Testing

@Suite struct CrossoverTests {
  static let epochs: [Double] = [1, 2, 4, 8, 16]

  static func curve(_ values: [Double], _ epochs: [Double] = Self.epochs) throws -> Curve {
    try Curve(epochs: epochs, values: values)
  }

  static func isClose(_ crossing: Crossing, _ expected: Crossing) -> Bool {
    switch (crossing, expected) {
    case (.at(let epoch), .at(let reference)): close(epoch, reference, 1e-12)
    default: crossing == expected
    }
  }

  @Test(
    arguments: [
      // Simple: from −1 at 4 to +1 at 8, halfway on log-epochs.
      ([1, 2, 3, 6, 7], [5, 4, 4, 5, 5], .at(epoch: 32.0.squareRoot())),
      // From −1 at 4 to +3 at 8, a quarter of an octave.
      ([1, 2, 3, 8, 8], [5, 4, 4, 5, 5], .at(epoch: 4 * pow(2, 0.25))),
      // Crosses, falls back, crosses again: the last counts.
      ([1, 5, 3, 3, 6], [4, 4, 4, 4, 4], .at(epoch: 8 * pow(2, 1.0 / 3))),
      // Was ahead for a while and ends below.
      ([1, 5, 5, 5, 3], [4, 4, 4, 4, 4], .never(budget: 16)),
      ([1, 1, 1, 1, 1], [4, 4, 4, 4, 4], .never(budget: 16)),
      // Equal from the start, and ahead from the start.
      ([3, 3, 3, 3, 3], [3, 3, 3, 3, 3], .at(epoch: 1)),
      ([5, 5, 5, 5, 5], [3, 3, 3, 3, 3], .at(epoch: 1)),
      // Touches and stays level; touches and falls below again; touches from above.
      ([1, 2, 4, 4, 4], [4, 4, 4, 4, 4], .at(epoch: 4)),
      ([1, 4, 3, 5, 5], [4, 4, 4, 4, 4], .at(epoch: 32.0.squareRoot())),
      ([5, 5, 4, 5, 5], [4, 4, 4, 4, 4], .at(epoch: 1)),
      // Draws level at the last checkpoint only.
      ([1, 1, 1, 1, 4], [4, 4, 4, 4, 4], .at(epoch: 16)),
    ] as [([Double], [Double], Crossing)])
  func staysAtOrAboveToTheEnd(challenger: [Double], incumbent: [Double], expected: Crossing) throws {
    let found = try crossover(challenger: Self.curve(challenger), incumbent: Self.curve(incumbent))
    #expect(Self.isClose(found, expected), "\(found)")
  }

  @Test(
    arguments: [
      // The incumbent peaks at 4 and decays; from 3 at 4 to 5 at 8.
      ([1, 2, 3, 5, 6], [3, 4, 2, 2, 2], .at(epoch: 32.0.squareRoot())),
      // The best may come later than the passing.
      ([1, 2, 3, 7, 9], [3, 4, 2, 2, 5], .at(epoch: 4 * 2.0.squareRoot())),
      // Passing counts once, even if it falls below again.
      ([1, 6, 3, 3, 3], [4, 4, 4, 4, 4], .at(epoch: pow(2, 0.6))),
      // Equalling is not passing.
      ([1, 2, 4, 4, 4], [4, 4, 4, 4, 4], .never(budget: 16)),
      ([3, 3, 3, 3, 3], [3, 3, 3, 3, 3], .never(budget: 16)),
      // Level at 4, above at 8: it leaves the level at 4.
      ([1, 2, 4, 5, 5], [4, 4, 4, 4, 4], .at(epoch: 4)),
      ([9, 2, 2, 2, 2], [4, 4, 4, 4, 4], .at(epoch: 1)),
      // Above the matched epochs at the end, but not above the best.
      ([1, 2, 3, 3, 3], [2, 5, 2, 2, 2], .never(budget: 16)),
    ] as [([Double], [Double], Crossing)])
  func passesTheBest(challenger: [Double], incumbent: [Double], expected: Crossing) throws {
    let found = try crossingOfBest(challenger: Self.curve(challenger), incumbent: Self.curve(incumbent))
    #expect(Self.isClose(found, expected), "\(found)")
  }

  @Test func oneCheckpoint() throws {
    let low = try Self.curve([1], [3])
    let high = try Self.curve([2], [3])
    #expect(try crossover(challenger: high, incumbent: low) == .at(epoch: 3))
    #expect(try crossover(challenger: low, incumbent: high) == .never(budget: 3))
    #expect(try crossingOfBest(challenger: high, incumbent: low) == .at(epoch: 3))
  }

  @Test func refusesCurvesThatAreNone() {
    #expect(throws: StatisticsError.self) { try Self.curve([1, .nan, 3, 4, 5]) }
    #expect(throws: StatisticsError.self) { try Self.curve([1, .infinity, 3, 4, 5]) }
    #expect(throws: StatisticsError.self) { try Self.curve([1, 2, 3]) }
    #expect(throws: StatisticsError.self) { try Self.curve([], []) }
    #expect(throws: StatisticsError.self) { try Self.curve([1, 2], [0, 1]) }
    #expect(throws: StatisticsError.self) { try Self.curve([1, 2], [2, 2]) }
    #expect(throws: StatisticsError.self) { try Self.curve([1, 2], [1, .nan]) }
  }

  @Test func refusesMismatchedEpochs() throws {
    let whole = try Self.curve([1, 2, 3, 4, 5])
    let shorter = try Self.curve([1, 2, 3, 4], [1, 2, 4, 8])
    let other = try Self.curve([1, 2, 3, 4, 5], [1, 2, 4, 8, 17])
    for incumbent in [shorter, other] {
      let error = #expect(throws: StatisticsError.self) { try crossover(challenger: whole, incumbent: incumbent) }
      #expect(error?.description.contains("same epochs") == true)
      #expect(throws: StatisticsError.self) { try crossingOfBest(challenger: whole, incumbent: incumbent) }
    }
  }

  /// (0.1 + 0.7) / 2 and (0.2 + 0.6) / 2 differ in their last bit.
  @Test func whatDiffersByRoundingIsEqual() throws {
    let (one, other) = ((0.1 + 0.7) / 2, (0.2 + 0.6) / 2)
    let (less, more) = (min(one, other), max(one, other))
    #expect(less < more)
    let best = try Curve(epochs: [1, 2, 4], values: [less, less, less])
    let passing = try Curve(epochs: [1, 2, 4], values: [0, more, 0.5])
    #expect(try crossingOfBest(challenger: passing, incumbent: best).epoch == 2, "level at 2, above from there on")
    #expect(
      try crossingOfBest(challenger: Curve(epochs: [1, 2, 4], values: [0, more, more]), incumbent: best)
        == .never(budget: 4))
    let level = try Curve(epochs: [1, 2, 4], values: [more, more, more])
    #expect(try crossover(challenger: best, incumbent: level) == .at(epoch: 1), "at or above all the time")
  }

  @Test func crossingAsJSONAndAsRank() throws {
    let crossings: [Crossing] = [.at(epoch: 35.5), .never(budget: 192)]
    let data = try JSONEncoder().encode(crossings)
    #expect(try JSONDecoder().decode([Crossing].self, from: data) == crossings)
    #expect(crossings.map(\.ranked) == [35.5, .infinity] && crossings.map(\.epoch) == [35.5, nil])
  }

  @Test func theMeanOfACurveIsThatOfTheLineThroughItsPoints() throws {
    let curve = try Curve(epochs: [1, 3, 5], values: [0, 4, 0])
    #expect([0, 1, 2, 4.5, 5, 9].map(curve.value) == [0, 0, 2, 1, 0, 0])
    #expect(curve.mean(from: 1, to: 5) == 2)
    #expect(curve.mean(from: 2, to: 4) == 3, "interpolated at both ends")
    #expect(curve.mean(from: 5, to: 9) == 0 && curve.mean(from: 0, to: 1) == 0, "level outside")
    #expect(abs(curve.mean(from: 3.5, to: 3.6) - 2.9) < 1e-12, "between two points")
  }
}
