// Matrix products: the native kernel and both backends of Weight beside plain triple loops, over sizes that are and are
// not multiples of the tiles.

import Tensors
import Testing

@testable import Kernels

@Suite(.enabled(if: kernelsRunHere)) struct ProductTests {
  static let sizes = [1, 3, 7, 8, 15, 16, 17, 31, 33, 64]
  static let largest = 64

  /// The left factor by rows, or its transpose.
  enum Layout: CaseIterable {
    case byRows, transposed
  }

  /// What the product is added to.
  enum Start: CaseIterable {
    case nothing, itself, another
  }

  /// Every element must be one chain of fused multiply-adds over k in order: then its bits cannot depend on the tile
  /// that it falls into, on the rows beside it or on the register width.
  @Test(arguments: Layout.allCases, Start.allCases)
  func nativeProductIsOneChainOfFusedMultiplyAdds(layout: Layout, start: Start) {
    let n = Self.largest
    let arena = Arena()
    let (aStep, bStep, cStep, startStep) = (n + 5, n + 3, n + 1, n + 9)
    let a = arena.floats(n * aStep)
    let b = arena.floats(n * bStep)
    let c = arena.floats(n * cStep)
    let base = arena.floats(n * startStep)
    put(normals(n * aStep, index: 1), a)
    put(normals(n * bStep, index: 2), b)
    let initial = normals(n * cStep, index: 3)
    put(normals(n * startStep, index: 4), base)
    let (rowStep, kStep) = layout == .byRows ? (aStep, 1) : (1, aStep)

    var expected = [Float](repeating: 0, count: n * n)
    for row in 0..<n {
      for column in 0..<n where start != .nothing {
        expected[row * n + column] = start == .itself ? initial[row * cStep + column] : base[row * startStep + column]
      }
    }
    var done = 0
    var wrong: [String] = []
    for k in Self.sizes {
      for p in done..<k {
        for row in 0..<n {
          let factor = a[row * rowStep + p * kStep]
          for column in 0..<n { expected[row * n + column].addProduct(factor, b[p * bStep + column]) }
        }
      }
      done = k
      for rows in Self.sizes {
        for columns in Self.sizes {
          put(initial, c)
          nativeProduct(
            m: rows, n: columns, k: k, a: a, rowStep: rowStep, kStep: kStep, b: b, bStep: bStep, c: c, cStep: cStep,
            start: start == .nothing ? nil : start == .itself ? UnsafePointer(c) : UnsafePointer(base),
            startStep: start == .itself ? cStep : startStep)
          var isRight = true
          expected.withUnsafeBufferPointer { expected in
            initial.withUnsafeBufferPointer { initial in
              guard let expected = expected.baseAddress, let initial = initial.baseAddress else { return }
              for row in 0..<n {
                let inside = row < rows ? columns : 0
                isRight = isRight && sameBits(c + row * cStep, expected + row * n, inside)
                let outside = row * cStep + inside
                isRight = isRight && sameBits(c + outside, initial + outside, cStep - inside)
              }
            }
          }
          if !isRight { wrong.append("\(rows) × \(columns), k = \(k)") }
        }
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test func nativeProductOfNoTermsIsItsStart() {
    let arena = Arena()
    let a = arena.floats(16)
    let b = arena.floats(64)
    let c = arena.floats(64)
    put(Array(repeating: 5, count: 64), c)
    nativeProduct(
      m: 3, n: 5, k: 0, a: a, rowStep: 1, kStep: 1, b: b, bStep: 5, c: c, cStep: 5, start: UnsafePointer(c),
      startStep: 5)
    #expect(read(c, 16) == Array(repeating: 5, count: 16))
    nativeProduct(m: 3, n: 5, k: 0, a: a, rowStep: 1, kStep: 1, b: b, bStep: 5, c: c, cStep: 5)
    #expect(read(c, 16) == Array(repeating: 0, count: 15) + [5])
  }

  /// A weight inside a buffer that starts with something else, its rows and steps in tensors wider than needed.
  struct Problem {
    let rows: Int, outputs: Int, inputs: Int
    let arena = Arena()
    let parameters: ParameterBuffer
    let weight: Weight
    let x: UnsafeMutablePointer<Float>, y: UnsafeMutablePointer<Float>, other: UnsafeMutablePointer<Float>
    let xStep: Int, yStep: Int

    init(rows: Int, outputs: Int, inputs: Int, backend: ProductBackend) {
      (self.rows, self.outputs, self.inputs) = (rows, outputs, inputs)
      (xStep, yStep) = (inputs + 2, outputs + 3)
      parameters = ParameterBuffer(
        arena, shapes: [("before", [3, 1]), ("weight", [outputs, inputs]), ("after", [5])])
      weight = Weight(arena, parameters, offset: 3, outputs: outputs, inputs: inputs, backend: backend)
      x = arena.floats(rows * xStep)
      y = arena.floats(rows * yStep)
      other = arena.floats(rows * yStep)
      put(normals(parameters.count, index: 5), parameters.value)
      put(normals(parameters.count, index: 6), parameters.gradient)
      parameters.markChanged()
      put(normals(rows * xStep, index: 7), x)
      put(normals(rows * yStep, index: 8), y)
      put(normals(rows * yStep, index: 9), other)
    }
  }

  /// Rows, outputs and inputs in a Latin square: every pair of sizes meets. And more rows than a block of any product.
  static var shapes: [(Int, Int, Int)] {
    sizes.indices.flatMap { i in sizes.indices.map { j in (sizes[i], sizes[j], sizes[(i + 3 * j) % sizes.count]) } }
      + [(300, 5, 33)]
  }

  /// `before`, a matrix of `step` columns, with start + product in the first `columns` of them.
  static func expected(_ product: [Double], columns: Int, in before: [Float], step: Int, start: [Float]? = nil)
    -> [Double]
  {
    var result = before.map(Double.init)
    for (i, value) in product.enumerated() {
      let place = i / columns * step + i % columns
      result[place] = value + (start.map { Double($0[place]) } ?? 0)
    }
    return result
  }

  @Test func weightProductsEqualTripleLoops() {
    for (rows, outputs, inputs) in Self.shapes {
      var (applied, gradient, pulled): ([Double], [Double], [Double]) = ([], [], [])
      for backend in ProductBackend.allCases {
        let p = Problem(rows: rows, outputs: outputs, inputs: inputs, backend: backend)
        if applied.isEmpty {
          applied = referenceProduct(
            rows: rows, columns: outputs, terms: inputs, a: p.x, aRow: p.xStep, aTerm: 1, b: p.weight.value, bTerm: 1,
            bColumn: inputs)
          gradient = referenceProduct(
            rows: outputs, columns: inputs, terms: rows, a: p.other, aRow: 1, aTerm: p.yStep, b: p.x, bTerm: p.xStep,
            bColumn: 1)
          pulled = referenceProduct(
            rows: rows, columns: inputs, terms: outputs, a: p.other, aRow: p.yStep, aTerm: 1, b: p.weight.value,
            bTerm: inputs,
            bColumn: 1)
        }
        let note = "\(backend): \(rows) rows, \(outputs) outputs, \(inputs) inputs"
        var y = read(p.y, rows * p.yStep)
        func compareApplied(_ start: [Float]?, _ what: String) {
          let expected = Self.expected(applied, columns: outputs, in: y, step: p.yStep, start: start)
          y = read(p.y, rows * p.yStep)
          #expect(difference(y, expected) < 1e-5, "\(what), \(note)")
        }
        p.weight.apply(p.x, p.xStep, rows: rows, into: p.y, p.yStep)
        compareApplied(nil, "apply")
        p.weight.apply(p.x, p.xStep, rows: rows, into: p.y, p.yStep, adding: UnsafePointer(p.y))
        compareApplied(y, "apply to itself")
        p.weight.apply(p.x, p.xStep, rows: rows, into: p.y, p.yStep, adding: UnsafePointer(p.other))
        compareApplied(read(p.other, rows * p.yStep), "apply to another")

        let before = read(p.parameters.gradient, p.parameters.count)
        p.weight.accumulateGradient(p.other, p.yStep, p.x, p.xStep, rows: rows)
        let after = read(p.parameters.gradient, p.parameters.count)
        let own = 3..<3 + outputs * inputs
        let expected = Self.expected(
          gradient, columns: inputs, in: Array(before[own]), step: inputs, start: Array(before[own]))
        #expect(difference(Array(after[own]), expected) < 1e-5, "accumulateGradient, \(note)")
        #expect(after[..<3] == before[..<3] && after[own.upperBound...] == before[own.upperBound...])

        for isAccumulating in [false, true] {
          let before = read(p.x, rows * p.xStep)
          p.weight.pullBack(p.other, p.yStep, rows: rows, into: p.x, p.xStep, accumulating: isAccumulating)
          let expected = Self.expected(
            pulled, columns: inputs, in: before, step: p.xStep, start: isAccumulating ? before : nil)
          #expect(
            difference(read(p.x, rows * p.xStep), expected) < 1e-5, "pullBack, accumulating \(isAccumulating), \(note)")
        }
      }
    }
  }

  @Test(arguments: ProductBackend.allCases)
  func noRowsIsNoWork(backend: ProductBackend) {
    let p = Problem(rows: 2, outputs: 3, inputs: 4, backend: backend)
    let (x, y, gradient) = (
      read(p.x, 2 * p.xStep), read(p.y, 2 * p.yStep), read(p.parameters.gradient, p.parameters.count)
    )
    p.weight.apply(p.x, p.xStep, rows: 0, into: p.y, p.yStep)
    p.weight.pullBack(p.y, p.yStep, rows: 0, into: p.x, p.xStep, accumulating: false)
    p.weight.accumulateGradient(p.y, p.yStep, p.x, p.xStep, rows: 0)
    #expect(read(p.x, x.count) == x)
    #expect(read(p.y, y.count) == y)
    #expect(read(p.parameters.gradient, gradient.count) == gradient)
  }

  @Test(arguments: ProductBackend.allCases)
  func changedParametersReachTheProduct(backend: ProductBackend) throws {
    let p = Problem(rows: 1, outputs: 33, inputs: 2, backend: backend)
    p.weight.apply(p.x, p.xStep, rows: 1, into: p.y, p.yStep)
    let slice = try #require(p.parameters.slice("weight"))
    p.parameters.set(slice, to: Array(repeating: 1, count: slice.count))
    p.weight.apply(p.x, p.xStep, rows: 1, into: p.y, p.yStep)
    for i in 0..<33 { #expect(abs(p.y[i] - (p.x[0] + p.x[1])) < 1e-6) }
  }

  @Test(arguments: Self.sizes)
  func aRowOfTheNativeBackendDoesNotDependOnTheRowsBesideIt(inputs: Int) {
    let outputs = 40
    let p = Problem(rows: 33, outputs: outputs, inputs: inputs, backend: .native)
    p.weight.apply(p.x, p.xStep, rows: 33, into: p.y, p.yStep)
    let together = read(p.y, 33 * p.yStep)
    p.weight.pullBack(p.other, p.yStep, rows: 33, into: p.x, p.xStep, accumulating: false)
    let gradients = read(p.x, 33 * p.xStep)
    put(normals(33 * p.xStep, index: 7), p.x)
    let alone = p.arena.floats(max(outputs, inputs))
    for row in 0..<33 {
      p.weight.apply(p.x + row * p.xStep, p.xStep, rows: 1, into: alone, outputs)
      #expect(read(alone, outputs) == Array(together[row * p.yStep..<row * p.yStep + outputs]))
      p.weight.pullBack(p.other + row * p.yStep, p.yStep, rows: 1, into: alone, inputs, accumulating: false)
      #expect(read(alone, inputs) == Array(gradients[row * p.xStep..<row * p.xStep + inputs]))
    }
  }
}
