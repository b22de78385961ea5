// Attention beside a plain implementation in double precision, and its gradients beside difference quotients: causal
// and not, all rows asking or chosen ones, sequences of several lengths, head widths that are no multiples of sixteen.

import Foundation
import Tensors
import Testing

@testable import Kernels

/// One attention operation with random inputs.
struct AttentionCase: Sendable, CustomTestStringConvertible {
  var heads: Int
  var headWidth: Int
  var lengths: [Int]
  var isCausal: Bool
  /// Positions that ask in each sequence; nil for all of them, from the same tensor as keys and values.
  var asking: [[Int]]?
  /// Where the rows stand, if not in their places.
  var places: [RowPlace] = []
  /// What the rows see, if neither all nor those before.
  var views: [RowView] = []

  var testDescription: String {
    "\(heads) heads of \(headWidth), lengths \(lengths), \(isCausal ? "causal" : "bidirectional"), "
      + (asking.map { "asking \($0)" } ?? "all asking") + (places.isEmpty ? "" : ", placed")
      + (views.isEmpty ? "" : ", with views")
  }

  static let epsilon = 1e-3
  static let base = 100.0

  /// The operation and what belongs to it.
  struct Built {
    let bench: Bench
    let queries: Tensor, keys: Tensor, output: Tensor
    let keyColumn: Int
    let positions: [[Int]]
    let operation: Attention
  }

  func build(layout: SequenceLayout = SequenceLayout()) -> Built {
    let width = heads * headWidth
    var bench = Bench([("queryGain", [headWidth]), ("keyGain", [headWidth])])
    for i in 0..<2 * headWidth { bench.parameters.value[i] += 1 }
    bench.parameters.markChanged()
    let positions = asking ?? lengths.map { Array(0..<$0) }
    let keyRows = Bench.axis(lengths.reduce(0, +))
    let queryRows = asking == nil ? keyRows : Bench.axis(positions.reduce(0) { $0 + $1.count })
    let keys = bench.tensor(keyRows, (asking == nil ? 3 : 2) * width)
    let queries = asking == nil ? keys : bench.tensor(queryRows, width)
    let output = bench.tensor(queryRows, width)
    layout.isCausal = isCausal
    layout.keyOffsets = lengths.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
    let selection = asking == nil ? layout.every : layout.chosen
    selection.offsets = positions.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    selection.positions = positions.flatMap { $0 }
    layout.places = places
    layout.views = views
    let longest = lengths.max() ?? 1
    let operation = Attention(
      bench.arena, bench.parameters, layout: layout, selection: selection, queries: queries, queryColumn: 0, keys: keys,
      keyColumn: asking == nil ? width : 0, output: output, heads: heads,
      constants: AttentionConstants(queryGain: 0, keyGain: headWidth, epsilon: Float(Self.epsilon)),
      rotary: RotaryTable(bench.arena, longest: longest + 1, width: headWidth, base: Self.base), longest: longest)
    return Built(
      bench: bench, queries: queries, keys: keys, output: output, keyColumn: asking == nil ? width : 0,
      positions: positions,
      operation: operation)
  }

