// Products of factors rounded to bfloat16: every way that this processor has beside plain arithmetic, bit by bit, and a
// weight's three products beside those of rounded factors.

import CBFloat16
import Tensors
import Testing

@testable import Kernels

@Suite(.enabled(if: kernelsRunHere)) struct BFloat16Tests {
  /// What computes on this processor: fused multiply-adds always, pairs and tiles where it has AVX-512 BF16 and AMX.
  static let ways = [BFLOAT16_PLAIN, BFLOAT16_PAIRS, BFLOAT16_TILES].filter { bfloat16_usable($0) != 0 }

  /// Zero of the same sign in place of a number below 2⁻¹²⁶.
  static func flushed(_ x: Float) -> Float { x.isSubnormal ? (x.sign == .minus ? -0.0 : 0) : x }

  /// To the nearest number of eight significant bits, ties to even.
  static func rounded(_ x: Float) -> Float {
    let x = flushed(x)
    guard x.isFinite else { return x }
    let below = Float(bitPattern: x.bitPattern & 0xffff_0000)
    let above = Float(bitPattern: (x.bitPattern & 0xffff_0000) + 0x1_0000)
    let (down, up) = (abs(Double(x) - Double(below)), abs(Double(above) - Double(x)))
    return down < up || down == up && below.bitPattern >> 16 & 1 == 0 ? below : above
  }

  /// One element, as CBFloat16.h defines it.
  static func element(_ terms: [(Float, Float)], start: Float?) -> Float {
    var sum = start ?? 0
    for block in stride(from: 0, to: terms.count, by: 32) {
      var chains: [Float] = [0, 0]
      for k in block..<block + 32 {
        let (a, b) = k < terms.count ? terms[k] : (0, 0)
        chains[k % 2] = flushed(chains[k % 2].addingProduct(rounded(a), rounded(b)))
      }
      sum = flushed(flushed(sum) + flushed(chains[0] + chains[1]))
    }
    return sum
  }

  /// Standard normal numbers, or such times powers of two so that products of two lie around 2⁻¹²⁶.
  enum Magnitude: CaseIterable {
    case usual, tiny
    func numbers(_ count: Int, index: UInt64) -> [Float] {
      let numbers = normals(count, index: index)
      return self == .usual
        ? numbers : numbers.enumerated().map { $1 * Float(sign: .plus, exponent: -60 - $0 % 7, significand: 1) }
    }
  }

  @Test(arguments: Magnitude.allCases, [false, true])
  func everyWayIsTheDefinedChain(magnitude: Magnitude, addsToStart: Bool) {
    let arena = Arena()
    var wrong: [String] = []
    for (m, n, k) in [(1, 1, 1), (16, 16, 32), (7, 33, 31), (33, 17, 65), (40, 48, 96), (31, 5, 130)] {
      let a = magnitude.numbers(m * k, index: 1), b = magnitude.numbers(n * k, index: 2)
      let start = magnitude.numbers(m * (n + 2), index: 3).map { $0 * (magnitude == .tiny ? 0x1p-60 : 1) }
      let (aBuffer, bBuffer, startBuffer) = (arena.floats(m * k), arena.floats(n * k), arena.floats(m * (n + 2)))
      put(a, aBuffer); put(b, bBuffer); put(start, startBuffer)
      let left = arena.words(1, bfloat16_packed_count(m, k)), right = arena.words(1, bfloat16_packed_count(n, k))
      let c = arena.floats(m * (n + 1))
      // Terms side by side, or rows and columns.
      for (aSteps, bSteps) in [((k, 1), (k, 1)), ((k, 1), (1, n)), ((1, m), (k, 1)), ((1, m), (1, n))] {
        let expected = (0..<m * n).map { place in
          Self.element(
            (0..<k).map { (a[place / n * aSteps.0 + $0 * aSteps.1], b[place % n * bSteps.0 + $0 * bSteps.1]) },
            start: addsToStart ? start[place / n * (n + 2) + place % n] : nil)
        }
        for way in Self.ways {
          put(Array(repeating: 5, count: m * (n + 1)), c)
          bfloat16_pack(way, BFLOAT16_LEFT, aBuffer, m, k, aSteps.0, aSteps.1, left)
          bfloat16_pack(way, BFLOAT16_RIGHT, bBuffer, n, k, bSteps.0, bSteps.1, right)
          bfloat16_product(way, m, n, k, left, right, c, n + 1, addsToStart ? startBuffer : nil, n + 2)
          let isRight = (0..<m).allSatisfy { row in
            (0..<n).allSatisfy { c[row * (n + 1) + $0].bitPattern == expected[row * n + $0].bitPattern }
              && c[row * (n + 1) + n] == 5
          }
          if !isRight { wrong.append("way \(way.rawValue), \(m) × \(n), k = \(k), steps \(aSteps), \(bSteps)") }
        }
      }
    }
    #expect(wrong.isEmpty)
  }

  /// This module computes in the fastest way of its instruction set; the others stand in elsewhere.
  @Test func theWayFollowsFromTheInstructionSet() {
    let expected = KernelSet().instructionSet == .avx512 ? Self.ways.last : BFLOAT16_PLAIN
    #expect(BFloat16Products.way == expected)
  }

  @Test func numbersThatAreNotFiniteStaySo() {
    let arena = Arena()
    let x = arena.floats(4), one = arena.floats(1), c = arena.floats(4)
    put([.nan, .infinity, -.infinity, .greatestFiniteMagnitude], x)
    one[0] = 1
    let left = arena.words(1, bfloat16_packed_count(4, 1)), right = arena.words(1, bfloat16_packed_count(1, 1))
    for way in Self.ways {
      bfloat16_pack(way, BFLOAT16_LEFT, x, 4, 1, 1, 1, left)
      bfloat16_pack(way, BFLOAT16_RIGHT, one, 1, 1, 1, 1, right)
      bfloat16_product(way, 4, 1, 1, left, right, c, 1, nil, 0)
      #expect(c[0].isNaN && c[1] == .infinity && c[2] == -.infinity && c[3] == .infinity)
    }
  }

  /// Values after `changes` of the parameters, and more rows than a block of any product.
  @Test func aWeightsProductsAreThoseOfRoundedFactors() {
    for (rows, outputs, inputs) in [
      (1, 1, 1), (5, 33, 20), (64, 16, 48), (37, 40, 70), (600, 24, 18), (50, 700, 9), (225, 304, 16),
    ] {
      let arena = Arena()
      let parameters = ParameterBuffer(arena, shapes: [("before", [3, 1]), ("weight", [outputs, inputs])])
      let weight = Weight(
        arena, parameters, offset: 3, outputs: outputs, inputs: inputs, backend: .native, precision: .bfloat16)
      let (xStep, yStep) = (inputs + 2, outputs + 3)
      let x = arena.floats(rows * xStep), y = arena.floats(rows * yStep), dx = arena.floats(rows * xStep)
      let r = { (floats: UnsafeMutablePointer<Float>, count: Int) in put(read(floats, count).map(Self.rounded), floats)
      }
      // The second time the weight has changed and is packed again.
      for index in [UInt64(10), 20] {
        put(normals(parameters.count, index: index), parameters.value)
        put(normals(rows * xStep, index: index + 1), x)
        put(normals(rows * yStep, index: index + 2), y)
        put(Array(repeating: 0, count: parameters.count), parameters.gradient)
        parameters.markChanged()
        weight.accumulateGradient(y, yStep, x, xStep, rows: rows)
        weight.pullBack(y, yStep, rows: rows, into: dx, xStep, accumulating: false)
        r(y, rows * yStep)
        r(x, rows * xStep)
        let gradient = referenceProduct(
          rows: outputs, columns: inputs, terms: rows, a: y, aRow: 1, aTerm: yStep, b: x, bTerm: xStep, bColumn: 1)
        #expect(difference(read(weight.gradient, outputs * inputs), gradient) < 1e-5)
        let pulled = referenceWeight(parameters.value + 3, outputs * inputs, arena)
        let expected = referenceProduct(
          rows: rows, columns: inputs, terms: outputs, a: y, aRow: yStep, aTerm: 1, b: pulled, bTerm: inputs, bColumn: 1
        )
        #expect(difference((0..<rows * inputs).map { dx[$0 / inputs * xStep + $0 % inputs] }, expected) < 1e-5)
        weight.apply(x, xStep, rows: rows, into: y, yStep)
        let applied = referenceProduct(
          rows: rows, columns: outputs, terms: inputs, a: x, aRow: xStep, aTerm: 1, b: pulled, bTerm: 1, bColumn: inputs
        )
        #expect(difference((0..<rows * outputs).map { y[$0 / outputs * yStep + $0 % outputs] }, applied) < 1e-5)
        weight.apply(x, xStep, rows: rows, into: y, yStep, adding: UnsafePointer(y))
        #expect(
          difference((0..<rows * outputs).map { y[$0 / outputs * yStep + $0 % outputs] }, applied.map { 2 * $0 }) < 1e-5
        )
      }
    }
  }

  /// A rounded copy of a weight.
  private func referenceWeight(_ value: UnsafeMutablePointer<Float>, _ count: Int, _ arena: Arena)
    -> UnsafeMutablePointer<Float>
  {
    let copy = arena.floats(count)
    put(read(value, count).map(Self.rounded), copy)
    return copy
  }
}
