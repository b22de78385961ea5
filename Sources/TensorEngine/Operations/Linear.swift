// Linear maps without bias: from one tensor to another, and onto a residual stream. The products are in Weight.swift.

/// y = x · Wᵀ, x [N, inputs], W [outputs, inputs], y [N, outputs].
public final class Linear: Operation {
  let input: Tensor
  let weight: Weight
  let output: Tensor
  let mode: GradientMode

  public init(input: Tensor, weight: Weight, output: Tensor, mode: GradientMode = .overwrite) {
    self.input = input
    self.weight = weight
    self.output = output
    self.mode = mode
    requireShapes()
  }

  public func forward() {
    weight.apply(input.value, input.columns, rows: input.rows.count, into: output.value, output.columns)
  }

  public func backward() {
    let rows = input.rows.count
    weight.accumulateGradient(output.gradient, output.columns, input.value, input.columns, rows: rows)
    weight.pullBack(
      output.gradient, output.columns, rows: rows, into: input.gradient, input.columns,
      accumulating: mode == .accumulate)
  }
}

/// y = r + dropout(x · Wᵀ): the end of an attention or feed-forward block. r and y [N, D] share their gradient, which
/// passes through unchanged.
public final class ResidualLinear: Operation {
  let input: Tensor
  let weight: Weight
  let residual: Tensor
  let output: Tensor
  let dropout: DropoutMask?
  private let branch: Floats  // [N, D]: the branch alone, and on the way back its gradient; only with dropout

  public init(
    _ arena: Arena, input: Tensor, weight: Weight, residual: Tensor, output: Tensor, dropout: DropoutMask? = nil
  ) {
    self.input = input
    self.weight = weight
    self.residual = residual
    self.output = output
    self.dropout = dropout
    branch = arena.floats(dropout == nil ? 0 : output.rows.capacity, output.columns)
    requireShapes()
  }

  public func forward() {
    let rows = output.rows.count
    let width = output.columns
    guard let dropout, dropout.isActive else {
      weight.apply(input.value, input.columns, rows: rows, into: output.value, width, adding: residual.value)
      return
    }
    weight.apply(input.value, input.columns, rows: rows, into: branch, width)
    dropout.apply(to: branch, count: rows * width)
    eachGroup(rows * width) { i, n in store(load(residual.value + i, n) + load(branch + i, n), output.value + i, n) }
  }

  public func backward() {
    let rows = output.rows.count
    let width = output.columns
    var gradient = output.gradient
    if let dropout, dropout.isActive {
      branch.update(from: output.gradient, count: rows * width)
      dropout.reapply(to: branch, count: rows * width)
      gradient = branch
    }
    weight.accumulateGradient(gradient, width, input.value, input.columns, rows: rows)
    weight.pullBack(gradient, width, rows: rows, into: input.gradient, input.columns, accumulating: false)
  }
}
