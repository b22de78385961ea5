// The learning-rate schedule, a pure function of the step. Which one a training has follows from its configuration.

import Foundation

/// How the learning rate falls during the decay: its share of the peak when the share u of the decay is done, 0 < u ≤ 1,
/// and f is the share at the end.
public enum DecayShape: String, Codable, CaseIterable, Sendable {
  /// 1 − (1 − f) u.
  case linear
  /// f^u: the same factor every step. f must be above 0.
  case exponential
  /// f + (1 − f) (1 + cos π u) / 2.
  case cosine
}

/// Warm-up–stable–decay: linear from peak / W to the peak over W steps, constant, then from the peak to `finalShare` · peak
/// over the last D steps, along `shape`.
public struct Schedule: Hashable, Sendable {
  public let steps: Int
  /// W.
  public let warmup: Int
  /// D.
  public let decay: Int
  public let peak: Double
  public let finalShare: Double
  public let shape: DecayShape

  public init(
    steps: Int, warmup: Int, decay: Int, peak: Double, finalShare: Double, shape: DecayShape = .linear
  ) {
    self.steps = steps
    self.warmup = warmup
    self.decay = decay
    self.peak = peak
    self.finalShare = finalShare
    self.shape = shape
  }

  /// The learning rate of step 0, 1, … `steps` − 1.
  public func rate(_ step: Int) -> Double {
    if step < warmup { return peak * Double(step + 1) / Double(warmup) }
    if step < steps - decay { return peak }
    let done = Double(step - (steps - decay) + 1)
    switch shape {
    case .linear: return peak * (1 - (1 - finalShare) * done / Double(decay))
    case .exponential: return peak * pow(finalShare, done / Double(decay))
    case .cosine: return peak * (finalShare + (1 - finalShare) * (1 + cos(.pi * done / Double(decay))) / 2)
    }
  }
}

/// What gradients of that global norm are multiplied by so that it becomes at most `clip`, as `clip_grad_norm_` does.
public func clippingScale(norm: Double, clip: Double) -> Float { Float(min(1, clip / (norm + 1e-6))) }
