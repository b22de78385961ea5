// Builds what a training step feeds to the transformer. Nothing here depends on the parameters or on earlier steps.

import Randomness
import Transformer

extension Objective {
  /// Appends one training sequence x_1…x_n to `batch`.
  ///
  /// - Parameters:
  ///   - tokens: x, at least one token.
  ///   - totals: what the whole step holds, over all its batches: the loss is normalised by it.
  ///   - seed, index: the run's seed and the number of this sequence since training began: they fix its masks.
  public func append(
    _ tokens: [Int32], to batch: inout Batch, totals: StepTotals, special: SpecialTokens, seed: UInt64, index: UInt64
  ) {
    switch self {
    case .autoregressive(let inputMasking):
      let weight = 1 / Float(totals.tokens)
      var stream = RandomStream(seed: seed, purpose: .inputNoise, index: index)
      for (i, token) in tokens.enumerated() {
        var seen = i == 0 ? special.begin : tokens[i - 1]
        if inputMasking > 0, i > 0, stream.uniform() < inputMasking { seen = special.mask }
        batch.append(seen, target: token, weight: weight)
      }
    case .maskedDiffusion:
      var stream = RandomStream(seed: seed, purpose: .diffusionMask, index: index)
      let masked = Self.drawMask(count: tokens.count, from: &stream)
      let maskedCount = masked.reduce(0) { $0 + ($1 ? 1 : 0) }
      let weight = 1 / (Float(totals.sequences) * Float(maskedCount))
      for (token, isMasked) in zip(tokens, masked) {
        if isMasked {
          batch.append(special.mask, target: token, weight: weight)
        } else {
          batch.append(token)
        }
      }
    }
    batch.endSequence()
  }

  /// t ~ U(0, 1), then a mask of each of `count` tokens with probability t; one uniformly chosen token where none was.
  static func drawMask(count: Int, from stream: inout RandomStream) -> [Bool] {
    let t = stream.uniform()
    var masked = (0..<count).map { _ in stream.uniform() < t }
    if !masked.contains(true) { masked[stream.below(count)] = true }
    return masked
  }
}

/// The extent of one training step.
public struct StepTotals: Hashable, Sendable {
  public var sequences: Int
  public var tokens: Int

  public init(sequences: Int, tokens: Int) {
    self.sequences = sequences
    self.tokens = tokens
  }
}
