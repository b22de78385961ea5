// The optimiser's arithmetic over one contiguous buffer. Schedules and policy are in Training.

import Tensors

extension AdamWMoments {
  /// One update from the gradients in `parameters`, which are multiplied by the step's scale and then cleared.
  func update(_ parameters: ParameterBuffer, _ step: AdamWStep) {
    require(parameters.count == count, "moments of \(count) parameters for \(parameters.count)")
    let rate = Float(step.learningRate / (1 - power(step.beta1, step.step)))
    let root = Float(1 / (1 - power(step.beta2, step.step)).squareRoot())
    let b1 = Float(step.beta1), b2 = Float(step.beta2)
    let c1 = Float(1 - step.beta1), c2 = Float(1 - step.beta2)
    let small = Float(step.epsilon)
    let gradientScale = step.gradientScale
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
    pass(0..<parameters.decayed, keep: Float(1 - step.learningRate * step.decay))
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

/// ‖g‖₂ over all parameters, after `others` have been added to g in their order and cleared.
func norm(ofGradientsIn parameters: ParameterBuffer, adding others: [Floats] = []) -> Double {
  var sums = SIMD16<Float>.zero
  var sum = 0.0
  others.withUnsafeBufferPointer { others in
    eachGroup(parameters.count) { i, n in
      var g = load(parameters.gradient + i, n)
      if !others.isEmpty {
        for other in others {
          g += load(other + i, n)
          store(.zero, other + i, n)
        }
        store(g, parameters.gradient + i, n)
      }
      sums.addProduct(g, g)
      if i & 0xFFF0 == 0xFFF0 {  // every 65 536 elements, so that a long sum keeps its precision
        sum += Double(total(sums))
        sums = .zero
      }
    }
  }
  return (sum + Double(total(sums))).squareRoot()
}
