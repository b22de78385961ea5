// Operations that move whole rows: embedding look-up and the choice of some rows out of many. N rows, D columns.

/// y[n] = E[token[n]], E [vocabulary, D].
public final class EmbeddingLookup: Operation {
  let tokens: UnsafeMutablePointer<Int32>
  let table: Weight
  let output: Tensor
  let dropout: DropoutMask?

  /// `tokens` holds as many ids as `output` has rows in use, each below the table's row count.
  public init(tokens: UnsafeMutablePointer<Int32>, table: Weight, output: Tensor, dropout: DropoutMask? = nil) {
    self.tokens = tokens
    self.table = table
    self.output = output
    self.dropout = dropout
    requireShapes()
  }

  public func forward() {
    requireTokens()
    let width = output.columns
    for row in 0..<output.rows.count {  // y [N, D]
      (output.value + row * width).update(from: table.value + Int(tokens[row]) * width, count: width)
    }
    dropout?.apply(to: output.value, count: output.rows.count * width)
  }

  public func backward() {
    let width = output.columns
    dropout?.reapply(to: output.gradient, count: output.rows.count * width)
    for row in 0..<output.rows.count {
      let source = output.gradient + row * width
      let target = table.gradient + Int(tokens[row]) * width
      eachGroup(width) { i, n in store(load(target + i, n) + load(source + i, n), target + i, n) }
    }
  }
}

/// y[m] = x[index[m]]: the rows whose logits are wanted. On the way back the other rows' gradient is zero.
public final class RowGather: Operation {
  let input: Tensor
  let indices: UnsafeMutablePointer<Int32>
  let output: Tensor

  /// `indices` holds as many distinct rows of `input` as `output` has rows in use.
  public init(input: Tensor, indices: UnsafeMutablePointer<Int32>, output: Tensor) {
    self.input = input
    self.indices = indices
    self.output = output
    requireShapes()
  }

  public func forward() {
    requireRows()
    let width = input.columns
    for row in 0..<output.rows.count {
      (output.value + row * width).update(from: input.value + Int(indices[row]) * width, count: width)
    }
  }

  public func backward() {
    let width = input.columns
    input.gradient.update(repeating: 0, count: input.rows.count * width)
    for row in 0..<output.rows.count {
      (input.gradient + Int(indices[row]) * width).update(from: output.gradient + row * width, count: width)
    }
  }
}
