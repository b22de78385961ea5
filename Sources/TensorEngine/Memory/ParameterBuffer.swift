// All parameters of a model in one buffer, with gradients of the same layout. Their meaning is the transformer's concern.

/// One named parameter: a slice of the buffer.
public struct ParameterSlice: Sendable, Hashable {
  public let name: String
  public let shape: [Int]
  public let offset: Int
  public var count: Int { shape.reduce(1, *) }
}

/// The parameters of one model, contiguous, matrices first: elements 0..<`decayed` belong to tensors of rank two or more
/// (the ones that weight decay acts on), the rest to vectors.
public final class ParameterBuffer {
  public let slices: [ParameterSlice]
  public let count: Int
  public let decayed: Int
  public let value: UnsafeMutablePointer<Float>
  public let gradient: UnsafeMutablePointer<Float>

  /// Incremented whenever values change, so that packed copies know that they are stale.
  public private(set) var version = 1

  /// Lays out `shapes` in order, matrices before vectors. Every slice starts where the one before it ends, so that
  /// matrices declared one after the other can be used as one.
  public init(_ arena: Arena, shapes: [(name: String, shape: [Int])]) {
    var slices: [ParameterSlice] = []
    var offset = 0
    var decayed = 0
    for isVector in [false, true] {
      for (name, shape) in shapes where (shape.count == 1) == isVector {
        let count = shape.reduce(1) { product($0, $1) }
        require(count <= Int.max / 8 - offset, "no memory holds the parameters up to \(name)")
        slices.append(ParameterSlice(name: name, shape: shape, offset: offset))
        offset += count
      }
      if !isVector { decayed = offset }
    }
    self.slices = slices
    self.decayed = decayed
    count = offset
    value = arena.floats(offset)
    gradient = arena.floats(offset)
  }

  /// The slice of that name.
  public func slice(_ name: String) -> ParameterSlice? { slices.first { $0.name == name } }

  /// The slice's values, row by row.
  public func values(of slice: ParameterSlice) -> [Float] {
    requireInside(offset: slice.offset, count: slice.count)
    return Array(UnsafeBufferPointer(start: value + slice.offset, count: slice.count))
  }

  /// The slice's gradients, row by row.
  public func gradients(of slice: ParameterSlice) -> [Float] {
    requireInside(offset: slice.offset, count: slice.count)
    return Array(UnsafeBufferPointer(start: gradient + slice.offset, count: slice.count))
  }

  /// Overwrites a slice. `newValues` must have the slice's count.
  public func set(_ slice: ParameterSlice, to newValues: [Float]) {
    requireInside(offset: slice.offset, count: slice.count)
    require(newValues.count == slice.count, "\(slice.name) has \(slice.count) elements, not \(newValues.count)")
    newValues.withUnsafeBufferPointer {
      (value + slice.offset).update(from: $0.baseAddress ?? .init(value), count: slice.count)
    }
    markChanged()
  }

  /// To be called after writing to `value` directly.
  public func markChanged() { version += 1 }

  /// Sets every gradient to zero.
  public func clearGradients() { gradient.update(repeating: 0, count: count) }
}
