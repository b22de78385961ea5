// The fitted line, the smoothed curve and the band over seeds.

import Foundation
import Statistics
import Testing

@Suite struct CurveFittingTests {
  // x = [0, 0.5, 1, 1.5, 2.5]; y = [1.1, 2.0, 3.4, 4.1, 6.6]
  // r = stats.linregress(x, y); h = stats.t.ppf(0.975, 3) * r.stderr; r.slope - h, r.slope + h
  @Test func lineOfSciPy() throws {
    let line = try leastSquares(x: [0, 0.5, 1, 1.5, 2.5], y: [1.1, 2.0, 3.4, 4.1, 6.6])
    #expect(close(line.slope.estimate, 2.197297297297297) && close(line.intercept, 1.022972972972973))
    #expect(close(line.slope.low, 1.883422008509409) && close(line.slope.high, 2.5111725860851846))
    #expect(line.slope.count == 5)
  }

  @Test func powerLawOnLogarithms() throws {
    let tokens = [1e4, 2e4, 4e4, 8e4]
    let line = try leastSquares(x: tokens.map { log($0) }, y: tokens.map { log(3 * pow($0, 2.174)) })
    #expect(close(line.slope.estimate, 2.174) && close(exp(line.intercept), 3, 1e-6))
    #expect(line.slope.high - line.slope.low < 1e-6)
  }

  @Test func refusesWhatIsNoLine() {
    #expect(throws: StatisticsError.self) { try leastSquares(x: [1, 2], y: [1, 2]) }
    #expect(throws: StatisticsError.self) { try leastSquares(x: [1, 2, 3], y: [1, 2]) }
    #expect(throws: StatisticsError.self) { try leastSquares(x: [2, 2, 2], y: [1, 2, 3]) }
    #expect(throws: StatisticsError.self) { try leastSquares(x: [1, 2, 3], y: [1, .infinity, 3]) }
  }

  // xs = np.array([0, 1, 2, 4]); for each c: X = np.stack([np.ones(4), xs - c], 1); W = np.diag(np.exp(-0.5 * ((xs - c) / 0.7) ** 2));
  // np.linalg.solve(X.T @ W @ X, X.T @ W @ [1, 3, 2, 5])[0]
  @Test func smoothedOfNumPy() throws {
    let smoothed = try smooth([1, 3, 2, 5], x: [0, 1, 2, 4], bandwidth: 0.7)
    let expected = [1.04205311818072, 2.3717064243378374, 2.2033853557238205, 4.999873201458407]
    for (value, reference) in zip(smoothed, expected) { #expect(close(value, reference)) }
    #expect(try smooth([1, 3, 2, 5], x: [0, 1, 2, 4], bandwidth: 1e-9) == [1, 3, 2, 5])
    #expect(try smooth([], x: [], bandwidth: 1) == [])
    let line = try smooth([1, 3, 5, 9], x: [0, 1, 2, 4], bandwidth: 0.7)
    #expect(zip(line, [1, 3, 5, 9]).allSatisfy { close($0, $1) }, "a line is left as it is, to its ends")
    #expect(throws: StatisticsError.self) { try smooth([1], x: [0], bandwidth: 0) }
    #expect(throws: StatisticsError.self) { try smooth([1], x: [0, 1], bandwidth: 1) }
    #expect(throws: StatisticsError.self) { try smooth([.nan], x: [0], bandwidth: 1) }
  }

  @Test func bandIsStudentAtEachEpoch() throws {
    let curves = try [[1.0, 5], [2, 5], [3, 5]].map { try Curve(epochs: [1, 2], values: $0) }
    let band = try bandOverSeeds(curves)
    let first = try studentInterval([1, 2, 3])
    #expect(band.mean == [2, 5] && band.count == 3 && band.epochs == [1, 2])
    #expect(band.low == [first.low, 5] && band.high == [first.high, 5])
    let single = try bandOverSeeds([curves[0]])
    #expect(single.mean == [1, 5] && single.low == nil && single.high == nil)
    #expect(throws: StatisticsError.self) { try bandOverSeeds([]) }
    #expect(throws: StatisticsError.self) {
      try bandOverSeeds([curves[0], Curve(epochs: [1, 3], values: [1, 2])])
    }
  }
}
