// The mixture of experts beside a plain implementation in double precision, its gradients beside difference quotients,
// and its routing.

import Foundation
import Tensors
import Testing

@testable import Kernels

/// One mixture with random inputs.
struct MixtureCase: Sendable, CustomTestStringConvertible {
  var tokens: Int
  var width: Int
  var experts: Int
  var active: Int
  var inner: Int
  var coefficient: Float = 0.5
  var dropout: Float?

  var testDescription: String {
    "\(tokens) tokens of \(width), \(active) of \(experts) experts of \(inner), dropout \(dropout ?? 0)"
  }

  struct Built {
    let bench: Bench
    let input: Tensor, residual: Tensor, output: Tensor
    let clock: DropoutClock
    let operation: MixtureOfExperts
  }

  func build(backend: ProductBackend = .native) -> Built {
    var bench = Bench([
      ("router", [experts, width]), ("gateUp", [experts, 2 * inner, width]), ("down", [experts, width, inner]),
    ])
    let rows = Bench.axis(tokens)
    let input = bench.tensor(rows, width)
    let residual = bench.tensor(rows, width)
    let output = bench.tensor(rows, width, sharingGradientOf: residual)
    let clock = DropoutClock()
    clock.isTraining = true
    func weight(_ offset: Int, _ outputs: Int, _ inputs: Int) -> Weight {
      Weight(bench.arena, bench.parameters, offset: offset, outputs: outputs, inputs: inputs, backend: backend)
    }
    let gateUp = experts * width
    let down = gateUp + experts * 2 * inner * width
    let operation = MixtureOfExperts(
      bench.arena, input: input, residual: residual, output: output, router: weight(0, experts, width),
      gateUps: (0..<experts).map { weight(gateUp + $0 * 2 * inner * width, 2 * inner, width) },
      downs: (0..<experts).map { weight(down + $0 * width * inner, width, inner) }, active: active,
      coefficient: coefficient,
      dropout: dropout.map {
        DropoutMask(bench.arena, rate: $0, clock: clock, layer: 0, capacity: rows.capacity * width)
      })
    return Built(bench: bench, input: input, residual: residual, output: output, clock: clock, operation: operation)
  }

  /// The output without dropout, the load-balance loss, and the smallest lead of a chosen over a rejected score.
  func expected(_ built: Built) -> (output: [Double], loadBalance: Double, margin: Double) {
    let value = built.bench.parameters.value
    let gateUp = value + experts * width
    let down = gateUp + experts * 2 * inner * width
    var output: [Double] = []
    var counts = [Double](repeating: 0, count: experts)
    var means = counts
    var margin = Double.infinity
    func dot(_ row: UnsafeMutablePointer<Float>, _ x: [Double]) -> Double {
      x.indices.reduce(0) { $0 + Double(row[$1]) * x[$1] }
    }
    for token in 0..<tokens {
      let x = read(built.input.value + token * width, width).map(Double.init)
      let scores = (0..<experts).map { exp(dot(value + $0 * width, x)) }
      let p = scores.map { $0 / scores.reduce(0, +) }
      let order = (0..<experts).sorted { p[$0] > p[$1] }
      let chosen = order.prefix(active)
      if active < experts { margin = min(margin, log(p[order[active - 1]] / p[order[active]])) }
      var y = read(built.residual.value + token * width, width).map(Double.init)
      let sum = chosen.reduce(0) { $0 + p[$1] }
      for expert in chosen {
        let hidden = (0..<inner).map { i -> Double in
          let gate = dot(gateUp + (expert * 2 * inner + i) * width, x)
          return gate / (1 + exp(-gate)) * dot(gateUp + (expert * 2 * inner + inner + i) * width, x)
        }
        for i in 0..<width { y[i] += p[expert] / sum * dot(down + (expert * width + i) * inner, hidden) }
        counts[expert] += 1 / Double(tokens * active)
      }
      for expert in 0..<experts { means[expert] += p[expert] / Double(tokens) }
      output += y
    }
    return (output, Double(experts) * zip(counts, means).reduce(0) { $0 + $1.0 * $1.1 }, margin)
  }
}

