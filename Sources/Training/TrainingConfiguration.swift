// How a model is trained: the optimizer's constants, the learning-rate schedule, averaging and ensembles. What the
// constants may be is in Limits.swift.

import TensorEngine

/// The paper's recipe: AdamW, clipping, warm-up–stable–decay, the same for both objectives; and options that go beyond it,
/// which are off by default.
public struct TrainingConfiguration: Hashable, Sendable {
  /// Passes over the unique tokens.
  public var epochs: Int
  /// Sequences in a step.
  public var batch: Int
  /// Peak learning rate.
  public var learningRate: Double
  /// Share of the steps spent on linear warm-up.
  public var warmup: Double
  /// Share of the steps spent on the final decay.
  public var decay: Double
  /// The learning rate at the end, as a share of the peak.
  public var finalShare: Double
  public var weightDecay: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  /// Largest global gradient norm.
  public var clip: Double
  /// How the learning rate falls during the decay.
  public var decayShape: DecayShape
  /// ρ of the exponential moving average of the weights, which is then evaluated and stored in their place; 0 for none.
  public var averaging: Double
  /// Models that are trained side by side, whose predictions are mixed wherever they are asked; 1 for a single model.
  public var ensemble: Int
  /// Of the factors of the linear maps' products in training. Weights, moments, sums and evaluation have 32 bits.
  public var precision: ProductPrecision

  public init(
    epochs: Int, batch: Int, learningRate: Double, warmup: Double = 0.02, decay: Double = 0.2, finalShare: Double = 0.1,
    weightDecay: Double = 0.1, beta1: Double = 0.9, beta2: Double = 0.95, epsilon: Double = 1e-8, clip: Double = 1,
    decayShape: DecayShape = .linear, averaging: Double = 0, ensemble: Int = 1, precision: ProductPrecision = .single
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
    self.decayShape = decayShape
    self.averaging = averaging
    self.ensemble = ensemble
    self.precision = precision
  }

  /// Steps to pass `epochs` times over `sequences` sequences; the last step may be smaller than the others.
  public func steps(sequences: Int) -> Int { (epochs * sequences + batch - 1) / batch }

  /// The schedule for that many steps.
  public func schedule(steps: Int) -> Schedule {
    Schedule(
      steps: steps, warmup: max(1, Int((warmup * Double(steps)).rounded())),
      decay: Int((decay * Double(steps)).rounded()),
      peak: learningRate, finalShare: finalShare, shape: decayShape)
  }
}

/// An option that is off is not encoded, so that the specifications of runs without it, and their hashes, stay as they were.
extension TrainingConfiguration: Codable {
  /// Specifications are stored under these names and hashed: a property may be renamed, its key may not.
  enum CodingKeys: String, CodingKey {
    case epochs = "epochs"
    case batch = "batch"
    case learningRate = "learningRate"
    case warmup = "warmup"
    case decay = "decay"
    case finalShare = "finalShare"
    case weightDecay = "weightDecay"
    case beta1 = "beta1"
    case beta2 = "beta2"
    case epsilon = "epsilon"
    case clip = "clip"
    case decayShape = "decayShape"
    case averaging = "averaging"
    case ensemble = "ensemble"
    case precision = "precision"
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys) throws -> Double { try fields.decode(Double.self, forKey: key) }
    self.init(
      epochs: try fields.decode(Int.self, forKey: .epochs), batch: try fields.decode(Int.self, forKey: .batch),
      learningRate: try number(.learningRate), warmup: try number(.warmup), decay: try number(.decay),
      finalShare: try number(.finalShare), weightDecay: try number(.weightDecay), beta1: try number(.beta1),
      beta2: try number(.beta2), epsilon: try number(.epsilon), clip: try number(.clip),
      decayShape: try fields.decodeIfPresent(DecayShape.self, forKey: .decayShape) ?? .linear,
      averaging: try fields.decodeIfPresent(Double.self, forKey: .averaging) ?? 0,
      ensemble: try fields.decodeIfPresent(Int.self, forKey: .ensemble) ?? 1,
      precision: try fields.decodeIfPresent(ProductPrecision.self, forKey: .precision) ?? .single)
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(epochs, forKey: .epochs)
    try fields.encode(batch, forKey: .batch)
    for (key, value) in [
      (CodingKeys.learningRate, learningRate), (.warmup, warmup), (.decay, decay), (.finalShare, finalShare),
      (.weightDecay, weightDecay), (.beta1, beta1), (.beta2, beta2), (.epsilon, epsilon), (.clip, clip),
    ] {
      try fields.encode(value, forKey: key)
    }
    if decayShape != .linear { try fields.encode(decayShape, forKey: .decayShape) }
    if averaging != 0 { try fields.encode(averaging, forKey: .averaging) }
    if ensemble != 1 { try fields.encode(ensemble, forKey: .ensemble) }
    if precision != .single { try fields.encode(precision, forKey: .precision) }
  }
}
