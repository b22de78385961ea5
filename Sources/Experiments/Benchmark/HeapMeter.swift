// Counts heap objects, to show that a steady state allocates none. The Swift runtime calls its allocator through a pointer
// that tools may replace; nothing but the benchmark and a test does.

import Foundation
import Synchronization

private let counted = Atomic<Int>(0)
private typealias Allocator = @convention(c) (UnsafeRawPointer?, Int, Int) -> UnsafeMutableRawPointer?
nonisolated(unsafe) private var original: Allocator?

/// Counts the Swift objects (arrays, closures' contexts, class instances) that the whole process allocates.
public enum HeapMeter {
  /// Allocations while `body` runs, on all threads; nil where the runtime offers no hook.
  public static func allocations(during body: () throws -> Void) rethrows -> Int? {
    guard let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: 0), "_swift_allocObject") else {
      try body()
      return nil
    }
    let hook = symbol.assumingMemoryBound(to: Allocator?.self)
    original = hook.pointee
    counted.store(0, ordering: .relaxed)
    hook.pointee = { metadata, size, alignment in
      counted.add(1, ordering: .relaxed)
      return original?(metadata, size, alignment)
    }
    defer { hook.pointee = original }
    try body()
    return counted.load(ordering: .relaxed)
  }
}
