// The sixteen-lane helpers: the exponential over its whole range, partial loads and stores, sums and maxima.

import Foundation
import Tensors
import Testing

@testable import Kernels

@Suite(.enabled(if: kernelsRunHere)) struct LaneTests {
  /// e^x by the kernel, for any number of x.
  static func kernel(_ x: [Float]) -> [Float] {
    stride(from: 0, to: x.count, by: laneCount).flatMap { start in
      let group = x[start..<min(start + laneCount, x.count)]
      var lanes = Lanes.zero
      for (i, value) in group.enumerated() { lanes[i] = value }
      let result = exponential(lanes)
      return group.indices.map { result[$0 - start] }
    }
  }

  @Test func exponentialIsAccurateOverItsRange() {
    let points = stride(from: Float(-87.3), through: 88, by: 0.0137).map { $0 }
    var worst = 0.0
    for (x, y) in zip(points, Self.kernel(points)) {
      let exact = exp(Double(x))
      worst = max(worst, abs(Double(y) - exact) / exact)
    }
    #expect(worst < 1.5e-7, "relative error \(worst)")
  }

  @Test func exponentialNearZeroKeepsItsLastBits() {
    let points = stride(from: Float(-1e-3), through: 1e-3, by: 1e-6).map { $0 }
    for (x, y) in zip(points, Self.kernel(points)) { #expect(abs(Double(y) - exp(Double(x))) < 1.2e-7) }
    #expect(Self.kernel([0, -0.0]) == [1, 1])
  }

  @Test func exponentialOutsideItsRange() {
    #expect(Self.kernel([-87.34, -100, -1e30, -.infinity]) == [0, 0, 0, 0])
    let saturated = Self.kernel([88, 89, 1e30, .infinity])
    #expect(saturated.allSatisfy { $0 == saturated[0] && $0.isFinite })
  }

  @Test func exponentialOfNotANumberIsNotANumber() {
    for value in Self.kernel([.nan, -.nan, .infinity - .infinity]) { #expect(value.isNaN) }
  }

  @Test func exponentialNeverDecreases() {
    let points = stride(from: Float(-87.5), through: -86, by: 0.0001).map { $0 }
    let values = Self.kernel(points)
    for (low, high) in zip(values, values.dropFirst()) { #expect(low <= high * 1.000_001) }
  }

  @Test func partialLoadsAndStoresTouchOnlyTheirElements() {
    for count in 1...laneCount {
      var source = (0..<laneCount).map { Float($0 + 1) }
      let lanes = source.withUnsafeMutableBufferPointer { load($0.baseAddress!, count, fill: -7) }
      for i in 0..<laneCount { #expect(lanes[i] == (i < count ? Float(i + 1) : -7)) }
      var target = [Float](repeating: 99, count: laneCount)
      target.withUnsafeMutableBufferPointer { store(lanes, $0.baseAddress!, count) }
      for i in 0..<laneCount { #expect(target[i] == (i < count ? Float(i + 1) : 99)) }
    }
  }

  @Test func groupsCoverEveryElementOnce() {
    for n in [0, 1, 15, 16, 17, 32, 33] {
      var seen: [Int] = []
      eachGroup(n) { offset, count in seen += offset..<offset + count }
      #expect(seen == Array(0..<n))
      #expect(roundedUp(n) == (n + 15) / 16 * 16)
    }
  }

  @Test func largerOfEachPair() {
    let a = Lanes(lowHalf: .init(1, 5, -2, .nan, 3, .infinity, 0, -1), highHalf: .init(repeating: 1))
    let b = Lanes(lowHalf: .init(2, 4, -1, 9, .nan, 1, 0, -.infinity), highHalf: .init(repeating: 2))
    let c = larger(a, b)
    #expect((0..<3).map { c[$0] } == [2, 5, -1])
    #expect(c[3].isNaN && c[4] == 3)  // the first where one is not a number
    #expect(c[5] == .infinity && c[6] == 0 && c[7] == -1 && c.highHalf == .init(repeating: 2))
  }

  @Test func transposeMovesEveryElement() {
    let arena = Arena()
    let source = arena.floats(16 * 21)
    let target = arena.floats(16 * 19)
    for i in 0..<16 * 21 { source[i] = Float(i) }
    target.update(repeating: -1, count: 16 * 19)
    transpose16({ load(source + $0 * 21) }, { store($1, target + $0 * 19) })
    for row in 0..<16 {
      for column in 0..<19 {
        #expect(target[row * 19 + column] == (column < 16 ? Float(column * 21 + row) : -1))
      }
    }
  }

  @Test func sumAndMaximumUseEveryLane() {
    for lane in 0..<laneCount {
      var lanes = Lanes(repeating: -2)
      lanes[lane] = 5
      #expect(largest(lanes) == 5)
      #expect(total(lanes) == -25)
    }
  }

  @Test func squareRootsAreCorrectlyRounded() {
    var bits = Float(0x1p-100).bitPattern
    while bits < Float(0x1p127).bitPattern {
      var lanes = Lanes.zero
      for i in 0..<laneCount {
        lanes[i] = Float(bitPattern: bits)
        bits += 260_003
      }
      let roots = squareRoots(lanes)
      for i in 0..<laneCount where roots[i] != lanes[i].squareRoot() {
        Issue.record("√\(lanes[i]) is \(lanes[i].squareRoot()), not \(roots[i])")
      }
    }
    #expect(squareRoots(.zero) == .zero)
    #expect(squareRoots(Lanes(repeating: .nan))[0].isNaN)
  }

  @Test(arguments: [1, 8, 10, 16, 24, 48]) func sumsOfColumnsHaveTheBitsOfSumsOfRows(_ n: Int) {
    let element = { (row: Int, i: Int) in Float(row &* 7919 &+ i &* 104_729 & 1023) / 313 - 1 }
    let columns = totals(n) { i, sum in
      var v = Lanes.zero
      for row in 0..<laneCount { v[row] = element(row, i) }
      sum.addProduct(v, v)
    }
    for row in 0..<laneCount {
      var sums = Lanes.zero
      eachGroup(n) { start, count in
        var v = Lanes.zero
        for i in 0..<count { v[i] = element(row, start + i) }
        sums.addProduct(v, v)
      }
      #expect(columns[row].bitPattern == total(sums).bitPattern)
    }
  }
}
