// Root-mean-square normalisation of rows. The per-head norm of queries and keys is part of Attention.swift.

/// y[n] = g ⊙ x[n] / √(mean(x[n]²) + ε), with x, y [N, D] and g [D].
///
/// Source: Zhang and Sennrich 2019; Hugging Face `Qwen3RMSNorm`.
public final class RMSNorm: Operation {
  let input: Tensor
  let output: Tensor
  let gain: Floats
  let gainGradient: Floats
  let epsilon: Float
  let mode: GradientMode
  private let inverse: Floats  // [N], 1 / rms

  /// - Parameters:
  ///   - gain: the offset of g in `parameters`.
  ///   - mode: whether the gradient of `input` already holds another share (the residual stream's).
  public init(
    _ arena: Arena, _ parameters: ParameterBuffer, gain: Int, input: Tensor, output: Tensor, epsilon: Float,
    mode: GradientMode
  ) {
    parameters.requireInside(offset: gain, count: input.columns)
    self.input = input
    self.output = output
    self.gain = parameters.value + gain
    gainGradient = parameters.gradient + gain
    self.epsilon = epsilon
    self.mode = mode
    inverse = arena.floats(input.rows.capacity)
    requireShapes()
  }

  public func forward() {
    let width = input.columns
    for row in 0..<input.rows.count {
      let x = input.value + row * width
      let y = output.value + row * width
      var squares = Lanes.zero
      eachGroup(width) { i, n in
        let v = load(x + i, n)
        squares.addProduct(v, v)
      }
      let scale = 1 / (total(squares) / Float(width) + epsilon).squareRoot()
      inverse[row] = scale
      eachGroup(width) { i, n in store(load(x + i, n) * scale * load(gain + i, n), y + i, n) }
    }
  }

  /// dx = s (g ⊙ dy − x̂ mean(g ⊙ dy ⊙ x̂)), dg += dy ⊙ x̂, with s = 1 / rms and x̂ = s x.
  public func backward() {
    let width = input.columns
    for row in 0..<input.rows.count {
      let x = input.value + row * width
      let dy = output.gradient + row * width
      let dx = input.gradient + row * width
      let scale = inverse[row]
      var dots = Lanes.zero
      eachGroup(width) { i, n in
        let share = load(dy + i, n) * load(x + i, n)
        dots.addProduct(share, load(gain + i, n))
        store(load(gainGradient + i, n) + share * scale, gainGradient + i, n)
      }
      let pull = total(dots) * scale * scale * scale / Float(width)
      eachGroup(width) { i, n in
        let d = load(dy + i, n) * load(gain + i, n) * scale - load(x + i, n) * pull
        store(mode == .accumulate ? load(dx + i, n) + d : d, dx + i, n)
      }
    }
  }
}
