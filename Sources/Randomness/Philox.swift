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
}
