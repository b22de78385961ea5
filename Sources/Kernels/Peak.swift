// A loop of independent fused multiply-adds: what a core can do at most. It is timed in TensorEngine.

import Tensors

/// Sixteen chains of `rounds` fused multiply-adds in registers.
@inline(never) func chainsOfFusedMultiplyAdds(_ rounds: Int) -> Float {
  let x = Lanes(repeating: 0.999_999), y = Lanes(repeating: 1e-6)
  var a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x
  var i = x, j = x, k = x, l = x, m = x, n = x, o = x, p = x
  for _ in 0..<rounds {
    a = y.addingProduct(a, x); b = y.addingProduct(b, x); c = y.addingProduct(c, x); d = y.addingProduct(d, x)
    e = y.addingProduct(e, x); f = y.addingProduct(f, x); g = y.addingProduct(g, x); h = y.addingProduct(h, x)
    i = y.addingProduct(i, x); j = y.addingProduct(j, x); k = y.addingProduct(k, x); l = y.addingProduct(l, x)
    m = y.addingProduct(m, x); n = y.addingProduct(n, x); o = y.addingProduct(o, x); p = y.addingProduct(p, x)
  }
  return total(a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p)
}
