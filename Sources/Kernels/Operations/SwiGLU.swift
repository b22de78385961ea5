// The gated activation of the feed-forward block.

import Tensors

/// y = silu(a) ⊙ b with x = [a, b], x [N, 2F], y [N, F], silu(a) = a / (1 + e^−a).
///
/// Source: Shazeer 2020, *GLU Variants Improve Transformer*; gate first, as Hugging Face stacks them.
final class SwiGLU: Operation {
  let input: Tensor
  let output: Tensor
  private let sigmoids: Floats  // [N, F], 1 / (1 + e^−a)

  init(_ arena: Arena, input: Tensor, output: Tensor) {
    self.input = input
    self.output = output
    sigmoids = arena.floats(output.rows.capacity, output.columns)
    requireShapes()
  }

  func forward() {
    Self.forward(input.value, output.value, sigmoids, rows: input.rows.count, width: output.columns)
  }

  func backward() {
    Self.backward(
      input.value, output.gradient, input.gradient, sigmoids, rows: input.rows.count, width: output.columns)
  }

  static func forward(_ x: Floats, _ y: Floats, _ sigmoids: Floats, rows: Int, width: Int) {
    for row in 0..<rows {
      let a = x + row * 2 * width
      let b = a + width
      let out = y + row * width
      let s = sigmoids + row * width
      eachGroup(width) { i, n in
        let gate = load(a + i, n)
        let sigmoid = 1 / (1 + exponential(-gate))
        store(sigmoid, s + i, n)
        store(gate * sigmoid * load(b + i, n), out + i, n)
      }
    }
  }

  static func backward(_ x: Floats, _ dy: Floats, _ dx: Floats, _ sigmoids: Floats, rows: Int, width: Int) {
    for row in 0..<rows {
      let a = x + row * 2 * width
      let b = a + width
      let d = dy + row * width
      let da = dx + row * 2 * width
      let db = da + width
      let s = sigmoids + row * width
      eachGroup(width) { i, n in
        let upstream = load(d + i, n)
        let sigmoid = load(s + i, n)
        let silu = load(a + i, n) * sigmoid
        store(upstream * load(b + i, n) * (sigmoid + silu * (1 - sigmoid)), da + i, n)
        store(upstream * silu, db + i, n)
      }
    }
  }
}
