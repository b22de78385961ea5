// The three products of a linear layer with factors rounded to bfloat16 and sums in float32. What an element of such a
// product is, and how it is computed, is in Sources/CBFloat16; all ways give the same bits.

import CBFloat16
import Tensors

/// How this module computes products of bfloat16.
enum BFloat16Products {
  /// The fastest way that the processor has, among those of the module's instruction set.
  static let way: BFloat16Way = {
    #if AVX512
      for way in [BFLOAT16_TILES, BFLOAT16_PAIRS] where bfloat16_usable(way) != 0 { return way }
    #endif
    return BFLOAT16_PLAIN
  }()
}

/// Packed copies of a matrix W [outputs, inputs], and room for the factors that it is multiplied with.
final class BFloat16Weight {
  private typealias Words = UnsafeMutablePointer<UInt16>

  private let outputs: Int
  private let inputs: Int
  private let way: BFloat16Way
  private let forwards: Words, backwards: Words  // Wᵀ and W as right factors
  private let left: Words, right: Words  // the factors of the product that is being computed

  /// Rows of a batch that a weight gradient takes at a time: whole blocks of 32 terms, so that no bit depends on it.
  private static let gradientRows = 512
  /// Elements of a left factor that are packed at a time, so that they stay in the second-level cache.
  private static let packedAtOnce = 1 << 16

  init(_ arena: Arena, outputs: Int, inputs: Int, way: BFloat16Way = BFloat16Products.way) {
    (self.outputs, self.inputs, self.way) = (outputs, inputs, way)
    func packedCount(_ extent: Int, _ terms: Int) -> Int { product(roundedUp(extent), (terms &+ 31) / 32 * 32) }
    forwards = arena.words(1, packedCount(outputs, inputs))
    backwards = arena.words(1, packedCount(inputs, outputs))
    let leftCount = [inputs, outputs].map { packedCount(32, $0) }.reduce(Self.packedAtOnce, max)
    left = arena.sharedWords(leftCount + packedCount(inputs, Self.gradientRows))
    right = left + leftCount
  }

  /// To be called when W has changed.
  func pack(_ value: Floats) {
    bfloat16_pack(way, BFLOAT16_RIGHT, value, outputs, inputs, inputs, 1, forwards)
    bfloat16_pack(way, BFLOAT16_RIGHT, value, inputs, outputs, 1, inputs, backwards)
  }

  /// y [rows, outputs] = (start +) x [rows, inputs] · Wᵀ.
  func apply(_ x: ReadFloats, _ xStep: Int, rows: Int, into y: Floats, _ yStep: Int, adding start: ReadFloats?) {
    eachPart(of: rows, terms: inputs) { first, count in
      bfloat16_pack(way, BFLOAT16_LEFT, x + first &* xStep, count, inputs, xStep, 1, left)
      bfloat16_product(
        way, count, outputs, inputs, left, forwards, y + first &* yStep, yStep, start.map { $0 + first &* yStep }, yStep
      )
    }
  }

  /// dx [rows, inputs] = (dx +) dy [rows, outputs] · W.
  func pullBack(_ dy: ReadFloats, _ dyStep: Int, rows: Int, into dx: Floats, _ dxStep: Int, accumulating: Bool) {
    eachPart(of: rows, terms: outputs) { first, count in
      let target = dx + first &* dxStep
      bfloat16_pack(way, BFLOAT16_LEFT, dy + first &* dyStep, count, outputs, dyStep, 1, left)
      bfloat16_product(
        way, count, inputs, outputs, left, backwards, target, dxStep, accumulating ? ReadFloats(target) : nil, dxStep)
    }
  }

  /// dW [outputs, inputs] += dyᵀ [outputs, rows] · x [rows, inputs].
  func accumulateGradient(
    _ dy: ReadFloats, _ dyStep: Int, _ x: ReadFloats, _ xStep: Int, rows: Int, into gradient: Floats
  ) {
    for row in stride(from: 0, to: rows, by: Self.gradientRows) {
      let terms = min(Self.gradientRows, rows - row)
      bfloat16_pack(way, BFLOAT16_RIGHT, x + row &* xStep, inputs, terms, 1, xStep, right)
      eachPart(of: outputs, terms: terms) { first, count in
        let target = gradient + first &* inputs
        bfloat16_pack(way, BFLOAT16_LEFT, dy + (row &* dyStep &+ first), count, terms, 1, dyStep, left)
        bfloat16_product(way, count, inputs, terms, left, right, target, inputs, ReadFloats(target), inputs)
      }
    }
  }

  /// Rows of a left factor that are packed at a time: as many as ``packedAtOnce`` has room for, terms being packed in
  /// blocks of 32, or 32 of many terms.
  private static func extentAtOnce(terms: Int) -> Int {
    max(32, packedAtOnce / max(32, (terms &+ 31) / 32 * 32) / 32 * 32)
  }

  @inline(__always) private func eachPart(of extent: Int, terms: Int, _ body: (Int, Int) -> Void) {
    let atOnce = Self.extentAtOnce(terms: terms)
    for first in stride(from: 0, to: extent, by: atOnce) { body(first, min(atOnce, extent - first)) }
  }
}
