// The optimiser's memory. Its arithmetic is the kernels' business.

/// First and second moments of every parameter.
///
/// For each element: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ (1 − lr λ) − lr m̂ / (√v̂ + ε), with m̂ and v̂
/// corrected for their start at zero. λ acts on matrices only. Source: Loshchilov and Hutter 2019; `torch.optim.AdamW`.
public final class AdamWMoments {
  public let count: Int
  public let first: UnsafeMutablePointer<Float>
  public let second: UnsafeMutablePointer<Float>

  public init(_ arena: Arena, count: Int) {
    self.count = count
    first = arena.floats(count)
    second = arena.floats(count)
  }
}

/// The constants of one update.
public struct AdamWStep {
  /// One for the first update.
  public var step: Int
  public var learningRate: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  /// λ, the decoupled weight decay.
  public var decay: Double
  /// What the gradients are multiplied by.
  public var gradientScale: Float

  public init(
    step: Int, learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double, gradientScale: Float
  ) {
    self.step = step
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.decay = decay
    self.gradientScale = gradientScale
  }
}
