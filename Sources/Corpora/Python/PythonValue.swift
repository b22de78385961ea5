// Values that go into functions under test and come out of them, and an item of the task `functions`.

/// A value of the Python subset, as Python prints it.
public enum PythonValue: Codable, Hashable, Sendable, CustomStringConvertible {
  case none
  case boolean(Bool)
  case integer(Int)
  case float(Double)
  case string(String)
  case list([PythonValue])
  /// In the order in which the keys came.
  case dictionary([PythonEntry])

  public var description: String {
    switch self {
    case .none: "None"
    case .boolean(let value): value ? "True" : "False"
    case .integer(let value): "\(value)"
    case .float(let value): "\(value)"
    case .string(let value):
      Self.quoted(value)
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    case .dictionary(let entries): "{" + entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    }
  }

  /// In double quotes where only single ones occur.
  private static func quoted(_ value: String) -> String {
    let quote = value.contains("'") && !value.contains("\"") ? "\"" : "'"
    let escaped = value.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    return quote + (quote == "'" ? escaped.replacing("'", with: "\\'") : escaped) + quote
  }
}

/// A key of a dictionary and its value.
public struct PythonEntry: Codable, Hashable, Sendable {
  public var key: PythonValue
  public var value: PythonValue

  public init(_ key: PythonValue, _ value: PythonValue) { (self.key, self.value) = (key, value) }
}

/// One call of a function and what it must return.
public struct FunctionTest: Codable, Hashable, Sendable, CustomStringConvertible {
  public var arguments: [PythonValue]
  public var expected: PythonValue

  public init(arguments: [PythonValue], expected: PythonValue) {
    (self.arguments, self.expected) = (arguments, expected)
  }

  /// "([1, 2]) → 5".
  public var description: String {
    "(" + arguments.map(\.description).joined(separator: ", ") + ") → \(expected)"
  }
}

/// A held-out specification: the head of a function, which a model completes, and the tests that decide.
public struct FunctionItem: Sendable {
  /// The definition's name.
  public var name: String
  /// Definition line and docstring, with the line break and indentation after them.
  public var prompt: [Int32]
  public var tests: [FunctionTest]
  /// A whole function that passes: the source.
  public var solution: String
  /// The specification in every wording that training text could have it in: none of them may occur there.
  public var probes: [[Int32]]

  public init(name: String, prompt: [Int32], tests: [FunctionTest], solution: String, probes: [[Int32]]) {
    (self.name, self.prompt, self.tests, self.solution, self.probes) = (name, prompt, tests, solution, probes)
  }
}
