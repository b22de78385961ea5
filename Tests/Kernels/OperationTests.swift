// Every row-wise operation: its values beside double precision, its gradients beside difference quotients, and that
// rows not in use are left alone. Attention and the mixture of experts have files of their own.

import Foundation
import Tensors
import Testing

@testable import Kernels

@Suite(.enabled(if: kernelsRunHere)) struct OperationTests {
  /// Widths below, at and above the sixteen lanes.
  static let widths = [1, 6, 16, 19, 33]

  /// What stands behind the rows in use, values and gradients.
  static func tail(_ tensor: Tensor) -> [Float] {
    let used = tensor.rows.count * tensor.columns
    let rest = tensor.rows.capacity * tensor.columns - used
    return read(tensor.value + used, rest) + read(tensor.gradient + used, rest)
  }

  @Test(arguments: widths)
  func embeddingLookup(width: Int) {
    var bench = Bench([("table", [5, width])])
    let output = bench.tensor(Bench.axis(6), width)
    let tail = Self.tail(output)
    let ids = [3, 0, 3, 4, 3, 1]
    let table = WeightMatrix(bench.parameters, offset: 0, outputs: 5, inputs: width, backend: .native)
    let lookup = EmbeddingLookup(tokens: bench.integers(ids), table: table, output: output)
    lookup.forward()
    for (row, id) in ids.enumerated() {
      #expect(read(output.value + row * width, width) == read(bench.parameters.value + id * width, width))
    }
    GradientCheck(lookup, output: output, parameters: bench.parameters).run()
    #expect(Self.tail(output) == tail)
  }

  @Test func embeddingLookupWithDropout() {
    var bench = Bench([("table", [5, 7])])
    let output = bench.tensor(Bench.axis(4), 7)
    let clock = DropoutClock()
    clock.isTraining = true
    let mask = DropoutMask(bench.arena, rate: 0.4, clock: clock, layer: 0, capacity: 6 * 7)
    let table = WeightMatrix(bench.parameters, offset: 0, outputs: 5, inputs: 7, backend: .native)
    let lookup = EmbeddingLookup(tokens: bench.integers([1, 2, 2, 0]), table: table, output: output, dropout: mask)
    GradientCheck(lookup, output: output, parameters: bench.parameters).run()
    #expect(output.values.contains(0))
  }

  @Test(arguments: widths)
  func rowGather(width: Int) {
    var bench = Bench()
    let input = bench.tensor(Bench.axis(5), width)
    let output = bench.tensor(Bench.axis(3), width)
    let tails = (Self.tail(input), Self.tail(output))
    let gather = RowGather(input: input, indices: bench.integers([0, 3, 4]), output: output)
    var check = GradientCheck(gather, output: output, parameters: bench.parameters)
    check.vary("x", input)
    check.run()
    gather.forward()
    for (row, source) in [0, 3, 4].enumerated() {
      #expect(read(output.value + row * width, width) == read(input.value + source * width, width))
    }
    #expect(Self.tail(input) == tails.0 && Self.tail(output) == tails.1)
  }

  @Test(arguments: widths, [GradientMode.overwrite, .accumulate])
  func rmsNorm(width: Int, mode: GradientMode) {
    var bench = Bench([("gain", [width])])
    let rows = Bench.axis(3)
    let input = bench.tensor(rows, width)
    let output = bench.tensor(rows, width)
    let tails = (Self.tail(input), Self.tail(output))
    let epsilon = 1e-2
    let norm = RMSNorm(
      bench.arena, bench.parameters, gain: 0, input: input, output: output, epsilon: Float(epsilon), mode: mode)
    norm.forward()
    let expected = (0..<3).flatMap { row -> [Double] in
      let x = read(input.value + row * width, width).map(Double.init)
      let rms = (x.reduce(0) { $0 + $1 * $1 } / Double(width) + epsilon).squareRoot()
      return x.indices.map { x[$0] / rms * Double(bench.parameters.value[$0]) }
    }
    #expect(difference(output.values, expected) < 1e-6)
    var check = GradientCheck(norm, output: output, parameters: bench.parameters)
    check.vary("x", input, mode: mode)
    check.run(step: 3e-3, tolerance: 5e-3)
    #expect(Self.tail(input) == tails.0 && Self.tail(output) == tails.1)
  }

  static let maps = [(1, 1), (5, 3), (16, 33), (19, 16), (33, 7)]

  @Test(arguments: maps, ProductBackend.allCases)
  func linear(map: (inputs: Int, outputs: Int), backend: ProductBackend) {
    for mode in [GradientMode.overwrite, .accumulate] {
      var bench = Bench([("weight", [map.outputs, map.inputs])])
      let rows = Bench.axis(5)
      let input = bench.tensor(rows, map.inputs)
      let output = bench.tensor(rows, map.outputs)
      let tails = (Self.tail(input), Self.tail(output))
      let weight = Weight(
        bench.arena, bench.parameters, offset: 0, outputs: map.outputs, inputs: map.inputs, backend: backend)
      var check = GradientCheck(
        Linear(input: input, weight: weight, output: output, mode: mode), output: output, parameters: bench.parameters)
      check.vary("x", input, mode: mode)
      check.run()
      #expect(Self.tail(input) == tails.0 && Self.tail(output) == tails.1)
    }
  }

  @Test(arguments: maps, [nil, 0.4] as [Float?])
  func residualLinear(map: (inputs: Int, outputs: Int), dropout: Float?) {
    for backend in ProductBackend.allCases {
      var bench = Bench([("weight", [map.outputs, map.inputs])])
      let rows = Bench.axis(5)
      let input = bench.tensor(rows, map.inputs)
      let residual = bench.tensor(rows, map.outputs)
      let output = bench.tensor(rows, map.outputs, sharingGradientOf: residual)
      let tails = (Self.tail(input), Self.tail(output))
      let weight = Weight(
        bench.arena, bench.parameters, offset: 0, outputs: map.outputs, inputs: map.inputs, backend: backend)
      let clock = DropoutClock()
      clock.isTraining = true
      let mask = dropout.map {
        DropoutMask(bench.arena, rate: $0, clock: clock, layer: 2, capacity: rows.capacity * map.outputs)
      }
      let operation = ResidualLinear(
        bench.arena, input: input, weight: weight, residual: residual, output: output, dropout: mask)
      var check = GradientCheck(operation, output: output, parameters: bench.parameters)
      check.vary("x", input)
      check.vary("residual", residual)
      check.run()
      #expect(Self.tail(input) == tails.0 && Self.tail(output) == tails.1)

      clock.isTraining = false  // then dropout does nothing
      operation.forward()
      let product = referenceProduct(
        rows: 5, columns: map.outputs, terms: map.inputs, a: input.value, aRow: map.inputs, aTerm: 1,
        b: weight.value, bTerm: 1, bColumn: map.inputs)
      #expect(difference(output.values, zip(product, residual.values).map { $0 + Double($1) }) < 1e-5)
    }
  }

  @Test(arguments: widths)
  func swiGLU(width: Int) {
    var bench = Bench()
    let rows = Bench.axis(3)
    let input = bench.tensor(rows, 2 * width)
    let output = bench.tensor(rows, width)
    let tails = (Self.tail(input), Self.tail(output))
    let operation = SwiGLU(bench.arena, input: input, output: output)
    operation.forward()
    let expected = (0..<3).flatMap { row in
      (0..<width).map { i -> Double in
        let (a, b) = (Double(input.value[row * 2 * width + i]), Double(input.value[row * 2 * width + width + i]))
        return a / (1 + exp(-a)) * b
      }
    }
    #expect(difference(output.values, expected) < 1e-6)
    var check = GradientCheck(operation, output: output, parameters: bench.parameters)
    check.vary("x", input)
    check.run()
    #expect(Self.tail(input) == tails.0 && Self.tail(output) == tails.1)
  }

  @Test func swiGLUSaturates() {
    var bench = Bench()
    let rows = Axis(capacity: 1)
    let input = bench.tensor(rows, 8)
    let output = bench.tensor(rows, 4)
    put([-1e30, -200, 200, 1e30, 1, 1, 1, 1], input.value)
    put([1, 1, 1, 1], output.gradient)
    let operation = SwiGLU(bench.arena, input: input, output: output)
    operation.forward()
    #expect(abs(output.value[1]) < 1e-30 && output.value[2] == 200 && output.value[3] == 1e30)
    operation.backward()
    for i in 0..<8 { #expect(input.gradient[i].isFinite) }
  }

  @Test(arguments: [1, 3, 16, 21, 40])
  func crossEntropy(vocabulary: Int) {
    var bench = Bench()
    let logits = bench.tensor(Bench.axis(4), vocabulary)
    let tail = Self.tail(logits)
    let operation = CrossEntropy(bench.arena, logits: logits)
    let weights: [Float] = [0.7, 0, 1.5, -0.25]
    put(weights, operation.weights)
    for row in 0..<4 { operation.targets[row] = Int32((row * 7 + 2) % vocabulary) }
    operation.forward()
    var expected: [Double] = []
    for row in 0..<4 {
      let z = read(logits.value + row * vocabulary, vocabulary).map(Double.init)
      expected.append(log(z.reduce(0) { $0 + exp($1) }) - z[Int(operation.targets[row])])
    }
    #expect(difference(read(operation.losses, 4), expected) < 1e-6)
    #expect(abs(operation.loss - zip(weights, expected).reduce(0) { $0 + Double($1.0) * $1.1 }) < 1e-6)
    var check = GradientCheck(operation, output: nil, parameters: bench.parameters, extraLoss: { operation.loss })
    check.vary("logits", logits)
    check.run()
    #expect(Self.tail(logits) == tail)
  }

  /// In training the logits give way to what their gradient is made of: the same bits.
  @Test(arguments: [1, 3, 16, 21, 40])
  func crossEntropyWithoutLogits(vocabulary: Int) {
    let results = [false, true].map { overwrites -> [Float] in
      var bench = Bench()
      let logits = bench.tensor(Bench.axis(4), vocabulary)
      let operation = CrossEntropy(bench.arena, logits: logits)
      operation.overwritesLogits = overwrites
      put([0.7, 0, 1.5, -0.25], operation.weights)
      for row in 0..<4 { operation.targets[row] = Int32((row * 7 + 2) % vocabulary) }
      operation.forward()
      operation.backward()
      return read(operation.losses, 4) + read(logits.gradient, 4 * vocabulary)
    }
    #expect(results[0] == results[1])
  }

  @Test func crossEntropyOfLargeLogits() {
    var bench = Bench()
    let logits = bench.tensor(Axis(capacity: 2), 3)
    put([1e4, 1e4, -1e4, 3e38, -3e38, 0], logits.value)
    let operation = CrossEntropy(bench.arena, logits: logits)
    put([1, 1], operation.weights)
    operation.targets[1] = 0
    operation.forward()
    #expect(abs(operation.losses[0] - Float(log(2.0))) < 1e-3)  // the spacing of floats near 10 000
    #expect(operation.losses[1] == 0)
  }

  /// A row of logits with a NaN anywhere must not have a finite loss, or a diverged run could look healthy.
  @Test(arguments: [0, 5, 16, 20])
  func crossEntropyOfNotANumber(place: Int) {
    var bench = Bench()
    let logits = bench.tensor(Axis(capacity: 1), 21)
    logits.value[place] = .nan
    let operation = CrossEntropy(bench.arena, logits: logits)
    put([1], operation.weights)
    operation.targets[0] = 7
    operation.forward()
    #expect(operation.loss.isNaN)
  }
}
