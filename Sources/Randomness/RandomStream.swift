// Streams of random numbers keyed by (seed, purpose, index), and the draws that the project needs from them.
// There is no global generator and no state to save: a stream is recreated from its key.

import Foundation

/// What a stream of random numbers is for. Streams with different purposes are independent, so drawing more numbers for
/// one purpose never changes another.
public enum Purpose: UInt32, Sendable, CaseIterable {
  case initialisation = 1
  case epochOrder = 2
  case diffusionMask = 3
  case inputNoise = 4
  case dropout = 5
  case corpusWorld = 6
  case corpusDocuments = 7
  case corpusItems = 8
  case corpusSplit = 9
  case likelihoodMask = 10
  case sampling = 11
  case statistics = 12
  case test = 13
  case corpusQuality = 14
  case validationDocuments = 15
  case frozenMask = 16
  case sampleLengths = 17
  case stratifiedTime = 18
  case readingOrder = 20
  case freshOrder = 21
  case likelihoodOrder = 22
  case blockMask = 23
  case ensembleMember = 24
}

/// A reproducible sequence of random numbers: word i of the stream is a pure function of (seed, purpose, index, i).
///
/// The seed is Philox's key; the counter holds the block number, the index and the purpose.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private let key: SIMD2<UInt32>
  private var counter: SIMD4<UInt32>
  private var words = SIMD4<UInt32>(repeating: 0)
  private var used = 4

  /// - Parameters:
  ///   - seed: the run's seed.
  ///   - purpose: what the numbers are for.
  ///   - index: which of the streams with this purpose, for example the training step or the document.
  public init(seed: UInt64, purpose: Purpose, index: UInt64 = 0) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = SIMD4(0, UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), purpose.rawValue)
  }

  /// The next 32 random bits.
  public mutating func word() -> UInt32 {
    if used == 4 {
      words = Philox.block(counter: counter, key: key)
      counter.x &+= 1
      used = 0
    }
    defer { used += 1 }
    return words[used]
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let low = UInt64(word())
    return low | UInt64(word()) << 32
  }

  /// Uniform in [0, 1), with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in [0, 1), with 24 random bits.
  public mutating func uniformFloat() -> Float { Float(word() >> 8) * 0x1p-24 }

  /// Standard normal, by the Box–Muller transform (one value of each pair is used).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// Uniform in 0..<bound, without bias (Lemire's method).
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0 && bound <= Int(UInt32.max), "below(_:) needs a bound in 1...2³²−1")
    let range = UInt32(bound)
    var product = UInt64(word()) * UInt64(range)
    if UInt32(truncatingIfNeeded: product) < range {
      let threshold = (0 &- range) % range
      while UInt32(truncatingIfNeeded: product) < threshold { product = UInt64(word()) * UInt64(range) }
    }
    return Int(product >> 32)
  }

  /// One element, each with equal probability.
  public mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// True with the given probability.
  public mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// Fisher–Yates shuffle in place.
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) { elements.swapAt(last, below(last + 1)) }
  }

  /// A random permutation of 0..<count.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    permute(&order)
    return order
  }

  /// Fills `order` with a random permutation of its indices: ``permutation(_:)`` in memory that is there already.
  public mutating func permute(_ order: inout [Int]) {
    for i in order.indices { order[i] = i }
    guard order.count > 1 else { return }
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      let other = below(last + 1)
      (order[last], order[other]) = (order[other], order[last])
    }
  }
}
