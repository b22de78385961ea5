// What the machine can do at most: a loop of independent fused multiply-adds, and dense products of comfortable shape.
// The yardsticks of the benchmark; nothing else uses them.

/// Upper bounds of one core's speed, measured in the process that quotes them.
public enum MachinePeak {
  /// GFLOP/s of sixteen independent chains of fused multiply-adds in registers.
  public static func fusedMultiplyAdds(seconds: Double) -> Double {
    let rounds = 200_000
    var unused: Float = 0
    let speed = best(seconds: seconds, flops: Double(rounds) * 16 * 2 * 16) {
      unused += KernelChoice.current.fusedMultiplyAdds(rounds: rounds)
    }
    return unused.isNaN ? .nan : speed
  }

  /// GFLOP/s of a product of [512, 512] matrices, which stay in the second-level cache by panels.
  public static func denseProduct(_ backend: ProductBackend, seconds: Double) -> Double {
    let n = 512
    let arena = Arena()
    let rows = Axis(capacity: n)
    let input = Tensor(arena, rows: rows, columns: n), output = Tensor(arena, rows: rows, columns: n)
    let parameters = ParameterBuffer(arena, shapes: [("w", [n, n])])
    for i in 0..<n * n {
      input.value[i] = Float(i % 7) * 0.1
      parameters.value[i] = Float(i % 5) * 0.1
    }
    let weight = WeightMatrix(parameters, offset: 0, outputs: n, inputs: n, backend: backend)
    let product = KernelChoice.current.linear(arena, input: input, weight: weight, output: output, mode: .overwrite)
    return best(seconds: seconds, flops: 2 * Double(n * n * n)) { product.forward() }
  }

  /// Repeats a block and returns the GFLOP/s of its fastest repetition.
  private static func best(seconds: Double, flops: Double, _ block: () -> Void) -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    var fastest = Double.infinity
    repeat {
      let before = clock.now
      block()
      fastest = min(fastest, (clock.now - before) / .seconds(1))
    } while clock.now - start < .seconds(seconds)
    return flops / fastest / 1e9
  }
}