@Suite(.enabled(if: kernelsRunHere)) struct MixtureTests {
  static let cases = [
    MixtureCase(tokens: 1, width: 4, experts: 1, active: 1, inner: 3),
    MixtureCase(tokens: 5, width: 6, experts: 4, active: 1, inner: 5),
    MixtureCase(tokens: 7, width: 6, experts: 4, active: 2, inner: 5),
    MixtureCase(tokens: 3, width: 17, experts: 3, active: 3, inner: 18),
    MixtureCase(tokens: 1, width: 4, experts: 18, active: 8, inner: 2),
    MixtureCase(tokens: 6, width: 6, experts: 4, active: 2, inner: 5, dropout: 0.3),
  ]

  @Test(arguments: cases, ProductBackend.allCases)
  func equalsThePlainComputation(_ mixture: MixtureCase, backend: ProductBackend) {
    let built = mixture.build(backend: backend)
    built.clock.isTraining = false
    let tail = OperationTests.tail(built.output)
    built.operation.forward()
    let expected = mixture.expected(built)
    #expect(difference(built.output.values, expected.output) < 1e-5)
    #expect(abs(built.operation.loadBalance - expected.loadBalance) < 1e-5)
    #expect(OperationTests.tail(built.output) == tail)
  }

  @Test(arguments: cases, ProductBackend.allCases)
  func gradientsEqualDifferenceQuotients(_ mixture: MixtureCase, backend: ProductBackend) {
    let built = mixture.build(backend: backend)
    #expect(mixture.expected(built).margin > 5e-3, "the difference quotient must not change the routing")
    let tails = [built.input, built.residual].map(OperationTests.tail)
    let operation = built.operation
    var check = GradientCheck(
      operation, output: built.output, parameters: built.bench.parameters,
      extraLoss: { Double(mixture.coefficient) * operation.loadBalance })
    check.vary("x", built.input)
    check.vary("residual", built.residual)
    check.run(step: 1e-3, tolerance: 1e-2)
    #expect([built.input, built.residual].map(OperationTests.tail) == tails)
  }

  /// With a large coefficient the router's gradient is the load-balance loss's.
  @Test func loadBalancePullsTheRouter() {
    var mixture = MixtureCase(tokens: 7, width: 6, experts: 4, active: 2, inner: 5)
    mixture.coefficient = 100
    let built = mixture.build()
    let operation = built.operation
    var check = GradientCheck(
      operation, output: built.output, parameters: built.bench.parameters, extraLoss: { 100 * operation.loadBalance })
    check.vary("x", built.input)
    check.run(step: 1e-3, tolerance: 1e-2)
  }

  @Test func balancedRoutingHasLossOneAndTiesTakeTheFirst() {
    let mixture = MixtureCase(tokens: 6, width: 4, experts: 3, active: 1, inner: 2)
    let built = mixture.build()
    put(Array(repeating: 0, count: 12), built.bench.parameters.value)  // all experts equally likely
    built.bench.parameters.markChanged()
    built.operation.forward()
    #expect(abs(built.operation.loadBalance - 1) < 1e-6)  // Σ P = 1 whatever f is
    let first = built.output.values
    // Experts two and three must not matter.
    let value = built.bench.parameters.value
    for expert in 1..<3 {
      (value + 12 + expert * 16).update(repeating: 9, count: 16)
      (value + 12 + 48 + expert * 8).update(repeating: 9, count: 8)
    }
    built.bench.parameters.markChanged()
    built.operation.forward()
    #expect(built.output.values == first)
  }

  /// Everything to one expert: f P is largest, E · 1 · P.
  @Test func collapsedRoutingHasTheLargestLoss() {
    let mixture = MixtureCase(tokens: 6, width: 4, experts: 3, active: 1, inner: 2)
    let built = mixture.build()
    put([20, 0, 0, 0] + Array(repeating: 0, count: 8), built.bench.parameters.value)
    for token in 0..<6 { built.input.value[token * 4] = 1 }
    built.bench.parameters.markChanged()
    built.operation.forward()
    #expect(abs(built.operation.loadBalance - 3) < 1e-5)
  }
}
