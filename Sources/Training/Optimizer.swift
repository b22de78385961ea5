// The rule by which a step changes the parameters, and what it remembers from step to step. The arithmetic runs in the
// engine's kernels; schedule, clipping and the order of the data are the trainer's.

import TensorEngine

/// What one update is told beside the gradients.
public struct OptimizerStep: Sendable {
  /// Which update of the run it is: 1 for the first.
  public var number: Int
  /// The learning rate η of this update.
  public var learningRate: Double
  /// What the gradients are multiplied by before they are used: 1, or less where they are clipped.
  public var gradientScale: Float

  public init(number: Int, learningRate: Double, gradientScale: Float) {
    self.number = number
    self.learningRate = learningRate
    self.gradientScale = gradientScale
  }
}

/// A rule that turns the gradients of P parameters into an update of them.
///
/// Everything that an update depends on beside its arguments is in `state`, so that an optimizer whose state is
/// restored goes on bit for bit. An optimizer allocates when it is made and never in `update`.
public protocol Optimizer: AnyObject {
  /// What it remembers, by the names under which a training state stores it. Names and lengths never change.
  var state: [OptimizerState] { get }

  /// θ ← θ + Δ(g, state), in place; the gradients are cleared.
  /// - Parameter parameters: [P] the parameters that the optimizer was made for, with the gradients of this step.
  func update(_ parameters: ParameterBuffer, _ step: OptimizerStep)
}

/// One array of an optimizer's state; it shares the optimizer's memory and is valid as long as the optimizer is.
public struct OptimizerState {
  /// Unique within the optimizer, and stable: stored runs are continued by it.
  public let name: String
  public let values: UnsafeMutableBufferPointer<Float>

  public init(_ name: String, _ values: UnsafeMutableBufferPointer<Float>) {
    self.name = name
    self.values = values
  }
}

/// Adam with decoupled weight decay. For every parameter θ with gradient g, at update s = 1, 2, …:
///
///     m ← β₁ m + (1 − β₁) g            v ← β₂ v + (1 − β₂) g²
///     θ ← (1 − η λ) θ − η m̂ / (√v̂ + ε)   with m̂ = m / (1 − β₁ˢ), v̂ = v / (1 − β₂ˢ)
///
/// λ acts on matrices only. State: `first` [P] = m and `second` [P] = v, in the order of the parameter buffer, both zero
/// at first. Source: Loshchilov and Hutter 2019; `torch.optim.AdamW`.
public final class AdamW: Optimizer {
  private let moments: AdamWMoments
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Double
  private let weightDecay: Double
  private let kernels: any Kernels

  /// - Parameter count: P, the number of parameters.
  public init(_ arena: Arena, count: Int, _ configuration: TrainingConfiguration, kernels: any Kernels) {
    moments = AdamWMoments(arena, count: count)
    (beta1, beta2, epsilon) = (configuration.beta1, configuration.beta2, configuration.epsilon)
    weightDecay = configuration.weightDecay
    self.kernels = kernels
  }

  public var state: [OptimizerState] {
    [("first", moments.first), ("second", moments.second)].map {
      OptimizerState($0, UnsafeMutableBufferPointer(start: $1, count: moments.count))
    }
  }

  public func update(_ parameters: ParameterBuffer, _ step: OptimizerStep) {
    kernels.update(
      parameters, moments,
      AdamWStep(
        step: step.number, learningRate: step.learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
        decay: weightDecay, gradientScale: step.gradientScale))
  }
}
