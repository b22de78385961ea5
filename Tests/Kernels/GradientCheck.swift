// The generic finite-difference check of an operation: a random linear functional of its output as the loss. No test is
// here.

import Tensors
import Testing

@testable import Kernels

/// Compares an operation's backward pass with central differences of its forward pass.
///
/// The loss is Σ r ⊙ y + `extraLoss` with random r. Every element of every variable is moved both ways.
struct GradientCheck {
  /// Something that the loss depends on: its values, where its gradient appears, and what happens to what was there.
  struct Variable {
    let name: String
    let value: UnsafeMutablePointer<Float>
    let gradient: UnsafeMutablePointer<Float>
    let count: Int
    let mode: GradientMode
  }

  let operation: any Operation
  let output: Tensor?
  let parameters: ParameterBuffer
  var extraLoss: () -> Double = { 0 }
  var variables: [Variable] = []

  /// A check of an operation that writes `output`, or of one that is a loss itself.
  init(
    _ operation: any Operation, output: Tensor?, parameters: ParameterBuffer, extraLoss: @escaping () -> Double = { 0 }
  ) {
    self.operation = operation
    self.output = output
    self.parameters = parameters
    self.extraLoss = extraLoss
    guard parameters.count > 0 else { return }
    variables.append(
      Variable(
        name: "parameters", value: parameters.value, gradient: parameters.gradient, count: parameters.count,
        mode: .accumulate))
  }

  /// Adds the rows in use of an input.
  mutating func vary(_ name: String, _ tensor: Tensor, mode: GradientMode = .overwrite) {
    variables.append(
      Variable(
        name: name, value: tensor.value, gradient: tensor.gradient, count: tensor.rows.count * tensor.columns,
        mode: mode))
  }

  /// Runs the check.
  /// - Parameters:
  ///   - step: how far an element is moved each way.
  ///   - tolerance: the largest |backward − difference| / (1 + |difference|).
  func run(
    step: Float = 1e-2, tolerance: Double = 2e-3, _ note: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) {
    parameters.markChanged()
    let direction = normals(output.map { $0.rows.count * $0.columns } ?? 0, index: 77)
    func loss() -> Double {
      parameters.markChanged()
      operation.forward()
      guard let output else { return extraLoss() }
      return extraLoss() + zip(direction, output.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    var before: [[Float]] = []
    for (i, variable) in variables.enumerated() {
      let sharesGradientWithOutput = variable.gradient == output?.gradient
      let start: [Float] =
        variable.mode == .accumulate
        ? normals(variable.count, index: UInt64(78 + i)) : Array(repeating: .nan, count: variable.count)
      if !sharesGradientWithOutput { put(start, variable.gradient) }
      before.append(variable.mode == .accumulate ? start : Array(repeating: 0, count: variable.count))
    }
    operation.forward()
    if let output { put(direction, output.gradient) }
    operation.backward()
    let gradients = variables.map { read($0.gradient, $0.count) }

    for ((variable, gradient), start) in zip(zip(variables, gradients), before) {
      var worst = (error: 0.0, place: 0, got: 0.0, expected: 0.0)
      for i in 0..<variable.count {
        let original = variable.value[i]
        variable.value[i] = original + step
        let (high, above) = (Double(variable.value[i]), loss())
        variable.value[i] = original - step
        let (low, below) = (Double(variable.value[i]), loss())
        variable.value[i] = original
        let expected = (above - below) / (high - low)
        let got = Double(gradient[i]) - Double(start[i])
        let error = abs(got - expected) / (1 + abs(expected))
        if !(error <= worst.error) { worst = (error.isNaN ? .infinity : error, i, got, expected) }
      }
      #expect(
        worst.error <= tolerance,
        "\(note) gradient of \(variable.name)[\(worst.place)]: \(worst.got), difference quotient \(worst.expected)",
        sourceLocation: sourceLocation)
    }
  }
}

/// Memory, parameters of the given shapes and tensors for one operation, all filled with random numbers.
struct Bench {
  let arena = Arena()
  let parameters: ParameterBuffer
  private var fills: UInt64 = 100

  init(_ shapes: [(name: String, shape: [Int])] = [], scale: Double = 0.5) {
    parameters = ParameterBuffer(arena, shapes: shapes)
    put(normals(parameters.count, scale: scale, index: 99), parameters.value)
    parameters.markChanged()
  }

  /// A tensor with `rows` of `capacity` rows in use, random in all of them; the gradient too.
  mutating func tensor(_ rows: Axis, _ columns: Int, sharingGradientOf other: Tensor? = nil) -> Tensor {
    let tensor = Tensor(arena, rows: rows, columns: columns, sharingGradientOf: other)
    fills += 1
    put(normals(rows.capacity * columns, index: fills), tensor.value)
    put(normals(rows.capacity * columns, index: fills + 1000), tensor.gradient)
    return tensor
  }

  /// An axis with room for two rows more than are in use.
  static func axis(_ count: Int) -> Axis {
    let axis = Axis(capacity: count + 2)
    axis.count = count
    return axis
  }

  /// Integers in the arena's memory.
  func integers(_ numbers: [Int]) -> UnsafeMutablePointer<Int32> {
    let target = arena.integers(numbers.count)
    for (i, number) in numbers.enumerated() { target[i] = Int32(number) }
    return target
  }
}
