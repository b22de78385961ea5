// Dropout multipliers: their statistics, what they depend on, and that evaluation has none.

import Randomness
import Tensors
import Testing

@testable import Kernels

@Suite(.enabled(if: kernelsRunHere)) struct DropoutTests {
  static let count = 20_000

  /// What is left of ones.
  static func applied(rate: Float, layer: Int = 0, seed: UInt64 = 1, batch: UInt64 = 0, isTraining: Bool = true)
    -> [Float]
  {
    let arena = Arena()
    let clock = DropoutClock()
    (clock.isTraining, clock.seed, clock.batch) = (isTraining, seed, batch)
    let mask = DropoutMask(arena, rate: rate, clock: clock, layer: layer, capacity: count)
    let values = arena.floats(count)
    values.update(repeating: 1, count: count)
    mask.apply(to: values, count: count)
    return read(values, count)
  }

  @Test(arguments: [Float(0.1), 0.5, 0.9])
  func zeroesTheGivenShareAndScalesTheRest(rate: Float) {
    let values = Self.applied(rate: rate)
    let zeros = values.count { $0 == 0 }
    let deviation = (Double(rate * (1 - rate)) * Double(Self.count)).squareRoot()
    #expect(abs(Double(zeros) - Double(rate) * Double(Self.count)) < 4 * deviation)
    #expect(Set(values) == [0, 1 / (1 - rate)])
  }

  @Test func dependsOnSeedBatchAndLayerOnly() {
    let values = Self.applied(rate: 0.5)
    #expect(Self.applied(rate: 0.5) == values)
    for other in [
      Self.applied(rate: 0.5, layer: 1), Self.applied(rate: 0.5, seed: 2), Self.applied(rate: 0.5, batch: 1),
    ] {
      let equal = zip(values, other).count { $0 == $1 }
      #expect(abs(equal - Self.count / 2) < 300)  // independent: four deviations are 283
    }
  }

  /// The documented place of every element's sixteen bits, one at a time.
  @Test func multipliersAreThoseOfTheDocumentedStream() {
    let seed: UInt64 = 0x1234_5678_9ABC_DEF0
    let (layer, batch) = (3, UInt64(0x0A_BCDE_F012))
    let values = Self.applied(rate: 0.3, layer: layer, seed: seed, batch: batch)
    let index = batch << 8 | UInt64(layer)
    let threshold = UInt32((Float(0.3) * 65_536).rounded())
    for i in values.indices {
      let (call, word, half, lane) = (i / 128, i % 128 / 32, i % 32 / 16, i % 16)
      let block = Philox.block(
        counter: SIMD4(
          UInt32(16 * call + lane), UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
          Purpose.dropout.rawValue),
        key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
      let bits = half == 0 ? block[word] & 0xFFFF : block[word] >> 16
      #expect(values[i] == (bits < threshold ? 0 : 1 / (1 - Float(0.3))), "element \(i)")
    }
  }

  @Test func reapplyingUsesTheSameMultipliers() {
    let arena = Arena()
    let clock = DropoutClock()
    clock.isTraining = true
    let mask = DropoutMask(arena, rate: 0.3, clock: clock, layer: 3, capacity: 37)
    let values = arena.floats(37)
    let gradients = arena.floats(37)
    values.update(repeating: 1, count: 37)
    gradients.update(repeating: 2, count: 37)
    mask.apply(to: values, count: 37)
    mask.reapply(to: gradients, count: 37)
    #expect(read(gradients, 37) == read(values, 37).map { 2 * $0 })
  }

  @Test func evaluationDropsNothing() {
    #expect(Self.applied(rate: 0.9, isTraining: false) == Array(repeating: 1, count: Self.count))
  }
}
