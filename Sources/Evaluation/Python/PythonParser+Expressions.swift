// Expressions of the subset, by precedence, as in Python's reference: conditional, or, and, not, comparisons, + -, * /
// // %, unary, power, call and index.

extension PythonParser {
  mutating func expression() throws(PythonError) -> ExpressionIndex {
    try nested { parser throws(PythonError) in try parser.conditional() }
  }

  /// Adds a node after bounding how deep the tree below it is.
  private mutating func add(
    _ kind: Expression.Kind, _ line: Int, over children: [ExpressionIndex] = []
  ) throws(PythonError) -> ExpressionIndex {
    let depth = 1 + (children.map { result.expressions[$0].depth }.max() ?? 0)
    if depth > PythonLimits.nesting { throw .limit(line: line, .nesting) }
    result.expressions.append(Expression(kind: kind, line: line, depth: depth))
    return result.expressions.count - 1
  }

  private mutating func conditional() throws(PythonError) -> ExpressionIndex {
    if kind == .keyword("lambda") { throw .unsupported(line: line, "lambda") }
    let line = line
    let yes = try disjunction()
    guard skip(.keyword("if")) else { return yes }
    let test = try disjunction()
    try expect(.keyword("else"), "`else`")
    let no = try expression()
    return try add(.conditional(test: test, yes: yes, no: no), line, over: [test, yes, no])
  }

