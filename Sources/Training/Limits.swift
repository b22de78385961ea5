// The ranges that the numbers of a training must lie in, the same for configuration, options and stored specifications.

import Transformer

extension TrainingConfiguration {
  /// What each number may be.
  public enum Limits {
    public static let epochs = 1...1_000_000
    public static let batch = 1...65_536
    public static let learningRate = 1e-9...10
    public static let warmup = 0...1.0
    public static let decay = 0...1.0
    public static let finalShare = 0...1.0
    public static let weightDecay = 0...100.0
    public static let beta1 = 0...0.9999
    public static let beta2 = 0...0.99999
    public static let epsilon = 1e-16...1
    public static let clip = 1e-6...1e6
    /// At 1 nothing after the first update would count.
    public static let averaging = 0...0.99999
    public static let ensemble = 1...8
  }

  /// Why nothing can be trained like this, or nil.
  public var impossibility: String? {
    let counts = [
      ("epochs", epochs, Limits.epochs), ("batch", batch, Limits.batch), ("ensemble", ensemble, Limits.ensemble),
    ]
    for (name, value, range) in counts {
      if let violation = violation(name, value, range) { return violation }
    }
    let constants = [
      ("learningRate", learningRate, Limits.learningRate), ("warmup", warmup, Limits.warmup),
      ("decay", decay, Limits.decay), ("finalShare", finalShare, Limits.finalShare),
      ("weightDecay", weightDecay, Limits.weightDecay), ("beta1", beta1, Limits.beta1), ("beta2", beta2, Limits.beta2),
      ("epsilon", epsilon, Limits.epsilon), ("clip", clip, Limits.clip),
      ("averaging", averaging, Limits.averaging),
    ]
    for (name, value, range) in constants {
      if let violation = violation(name, value, range) { return violation }
    }
    if warmup + decay > 1 { return "warmup and decay together exceed the whole run" }
    switch decayShape {
    case .linear, .cosine: return nil
    case .exponential: return finalShare > 0 ? nil : "an exponential decay cannot end at finalShare 0"
    }
  }
}
