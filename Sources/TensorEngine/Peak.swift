// What the machine can do at most: a loop of independent fused multiply-adds, and dense products of comfortable shape.
// The yardsticks of the benchmark; nothing else uses them.

import COpenBLAS

/// Upper bounds of one core's speed, measured in the process that quotes them.
public enum MachinePeak {
  /// GFLOP/s of sixteen independent chains of fused multiply-adds in registers.
  public static func fusedMultiplyAdds(seconds: Double) -> Double {
    let rounds = 200_000
    return best(seconds: seconds, flops: Double(rounds) * 16 * 2 * Double(laneCount)) { chains(rounds) }
  }

  /// GFLOP/s of a product of [512, 512] matrices, which stay in the second-level cache by panels.
  public static func denseProduct(_ backend: ProductBackend, seconds: Double) -> Double {
    let n = 512
    let arena = Arena()
    let a = arena.floats(n * n), c = arena.floats(n * n)
    let parameters = ParameterBuffer(arena, shapes: [("w", [n, n])])
    let weight = Weight(arena, parameters, offset: 0, outputs: n, inputs: n, backend: backend)
    for i in 0..<n * n {
      a[i] = Float(i % 7) * 0.1
      parameters.value[i] = Float(i % 5) * 0.1
    }
    return best(seconds: seconds, flops: 2 * Double(n * n * n)) { weight.apply(a, n, rows: n, into: c, n) }
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

  @inline(never) private static func chains(_ rounds: Int) {
    let x = Lanes(repeating: 0.999_999), y = Lanes(repeating: 1e-6)
    var a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x
    var i = x, j = x, k = x, l = x, m = x, n = x, o = x, p = x
    for _ in 0..<rounds {
      a = y.addingProduct(a, x); b = y.addingProduct(b, x); c = y.addingProduct(c, x); d = y.addingProduct(d, x)
      e = y.addingProduct(e, x); f = y.addingProduct(f, x); g = y.addingProduct(g, x); h = y.addingProduct(h, x)
      i = y.addingProduct(i, x); j = y.addingProduct(j, x); k = y.addingProduct(k, x); l = y.addingProduct(l, x)
      m = y.addingProduct(m, x); n = y.addingProduct(n, x); o = y.addingProduct(o, x); p = y.addingProduct(p, x)
    }
    sink = total(a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p)
  }

  /// Where results go so that they are computed.
  nonisolated(unsafe) private static var sink: Float = 0
}
