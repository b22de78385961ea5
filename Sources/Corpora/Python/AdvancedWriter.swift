// Writes advanced behaviours as functions: names, a helper where there is one, a docstring in one of several wordings
// or by examples, and a body in one of several styles.

import Randomness

enum AdvancedWriter {
  /// No document has more tokens, one end token included; a style or an example that would not fit is not written.
  static let longestDocument = 96
  /// What stands between the arguments and the result of an example.
  static let gives = "gives"
  static let names = ["g", "i", "c", "k", "y", "ys", "n", "s", "d"]
  /// The share of docstrings that are two examples, and of those that have one beside the words.
  static let onlyExamples = 0.1
  static let withExample = 0.2

  /// The names of a function's arguments: all that there may be.
  static func arguments(_ behaviour: AdvancedBehaviour) -> [[String]] {
    switch behaviour {
    case .filtered, .branched, .tabled, .helped: FunctionWriter.listNames.map { [$0] }
    case .paired, .crossed, .shared: FunctionWriter.listNames.map { [$0, "ys"] }
    case .nested, .recursive: [["n"]]
    case .letters, .rewritten: [["s"]]
    case .looked: [["d"]]
    }
  }

  static func drawNames(_ behaviour: AdvancedBehaviour, _ stream: inout RandomStream) -> Names {
    Names(
      function: stream.pick(FunctionWriter.functionNames), arguments: stream.pick(arguments(behaviour)),
      element: stream.pick(FunctionWriter.elementNames))
  }

  /// A function of this behaviour: the docstring is drawn, and the style unless it is to be the plainest.
  static func write(
    _ behaviour: AdvancedBehaviour, _ names: Names, isPlain: Bool = false, _ stream: inout RandomStream
  ) -> WrittenFunction {
    let bodies = bodies(behaviour, names)
    let isDrawn = stream.chance(0.5)
    let drawn = stream.pick(bodies)
    let words = behaviour.docstring(names.arguments, stream.pick(Phrasing.all)).words
    let kind = stream.uniform()
    let examples = (0..<2).compactMap { _ in example(behaviour, &stream) }
    var docstrings = [words]
    if kind < onlyExamples && examples.count == 2 {
      docstrings.insert(examples[0] + ["and"] + examples[1], at: 0)
    } else if kind < onlyExamples + withExample, let one = examples.first {
      docstrings.insert(words + [","] + one, at: 0)
    }
    for body in isDrawn && !isPlain ? [drawn, bodies[0]] : [bodies[0]] {
      for docstring in docstrings {
        let function = WrittenFunction(
          head: head(behaviour, names, docstring), body: FunctionWriter.words(body), name: names.function)
        if function.tokens <= longestDocument { return function }
      }
    }
    preconditionFailure("the plainest style of every behaviour fits")
  }

  /// The helper if there is one, the definition line and the docstring.
  static func head(_ behaviour: AdvancedBehaviour, _ names: Names, _ docstring: [String]) -> [String] {
    helper(behaviour, names) + "def \(names.function) ( \(names.arguments.joined(separator: " , ")) ) :".words
      + [FunctionWriter.lineBreak(1), "\"\"\""] + docstring + ["\"\"\"", FunctionWriter.lineBreak(1)]
  }

  private static func helper(_ behaviour: AdvancedBehaviour, _ names: Names) -> [String] {
    guard case .helped(_, let map, _, _) = behaviour else { return [] }
    return "def g ( \(names.element) ) :".words + [FunctionWriter.lineBreak(1)]
      + "return \(map.code(names.element))".words + [FunctionWriter.lineBreak(0)]
  }

  /// What tells the behaviour in training text, whatever the names and the phrasing: the docstring, with the helper
  /// where there is one.
  static func probes(_ behaviour: AdvancedBehaviour) -> [[String]] {
    var probes = Set<[String]>()
    for arguments in arguments(behaviour) {
      for phrasing in Phrasing.all {
        let docstring = behaviour.docstring(arguments, phrasing).words
        guard case .helped = behaviour else {
          probes.insert(["\"\"\""] + docstring + ["\"\"\""])
          continue
        }
        for function in FunctionWriter.functionNames {
          for element in FunctionWriter.elementNames {
            let names = Names(function: function, arguments: arguments, element: element)
            probes.insert(head(behaviour, names, docstring))
          }
        }
      }
    }
    return Array(probes)
  }

  /// "[ 3 , 4 ] gives 25", if the vocabulary has words for one of a few calls and the result says something.
  private static func example(_ behaviour: AdvancedBehaviour, _ stream: inout RandomStream) -> [String]? {
    for _ in 0..<8 {
      guard let arguments = behaviour.drawExample(&stream) else { return nil }
      let result = behaviour.value(arguments)
      let text = arguments.map(\.description).joined(separator: ",") + " \(gives) \(result)"
      let words = PythonTokenizer.split(text)
      let hasWords = words.allSatisfy { word in Int(word).map { $0 <= PythonTokenizer.largestNumber } ?? true }
      let isEmpty = [.list([]), .dictionary([]), .integer(0), .integer(1)].contains(result)
      if hasWords && !isEmpty { return words }
    }
    return nil
  }

