// Where one learning curve overtakes another. Everything here concerns one pair of runs (one seed); what several seeds
// say together is in Verdict.swift and PageTrend.swift.

import Foundation

/// A metric against epochs. Epochs are positive and strictly ascending, values finite.
public struct Curve: Codable, Hashable, Sendable {
  public let epochs: [Double]
  public let values: [Double]

  public init(epochs: [Double], values: [Double]) throws(StatisticsError) {
    guard epochs.count == values.count else {
      throw .mismatch("a curve has \(epochs.count) epochs and \(values.count) values; give one value per epoch")
    }
    try requireCount(epochs.count, atLeast: 1, "checkpoints of a curve")
    try requireFinite(epochs, "epochs of a curve")
    try requireFinite(values, "values of a curve")
    guard epochs[0] > 0 else {
      throw .outOfRange(
        what: "first epoch of a curve", value: epochs[0], allowed: "above 0 (it is interpolated on log-epochs)")
    }
    for (earlier, later) in zip(epochs, epochs.dropFirst()) where later <= earlier {
      throw .outOfRange(what: "epochs of a curve", value: later, allowed: "above the one before, \(earlier)")
    }
    self.epochs = epochs
    self.values = values
  }
}

extension Curve {
  /// The line through the points at an epoch; before the first point and after the last it is level.
  public func value(at epoch: Double) -> Double {
    guard let next = epochs.firstIndex(where: { $0 >= epoch }) else { return values[values.count - 1] }
    if next == 0 { return values[0] }
    let share = (epoch - epochs[next - 1]) / (epochs[next] - epochs[next - 1])
    return values[next - 1] + share * (values[next] - values[next - 1])
  }

  /// The mean of the line through the points between two epochs; before the first point and after the last it is level.
  public func mean(from: Double, to: Double) -> Double {
    let places = [from] + epochs.filter { $0 > from && $0 < to } + [to]
    var area = 0.0
    for (left, right) in zip(places, places.dropFirst()) {
      area += (right - left) * (value(at: left) + value(at: right)) / 2
    }
    return area / (to - from)
  }
}

/// When something happened in the course of training, if it did within the budget.
public enum Crossing: Codable, Hashable, Sendable {
  case at(epoch: Double)
  /// Not within the epochs that were trained: right-censored at the budget.
  case never(budget: Double)

  /// The epoch, or nil where there was none.
  public var epoch: Double? {
    if case .at(let epoch) = self { epoch } else { nil }
  }

  /// The epoch, or infinity where there was none, as `pageTrend` ranks it.
  public var ranked: Double { epoch ?? .infinity }
}

/// Accuracies that are equal can differ in their last bits once they are means over tasks. Less than this does not
/// count as a difference.
private let tie = 1e-9

/// The crossover: the first epoch from which the challenger stays at or above the incumbent to the end, interpolated
/// linearly in the difference on log-epochs between checkpoints.
///
/// If the challenger is never below, that is the first checkpoint; if it ends below, there is none.
public func crossover(challenger: Curve, incumbent: Curve) throws(StatisticsError) -> Crossing {
  try requireSameEpochs(challenger, incumbent)
  let epochs = challenger.epochs
  let lead = zip(challenger.values, incumbent.values).map { $0 - $1 }
  guard let lastBelow = lead.lastIndex(where: { $0 < -tie }) else { return .at(epoch: epochs[0]) }
  let next = lastBelow + 1
  guard next < epochs.count else { return .never(budget: epochs[lastBelow]) }
  let fraction = -lead[lastBelow] / (lead[next] - lead[lastBelow])
  return .at(epoch: logInterpolate(epochs[lastBelow], epochs[next], fraction))
}

/// The crossing of the incumbent's best: the first epoch at which the challenger passes (is above) the best value that
/// the incumbent has at any epoch, as if the incumbent had been stopped there; interpolated on log-epochs. Stricter
/// than `crossover`, except that the challenger may fall below again afterwards.
public func crossingOfBest(challenger: Curve, incumbent: Curve) throws(StatisticsError) -> Crossing {
  try requireSameEpochs(challenger, incumbent)
  let epochs = challenger.epochs
  let values = challenger.values
  let best = incumbent.values.reduce(-Double.infinity, max)
  guard let first = values.firstIndex(where: { $0 > best + tie }) else {
    return .never(budget: epochs[epochs.count - 1])
  }
  if first == 0 { return .at(epoch: epochs[0]) }
  let fraction = (best - values[first - 1]) / (values[first] - values[first - 1])
  return .at(epoch: logInterpolate(epochs[first - 1], epochs[first], fraction))
}

/// The point a fraction of the way from one epoch to another on a logarithmic axis; the ends are exact.
private func logInterpolate(_ from: Double, _ to: Double, _ fraction: Double) -> Double {
  if fraction <= 0 { return from }
  if fraction >= 1 { return to }
  return from * pow(to / from, fraction)
}

private func requireSameEpochs(_ challenger: Curve, _ incumbent: Curve) throws(StatisticsError) {
  if challenger.epochs.count != incumbent.epochs.count {
    throw .mismatch(
      "the challenger has \(challenger.epochs.count) checkpoints and the incumbent \(incumbent.epochs.count); "
        + "evaluate both on the same epochs")
  }
  for (mine, theirs) in zip(challenger.epochs, incumbent.epochs) where mine != theirs {
    throw .mismatch(
      "a checkpoint of the challenger is at epoch \(mine), the incumbent's at \(theirs); "
        + "evaluate both on the same epochs")
  }
}
