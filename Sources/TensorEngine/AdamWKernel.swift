// The optimiser's arithmetic over one contiguous buffer. Schedules and policy are in Training.

/// First and second moments of every parameter, and the fused update.
///
/// For each element: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ (1 − lr λ) − lr m̂ / (√v̂ + ε), with m̂ and v̂
/// corrected for their start at zero. λ acts on matrices only. Source: Loshchilov and Hutter 2019; `torch.optim.AdamW`.
public final class AdamWMoments {
  public let count: Int
  public let first: UnsafeMutablePointer<Float>
  public let second: UnsafeMutablePointer<Float>

  public init(_ arena: Arena, count: Int) {
    self.count = count
    first = arena.floats(count)
    second = arena.floats(count)
  }

  /// One update from the gradients in `parameters`, which are multiplied by `gradientScale` and then cleared.
  ///
  /// - Parameters:
  ///   - step: one for the first update.
  ///   - decay: λ, the decoupled weight decay.
  public func update(
    _ parameters: ParameterBuffer, step: Int, learningRate: Double, beta1: Double, beta2: Double, epsilon: Double,
    decay: Double,
    gradientScale: Float
  ) {
    require(parameters.count == count, "moments of \(count) parameters for \(parameters.count)")
    let correction1 = 1 - power(beta1, step)
    let correction2 = 1 - power(beta2, step)
    let rate = Float(learningRate / correction1)
    let root = Float(1 / correction2.squareRoot())
    let b1 = Float(beta1), b2 = Float(beta2)
    let c1 = Float(1 - beta1), c2 = Float(1 - beta2)
    let small = Float(epsilon)
    func pass(_ range: Range<Int>, keep: Float) {
      eachGroup(range.count) { offset, n in
        let i = range.lowerBound &+ offset
        let g = load(parameters.gradient + i, n) * gradientScale
        let m = load(first + i, n) * b1 + g * c1
        let v = load(second + i, n) * b2 + g * g * c2
        store(m, first + i, n)
        store(v, second + i, n)
        let move = m * rate / (squareRoots(v) * root + small)
        store(load(parameters.value + i, n) * keep - move, parameters.value + i, n)
        store(.zero, parameters.gradient + i, n)
      }
    }
    pass(0..<parameters.decayed, keep: Float(1 - learningRate * decay))
    pass(parameters.decayed..<parameters.count, keep: 1)
    parameters.markChanged()
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var factor = base
    var left = exponent
    while left > 0 {
      if left & 1 == 1 { result *= factor }
      factor *= factor
      left >>= 1
    }
    return result
  }
}

extension ParameterBuffer {
  /// ‖g‖₂ over all parameters.
  public var gradientNorm: Double {
    var sums = SIMD16<Float>.zero
    var sum = 0.0
    eachGroup(count) { i, n in
      let g = load(gradient + i, n)
      sums.addProduct(g, g)
      if i & 0xFFF0 == 0xFFF0 {  // every 65 536 elements, so that a long sum keeps its precision
        sum += Double(total(sums))
        sums = .zero
      }
    }
    return (sum + Double(total(sums))).squareRoot()
  }
}