  private mutating func disjunction() throws(PythonError) -> ExpressionIndex {
    let line = line
    var parts = [try conjunction()]
    while skip(.keyword("or")) { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : try add(.or(parts), line, over: parts)
  }

  private mutating func conjunction() throws(PythonError) -> ExpressionIndex {
    let line = line
    var parts = [try inversion()]
    while skip(.keyword("and")) { parts.append(try inversion()) }
    return parts.count == 1 ? parts[0] : try add(.and(parts), line, over: parts)
  }

  private mutating func inversion() throws(PythonError) -> ExpressionIndex {
    let line = line
    guard skip(.keyword("not")) else { return try comparison() }
    let operand = try nested { parser throws(PythonError) in try parser.inversion() }
    return try add(.not(operand), line, over: [operand])
  }

  private mutating func comparison() throws(PythonError) -> ExpressionIndex {
    let line = line
    let first = try sum()
    var rest: [(Comparison, ExpressionIndex)] = []
    while let sign = try comparisonSign() { rest.append((sign, try sum())) }
    if rest.isEmpty { return first }
    return try add(.comparisons(first, rest), line, over: [first] + rest.map { $0.1 })
  }

  private mutating func comparisonSign() throws(PythonError) -> Comparison? {
    switch kind {
    case .sign(let sign):
      guard let comparison = Comparison(rawValue: sign) else { return nil }
      advance()
      return comparison
    case .keyword("in"):
      advance()
      return .inside
    case .keyword("not"):
      advance()
      try expect(.keyword("in"), "`in` after `not`")
      return .notInside
    case .keyword("is"): throw .unsupported(line: line, "`is`")
    default: return nil
    }
  }

  private mutating func sum() throws(PythonError) -> ExpressionIndex {
    let line = line
    var left = try product()
    while case .sign(let sign) = kind, sign == "+" || sign == "-" {
      advance()
      let right = try product()
      left = try add(.binary(sign == "+" ? .add : .subtract, left, right), line, over: [left, right])
    }
    return left
  }

  private mutating func product() throws(PythonError) -> ExpressionIndex {
    let line = line
    var left = try factor()
    while case .sign(let sign) = kind, ["*", "/", "//", "%"].contains(sign),
      let operation = BinaryOperator(rawValue: sign)
    {
      advance()
      let right = try factor()
      left = try add(.binary(operation, left, right), line, over: [left, right])
    }
    return left
  }

  private mutating func factor() throws(PythonError) -> ExpressionIndex {
    let line = line
    guard case .sign(let sign) = kind, sign == "+" || sign == "-" else { return try power() }
    advance()
    let operand = try nested { parser throws(PythonError) in try parser.factor() }
    return try add(.unary(sign == "+" ? .plus : .minus, operand), line, over: [operand])
  }

  private mutating func power() throws(PythonError) -> ExpressionIndex {
    let line = line
    let base = try primary()
    guard skip(.sign("**")) else { return base }
    let exponent = try nested { parser throws(PythonError) in try parser.factor() }
    return try add(.binary(.power, base, exponent), line, over: [base, exponent])
  }

  private mutating func primary() throws(PythonError) -> ExpressionIndex {
    var value = try atom()
    while case .sign(let sign) = kind {
      let line = line
      switch sign {
      case "(":
        advance()
        let arguments = try list(closing: ")")
        value = try add(.call(value, arguments), line, over: [value] + arguments)
      case "[":
        advance()
        value = try subscripted(value, line)
      case ".":
        advance()
        value = try method(of: value, line)
      default: return value
      }
    }
    return value
  }

  /// What follows the dot.
  private mutating func method(of value: ExpressionIndex, _ line: Int) throws(PythonError) -> ExpressionIndex {
    let isAppend = skip(.name("append"))
    guard isAppend || skip(.name("get")), skip(.sign("(")) else {
      throw .unsupported(line: line, "attributes other than calls of append and get")
    }
    let arguments = try list(closing: ")")
    if isAppend {
      if arguments.count != 1 { throw .unsupported(line: line, "append with other than one argument") }
      return try add(.append(to: value, arguments[0]), line, over: [value, arguments[0]])
    }
    guard (1...2).contains(arguments.count) else {
      throw .unsupported(line: line, "get with other than one or two arguments")
    }
    return try add(
      .get(from: value, arguments[0], otherwise: arguments.count == 2 ? arguments[1] : nil), line,
      over: [value] + arguments)
  }

  private mutating func subscripted(_ value: ExpressionIndex, _ line: Int) throws(PythonError) -> ExpressionIndex {
    var parts: [ExpressionIndex?] = []
    var colons = 0
    while true {
      parts.append(kind == .sign(":") || kind == .sign("]") ? nil : try expression())
      if colons == 2 || !skip(.sign(":")) { break }
      colons += 1
    }
    if kind == .sign(",") { throw .unsupported(line: line, "tuples") }
    try expect(.sign("]"), "a closing bracket")
    if colons > 0 {
      let by = parts.count > 2 ? parts[2] : nil
      return try add(
        .slice(of: value, from: parts[0], to: parts[1], by: by), line, over: [value] + parts.compactMap { $0 })
    }
    guard let index = parts[0] else { throw .syntax(line: line, "expected an index") }
    return try add(.element(of: value, index), line, over: [value, index])
  }

  private mutating func list(closing: String) throws(PythonError) -> [ExpressionIndex] {
    var elements: [ExpressionIndex] = []
    while kind != .sign(closing) {
      elements.append(try expression())
      if kind == .sign("=") { throw .unsupported(line: line, "keyword arguments") }
      if kind == .keyword("for") { throw .unsupported(line: line, "generator expressions") }
      if !skip(.sign(",")) { break }
    }
    try expect(.sign(closing), "a closing `\(closing)`")
    return elements
  }

  private mutating func atom() throws(PythonError) -> ExpressionIndex {
    let line = line
    let kind = kind
    advance()
    switch kind {
    case .integer(let value): return try add(.integer(value), line)
    case .float(let value): return try add(.float(value), line)
    case .string(let value):
      if case .string = self.kind { throw .unsupported(line: line, "strings side by side") }
      return try add(.string(value), line)
    case .name(let name): return try add(.name(name), line)
    case .keyword("None"): return try add(.none, line)
    case .keyword("True"): return try add(.boolean(true), line)
    case .keyword("False"): return try add(.boolean(false), line)
    case .sign("("):
      if self.kind == .sign(")") { throw .unsupported(line: line, "tuples") }
      let inner = try expression()
      if self.kind == .sign(",") { throw .unsupported(line: line, "tuples") }
      if self.kind == .keyword("for") { throw .unsupported(line: line, "generator expressions") }
      try expect(.sign(")"), "a closing parenthesis")
      return inner
    case .sign("["): return try listOrComprehension(line)
    case .sign("{"): return try dictionary(line)
    case .keyword("await"), .keyword("yield"): throw .unsupported(line: line, "await and yield")
    default: throw .syntax(line: line, "expected an expression")
    }
  }

  private mutating func dictionary(_ line: Int) throws(PythonError) -> ExpressionIndex {
    var entries: [(key: ExpressionIndex, value: ExpressionIndex)] = []
    while kind != .sign("}") {
      if kind == .sign("**") || kind == .sign("*") { throw .unsupported(line: line, "unpacking") }
      let key = try expression()
      if [.sign(","), .sign("}"), .keyword("for")].contains(kind) { throw .unsupported(line: line, "sets") }
      try expect(.sign(":"), "a colon")
      entries.append((key, try expression()))
      if kind == .keyword("for") { throw .unsupported(line: line, "loops in a dictionary") }
      if !skip(.sign(",")) { break }
    }
    try expect(.sign("}"), "a closing brace")
    return try add(.dictionary(entries), line, over: entries.flatMap { [$0.key, $0.value] })
  }

  private mutating func listOrComprehension(_ line: Int) throws(PythonError) -> ExpressionIndex {
    if skip(.sign("]")) { return try add(.list([]), line) }
    let first = try expression()
    if skip(.keyword("for")) {
      let variable = try name("the name of a loop variable")
      try expect(.keyword("in"), "`in`")
      let source = try nested { parser throws(PythonError) in try parser.disjunction() }
      var conditions: [ExpressionIndex] = []
      while skip(.keyword("if")) {
        conditions.append(try nested { parser throws(PythonError) in try parser.disjunction() })
      }
      if kind == .keyword("for") { throw .unsupported(line: line, "nested loops in a list") }
      try expect(.sign("]"), "a closing bracket")
      return try add(
        .comprehension(first, variable: variable, source: source, conditions: conditions), line,
        over: [first, source] + conditions)
    }
    var elements = [first]
    if skip(.sign(",")) { elements += try list(closing: "]") } else { try expect(.sign("]"), "a closing bracket") }
    return try add(.list(elements), line, over: elements)
  }
}
