// Matrices of activations with their gradients, and the axes that say how many of their rows are in use.

/// A dimension whose extent changes from batch to batch, within a fixed capacity: the tokens of a batch, or those of
/// them whose logits are wanted.
public final class Axis {
  public let capacity: Int
  public var count: Int {
    didSet { require((0...capacity).contains(count), "\(count) rows where there is memory for \(capacity)") }
  }

  public init(capacity: Int) {
    require(capacity >= 0, "an axis of \(capacity) rows")
    self.capacity = capacity
    count = capacity
  }
}

/// A row-major matrix [rows, columns] of activations and, beside it, the gradient of the loss with respect to it.
///
/// Several tensors may share one gradient buffer: along a residual stream the gradient is updated in place.
public final class Tensor {
  public let rows: Axis
  public let columns: Int
  public let value: UnsafeMutablePointer<Float>
  public let gradient: UnsafeMutablePointer<Float>

  /// A new tensor. `sharingGradientOf` makes it use another tensor's gradient buffer of the same shape;
  /// `gradientReplacesValue` lets the gradient overwrite the values, where nothing reads them on the way back.
  public init(
    _ arena: Arena, rows: Axis, columns: Int, sharingGradientOf other: Tensor? = nil,
    gradientReplacesValue: Bool = false
  ) {
    self.rows = rows
    self.columns = columns
    value = arena.floats(rows.capacity, columns)
    gradient = gradientReplacesValue ? value : other?.gradient ?? arena.floats(rows.capacity, columns)
    other?.requireShape(of: self)
  }

  /// The rows in use, copied out row by row.
  public var values: [Float] { Array(UnsafeBufferPointer(start: value, count: rows.count * columns)) }
}
