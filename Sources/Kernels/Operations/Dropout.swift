// Dropout multipliers drawn from the counter-based generator: kept for the way back, drawn again for each batch.

import Randomness
import Tensors

/// Inverted dropout: each element is multiplied by 0 with probability `rate` (to the nearest 2⁻¹⁶), else by 1 / (1 − rate).
///
/// Sixteen random bits decide an element. Element 128 c + 32 w + 16 h + i takes the low (h = 0) or high half of word w of
/// Philox block 16 c + i of the stream (seed, dropout, batch · 256 + layer), so that all of it goes sixteen at a time.
/// Source: Srivastava et al. 2014, with the scaling done in training, as PyTorch does.
final class DropoutMask {
  private let rate: Float
  private let clock: DropoutClock
  private let layer: UInt64
  private let multipliers: Floats
  let capacity: Int

  /// - Parameters:
  ///   - layer: a number that no other mask of the model has.
  ///   - capacity: the largest number of elements it is applied to.
  init(_ arena: Arena, rate: Float, clock: DropoutClock, layer: Int, capacity: Int) {
    self.rate = rate
    self.clock = clock
    self.layer = UInt64(layer)
    multipliers = arena.floats((capacity + 127) / 128 * 128)
    self.capacity = capacity
  }

  var isActive: Bool { clock.isTraining }

  /// Draws new multipliers and applies them.
  func apply(to values: Floats, count: Int) {
    guard isActive else { return }
    require(count <= capacity, "\(count) elements for a dropout mask of \(capacity)")
    let index = clock.batch << 8 | layer
    let rest = SIMD3(
      UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), Purpose.dropout.rawValue)
    let key = SIMD2(UInt32(truncatingIfNeeded: clock.seed), UInt32(truncatingIfNeeded: clock.seed >> 32))
    let threshold = Int32((rate * 65_536).rounded())
    let kept = Lanes(repeating: 1 / (1 - rate))
    var start = 0
    while start < count {
      let words = Philox.sixteenBlocks(first: UInt32(truncatingIfNeeded: start / 8), rest: rest, key: key)
      @inline(__always) func put(_ word: SIMD16<UInt32>, _ offset: Int) {
        let low = unsafeBitCast(word & SIMD16(repeating: 0xFFFF), to: SIMD16<Int32>.self)
        let high = unsafeBitCast(word &>> 16, to: SIMD16<Int32>.self)
        let limit = SIMD16(repeating: threshold)
        store(choose((low &- limit) &>> 31, .zero, kept), multipliers + (start &+ offset))
        store(choose((high &- limit) &>> 31, .zero, kept), multipliers + (start &+ offset &+ laneCount))
      }
      put(words.0, 0)
      put(words.1, 32)
      put(words.2, 64)
      put(words.3, 96)
      start &+= 128
    }
    reapply(to: values, count: count)
  }

  /// Applies the multipliers drawn last.
  func reapply(to values: Floats, count: Int) {
    guard isActive else { return }
    require(count <= capacity, "\(count) elements for a dropout mask of \(capacity)")
    eachGroup(count) { i, n in store(load(values + i, n) * load(multipliers + i, n), values + i, n) }
  }
}
