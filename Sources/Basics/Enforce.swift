// Checks that guard memory, outside the kernels. The kernels and the tensors have their own, which are compiled into them.

/// Ends the program with the message unless the condition holds, in every build: under `-Ounchecked` a `precondition` is a
/// promise to the compiler instead of a check.
@inlinable public func enforce(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}
