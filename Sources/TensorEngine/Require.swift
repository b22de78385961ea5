// Bounds that guard memory. The engine is compiled with -Ounchecked, under which `precondition` is a promise to the
// compiler instead of a check; what stands here is checked in every build. It is called where operations are made and
// where a batch enters them, never inside a kernel's loops.

/// Ends the program with the message unless the condition holds.
@inline(__always) func require(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { refuse(message()) }
}

/// `fatalError` stops in every build, `preconditionFailure` does not. (Not inlined, so that a check costs a branch.)
@inline(never) func refuse(_ message: String) -> Never { fatalError(message) }

/// a · b of two extents.
@inline(__always) func product(_ a: Int, _ b: Int) -> Int {
  let (result, overflow) = a.multipliedReportingOverflow(by: b)
  require(a >= 0 && b >= 0 && !overflow, "no memory has the extent \(a) × \(b)")
  return result
}

/// Every index lies in 0..<bound.
func requireIndices(_ indices: UnsafePointer<Int32>, count: Int, below bound: Int, _ what: @autoclosure () -> String) {
  var outside = 0
  for i in 0..<count { outside |= UInt32(bitPattern: indices[i]) < UInt32(clamping: bound) ? 0 : 1 }
  require(outside == 0, what())
}

extension ParameterBuffer {
  /// `count` elements from `offset` on belong to the buffer.
  func requireInside(offset: Int, count needed: Int) {
    require(
      offset >= 0 && needed >= 0 && offset <= count - needed,
      "elements \(offset)..<\(offset) + \(needed) are outside a buffer of \(count) parameters")
  }
}

extension Tensor {
  /// As many rows as another tensor can have.
  func requireRows(atLeast other: Tensor) {
    require(
      rows.capacity >= other.rows.capacity,
      "a tensor of \(rows.capacity) rows beside one of \(other.rows.capacity)")
  }

  /// The same number of columns as another tensor, and as many rows as it can have.
  func requireShape(of other: Tensor) {
    require(columns == other.columns, "a tensor of \(columns) columns beside one of \(other.columns)")
    requireRows(atLeast: other)
  }
}
