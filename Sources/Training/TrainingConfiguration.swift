// How a model is trained: the optimiser's constants and the learning-rate schedule, a pure function of the step. What the
// constants may be stands in Limits.swift.

/// The paper's recipe: AdamW, clipping, warm-up–stable–decay, the same for both objectives.
public struct TrainingConfiguration: Codable, Hashable, Sendable {
  /// Passes over the unique tokens.
  public var epochs: Int
  /// Sequences in a step.
  public var batch: Int
  /// Peak learning rate.
  public var learningRate: Double
  /// Share of the steps spent on linear warm-up.
  public var warmup: Double
  /// Share of the steps spent on the final linear decay.
  public var decay: Double
  /// The learning rate at the end, as a share of the peak.
  public var finalShare: Double
  public var weightDecay: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  /// Largest global gradient norm.
  public var clip: Double

  public init(
    epochs: Int, batch: Int, learningRate: Double, warmup: Double = 0.02, decay: Double = 0.2, finalShare: Double = 0.1,
    weightDecay: Double = 0.1, beta1: Double = 0.9, beta2: Double = 0.95, epsilon: Double = 1e-8, clip: Double = 1
  ) {
    self.epochs = epochs
    self.batch = batch
    self.learningRate = learningRate
    self.warmup = warmup
    self.decay = decay
    self.finalShare = finalShare
    self.weightDecay = weightDecay
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.clip = clip
  }

  /// Steps to pass `epochs` times over `sequences` sequences; the last step may be smaller than the others.
  public func steps(sequences: Int) -> Int { (epochs * sequences + batch - 1) / batch }

  /// The schedule for that many steps.
  public func schedule(steps: Int) -> Schedule {
    Schedule(
      steps: steps, warmup: max(1, Int((warmup * Double(steps)).rounded())),
      decay: Int((decay * Double(steps)).rounded()),
      peak: learningRate, finalShare: finalShare)
  }
}

/// Warm-up–stable–decay: linear from peak / W to the peak over W steps, constant, then linear to `finalShare` · peak over
/// the last D steps.
public struct Schedule: Hashable, Sendable {
  public let steps: Int
  public let warmup: Int
  public let decay: Int
  public let peak: Double
  public let finalShare: Double

  public init(steps: Int, warmup: Int, decay: Int, peak: Double, finalShare: Double) {
    self.steps = steps
    self.warmup = warmup
    self.decay = decay
    self.peak = peak
    self.finalShare = finalShare
  }

  /// The learning rate of step 0, 1, … `steps` − 1.
  public func rate(_ step: Int) -> Double {
    if step < warmup { return peak * Double(step + 1) / Double(warmup) }
    if step < steps - decay { return peak }
    return peak * (1 - (1 - finalShare) * Double(step - (steps - decay) + 1) / Double(decay))
  }
}

/// What gradients of that global norm are multiplied by so that it becomes at most `clip`, as `clip_grad_norm_` does.
public func clippingScale(norm: Double, clip: Double) -> Float { Float(min(1, clip / (norm + 1e-6))) }