  /// The output in double precision, row by row.
  func expected(_ built: Built) -> [Double] {
    let gains = read(built.bench.parameters.value, 2 * headWidth).map(Double.init)
    func part(_ tensor: Tensor, _ row: Int, _ column: Int) -> [Double] {
      read(tensor.value + row * tensor.columns + column, headWidth).map(Double.init)
    }
    var result: [Double] = []
    var firstKey = 0
    var query = 0
    for (sequence, length) in lengths.enumerated() {
      for position in built.positions[sequence] {
        for head in 0..<heads {
          let place = places.isEmpty ? nil : places[firstKey + position]
          let q = referenceHead(
            part(built.queries, query, head * headWidth), gain: Array(gains[..<headWidth]),
            position: place?.asked ?? position,
            base: Self.base,
            epsilon: Self.epsilon, scale: 1 / Double(headWidth).squareRoot())
          let seen = (0..<length).filter { key in
            if views.isEmpty { return !isCausal || key <= position }
            let (own, other) = (views[firstKey + position], views[firstKey + key])
            return other.rank <= own.limit || own.group >= 0 && own.group == other.group
          }
          let column = built.keyColumn + head * headWidth
          let scores = seen.map { key in
            let k = referenceHead(
              part(built.keys, firstKey + key, column), gain: Array(gains[headWidth...]),
              position: places.isEmpty ? key : places[firstKey + key].read,
              base: Self.base,
              epsilon: Self.epsilon, scale: 1)
            return zip(q, k).reduce(0) { $0 + $1.0 * $1.1 }
          }
          let values = seen.map { part(built.keys, firstKey + $0, column + heads * headWidth) }
          result += referenceMix(scores: scores, values: values)
        }
        query += 1
      }
      firstKey += length
    }
    return result
  }
}

