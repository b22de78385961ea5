// What decides a batch's dropout. The multipliers are drawn and applied by the kernels.

/// Which random numbers a batch's dropout uses; absent when a model is evaluated.
public final class DropoutClock {
  /// Whether dropout acts at all: true in training, false in evaluation.
  public var isTraining = false
  public var seed: UInt64 = 0
  /// Counts batches (chunks of steps) from the start of training.
  public var batch: UInt64 = 0

  public init() {}
}

/// Dropout of one operation's output.
public struct DropoutPlace {
  public let rate: Float
  public let clock: DropoutClock
  /// A number that no other place of the model has.
  public let layer: Int

  public init(rate: Float, clock: DropoutClock, layer: Int) {
    self.rate = rate
    self.clock = clock
    self.layer = layer
  }
}