  /// The body in every style, the plainest first.
  static func bodies(_ behaviour: AdvancedBehaviour, _ names: Names) -> [[String]] {
    let (first, x) = (names.arguments[0], names.element)
    let second = names.arguments.last ?? first
    switch behaviour {
    case .filtered(let total, let map, let p, let q):
      return loops(total, map.code(x), x, in: first, if: [p.code(x), q.code(x)])
    case .branched(let total, let p, let map, let other):
      let condition = p.code(x)
      let loop = [
        "\(total.variable) = \(total.neutral)", "for \(x) in \(first) :", "    if \(condition) :",
        "        " + total.update(map.code(x)), "    else :", "        " + total.update(other.code(x)),
        "return \(total.variable)",
      ]
      let choice = "\(map.code(x)) if \(condition) else \(other.code(x))"
      return [loop] + (total.expression("[ \(choice) for \(x) in \(first) ]").map { [["return \($0)"]] } ?? [])
    case .nested(let p, let q, let a, let b, let c):
      let (p, q, n) = (p.code(first), q.code(first), first)
      return [
        [
          "if \(p) :", "    if \(q) :", "        return \(a.code(n))", "    return \(b.code(n))", "return \(c.code(n))",
        ],
        [
          "if \(p) and \(q) :", "    return \(a.code(n))", "if \(p) :", "    return \(b.code(n))",
          "return \(c.code(n))",
        ],
      ]
    case .paired(let total, let pairing, let p):
      let (left, right) = ("\(first) [ i ]", "\(second) [ i ]")
      let conditions = p == .all ? [] : [p.code(left)]
      return loops(
        total, pairing.code(left, right), "i", in: "range ( len ( \(first) ) )", if: conditions)
    case .crossed(let total, let pairing, let condition):
      return [
        [
          "\(total.variable) = \(total.neutral)", "for \(x) in \(first) :", "    for y in \(second) :",
          "        if \(condition.code(x, "y")) :", "            " + total.update(pairing.code(x, "y")),
          "return \(total.variable)",
        ]
      ]
    case .shared(let isIn, let total, let map, let p):
      let membership = "\(x) \(isIn ? "in" : "not in") \(second)"
      return loops(total, map.code(x), x, in: first, if: (p == .all ? [] : [p.code(x)]) + [membership])
    case .letters(let kind): return loops(.count, "c", "c", in: first, if: [kind.code("c")])
    case .rewritten(let isBackward, let kind, let piece, let other):
      func write(_ piece: LetterPiece, depth: Int) -> [String] {
        guard let code = piece.code("c") else { return [] }
        return [
          String(repeating: " ", count: 4 * depth) + (isBackward ? "result = \(code) + result" : "result += \(code)")
        ]
      }
      let otherwise = other == .dropped ? [] : ["    else :"] + write(other, depth: 2)
      return [
        ["result = ''", "for c in \(first) :", "    if \(kind.code("c")) :"] + write(piece, depth: 2) + otherwise
          + ["return result"]
      ]
    case .tabled(let key, let entry, let p):
      let key = key.code(x)
      let value =
        switch entry {
        case .count: "result .get ( \(key) , 0 ) + 1"
        case .total(let map): "result .get ( \(key) , 0 ) + \(map.code(x))"
        case .last(let map): map.code(x)
        }
      let statement = "result [ \(key) ] = \(value)"
      let inside = p == .all ? ["    " + statement] : ["    if \(p.code(x)) :", "        " + statement]
      return [["result = { }", "for \(x) in \(first) :"] + inside + ["return result"]]
    case .looked(let total, let map, let isOnKey, let p):
      let value = "\(first) [ k ]"
      return loops(total, map.code(value), "k", in: first, if: [p.code(isOnKey ? "k" : value)])
    case .helped(let total, _, let isTwice, let p):
      return loops(total, isTwice ? "g ( g ( \(x) ) )" : "g ( \(x) )", x, in: first, if: [p.code(x)])
    case .recursive(let total, let map, let p): return recursions(total, map, p, names)
    }
  }

  /// A loop with nested conditions, with all of them in one, and without statements.
  private static func loops(
    _ total: LoopTotal, _ value: String, _ variable: String, in source: String, if conditions: [String]
  ) -> [[String]] {
    let start = ["\(total.variable) = \(total.neutral)", "for \(variable) in \(source) :"]
    let end = ["return \(total.variable)"]
    func loop(_ conditions: [String]) -> [String] {
      var lines = start
      for (depth, condition) in (conditions.map { "if \($0) :" } + [total.update(value)]).enumerated() {
        lines.append(String(repeating: " ", count: 4 * (depth + 1)) + condition)
      }
      return lines + end
    }
    let all = conditions.joined(separator: " and ")
    var styles = [loop(conditions)]
    if conditions.count > 1 { styles.append(loop([all])) }
    let comprehension = "[ \(value) for \(variable) in \(source)\(conditions.isEmpty ? "" : " if " + all) ]"
    if let expression = total.expression(comprehension) { styles.append(["return \(expression)"]) }
    return styles
  }

  /// By calling itself, and by a loop.
  private static func recursions(_ total: LoopTotal, _ map: Map, _ p: Predicate, _ names: Names) -> [[String]] {
    let n = names.arguments[0]
    let rest = "\(names.function) ( \(n) - 1 )"
    let joined = "return " + total.joined(rest, map.code(n), isSum: map == .successor)
    let base = ["if \(n) <= 0 :", "    return \(total.neutral)"]
    let recursion = base + (p == .all ? [joined] : ["if \(p.code(n)) :", "    " + joined, "return \(rest)"])
    let conditions = p == .all ? [] : [p.code(names.element)]
    return [recursion]
      + loops(
        total, map.code(names.element), names.element, in: "range ( 1 , \(n) + 1 )", if: conditions
      ).prefix(1)
  }
}
