// Dropout multipliers drawn from the counter-based generator: kept for the way back, drawn anew for each batch.

import Randomness

/// Which random numbers a batch's dropout uses; absent when a model is evaluated.
public final class DropoutClock {
  /// Whether dropout acts at all: true in training, false in evaluation.
  public var isTraining = false
  public var seed: UInt64 = 0
  /// Counts batches (chunks of steps) from the start of training.
  public var batch: UInt64 = 0

  public init() {}
}

/// Inverted dropout: each element is multiplied by 0 with probability `rate`, else by 1 / (1 − rate).
///
/// Source: Srivastava et al. 2014, with the scaling done in training, as PyTorch does.
public final class DropoutMask {
  private let rate: Float
  private let clock: DropoutClock
  private let layer: UInt64
  private let multipliers: Floats
  let capacity: Int

  /// - Parameters:
  ///   - layer: a number that no other mask of the model has.
  ///   - capacity: the largest number of elements it is applied to.
  public init(_ arena: Arena, rate: Float, clock: DropoutClock, layer: Int, capacity: Int) {
    self.rate = rate
    self.clock = clock
    self.layer = UInt64(layer)
    multipliers = arena.floats(capacity)
    self.capacity = capacity
  }

  var isActive: Bool { clock.isTraining }

  /// Draws new multipliers and applies them.
  func apply(to values: Floats, count: Int) {
    guard isActive else { return }
    require(count <= capacity, "\(count) elements for a dropout mask of \(capacity)")
    var stream = RandomStream(seed: clock.seed, purpose: .dropout, index: clock.batch << 8 | layer)
    let kept = 1 / (1 - rate)
    for i in 0..<count { multipliers[i] = stream.uniformFloat() < rate ? 0 : kept }
    reapply(to: values, count: count)
  }

  /// Applies the multipliers drawn last.
  func reapply(to values: Floats, count: Int) {
    guard isActive else { return }
    require(count <= capacity, "\(count) elements for a dropout mask of \(capacity)")
    eachGroup(count) { i, n in store(load(values + i, n) * load(multipliers + i, n), values + i, n) }
  }
}
