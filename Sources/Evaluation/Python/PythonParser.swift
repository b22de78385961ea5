// Statements of the subset, by recursive descent with a limit on depth. Expressions: PythonParser+Expressions.swift.

struct PythonParser {
  private let lexemes: [Lexeme]
  private var position = 0
  /// Recursive descents that are going on.
  private var nesting = 0
  private var loops = 0
  /// Names assigned in the function that is being read; nil outside functions.
  private var locals: Set<String>?
  var result = PythonProgram()

  /// - Parameter lexemes: ended by `.end`.
  init(_ lexemes: [Lexeme]) { self.lexemes = lexemes }

  var line: Int { lexemes[position].line }
  var kind: Lexeme.Kind { lexemes[position].kind }

  mutating func advance() { position = min(position + 1, lexemes.count - 1) }

  mutating func skip(_ wanted: Lexeme.Kind) -> Bool {
    if kind != wanted { return false }
    advance()
    return true
  }

  mutating func expect(_ wanted: Lexeme.Kind, _ name: String) throws(PythonError) {
    if !skip(wanted) { throw .syntax(line: line, "expected \(name)") }
  }

  mutating func name(_ what: String) throws(PythonError) -> String {
    guard case .name(let name) = kind else { throw .syntax(line: line, "expected \(what)") }
    advance()
    return name
  }

  /// Bounds the recursion of what is parsed inside.
  mutating func nested<Result>(
    _ parse: (inout PythonParser) throws(PythonError) -> Result
  ) throws(PythonError) -> Result {
    nesting += 1
    defer { nesting -= 1 }
    if nesting > PythonLimits.nesting { throw .limit(line: line, .nesting) }
    return try parse(&self)
  }

  /// The whole program.
  mutating func program() throws(PythonError) {
    while kind != .end { result.statements.append(try statement()) }
  }

  private mutating func block() throws(PythonError) -> [Statement] {
    try expect(.sign(":"), "a colon")
    if kind != .lineEnd { return [try simpleLine()] }
    advance()
    try expect(.indent, "an indented block")
    var statements: [Statement] = []
    while kind != .dedent { statements.append(try nested { parser throws(PythonError) in try parser.statement() }) }
    advance()
    return statements
  }

  private mutating func statement() throws(PythonError) -> Statement {
    let line = line
    guard case .keyword(let word) = kind else { return try simpleLine() }
    switch word {
    case "def": return try definition(line)
    case "if":
      var branches: [(test: ExpressionIndex, block: [Statement])] = []
      repeat {
        advance()
        let test = try expression()
        branches.append((test, try block()))
      } while kind == .keyword("elif")
      return Statement(kind: .branch(branches, otherwise: try otherwise()), line: line)
    case "while":
      advance()
      let test = try expression()
      let body = try loopBody()
      return Statement(kind: .whileLoop(test, body, otherwise: try otherwise()), line: line)
    case "for":
      advance()
      let variable = try name("the name of a loop variable")
      if kind == .sign(",") { throw .unsupported(line: line, "several loop variables") }
      bind(variable)
      try expect(.keyword("in"), "`in`")
      let source = try expression()
      let body = try loopBody()
      return Statement(kind: .forLoop(variable, source, body, otherwise: try otherwise()), line: line)
    default: return try simpleLine()
    }
  }

  private mutating func otherwise() throws(PythonError) -> [Statement] {
    skip(.keyword("else")) ? try block() : []
  }

  private mutating func loopBody() throws(PythonError) -> [Statement] {
    loops += 1
    defer { loops -= 1 }
    return try block()
  }

  private mutating func definition(_ line: Int) throws(PythonError) -> Statement {
    if locals != nil { throw .unsupported(line: line, "a function inside a function") }
    advance()
    let name = try name("the name of a function")
    try expect(.sign("("), "an opening parenthesis")
    var parameters: [String] = []
    var names = Set<String>()
    while kind != .sign(")") {
      let parameter = try self.name("a parameter")
      if !names.insert(parameter).inserted {
        throw .syntax(line: line, "the parameter \(parameter) stands there twice")
      }
      parameters.append(parameter)
      if kind == .sign("=") || kind == .sign(":") { throw .unsupported(line: line, "defaults and annotations") }
      if !skip(.sign(",")) { break }
    }
    try expect(.sign(")"), "a closing parenthesis")
    let outerLoops = loops
    (locals, loops) = (names, 0)
    let body = try block()
    result.functions.append(
      FunctionDefinition(name: name, parameters: parameters, body: body, locals: locals ?? []))
    (locals, loops) = (nil, outerLoops)
    return Statement(kind: .define(result.functions.count - 1), line: line)
  }

  /// A statement without a block, to the end of its line.
  private mutating func simpleLine() throws(PythonError) -> Statement {
    let line = line
    let statement = Statement(kind: try simple(), line: line)
    if kind == .sign(",") { throw .unsupported(line: line, "tuples") }
    if kind != .end { try expect(.lineEnd, "the end of the line") }
    return statement
  }

  private mutating func simple() throws(PythonError) -> Statement.Kind {
    let line = line
    if case .keyword(let word) = kind {
      switch word {
      case "pass":
        advance()
        return .pass
      case "break", "continue":
        if loops == 0 { throw .syntax(line: line, "\(word) outside a loop") }
        advance()
        return word == "break" ? .breaking : .continuing
      case "return":
        if locals == nil { throw .syntax(line: line, "return outside a function") }
        advance()
        return .returning(kind == .lineEnd || kind == .end ? nil : try expression())
      case "not", "None", "True", "False", "lambda": break
      case "elif", "else", "and", "or", "in", "is", "as", "except", "finally", "if", "for", "while", "def":
        throw .syntax(line: line, "\(word) cannot begin this")
      default: throw .unsupported(line: line, "the statement \(word)")
      }
    }
    let left = try expression()
    guard case .sign(let sign) = kind, sign.hasSuffix("="), Comparison(rawValue: sign) == nil else {
      if kind == .sign(":") { throw .unsupported(line: line, "annotations") }
      return .expression(left)
    }
    let target: Statement.Target
    switch result.expressions[left].kind {
    case .name(let name):
      bind(name)
      target = .name(name)
    case .element(let list, let index): target = .element(of: list, index)
    case .slice: throw .unsupported(line: line, "assignment to a slice")
    default: throw .syntax(line: line, "this cannot be assigned to")
    }
    advance()
    let value = try expression()
    if kind == .sign("=") { throw .unsupported(line: line, "several assignments in one") }
    if sign == "=" { return .assign(target, value) }
    guard let operation = BinaryOperator(rawValue: String(sign.dropLast())) else {
      throw .unsupported(line: line, "the assignment \(sign)")
    }
    return .augment(target, operation, value)
  }

  private mutating func bind(_ name: String) { locals?.insert(name) }
}
