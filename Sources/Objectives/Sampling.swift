// How one token is chosen from logits. Generating with it: AutoregressiveSampling.swift and DiffusionSampling.swift.

import Foundation
import Randomness

/// How a token is chosen from logits.
public struct SamplingRule: Sendable {
  /// 0 takes the most likely token; otherwise logits are divided by it and a token is drawn.
  public var temperature: Double
  /// Tokens that are never chosen: the mask and the beginning of a sequence.
  public var excluded: [Int32]

  public init(temperature: Double, excluded: [Int32]) {
    self.temperature = temperature
    self.excluded = excluded
  }

  /// The chosen token and the probability that the model gives it (at temperature 1, excluded tokens left out).
  func choose(
    _ logits: UnsafeBufferPointer<Float>.SubSequence, _ stream: inout RandomStream
  ) -> (token: Int32, probability: Double) {
    let base = logits.startIndex
    var top = -Float.infinity
    var best: Int32 = 0
    for i in logits.indices where logits[i] > top && !excluded.contains(Int32(i - base)) {
      top = logits[i]
      best = Int32(i - base)
    }
    // All weights once: whole documents are drawn with this.
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: logits.count) { weights in
      func fill(_ temperature: Double) -> Double {
        for i in logits.indices { weights[i - base] = exp(Double(logits[i] - top) / temperature) }
        for token in excluded where weights.indices.contains(Int(token)) { weights[Int(token)] = 0 }
        return weights.reduce(0, +)
      }
      let total = fill(1)
      guard temperature > 0 else { return (best, 1 / total) }
      let plainWeight = { (token: Int32) in exp(Double(logits[base + Int(token)] - top)) }
      var left = stream.uniform() * (temperature == 1 ? total : fill(temperature))
      for token in weights.indices {
        left -= weights[token]
        if left < 0 { return (Int32(token), plainWeight(Int32(token)) / total) }
      }
      return (best, 1 / total)
    }
  }
}
