// The optimizer as the trainer sees it, and the average of the weights, beside plain references in 64 bits.

import Objectives
import TensorEngine
import Testing
import Transformer

@testable import Training

@Suite struct OptimizerTests {
  /// A trainer whose steps are small enough for every one to be looked at.
  private func trainer(averaging: Double, threads: Int = 1) throws -> Trainer {
    try Trainer(
      TrainingConfiguration(epochs: 3, batch: 8, learningRate: 1e-2, averaging: averaging), objective: .maskedDiffusion,
      model: tinyModel(dropout: 0.2), vocabulary: vocabulary, sequences: corpus(30), special: special, seed: 4,
      backend: .native, threads: threads)
  }

  private func values(_ parameters: ModelParameters) -> [Double] {
    (0..<parameters.buffer.count).map { Double(parameters.buffer.value[$0]) }
  }

  /// Five updates of one matrix and one vector under AdamW, written out as in its documentation.
  @Test func adamWFollowsItsFormula() {
    let arena = Arena()
    let buffer = ParameterBuffer(arena, shapes: [("matrix", [3, 7]), ("vector", [5])])
    var configuration = TrainingConfiguration(epochs: 1, batch: 1, learningRate: 1)
    (configuration.beta1, configuration.beta2, configuration.weightDecay) = (0.8, 0.9, 0.3)
    let optimizer = AdamW(arena, count: buffer.count, configuration, kernels: KernelChoice.current)
    for i in 0..<26 { buffer.value[i] = Float(i % 7) / 3 - 1 }
    var theta = (0..<26).map { Double(buffer.value[$0]) }
    var (m, v) = (Array(repeating: 0.0, count: 26), Array(repeating: 0.0, count: 26))
    var (power1, power2) = (1.0, 1.0)
    for number in 1...5 {
      power1 *= 0.8
      power2 *= 0.9
      for i in 0..<26 {
        let g = Double((i * 5 + number * 3) % 11) / 4 - 1
        buffer.gradient[i] = Float(g) * 2  // halved by the step's scale
        m[i] = 0.8 * m[i] + 0.2 * g
        v[i] = 0.9 * v[i] + 0.1 * g * g
        let move = 0.05 * (m[i] / (1 - power1)) / ((v[i] / (1 - power2)).squareRoot() + 1e-8)
        theta[i] = theta[i] * (i < 21 ? 1 - 0.05 * 0.3 : 1) - move
      }
      optimizer.update(buffer, OptimizerStep(number: number, learningRate: 0.05, gradientScale: 0.5))
      #expect(theta.indices.allSatisfy { abs(Double(buffer.value[$0]) - theta[$0]) < 2e-6 }, "update \(number)")
    }
    #expect(optimizer.state.map(\.name) == ["first", "second"])
    for (state, expected) in zip(optimizer.state, [m, v]) {
      #expect(state.values.count == 26)
      #expect(expected.indices.allSatisfy { abs(Double(state.values[$0]) - expected[$0]) < 1e-6 }, "\(state.name)")
    }
  }

  /// a = (1 − ρ) Σ ρˢ⁻ⁱ θᵢ / (1 − ρˢ), summed anew at every step; the weights are those of a training without averaging.
  @Test(arguments: [0.5, 0.9, 0.999])
  func theAverageFollowsItsFormula(rate: Double) throws {
    let averaged = try trainer(averaging: rate)
    let plain = try trainer(averaging: 0)
    #expect(plain.average == nil && plain.parameters === plain.weights)
    #expect(averaged.parameters !== averaged.weights && bits(averaged) == bits(plain))  // θ₀ before the first update
    var history: [[Double]] = []
    while !averaged.isFinished {
      #expect(try averaged.step().loss == plain.step().loss)
      history.append(values(plain.weights))
      #expect(values(averaged.weights) == history.last)
      var expected = Array(repeating: 0.0, count: history[0].count)
      var (factor, total) = (1.0, 0.0)
      for theta in history.reversed() {
        for i in expected.indices { expected[i] += factor * theta[i] }
        total += factor
        factor *= rate
      }
      let average = values(averaged.parameters)
      let largest = zip(average, expected).map { abs($0 - $1 / total) }.max() ?? .nan
      #expect(largest < 1e-6, "step \(history.count)")
      if history.count == 1 { #expect(average == history[0]) } else { #expect(average != history.last) }
    }
    #expect(history.count == 12)
  }

  @Test func anAveragedRunIsContinuedBitForBit() throws {
    let whole = try trainer(averaging: 0.9)
    while !whole.isFinished { try whole.step() }
    let first = try trainer(averaging: 0.9)
    for _ in 0..<5 { try first.step() }
    let state = try SafetensorsFile(bytes: first.state().encoded(), name: "state")
    let second = try trainer(averaging: 0.9, threads: 2)
    try second.step()
    try second.restore(state)
    #expect(bits(second) == bits(first))
    while !second.isFinished { try second.step() }
    #expect(second.state().encoded() == whole.state().encoded())
  }

  /// Nothing is changed by a state that lacks a part: not the weights, not what the optimizer remembers.
  @Test func aStateWithoutAnAverageIsRefused() throws {
    let plain = try trainer(averaging: 0)
    try plain.step()
    let averaged = try trainer(averaging: 0.9)
    let before = averaged.state().encoded()
    let error = #expect(throws: TrainingError.self) { try averaged.restore(plain.state()) }
    #expect(error?.description.contains("average.model.embed_tokens.weight") == true)
    #expect(averaged.state().encoded() == before)
  }

  /// What a stored state is made of; older states must stay readable.
  @Test func theStateHasItsNames() throws {
    let plain = try trainer(averaging: 0)
    let names = plain.weights.buffer.slices.map(\.name)
    #expect(Set(plain.state().entries.keys) == Set(names.map { "param." + $0 } + ["first", "second"]))
    #expect(Set(plain.state().metadata.keys) == ["step", "tokens", "chunks"])
    let averaged = try trainer(averaging: 0.9).state()
    #expect(
      Set(averaged.entries.keys)
        == Set(names.flatMap { ["param." + $0, "average." + $0] } + ["first", "second"]))
  }
}
