// Where lines cross zero, beside what Student's interval says along them.

import Foundation
import Randomness
import Statistics
import Testing

@Suite struct ZeroCrossingTests {
  private let intercepts = [-1.0, -1.4, -0.8, -1.1]
  private let slopes = [2.0, 2.3, 1.9, 2.2]

  /// At the bounds, and only there, Student's interval of the lines' values ends at zero.
  @Test func theBoundsAreWhereStudentsIntervalBeginsToExcludeZero() throws {
    let crossing = try #require(try zeroCrossing(intercepts: intercepts, slopes: slopes))
    let bounds = try #require(crossing.bounds)
    #expect(close(crossing.estimate, 4.3 / 8.4) && bounds.contains(crossing.estimate))
    func values(_ x: Double) throws -> Interval {
      try studentInterval(zip(intercepts, slopes).map { $0 + $1 * x })
    }
    #expect(abs(try values(bounds.lowerBound).high) < 1e-12)
    #expect(abs(try values(bounds.upperBound).low) < 1e-12)
    #expect(try values(crossing.estimate).contains(0))
  }

  /// The interval has bounds exactly where the slopes are shown to differ from zero.
  @Test func slopesAroundZeroBoundNothing() throws {
    let around = [-0.5, 0.6, 0.4, -0.2]
    #expect(try studentInterval(around).contains(0))
    #expect(try zeroCrossing(intercepts: intercepts, slopes: around)?.bounds == nil)
    #expect(try zeroCrossing(intercepts: [1, 2], slopes: [1, -1]) == nil)
    // Equal lines have one crossing.
    let exact = try #require(try zeroCrossing(intercepts: [-1, -1], slopes: [2, 2]))
    #expect(exact.estimate == 0.5 && exact.bounds == 0.5...0.5)
  }

  /// As often as the interval says, over lines around one that crosses at −0.5.
  @Test func coversTheCrossingAsOftenAsItSays() throws {
    var stream = RandomStream(seed: 7, purpose: .test)
    let count = 1000
    var covered = 0
    for _ in 0..<count {
      let slopes = (0..<5).map { _ in 1 + 0.3 * stream.normal() }
      let intercepts = (0..<5).map { _ in 0.5 + 0.2 * stream.normal() }
      let crossing = try zeroCrossing(intercepts: intercepts, slopes: slopes)
      if crossing?.bounds.map({ $0.contains(-0.5) }) ?? true { covered += 1 }
    }
    #expect(abs(Double(covered) / Double(count) - 0.95) < 0.025)
  }

  @Test func refusesWhatAreNoLines() {
    #expect(throws: StatisticsError.self) { try zeroCrossing(intercepts: [1], slopes: [1]) }
    #expect(throws: StatisticsError.self) { try zeroCrossing(intercepts: [1, 2], slopes: [1]) }
    #expect(throws: StatisticsError.self) { try zeroCrossing(intercepts: [1, .nan], slopes: [1, 2]) }
  }
}
