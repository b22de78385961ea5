// Reverse-mode differentiation over coarse operations: a fixed list, run forwards and then backwards.

/// A differentiable step: it reads its inputs' values and writes its output's, and on the way back reads its output's
/// gradient and writes or adds to its inputs' and parameters' gradients.
///
/// Every operation owns the memory it needs from the start; neither direction allocates.
public protocol Operation: AnyObject {
  func forward()
  func backward()
}

/// What an operation does to the gradient of its input on the way back.
public enum GradientMode: Sendable {
  /// The operation is the first in backward order to reach this gradient.
  case overwrite
  /// Something behind it has already put its share there.
  case accumulate
}

/// The operations of a model in forward order.
///
/// The tape is recorded once, when the model is built; a batch only changes the axes' extents. It is a tape and not a
/// graph: what several operations read (the residual stream) is expressed by their `GradientMode`.
public final class Tape {
  private var operations: [any Operation] = []

  public init() {}

  public func record(_ operation: any Operation) { operations.append(operation) }

  public func forward() { for operation in operations { operation.forward() } }

  public func backward() { for operation in operations.reversed() { operation.backward() } }
}
