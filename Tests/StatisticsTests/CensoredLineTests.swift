// Lines through right-censored points, against least squares, a known line and a plain search for the greatest likelihood.

import Foundation
import Randomness
import Statistics
import Testing

@Suite struct CensoredLineTests {
  /// y = 1 + 2.2 x + noise, seen only up to a limit.
  private func points(_ count: Int, limit: Double, seed: UInt64, noise: Double = 0.3) -> (x: [Double], y: [Censored]) {
    var stream = RandomStream(seed: seed, purpose: .test)
    let x = (0..<count).map { Double($0 % 5) * 0.7 }
    let y = x.map { x -> Censored in
      let value = 1 + 2.2 * x + noise * stream.normal()
      return value > limit ? .above(limit) : .known(value)
    }
    return (x, y)
  }

  @Test func withoutCensoringItIsLeastSquares() throws {
    let (x, y) = points(40, limit: .greatestFiniteMagnitude, seed: 1)
    let line = try #require(try censoredLine(x: x, y: y))
    let plain = try leastSquares(x: x, y: y.map(\.limit))
    #expect(abs(line.slope - plain.slope.estimate) < 1e-12 && abs(line.intercept - plain.intercept) < 1e-12)
  }

  /// Dropping the censored points, or taking limits for values, flattens the line; this one does not.
  @Test func censoringDoesNotFlattenTheLine() throws {
    let (x, y) = points(4000, limit: 5.5, seed: 2)
    let line = try #require(try censoredLine(x: x, y: y))
    #expect(y.contains { !$0.isKnown })
    #expect(abs(line.slope - 2.2) < 0.03 && abs(line.intercept - 1) < 0.03 && abs(line.deviation - 0.3) < 0.02)
    #expect(try leastSquares(x: x, y: y.map(\.limit)).slope.estimate < 2.0)
  }

  /// No line near it is likelier.
  @Test func isTheGreatestLikelihood() throws {
    let (x, y) = points(30, limit: 5, seed: 3)
    let line = try #require(try censoredLine(x: x, y: y))
    func likelihood(_ slope: Double, _ intercept: Double, _ deviation: Double) -> Double {
      var sum = 0.0
      let root: Double = 2.0.squareRoot()
      let constant: Double = (2 * Double.pi).squareRoot()
      for (x, y) in zip(x, y) {
        let error: Double = y.limit - intercept - slope * x
        let z: Double = error / deviation
        if y.isKnown {
          sum -= z * z / 2
          sum -= log(deviation * constant)
        } else {
          let tail: Double = erfc(z / root) / 2
          sum += log(tail)
        }
      }
      return sum
    }
    let best = likelihood(line.slope, line.intercept, line.deviation)
    for step in [-0.01, 0.01] {
      #expect(likelihood(line.slope + step, line.intercept, line.deviation) < best)
      #expect(likelihood(line.slope, line.intercept + step, line.deviation) < best)
      #expect(likelihood(line.slope, line.intercept, line.deviation + step) < best)
    }
  }

  @Test func withOneKnownPlaceThereIsNoLine() throws {
    #expect(try censoredLine(x: [0, 0, 1, 1], y: [.known(1), .known(1.2), .above(2), .above(2)]) == nil)
  }

  /// Like the interval of a mean: about 95 of 100 contain the truth.
  @Test func theIntervalOverSeedsCoversTheTruth() throws {
    var covered = 0
    for seed in 0..<200 as Range<UInt64> {
      let (x, y) = points(25, limit: 6.5, seed: 1000 + seed)
      var groups: [[(x: Double, y: Censored)]] = []
      for start in stride(from: 0, to: 25, by: 5) {
        groups.append((start..<start + 5).map { (x: x[$0], y: y[$0]) })
      }
      if let interval = try censoredSlope(groups), interval.contains(2.2) { covered += 1 }
    }
    #expect((180...199).contains(covered), "\(covered) of 200")
  }

  @Test func refusesWhatIsNoNumber() {
    #expect(throws: StatisticsError.self) { try censoredLine(x: [0, 1, .nan], y: [.known(1), .known(2), .known(3)]) }
    #expect(throws: StatisticsError.self) { try censoredLine(x: [0, 1], y: [.known(1), .known(2)]) }
    #expect(throws: StatisticsError.self) { try censoredSlope([[(0, .known(1))]]) }
  }
}
