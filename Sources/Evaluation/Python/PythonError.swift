// Why a program has no value, and how much it may use up before that is decided.

import Basics

/// How a program fails. Its text never comes from outside the program, and there is no other way for it to end without
/// a value: the evaluator neither traps nor waits.
public enum PythonError: ExitStatusProviding, Hashable {
  /// What Python calls an exception of this name.
  public enum Kind: String, Hashable, Sendable {
    case index = "IndexError"
    case key = "KeyError"
    case name = "NameError"
    case overflow = "OverflowError"
    case runtime = "RuntimeError"
    case type = "TypeError"
    case unbound = "UnboundLocalError"
    case value = "ValueError"
    case zeroDivision = "ZeroDivisionError"
  }

  /// A bound of ``PythonLimits`` that was reached.
  public enum Limit: String, Hashable, Sendable {
    case source = "the source is too long"
    case nesting = "the source is nested too deeply"
    case steps = "too many steps"
    case memory = "too much memory"
    case depth = "calls and expressions are nested too deeply"
    case integer = "an integer of more than 64 bits"
  }

  /// The text is not a program.
  case syntax(line: Int, String)
  /// The text may be a program, but uses what this subset does not have.
  case unsupported(line: Int, String)
  case exception(line: Int, Kind, String)
  case limit(line: Int, Limit)

  /// A model's program that fails is a wrong answer; one that stops `replicate` was not caught.
  public var exitStatus: ExitStatus { .fault }

  public var description: String {
    switch self {
    case .syntax(let line, let message): "line \(line): SyntaxError: \(message)"
    case .unsupported(let line, let what): "line \(line): not in the supported subset of Python: \(what)"
    case .exception(let line, let kind, let message): "line \(line): \(kind.rawValue): \(message)"
    case .limit(let line, let limit): "line \(line): stopped: \(limit.rawValue)"
    }
  }
}

/// What one execution may use up. A program that needs more is stopped with an error.
public struct PythonLimits: Hashable, Sendable {
  /// Statements, expressions and elements visited.
  public var steps: Int
  /// Elements of lists and dictionaries and characters of strings made, in all: nothing is given back.
  public var memory: Int
  /// Expressions, blocks and calls inside each other.
  public var depth: Int

  public init(steps: Int = 20_000, memory: Int = 20_000, depth: Int = 200) {
    (self.steps, self.memory, self.depth) = (steps, memory, depth)
  }

  /// The longest source that is read, in bytes.
  static let source = 65_536
  /// Brackets, operators and blocks inside each other in a source.
  static let nesting = 50
}
