// Attention of one new token per sequence over the keys and values of the tokens before it: what generating token by
// token needs. Forward only; training attention is in Attention.swift.

import Tensors

/// For each of B sequences at the same position p: appends the new key and value to the cache, then
/// o = softmax(q̂ k̂ᵀ / √W) v over positions 0…p.
final class CachedAttention: CachedAttentionOperation {
  let input: Tensor  // [B, 3D]: q, k, v
  let output: Tensor  // [B, D]
  let heads: Int
  let width: Int
  private let longest: Int
  private let queryNorm: HeadNorm
  private let keyNorm: HeadNorm
  private let keys: Floats, values: Floats  // [B, H, longest, W]
  private let query: Floats, scores: Floats  // [W], [longest]
  /// p, the position of the token that the next forward pass reads; the caller counts.
  var position = 0

  init(
    _ arena: Arena, _ parameters: ParameterBuffer, input: Tensor, output: Tensor, heads: Int,
    constants: AttentionConstants, rotary: RotaryTable, longest: Int
  ) {
    self.input = input
    self.output = output
    self.heads = heads
    self.longest = longest
    width = output.columns / max(heads, 1)
    queryNorm = HeadNorm(
      arena, parameters, gain: constants.queryGain, width: width, epsilon: constants.epsilon,
      scale: 1 / Float(width).squareRoot(), rotary: rotary)
    keyNorm = HeadNorm(
      arena, parameters, gain: constants.keyGain, width: width, epsilon: constants.epsilon, scale: 1, rotary: rotary)
    keys = arena.floats(product(output.rows.capacity, output.columns), longest)
    values = arena.floats(product(output.rows.capacity, output.columns), longest)
    query = arena.floats(roundedUp(width))
    scores = arena.floats(roundedUp(longest))
    requireShapes(rotary, longest: longest)
  }

  func forward() {
    require((0..<longest).contains(position), "the cache holds \(longest) tokens")
    let columns = output.columns
    for sequence in 0..<output.rows.count {
      for head in 0..<heads {
        let source = input.value + sequence * input.columns + head * width
        let k = keys + (sequence * heads + head) * longest * width  // [longest, W]
        let v = values + (sequence * heads + head) * longest * width
        queryNorm.forward(source, into: query, position: position)
        keyNorm.forward(source + columns, into: k + position * width, position: position)
        eachGroup(width) { i, n in store(load(source + 2 * columns + i, n), v + position * width + i, n) }
        attend(k, v, into: output.value + sequence * columns + head * width)
      }
    }
  }

  private func attend(_ k: Floats, _ v: Floats, into o: Floats) {
    let count = position + 1
    for key in 0..<count {
      var dots = Lanes.zero
      eachGroup(width) { i, n in dots.addProduct(load(query + i, n), load(k + key * width + i, n)) }
      scores[key] = total(dots)
    }
    var tops = Lanes(repeating: -.infinity)
    eachGroup(count) { i, n in tops = larger(tops, load(scores + i, n, fill: -.infinity)) }
    let top = largest(tops)
    var sums = Lanes.zero
    eachGroup(count) { i, n in
      let e = exponential(load(scores + i, n, fill: -.infinity) - top)
      sums += e
      store(e, scores + i, n)
    }
    let scale = 1 / total(sums)
    eachGroup(width) { i, n in
      var sum = Lanes.zero
      for key in 0..<count { sum.addProduct(Lanes(repeating: scores[key] * scale), load(v + key * width + i, n)) }
      store(sum, o + i, n)
    }
  }

  /// Generation is not differentiated.
  func backward() { refuse("cached attention has no backward pass") }
}
