// A weight matrix packed for its products, and the three products that a linear layer needs, by OpenBLAS or by the
// engine's own kernel.

import COpenBLAS
import Tensors

/// A matrix W [outputs, inputs] inside a parameter buffer.
final class Weight {
  let outputs: Int
  let inputs: Int
  private let parameters: ParameterBuffer
  private let offset: Int
  private let backend: ProductBackend

  /// Wᵀ in panels of 32 columns, [outputs / 32][inputs][32], zero-padded; made again when the parameters have changed.
  private let panels: Floats?
  /// What multiplies in bfloat16 instead.
  private let rounded: BFloat16Weight?
  private var packedVersion = 0

  var value: Floats { parameters.value + offset }
  var gradient: Floats { parameters.gradient + offset }

  convenience init(_ arena: Arena, _ matrix: WeightMatrix) {
    self.init(
      arena, matrix.parameters, offset: matrix.offset, outputs: matrix.outputs, inputs: matrix.inputs,
      backend: matrix.backend, precision: matrix.precision)
  }

  /// The matrix whose first element is at `offset` of the parameter buffer.
  init(
    _ arena: Arena, _ parameters: ParameterBuffer, offset: Int, outputs: Int, inputs: Int, backend: ProductBackend,
    precision: ProductPrecision = .single
  ) {
    parameters.requireInside(offset: offset, count: product(outputs, inputs))
    self.parameters = parameters
    self.offset = offset
    self.outputs = outputs
    self.inputs = inputs
    self.backend = backend
    rounded = precision == .bfloat16 ? BFloat16Weight(arena, outputs: outputs, inputs: inputs) : nil
    panels = backend == .native && rounded == nil ? arena.floats((outputs + 31) / 32 * 32, inputs) : nil
  }

  /// y [rows, outputs] = (start +) x [rows, inputs] · Wᵀ.
  func apply(_ x: ReadFloats, _ xStep: Int, rows: Int, into y: Floats, _ yStep: Int, adding start: ReadFloats? = nil) {
    guard rows > 0 else { return }
    if let rounded = packed { return rounded.apply(x, xStep, rows: rows, into: y, yStep, adding: start) }
    guard let panels else {
      if let start, start != UnsafePointer(y) {
        for row in 0..<rows { (y + row * yStep).update(from: start + row * yStep, count: outputs) }
      }
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(outputs), Int32(inputs), 1, x, Int32(xStep), value,
        Int32(inputs), start == nil ? 0 : 1, y, Int32(yStep))
      return
    }
    if packedVersion != parameters.version { pack(into: panels) }
    for column in stride(from: 0, to: outputs, by: 32) {
      nativeProduct(
        m: rows, n: min(32, outputs - column), k: inputs, a: x, rowStep: xStep, kStep: 1, b: panels + column * inputs,
        bStep: 32, c: y + column, cStep: yStep, start: start.map { $0 + column }, startStep: yStep)
    }
  }

  /// dx [rows, inputs] = (dx +) dy [rows, outputs] · W.
  func pullBack(_ dy: ReadFloats, _ dyStep: Int, rows: Int, into dx: Floats, _ dxStep: Int, accumulating: Bool) {
    guard rows > 0 else { return }
    if let rounded = packed {
      return rounded.pullBack(dy, dyStep, rows: rows, into: dx, dxStep, accumulating: accumulating)
    }
    guard backend == .native else {
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(inputs), Int32(outputs), 1, dy, Int32(dyStep),
        value,
        Int32(inputs), accumulating ? 1 : 0, dx, Int32(dxStep))
      return
    }
    nativeProduct(
      m: rows, n: inputs, k: outputs, a: dy, rowStep: dyStep, kStep: 1, b: value, bStep: inputs, c: dx, cStep: dxStep,
      start: accumulating ? UnsafePointer(dx) : nil, startStep: dxStep)
  }

  /// dW [outputs, inputs] += dyᵀ [outputs, rows] · x [rows, inputs].
  func accumulateGradient(_ dy: ReadFloats, _ dyStep: Int, _ x: ReadFloats, _ xStep: Int, rows: Int) {
    guard rows > 0 else { return }
    if let rounded { return rounded.accumulateGradient(dy, dyStep, x, xStep, rows: rows, into: gradient) }
    guard backend == .native else {
      cblas_sgemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, Int32(outputs), Int32(inputs), Int32(rows), 1, dy, Int32(dyStep), x,
        Int32(xStep), 1, gradient, Int32(inputs))
      return
    }
    for first in stride(from: 0, to: rows, by: Self.gradientRows) {
      nativeProduct(
        m: outputs, n: inputs, k: min(Self.gradientRows, rows - first), a: dy + first * dyStep, rowStep: 1,
        kStep: dyStep,
        b: x + first * xStep, bStep: xStep, c: gradient, cStep: inputs, start: UnsafePointer(gradient),
        startStep: inputs)
    }
  }

  /// Rows of dy and x that a weight gradient takes at a time, so that a panel of x stays in the first-level cache.
  private static let gradientRows = 128

  /// `rounded`, its packed copies made again if the parameters have changed.
  private var packed: BFloat16Weight? {
    guard let rounded else { return nil }
    if packedVersion != parameters.version {
      rounded.pack(value)
      packedVersion = parameters.version
    }
    return rounded
  }

  private func pack(into panels: Floats) {
    for output in stride(from: 0, to: outputs, by: laneCount) {
      let panel = panels + (output / 32 * 32 * inputs + output % 32)
      let count = min(laneCount, outputs - output)
      for input in stride(from: 0, to: inputs, by: laneCount) {
        let block = value + (output * inputs + input)
        let rows = min(laneCount, inputs - input)
        transpose16(
          { load(block + min($0, count &- 1) &* inputs) },
          { row, v in if row < rows { store(v, panel + (input &+ row) &* 32) } })
      }
    }
    packedVersion = parameters.version
  }
}
