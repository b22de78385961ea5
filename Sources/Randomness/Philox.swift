// The counter-based generator Philox 4×32-10. What is drawn from it lives in RandomStream.swift.

/// Philox 4×32 with ten rounds: a keyed bijection of 128-bit counters, used as a random function of (key, counter).
///
/// Source: Salmon, Moraes, Dror, Shaw, *Parallel Random Numbers: As Easy as 1, 2, 3* (SC 2011), and the known-answer
/// vectors of Random123 (`kat_vectors`), which the tests check.
public enum Philox {
  private static let multiplier0: UInt32 = 0xD251_1F53
  private static let multiplier1: UInt32 = 0xCD9E_8D57
  private static let weyl0: UInt32 = 0x9E37_79B9
  private static let weyl1: UInt32 = 0xBB67_AE85

  /// The four output words for one counter under one key.
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for round in 0..<10 {
      if round > 0 { k = SIMD2(k.x &+ weyl0, k.y &+ weyl1) }
      let product0 = multiplier0.multipliedFullWidth(by: c.x)
      let product1 = multiplier1.multipliedFullWidth(by: c.z)
      c = SIMD4(product1.high ^ c.y ^ k.x, product1.low, product0.high ^ c.w ^ k.y, product0.low)
    }
    return c
  }

  /// The output words for sixteen counters that differ in their first word only: word w of the result's counter i is
  /// `block(counter: (first + i, …), key: key)[w]`. (Inlined, so that it is compiled for the caller's instructions.)
  @inlinable @inline(__always)
  public static func sixteenBlocks(first: UInt32, rest: SIMD3<UInt32>, key: SIMD2<UInt32>) -> (
    SIMD16<UInt32>, SIMD16<UInt32>, SIMD16<UInt32>, SIMD16<UInt32>
  ) {
    let lanes = SIMD16<UInt32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    var x = SIMD16(repeating: first) &+ lanes
    var y = SIMD16(repeating: rest.x), z = SIMD16(repeating: rest.y), w = SIMD16(repeating: rest.z)
    var (k0, k1) = (key.x, key.y)
    for round in 0..<10 {
      if round > 0 {
        k0 &+= 0x9E37_79B9
        k1 &+= 0xBB67_AE85
      }
      let (high0, low0) = product(x, 0xD251_1F53), (high1, low1) = product(z, 0xCD9E_8D57)
      x = high1 ^ y ^ SIMD16(repeating: k0)
      y = low1
      z = high0 ^ w ^ SIMD16(repeating: k1)
      w = low0
    }
    return (x, y, z, w)
  }

  /// High and low words of the products, even and odd lanes apart as processors multiply them.
  @inlinable @inline(__always)
  static func product(_ a: SIMD16<UInt32>, _ b: UInt64) -> (high: SIMD16<UInt32>, low: SIMD16<UInt32>) {
    let pairs = unsafeBitCast(a, to: SIMD8<UInt64>.self)
    let mask = SIMD8<UInt64>(repeating: 0xFFFF_FFFF), factor = SIMD8(repeating: b)
    let even = (pairs & mask) &* factor, odd = (pairs &>> 32) &* factor
    return (
      unsafeBitCast((even &>> 32) | (odd & ~mask), to: SIMD16<UInt32>.self),
      unsafeBitCast((even & mask) | (odd &<< 32), to: SIMD16<UInt32>.self)
    )
  }
}
