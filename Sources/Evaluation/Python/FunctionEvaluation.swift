// Whether a completed function passes an item's tests: pass@1 by execution.

import Corpora

extension PythonProgram {
  /// The result of one call, the statements outside functions having been run before it. Executions share nothing.
  public func call(
    _ name: String, _ arguments: [PythonValue], limits: PythonLimits = PythonLimits()
  ) throws(PythonError) -> PythonValue {
    let interpreter = PythonInterpreter(self, limits: limits)
    try interpreter.runModule()
    return try interpreter.call(name, arguments)
  }
}

extension FunctionItem {
  /// Whether this source defines a function that returns what every test expects; `==` is Python's, so 1 is True.
  public func isSolved(by source: String, limits: PythonLimits = PythonLimits()) -> Bool {
    do {
      let program = try PythonProgram(source)
      for test in tests where try !isSame(program.call(name, test.arguments, limits: limits), test.expected) {
        return false
      }
      return true
    } catch {
      return false
    }
  }
}

extension InfillingItem {
  /// Whether the function with these tokens in its hole passes the tests.
  public func isSolved(
    by tokens: [Int32], tokenizer: any Tokenizer, limits: PythonLimits = PythonLimits()
  ) -> Bool {
    function.isSolved(by: source(filling: tokens, tokenizer: tokenizer), limits: limits)
  }
}

/// pass@1: the share of items whose one completion passes all tests.
public struct PassRate: Hashable, Sendable {
  public let items: Int
  public let share: Double
  /// Sample sd / √items.
  public let standardError: Double

  public init(_ passed: [Bool]) {
    items = passed.count
    share = mean(passed.map { $0 ? 1 : 0 })
    standardError = Evaluation.standardError(passed.map { $0 ? 1 : 0 })
  }
}

/// Python's `==` between values.
private func isSame(_ left: PythonValue, _ right: PythonValue) -> Bool {
  func number(_ value: PythonValue) -> Double? {
    switch value {
    case .boolean(let value): value ? 1 : 0
    case .integer(let value): Double(value)
    case .float(let value): value
    default: nil
    }
  }
  if case .integer(let a) = left, case .integer(let b) = right { return a == b }
  if let a = number(left), let b = number(right) { return a == b }
  if case .list(let a) = left, case .list(let b) = right {
    return a.count == b.count && zip(a, b).allSatisfy { isSame($0, $1) }
  }
  if case .dictionary(let a) = left, case .dictionary(let b) = right {
    return a.count == b.count
      && a.allSatisfy { entry in b.contains { isSame($0.key, entry.key) && isSame($0.value, entry.value) } }
  }
  return left == right
}
