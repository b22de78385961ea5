// Writes a behaviour as a function: names, docstring and one of several coding styles.

import Randomness

/// The names in one function.
struct Names {
  var function: String
  /// One list, one number or two numbers.
  var arguments: [String]
  var element: String
  var accumulator: String
  var temporary: String
}

/// A function as the words of the vocabulary; line breaks are words too.
struct WrittenFunction {
  /// Definition line, docstring and the line break after them.
  var head: [String]
  var body: [String]
  var name: String
  /// With one end token.
  var tokens: Int { head.count + body.count + 1 }
}

enum FunctionWriter {
  /// No document has more tokens, one end token included, and every behaviour has a style within it.
  static let longestDocument = 64
  static let functionNames = ["solve", "compute", "answer", "evaluate"]
  static let listNames = ["xs", "values", "items"]
  static let limitNames = ["n", "limit"]
  static let numberNames = ["n", "k"]
  static let pairNames = [["a", "b"], ["x", "y"]]
  static let elementNames = ["x", "v"]

  /// The names of a function's arguments: all that there may be.
  static func arguments(_ behaviour: Behaviour) -> [[String]] {
    switch behaviour {
    case .aggregate(_, _, _, .range): limitNames.map { [$0] }
    case .aggregate, .judge, .select: listNames.map { [$0] }
    case .choose: numberNames.map { [$0] }
    case .combine: pairNames
    }
  }

  static func drawNames(_ behaviour: Behaviour, _ stream: inout RandomStream) -> Names {
    let accumulators =
      switch behaviour {
      case .aggregate(.sum, _, _, _), .aggregate(.product, _, _, _): ["total", "result"]
      case .judge(.count, _, _): ["count", "total"]
      default: ["result", "found"]
      }
    let range = if case .aggregate(_, _, _, .range) = behaviour { true } else { false }
    return Names(
      function: stream.pick(functionNames), arguments: stream.pick(arguments(behaviour)),
      element: range ? stream.pick(["i", "j"]) : stream.pick(elementNames), accumulator: stream.pick(accumulators),
      temporary: "y")
  }

  /// A function of this behaviour in one of the styles that fit.
  static func write(_ behaviour: Behaviour, _ names: Names, _ stream: inout RandomStream) -> WrittenFunction {
    let versions = all(behaviour, names).filter { $0.tokens <= longestDocument }
    // The first style, the plainest, is as frequent as all others together.
    return stream.chance(0.5) ? versions[0] : stream.pick(versions)
  }

  /// The function in every style, the plainest first.
  static func all(_ behaviour: Behaviour, _ names: Names) -> [WrittenFunction] {
    let head =
      "def \(names.function) ( \(names.arguments.joined(separator: " , ")) ) :".words + [lineBreak(1), "\"\"\""]
      + behaviour.docstring(names.arguments).words + ["\"\"\"", lineBreak(1)]
    return bodies(behaviour, names).map { lines in
      var body: [String] = []
      for (index, line) in lines.enumerated() {
        let text = line.drop { $0 == " " }
        if index > 0 { body.append(lineBreak(1 + (line.count - text.count) / 4)) }
        body += String(text).words
      }
      return WrittenFunction(head: head, body: body + [lineBreak(0)], name: names.function)
    }
  }

  /// The word that ends a line and indents the next.
  static func lineBreak(_ depth: Int) -> String { "\n" + String(repeating: " ", count: 4 * depth) }

