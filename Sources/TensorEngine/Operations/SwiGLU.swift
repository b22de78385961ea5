// The gated activation of the feed-forward block.

/// y = silu(a) ⊙ b with x = [a, b], x [N, 2F], y [N, F], silu(a) = a / (1 + e^−a).
///
/// Source: Shazeer 2020, *GLU Variants Improve Transformer*; gate first, as Hugging Face stacks them.
public final class SwiGLU: Operation {
  let input: Tensor
  let output: Tensor

  public init(input: Tensor, output: Tensor) {
    self.input = input
    self.output = output
    requireShapes()
  }

  public func forward() { Self.forward(input.value, output.value, rows: input.rows.count, width: output.columns) }

  public func backward() {
    Self.backward(input.value, output.gradient, input.gradient, rows: input.rows.count, width: output.columns)
  }

  static func forward(_ x: Floats, _ y: Floats, rows: Int, width: Int) {
    for row in 0..<rows {
      let a = x + row * 2 * width
      let b = a + width
      let out = y + row * width
      eachGroup(width) { i, n in
        let gate = load(a + i, n)
        store(gate / (1 + exponential(-gate)) * load(b + i, n), out + i, n)
      }
    }
  }

  static func backward(_ x: Floats, _ dy: Floats, _ dx: Floats, rows: Int, width: Int) {
    for row in 0..<rows {
      let a = x + row * 2 * width
      let b = a + width
      let d = dy + row * width
      let da = dx + row * 2 * width
      let db = da + width
      eachGroup(width) { i, n in
        let gate = load(a + i, n)
        let upstream = load(d + i, n)
        let sigmoid = 1 / (1 + exponential(-gate))
        let silu = gate * sigmoid
        store(upstream * load(b + i, n) * (sigmoid + silu * (1 - sigmoid)), da + i, n)
        store(upstream * silu, db + i, n)
      }
    }
  }
}
