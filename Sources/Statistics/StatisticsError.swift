// The one error type of this module, and the checks of input that every function shares.

import Basics

/// Input that a statistic is not defined for. Nothing is dropped or replaced silently.
public enum StatisticsError: ExitStatusProviding, Hashable {
  /// There are fewer values than the statistic needs.
  case tooFew(what: String, count: Int, minimum: Int)
  /// A value is not a number, or infinite where that has no meaning.
  case notFinite(what: String, index: Int, value: Double)
  /// A parameter lies outside its range.
  case outOfRange(what: String, value: Double, allowed: String)
  /// Two inputs that belong together do not fit.
  case mismatch(String)

  public var exitStatus: ExitStatus {
    switch self {
    case .tooFew: .usage
    case .notFinite: .badData
    case .outOfRange, .mismatch: .fault
    }
  }

  public var description: String {
    switch self {
    case .tooFew(let what, let count, let minimum):
      "\(what): \(count) given, at least \(minimum) needed; add seeds or checkpoints"
    case .notFinite(let what, let index, let value):
      "\(what): value \(index) is \(value); name that run as missing instead of passing its number"
    case .outOfRange(let what, let value, let allowed):
      "\(what): \(value) is not \(allowed); correct it"
    case .mismatch(let explanation): explanation
    }
  }
}

func requireCount(_ count: Int, atLeast minimum: Int, _ what: String) throws(StatisticsError) {
  guard count >= minimum else { throw .tooFew(what: what, count: count, minimum: minimum) }
}

func requireFinite(_ values: [Double], _ what: String) throws(StatisticsError) {
  if let index = values.firstIndex(where: { !$0.isFinite }) {
    throw .notFinite(what: what, index: index, value: values[index])
  }
}

func requireLevel(_ level: Double) throws(StatisticsError) {
  guard level > 0, level < 1 else {
    throw .outOfRange(what: "confidence level", value: level, allowed: "strictly between 0 and 1")
  }
}