  private static func bodies(_ behaviour: Behaviour, _ names: Names) -> [[String]] {
    let (first, x, total, y) = (names.arguments[0], names.element, names.accumulator, names.temporary)
    switch behaviour {
    case .aggregate(let aggregate, let map, let predicate, let source):
      return aggregates(aggregate, map, predicate, source == .list ? first : "range ( \(first) )", names)
    case .judge(.count, let map, let predicate):
      let condition = predicate.code(map, x)
      return [
        ["\(total) = 0", "for \(x) in \(first) :", "    if \(condition) :", "        \(total) += 1", "return \(total)"],
        ["return len ( [ \(x) for \(x) in \(first) if \(condition) ] )"],
        [
          "\(total) = 0", "for \(x) in \(first) :", "    \(y) = \(map.code(x))", "    if \(predicate.code(.identity, y)) :",
          "        \(total) += 1", "return \(total)",
        ],
      ]
    case .judge(let judgement, let map, let predicate):
      let isEvery = judgement == .every
      let condition = predicate.code(map, x, negated: isEvery)
      let (early, late) = isEvery ? ("False", "True") : ("True", "False")
      return [
        ["for \(x) in \(first) :", "    if \(condition) :", "        return \(early)", "return \(late)"],
        [
          "\(total) = \(late)", "for \(x) in \(first) :", "    if \(condition) :", "        \(total) = \(early)",
          "return \(total)",
        ],
      ]
    case .choose(let predicate, let map, let other):
      let condition = predicate.code(.identity, first)
      let (yes, no) = (map.code(first), other.code(first))
      return [
        ["if \(condition) :", "    return \(yes)", "return \(no)"],
        ["if \(condition) :", "    return \(yes)", "else :", "    return \(no)"],
        ["return \(yes) if \(condition) else \(no)"],
        ["\(total) = \(no)", "if \(condition) :", "    \(total) = \(yes)", "return \(total)"],
      ]
    case .combine(let combination, let map, let other):
      let second = names.arguments[1]
      let (left, right) = (map.code(first), other.code(second))
      switch combination {
      case .sum: return [["return \(left) + \(right)"], ["\(total) = \(left)", "\(total) += \(right)", "return \(total)"]]
      case .product:
        // The right factor in parentheses: a // would bind to the product.
        let factor = other == .identity ? right : "( \(right) )"
        return [
          ["return \(map.operand(first)) * \(factor)"], ["\(total) = \(left)", "\(total) *= \(right)", "return \(total)"],
        ]
      case .larger, .smaller:
        let (name, sign) = combination == .larger ? ("max", ">") : ("min", "<")
        return [
          ["return \(name) ( \(left) , \(right) )"],
          ["if \(left) \(sign) \(right) :", "    return \(left)", "return \(right)"],
        ]
      }
    case .select(let selector, let map):
      let number =
        switch selector {
        case .first: "\(first) [ 0 ]"
        case .last: "\(first) [ - 1 ]"
        case .largest: "max ( \(first) )"
        case .smallest: "min ( \(first) )"
        }
      return [["\(x) = \(number)", "return \(map.code(x))"], ["\(total) = \(number)", "return \(map.code(total))"]]
    }
  }

  private static func aggregates(
    _ aggregate: Aggregate, _ map: Map, _ predicate: Predicate, _ source: String, _ names: Names
  ) -> [[String]] {
    let (x, total, y) = (names.element, names.accumulator, names.temporary)
    let value = map.code(x)
    let (start, update, end): (String?, (String) -> String, String) =
      switch aggregate {
      case .sum: ("\(total) = 0", { "\(total) += \($0)" }, "return \(total)")
      case .product: ("\(total) = 1", { "\(total) *= \($0)" }, "return \(total)")
      case .list: ("\(total) = [ ]", { "\(total) .append ( \($0) )" }, "return \(total)")
      case .first: (nil, { "return \($0)" }, "return 0")
      case .last: ("\(total) = 0", { "\(total) = \($0)" }, "return \(total)")
      }
    func loop(_ lines: [String]) -> [String] {
      (start.map { [$0] } ?? []) + ["for \(x) in \(source) :"] + lines + [end]
    }
    var styles: [[String]] = []
    if predicate == .all {
      styles.append(loop(["    " + update(value)]))
      if map != .identity { styles.append(loop(["    \(y) = \(value)", "    " + update(y)])) }
    } else {
      let condition = predicate.code(.identity, x)
      styles.append(loop(["    if \(condition) :", "        " + update(value)]))
      styles.append(
        loop(["    if \(predicate.code(.identity, x, negated: true)) :", "        continue", "    " + update(value)]))
    }
    let filter = predicate == .all ? "" : " if \(predicate.code(.identity, x))"
    let comprehension = "[ \(value) for \(x) in \(source)\(filter) ]"
    if aggregate == .list { styles.append(["return \(comprehension)"]) }
    if aggregate == .sum { styles.append(["return sum ( \(comprehension) )"]) }
    return styles
  }
}

extension String {
  /// Its parts between blanks.
  var words: [String] { split(separator: " ").map(String.init) }
}
