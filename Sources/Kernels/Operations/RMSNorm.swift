// Root-mean-square normalisation of rows. The per-head norm of queries and keys is part of Attention.swift.

import Tensors

/// y[n] = g ⊙ x[n] / √(mean(x[n]²) + ε), with x, y [N, D] and g [D].
///
/// Source: Zhang and Sennrich 2019; Hugging Face `Qwen3RMSNorm`.
final class RMSNorm: Operation {
  let input: Tensor
  let output: Tensor
  private let parameters: ParameterBuffer
  private let offset: Int
  private var gain: Floats { parameters.value + offset }
  private var gainGradient: Floats { parameters.gradient + offset }
  let epsilon: Float
  let mode: GradientMode
  private let inverse: Floats  // [N], 1 / rms

  /// - Parameters:
  ///   - gain: the offset of g in `parameters`.
  ///   - mode: whether the gradient of `input` already holds another share (the residual stream's).
  init(
    _ arena: Arena, _ parameters: ParameterBuffer, gain: Int, input: Tensor, output: Tensor, epsilon: Float,
    mode: GradientMode
  ) {
    parameters.requireInside(offset: gain, count: input.columns)
    self.input = input
    self.output = output
    self.parameters = parameters
    offset = gain
    self.epsilon = epsilon
    self.mode = mode
    inverse = arena.floats(input.rows.capacity)
    requireShapes()
  }

  func forward() {
    let width = input.columns
    let gain = gain
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
  func backward() {
    // Some rows at a time: the gain's gradient by columns, held in registers, then the rows while they are in cache.
    for first in stride(from: 0, to: input.rows.count, by: 64) {
      let rows = first..<min(first + 64, input.rows.count)
      accumulateGainGradient(rows)
      pullBack(rows)
    }
  }

  private func accumulateGainGradient(_ rows: Range<Int>) {
    let width = input.columns
    let gainGradient = gainGradient
    eachGroup(width) { i, n in
      let x = input.value + i
      let dy = output.gradient + i
      var even = load(gainGradient + i, n), odd = Lanes.zero
      var row = rows.lowerBound
      while row &+ 1 < rows.upperBound {
        let next = row &+ 1
        even.addProduct(load(dy + row &* width) * load(x + row &* width), Lanes(repeating: inverse[row]))
        odd.addProduct(load(dy + next &* width) * load(x + next &* width), Lanes(repeating: inverse[next]))
        row &+= 2
      }
      if row < rows.upperBound {
        even.addProduct(load(dy + row &* width) * load(x + row &* width), Lanes(repeating: inverse[row]))
      }
      store(even + odd, gainGradient + i, n)
    }
  }

  private func pullBack(_ rows: Range<Int>) {
    let width = input.columns
    let gain = gain
    for row in rows {
      let x = input.value + row * width
      let dy = output.gradient + row * width
      let dx = input.gradient + row * width
      let scale = inverse[row]
      var dots = Lanes.zero
      eachGroup(width) { i, n in dots.addProduct(load(dy + i, n) * load(x + i, n), load(gain + i, n)) }
      let pull = total(dots) * scale * scale * scale / Float(width)
      eachGroup(width) { i, n in
        let d = load(dy + i, n) * load(gain + i, n) * scale - load(x + i, n) * pull
        store(mode == .accumulate ? load(dx + i, n) + d : d, dx + i, n)
      }
    }
  }
}
