// Known answers of Philox 4×32-10 and the distribution of the draws made from it.
import Testing

@testable import Randomness

@Suite struct PhiloxTests {
  /// Random123's kat_vectors, `philox4x32 10`: counter, key, result.
  @Test func sixteenBlocksAreSixteenTimesOne() {
    let key = SIMD2<UInt32>(0xA409_3822, 0x299F_31D0)
    for first: UInt32 in [0, 1, 16, 0xFFFF_FFF8] {
      let rest = SIMD3<UInt32>(0x85A3_08D3, 0x1319_8A2E, 0x0370_7344)
      let words = Philox.sixteenBlocks(first: first, rest: rest, key: key)
      for i in 0..<16 {
        let block = Philox.block(counter: SIMD4(first &+ UInt32(i), rest.x, rest.y, rest.z), key: key)
        #expect(SIMD4(words.0[i], words.1[i], words.2[i], words.3[i]) == block)
      }
    }
  }

  @Test(arguments: [
    (SIMD4<UInt32>(0, 0, 0, 0), SIMD2<UInt32>(0, 0), SIMD4<UInt32>(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)),
    (
      SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
      SIMD4<UInt32>(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)
    ),
    (
      SIMD4<UInt32>(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344), SIMD2<UInt32>(0xA409_3822, 0x299F_31D0),
      SIMD4<UInt32>(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
    ),
  ])
  func knownAnswers(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, expected: SIMD4<UInt32>) {
    #expect(Philox.block(counter: counter, key: key) == expected)
  }

  @Test func streamsDependOnEveryPartOfTheirKey() {
    func first(_ seed: UInt64, _ purpose: Purpose, _ index: UInt64) -> UInt64 {
      var stream = RandomStream(seed: seed, purpose: purpose, index: index)
      return stream.next()
    }
    let base = first(1, .dropout, 0)
    #expect(first(1, .dropout, 0) == base)
    #expect(first(2, .dropout, 0) != base)
    #expect(first(1 << 32 | 1, .dropout, 0) != base)
    #expect(first(1, .epochOrder, 0) != base)
    #expect(first(1, .dropout, 1) != base)
    #expect(first(1, .dropout, 1 << 32) != base)
  }

  @Test func boundedDrawsAreUniform() {
    var stream = RandomStream(seed: 3, purpose: .test)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[stream.below(7)] += 1 }
    for count in counts { #expect(abs(count - 10_000) < 400) }
  }

  @Test func normalDrawsHaveUnitVariance() {
    var stream = RandomStream(seed: 4, purpose: .test)
    let draws = (0..<50_000).map { _ in stream.normal() }
    let mean = draws.reduce(0, +) / 50_000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 50_000
    #expect(abs(mean) < 0.02)
    #expect(abs(variance - 1) < 0.03)
  }

  @Test func permutationsHoldEveryIndexOnce() {
    var stream = RandomStream(seed: 5, purpose: .test)
    #expect(stream.permutation(100).sorted() == Array(0..<100))
  }
}
