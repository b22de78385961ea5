// The optimiser's arithmetic beside the textbook in double precision, and the gradient's norm.

import Tensors
import Testing

@testable import Kernels

@Suite(.enabled(if: kernelsRunHere)) struct AdamWTests {
  static let shapes: [(name: String, shape: [Int])] = [
    ("a", [5, 7]), ("gain", [3]), ("b", [2, 3, 3]), ("norm", [17]),
  ]

  static func buffer(_ arena: Arena) -> ParameterBuffer {
    let parameters = ParameterBuffer(arena, shapes: shapes)
    put(normals(parameters.count, index: 30), parameters.value)
    return parameters
  }

  @Test func matricesComeFirst() {
    let arena = Arena()
    let parameters = Self.buffer(arena)
    #expect(parameters.slices.map(\.name) == ["a", "b", "gain", "norm"])
    #expect(parameters.slices.map(\.offset) == [0, 35, 53, 56])
    #expect(parameters.decayed == 53 && parameters.count == 73)
  }

  @Test func followsTheTextbookInDoublePrecision() {
    let arena = Arena()
    let parameters = Self.buffer(arena)
    let moments = AdamWMoments(arena, count: parameters.count)
    let (beta1, beta2, epsilon, decay, scale) = (0.9, 0.95, 1e-8, 0.1, 0.25)
    var theta = read(parameters.value, parameters.count).map(Double.init)
    var m = [Double](repeating: 0, count: parameters.count)
    var v = m
    var (b1, b2) = (1.0, 1.0)
    for step in 1...12 {
      let rate = 1e-2 / Double(step)
      let gradient = normals(parameters.count, scale: step % 3 == 0 ? 1e-3 : 2, index: UInt64(30 + step))
      put(gradient, parameters.gradient)
      let version = parameters.version
      moments.update(
        parameters,
        AdamWStep(
          step: step, learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay,
          gradientScale: Float(scale)))
      #expect(parameters.version != version)
      b1 *= beta1
      b2 *= beta2
      for i in theta.indices {
        let g = Double(gradient[i]) * scale
        m[i] = beta1 * m[i] + (1 - beta1) * g
        v[i] = beta2 * v[i] + (1 - beta2) * g * g
        if i < parameters.decayed { theta[i] *= 1 - rate * decay }
        theta[i] -= rate * (m[i] / (1 - b1)) / ((v[i] / (1 - b2)).squareRoot() + epsilon)
      }
      #expect(difference(read(parameters.value, parameters.count), theta) < 1e-6, "step \(step)")
      #expect(read(parameters.gradient, parameters.count).allSatisfy { $0 == 0 })
    }
    #expect(difference(read(moments.first, parameters.count), m) < 1e-6)
    #expect(difference(read(moments.second, parameters.count), v) < 1e-6)
  }

  @Test func decayActsOnMatricesOnly() {
    let arena = Arena()
    let parameters = Self.buffer(arena)
    let before = read(parameters.value, parameters.count)
    AdamWMoments(arena, count: parameters.count).update(
      parameters,
      AdamWStep(
        step: 1, learningRate: 0.5, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, decay: 0.25, gradientScale: 1))
    for i in 0..<parameters.count {
      #expect(parameters.value[i] == (i < parameters.decayed ? before[i] * 0.875 : before[i]), "element \(i)")
    }
  }

  @Test func gradientNormIsEuclidean() {
    let arena = Arena()
    let parameters = ParameterBuffer(arena, shapes: [("a", [3, 50_001]), ("b", [7])])
    let gradient = normals(parameters.count, index: 29)
    put(gradient, parameters.gradient)
    let exact = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(abs(norm(ofGradientsIn: parameters) - exact) < 1e-6 * exact)
  }

  /// One long sum in single precision would be off by more than a part in a thousand here.
  @Test func gradientNormOfManyEqualElements() {
    let arena = Arena()
    let parameters = ParameterBuffer(arena, shapes: [("a", [1 << 20, 2])])
    parameters.gradient.update(repeating: 0.1, count: parameters.count)
    let exact = Double(Float(0.1)) * Double(parameters.count).squareRoot()
    #expect(abs(norm(ofGradientsIn: parameters) - exact) < 1e-4 * exact)
  }

  @Test(arguments: [0, 15, 16, 65_535, 65_536, 70_001])
  func gradientNormSeesEveryElement(place: Int) {
    let arena = Arena()
    let parameters = ParameterBuffer(arena, shapes: [("a", [70_002])])
    parameters.gradient[place] = 3
    #expect(norm(ofGradientsIn: parameters) == 3)
    parameters.gradient[place] = .nan
    #expect(norm(ofGradientsIn: parameters).isNaN)
    parameters.gradient[place] = .infinity
    #expect(norm(ofGradientsIn: parameters) == .infinity)
    parameters.clearGradients()
    #expect(norm(ofGradientsIn: parameters) == 0)
  }
}
