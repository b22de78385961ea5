// The syntax tree of the subset. Expressions lie in one array and name each other by index, so that however long a
// chain of operators is, making and freeing the tree takes no recursion.

/// Index of an expression in its program.
typealias ExpressionIndex = Int

enum UnaryOperator { case plus, minus }

enum BinaryOperator: String {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case modulo = "%"
  case power = "**"
}

enum Comparison: String {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case inside = "in"
  case notInside = "not in"
}

struct Expression {
  enum Kind {
    case none
    case boolean(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
    case name(String)
    case list([ExpressionIndex])
    case unary(UnaryOperator, ExpressionIndex)
    case binary(BinaryOperator, ExpressionIndex, ExpressionIndex)
    case comparisons(ExpressionIndex, [(Comparison, ExpressionIndex)])
    case and([ExpressionIndex])
    case or([ExpressionIndex])
    case not(ExpressionIndex)
    case conditional(test: ExpressionIndex, yes: ExpressionIndex, no: ExpressionIndex)
    case call(ExpressionIndex, [ExpressionIndex])
    case append(to: ExpressionIndex, ExpressionIndex)
    case dictionary([(key: ExpressionIndex, value: ExpressionIndex)])
    case get(from: ExpressionIndex, ExpressionIndex, otherwise: ExpressionIndex?)
    case element(of: ExpressionIndex, ExpressionIndex)
    case slice(of: ExpressionIndex, from: ExpressionIndex?, to: ExpressionIndex?, by: ExpressionIndex?)
    case comprehension(ExpressionIndex, variable: String, source: ExpressionIndex, conditions: [ExpressionIndex])
  }

  var kind: Kind
  var line: Int
  /// Expressions inside each other below this one, itself included.
  var depth: Int
}

struct Statement {
  enum Kind {
    case expression(ExpressionIndex)
    case assign(Target, ExpressionIndex)
    case augment(Target, BinaryOperator, ExpressionIndex)
    case branch([(test: ExpressionIndex, block: [Statement])], otherwise: [Statement])
    case whileLoop(ExpressionIndex, [Statement], otherwise: [Statement])
    case forLoop(String, ExpressionIndex, [Statement], otherwise: [Statement])
    case define(Int)
    case returning(ExpressionIndex?)
    case breaking, continuing, pass
  }

  /// What a value is assigned to.
  enum Target {
    case name(String)
    case element(of: ExpressionIndex, ExpressionIndex)
  }

  var kind: Kind
  var line: Int
}

struct FunctionDefinition {
  var name: String
  var parameters: [String]
  var body: [Statement]
  /// Names that are assigned somewhere in the body, and the parameters: they never mean anything outside.
  var locals: Set<String>
}

/// A program that has been read.
public struct PythonProgram: Sendable {
  var expressions: [Expression] = []
  var functions: [FunctionDefinition] = []
  var statements: [Statement] = []

  /// - Throws: ``PythonError`` if the text is not a program or not one of the subset.
  public init(_ source: String) throws(PythonError) {
    var parser = PythonParser(try PythonLexer.lexemes(of: source))
    try parser.program()
    self = parser.result
  }

  init() {}
}

extension Expression: Sendable {}
extension Expression.Kind: Sendable {}
extension Statement: Sendable {}
extension Statement.Kind: Sendable {}
extension Statement.Target: Sendable {}
extension FunctionDefinition: Sendable {}