@Suite(.enabled(if: kernelsRunHere)) struct AttentionTests {
  static let cases: [AttentionCase] = plain + placed + viewed

  static let plain: [AttentionCase] =
    [false, true].flatMap { causal in
      [
        AttentionCase(heads: 1, headWidth: 2, lengths: [1], isCausal: causal),
        AttentionCase(heads: 2, headWidth: 6, lengths: [3, 1, 5], isCausal: causal),
        AttentionCase(heads: 1, headWidth: 16, lengths: [4, 2], isCausal: causal),
        AttentionCase(heads: 3, headWidth: 8, lengths: [5, 18], isCausal: causal),  // two and one turned over together
        AttentionCase(heads: 2, headWidth: 20, lengths: [1, 3], isCausal: causal),
        AttentionCase(heads: 1, headWidth: 2, lengths: [17, 16, 1], isCausal: causal),
        AttentionCase(heads: 1, headWidth: 4, lengths: [35], isCausal: causal),
        AttentionCase(heads: 2, headWidth: 6, lengths: [3, 1, 5], isCausal: causal, asking: [[2], [0], [0, 3]]),
        AttentionCase(heads: 1, headWidth: 18, lengths: [4, 3, 2], isCausal: causal, asking: [[1, 2], [], [0]]),
        AttentionCase(
          heads: 1, headWidth: 2, lengths: [20, 34], isCausal: causal,
          asking: [[3], Array(stride(from: 0, to: 34, by: 2)) + [33]]),
      ]
    }

  /// Blocks of two as they are and masked, groups in any order, and the same where chosen rows ask.
  static let viewed: [AttentionCase] = [
    AttentionCase(
      heads: 2, headWidth: 6, lengths: [6, 1], isCausal: false,
      views: [
        RowView(rank: 0, limit: 0), RowView(rank: 0, limit: 0), RowView(rank: RowView.hidden, limit: -1, group: 0),
        RowView(rank: RowView.hidden, limit: -1, group: 0), RowView(rank: RowView.hidden, limit: 0, group: 1),
        RowView(rank: RowView.hidden, limit: 0, group: 1), RowView(rank: RowView.hidden, limit: 0, group: 7),
      ]),
    AttentionCase(
      heads: 1, headWidth: 16, lengths: [19, 34], isCausal: false,
      views: (0..<53).map { row in
        let row = Int32(row)
        if row % 3 == 0 { return RowView(rank: RowView.hidden, limit: row % 5, group: row % 2) }
        return RowView(rank: row % 4, limit: row % 4 + row % 2)
      }),
    AttentionCase(
      heads: 4, headWidth: 8, lengths: [5, 17], isCausal: true, asking: [[4], [0, 3, 16]],
      places: (0..<22).map { RowPlace(read: $0 * 7 % 18, asked: $0 * 5 % 17) },
      views: (0..<22).map { RowView(rank: Int32($0 / 4), limit: Int32($0 / 4)) }),
  ]

  /// Rows that stand elsewhere than in the order of the batch: one head, two in one group, and in two groups.
  static let placed: [AttentionCase] = [
    AttentionCase(
      heads: 1, headWidth: 4, lengths: [3, 2], isCausal: true,
      places: [(0, 2), (3, 0), (1, 1), (0, 1), (2, 0)].map { RowPlace(read: $0, asked: $1) }),
    AttentionCase(
      heads: 2, headWidth: 6, lengths: [18, 1], isCausal: true,
      places: (0..<19).map { RowPlace(read: $0 * 7 % 19, asked: $0 * 5 % 18) }),
    AttentionCase(
      heads: 4, headWidth: 8, lengths: [5, 17], isCausal: true, asking: [[4], [0, 3, 16]],
      places: (0..<22).map { RowPlace(read: $0 * 7 % 18, asked: $0 * 5 % 17) }),
  ]

  @Test(arguments: cases)
  func equalsThePlainComputation(_ attention: AttentionCase) {
    let built = attention.build()
    let tail = OperationTests.tail(built.output)
    built.operation.forward()
    #expect(difference(built.output.values, attention.expected(built)) < 3e-6)
    #expect(OperationTests.tail(built.output) == tail)
  }

  @Test(arguments: cases)
  func gradientsEqualDifferenceQuotients(_ attention: AttentionCase) {
    let built = attention.build()
    let tails = [built.queries, built.keys].map(OperationTests.tail)
    var check = GradientCheck(built.operation, output: built.output, parameters: built.bench.parameters)
    check.vary("keys and values", built.keys)
    if built.queries !== built.keys { check.vary("queries", built.queries) }
    check.run(step: 5e-3, tolerance: 5e-3)
    #expect([built.queries, built.keys].map(OperationTests.tail) == tails)
  }

  /// Scratch memory keeps what the batch before left there; none of it may show.
  @Test func aBatchDoesNotDependOnTheOneBefore() {
    let layout = SequenceLayout()
    let attention = AttentionCase(heads: 2, headWidth: 6, lengths: [19, 18], isCausal: true)
    let built = attention.build(layout: layout)
    func run(_ lengths: [Int], isCausal: Bool) -> [Float] {
      layout.isCausal = isCausal
      layout.keyOffsets = lengths.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
      layout.every.offsets = layout.keyOffsets
      layout.every.positions = lengths.flatMap { 0..<$0 }
      built.keys.rows.count = lengths.reduce(0, +)
      put(normals(built.keys.rows.count * built.keys.columns, index: 5), built.keys.value)
      put(normals(built.output.rows.count * built.output.columns, index: 6), built.output.gradient)
      built.bench.parameters.clearGradients()
      built.operation.forward()
      built.operation.backward()
      return built.output.values + read(built.keys.gradient, built.keys.rows.count * built.keys.columns)
        + read(built.bench.parameters.gradient, built.bench.parameters.count)
    }
    let fresh = run([7, 3], isCausal: true)
    put(Array(repeating: .nan, count: 37 * built.keys.columns), built.keys.value)
    built.keys.rows.count = 37
    layout.isCausal = false
    layout.keyOffsets = [0, 19, 37]
    layout.every.offsets = [0, 19, 37]
    layout.every.positions = Array(0..<19) + Array(0..<18)
    built.operation.forward()
    built.operation.backward()
    for value in built.output.values { #expect(value.isNaN) }
    #expect(run([7, 3], isCausal: true) == fresh)
  }

  @Test func rotaryTableHoldsTheAngles() {
    let arena = Arena()
    let table = RotaryTable(arena, longest: 40, width: 10, base: 10_000)
    #expect(table.half == 5)
    for position in 0..<40 {
      for i in 0..<5 {
        let angle = Double(position) * pow(10_000, -2 * Double(i) / 10)
        #expect(abs(Double(table.cosines[position * 5 + i]) - cos(angle)) < 3e-6)
        #expect(abs(Double(table.sines[position * 5 + i]) - sin(angle)) < 3e-6)
      }
    }
  }
}
