// Runs a program: statements, calls and limits. Expressions and operators are in the extensions. It computes on its own
// values only; there is nothing in it that could reach the host.

import Corpora

/// One execution. Used once: its variables and what it has used up stay.
final class PythonInterpreter {
  private enum Flow {
    case normal, breaking, continuing
    case returning(PythonObject)
  }

  /// The variables of a call.
  private struct Frame {
    var function: Int
    var values: [String: PythonObject]
  }

  let program: PythonProgram
  private let limits: PythonLimits
  var lists: [[PythonObject]] = []
  var dictionaries: [PythonDictionary] = []
  /// Of the statement or expression at work.
  var line = 1
  /// Nested evaluations that are going on.
  var depth = 0
  private var steps = 0
  private var memory = 0
  private var globals: [String: PythonObject] = [:]
  private var frame: Frame?
  /// Variables of list comprehensions, innermost last.
  private var comprehensionVariables: [(name: String, value: PythonObject)] = []

  init(_ program: PythonProgram, limits: PythonLimits) {
    self.program = program
    self.limits = limits
  }

  // MARK: Limits

  func step(_ count: Int = 1) throws(PythonError) {
    if count > limits.steps - steps { throw .limit(line: line, .steps) }
    steps += count
  }

  func allocate(_ count: Int) throws(PythonError) {
    if count > limits.memory - memory { throw .limit(line: line, .memory) }
    memory += count
  }

  /// To be followed by `depth -= 1` unless an error ends everything.
  func deeper() throws(PythonError) {
    depth += 1
    if depth > limits.depth { throw .limit(line: line, .depth) }
  }

  func exception(_ kind: PythonError.Kind, _ message: String) -> PythonError { .exception(line: line, kind, message) }

  // MARK: Names

  func lookUp(_ name: String) throws(PythonError) -> PythonObject {
    if let inner = comprehensionVariables.last(where: { $0.name == name }) { return inner.value }
    if let frame, program.functions[frame.function].locals.contains(name) {
      if let value = frame.values[name] { return value }
      throw exception(.unbound, "cannot access local variable '\(name)' where it is not associated with a value")
    }
    if let value = globals[name] { return value }
    if let builtin = Builtin(rawValue: name) { return .builtin(builtin) }
    throw exception(.name, "name '\(name)' is not defined")
  }

  private func bind(_ name: String, _ value: PythonObject) {
    if frame == nil { globals[name] = value } else { frame?.values[name] = value }
  }

  /// Evaluates with one more variable, as comprehensions do. Their frame is that of the call they are in. After an
  /// error, which ends everything, the variables may be those of a call further in.
  func withVariable<Result>(
    _ name: String, _ value: PythonObject, _ body: () throws(PythonError) -> Result
  ) throws(PythonError) -> Result {
    comprehensionVariables.append((name, value))
    let result = try body()
    comprehensionVariables.removeLast()
    return result
  }

  // MARK: Statements

  /// Runs the statements outside functions.
  func runModule() throws(PythonError) { _ = try run(program.statements) }

  private func run(_ block: [Statement]) throws(PythonError) -> Flow {
    try deeper()
    defer { depth -= 1 }
    for statement in block {
      line = statement.line
      try step()
      let flow = try run(statement)
      guard case .normal = flow else { return flow }
    }
    return .normal
  }

  private func run(_ statement: Statement) throws(PythonError) -> Flow {
    switch statement.kind {
    case .pass: break
    case .breaking: return .breaking
    case .continuing: return .continuing
    case .returning(let value):
      guard let value else { return .returning(.none) }
      return .returning(try evaluate(value))
    case .define(let function): bind(program.functions[function].name, .function(function))
    case .expression(let expression): _ = try evaluate(expression)
    case .assign(let target, let expression): try assign(target, try evaluate(expression))
    case .augment(let target, let operation, let expression): try augment(target, operation, expression)
    case .branch(let branches, let otherwise):
      for branch in branches where try truth(evaluate(branch.test)) { return try run(branch.block) }
      return try run(otherwise)
    case .whileLoop(let test, let body, let otherwise): return try runWhile(test, body, otherwise)
    case .forLoop(let variable, let source, let body, let otherwise):
      return try runFor(variable, source, body, otherwise)
    }
    return .normal
  }

  private func runWhile(
    _ test: ExpressionIndex, _ body: [Statement], _ otherwise: [Statement]
  ) throws(PythonError) -> Flow {
    while try truth(evaluate(test)) {
      let flow = try run(body)
      if case .breaking = flow { return .normal }
      if case .returning = flow { return flow }
    }
    return try run(otherwise)
  }

  private func runFor(
    _ variable: String, _ source: ExpressionIndex, _ body: [Statement], _ otherwise: [Statement]
  ) throws(PythonError) -> Flow {
    let iterated = try evaluate(source)
    let size = size(iterated)
    var index = 0
    while let element = try element(iterated, at: index) {
      try requireSize(iterated, size)
      bind(variable, element)
      index += 1
      let flow = try run(body)
      if case .breaking = flow { return .normal }
      if case .returning = flow { return flow }
    }
    try requireSize(iterated, size)
    return try run(otherwise)
  }

  private func assign(_ target: Statement.Target, _ value: PythonObject) throws(PythonError) {
    switch target {
    case .name(let name): bind(name, value)
    case .element(let list, let index):
      let object = try evaluate(list)
      try store(value, in: object, at: try evaluate(index))
    }
  }

  private func augment(
    _ target: Statement.Target, _ operation: BinaryOperator, _ expression: ExpressionIndex
  ) throws(PythonError) {
    switch target {
    case .name(let name):
      let old = try lookUp(name)
      bind(name, try augmented(old, operation, try evaluate(expression)))
    case .element(let list, let index):
      let object = try evaluate(list)
      let place = try evaluate(index)
      let old = try subscripted(object, place)
      try store(try augmented(old, operation, try evaluate(expression)), in: object, at: place)
    }
  }

  private func store(_ value: PythonObject, in object: PythonObject, at index: PythonObject) throws(PythonError) {
    if case .dictionary(let dictionary) = object { return try store(value, in: dictionary, at: index) }
    guard case .list(let list) = object else {
      throw exception(.type, "'\(object.typeName)' object does not support item assignment")
    }
    lists[list][try position(index, count: lists[list].count, of: "list assignment")] = value
  }

  // MARK: Calls

  /// Calls a function of the program by name, as a test does.
  func call(_ name: String, _ arguments: [PythonValue]) throws(PythonError) -> PythonValue {
    var objects: [PythonObject] = []
    for argument in arguments { objects.append(try object(argument)) }
    return try value(try call(try lookUp(name), objects))
  }

  func call(_ callee: PythonObject, _ arguments: [PythonObject]) throws(PythonError) -> PythonObject {
    switch callee {
    case .builtin(let builtin): return try call(builtin, arguments)
    case .function(let index):
      let function = program.functions[index]
      guard arguments.count == function.parameters.count else {
        throw exception(
          .type, "\(function.name)() takes \(function.parameters.count) arguments but \(arguments.count) were given")
      }
      let outer = (frame, comprehensionVariables, line)
      frame = Frame(
        function: index,
        values: Dictionary(zip(function.parameters, arguments), uniquingKeysWith: { first, _ in first }))
      comprehensionVariables = []
      let flow = try run(function.body)
      (frame, comprehensionVariables, line) = outer
      if case .returning(let value) = flow { return value }
      return .none
    default: throw exception(.type, "'\(callee.typeName)' object is not callable")
    }
  }
}
