// Aligned memory that an engine allocates once and reuses for every step. What the memory means is in Tensor.swift.

import Basics
import Foundation

/// Owns every buffer of one model: 64-byte aligned, zeroed, freed together when the arena goes.
///
/// Each buffer is followed by 64 readable bytes, so that a kernel may load a full register at its end.
/// An arena belongs to one thread.
public final class Arena {
  private var blocks: [UnsafeMutableRawPointer] = []
  private var shared: (words: UnsafeMutablePointer<UInt16>, count: Int)?

  /// Bytes handed out so far.
  public private(set) var byteCount = 0

  /// How many buffers have been handed out: constant in the steady state.
  public var allocationCount: Int { blocks.count }

  public init() {}

  deinit { for block in blocks { free(block) } }

  /// `count` zeroed floats.
  public func floats(_ count: Int) -> UnsafeMutablePointer<Float> { allocate(count, of: Float.self) }

  /// A zeroed matrix.
  public func floats(_ rows: Int, _ columns: Int) -> UnsafeMutablePointer<Float> { floats(product(rows, columns)) }

  /// `count` zeroed 32-bit integers.
  public func integers(_ count: Int) -> UnsafeMutablePointer<Int32> { allocate(count, of: Int32.self) }

  /// A zeroed matrix of 16-bit words.
  public func words(_ rows: Int, _ columns: Int) -> UnsafeMutablePointer<UInt16> {
    allocate(product(rows, columns), of: UInt16.self)
  }

  /// At least as many 16-bit words, for what an operation needs while it runs: other operations have the same ones.
  public func sharedWords(_ count: Int) -> UnsafeMutablePointer<UInt16> {
    if let shared, shared.count >= count { return shared.words }
    let words = words(1, count)
    shared = (words, count)
    return words
  }

  /// `count` zeroed doubles.
  public func doubles(_ count: Int) -> UnsafeMutablePointer<Double> { allocate(count, of: Double.self) }

  private func allocate<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) -> UnsafeMutablePointer<Element>
  {
    require((0...Int.max >> 8).contains(count), "no memory holds \(count) elements")
    let bytes = (max(count, 1) * MemoryLayout<Element>.stride + 63) / 64 * 64 + 64
    let block = allocated(bytes, alignment: 64)
    block.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    blocks.append(block)
    byteCount += bytes
    return block.bindMemory(to: type, capacity: count)
  }
}
