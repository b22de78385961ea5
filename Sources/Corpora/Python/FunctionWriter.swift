// Writes a behaviour as a function: names, docstring and one of several coding styles.

import Randomness

/// The names in one function.
struct Names {
  var function: String
  /// One list, one number or two numbers.
  var arguments: [String]
  /// The variable that the body needs: the loop's or the selected number.
  var element: String
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
  static let longestDocument = 48
  static let functionNames = ["solve", "compute"]
  static let listNames = ["xs", "values"]
  static let numberNames = ["n", "k"]
  static let pairNames = [["a", "b"], ["x", "y"]]
  static let elementNames = ["x", "v"]

  /// The names of a function's arguments: all that there may be.
  static func arguments(_ behaviour: Behaviour) -> [[String]] {
    switch behaviour {
    case .aggregate, .judge, .select: listNames.map { [$0] }
    case .choose: numberNames.map { [$0] }
    case .combine: pairNames
    }
  }

  static func drawNames(_ behaviour: Behaviour, _ stream: inout RandomStream) -> Names {
    Names(
      function: stream.pick(functionNames), arguments: stream.pick(arguments(behaviour)), element: stream.pick(elementNames))
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
    let (first, x, total) = (names.arguments[0], names.element, "total")
    switch behaviour {
    case .aggregate(let aggregate, let map, let predicate): return aggregates(aggregate, map, predicate, first, x)
    case .judge(.count, let map, let predicate):
      let condition = predicate.code(map, x)
      return [
        ["\(total) = 0", "for \(x) in \(first) :", "    if \(condition) :", "        \(total) += 1", "return \(total)"],
        ["return len ( [ \(x) for \(x) in \(first) if \(condition) ] )"],
      ]
    case .judge(let judgement, let map, let predicate):
      let isEvery = judgement == .every
      let condition = predicate.code(map, x, negated: isEvery)
      let (early, late) = isEvery ? ("False", "True") : ("True", "False")
      return [
        ["for \(x) in \(first) :", "    if \(condition) :", "        return \(early)", "return \(late)"],
      ]
    case .choose(let predicate, let map, let other):
      let condition = predicate.code(.identity, first)
      let (yes, no) = (map.code(first), other.code(first))
      return [
        ["if \(condition) :", "    return \(yes)", "return \(no)"],
        ["if \(condition) :", "    return \(yes)", "else :", "    return \(no)"],
        ["return \(yes) if \(condition) else \(no)"],
      ]
    case .combine(let combination, let map, let other):
      let second = names.arguments[1]
      let (left, right) = (map.code(first), other.code(second))
      switch combination {
      case .sum: return [["return \(left) + \(right)"]]
      case .product:
        return [["return \(map.operand(first)) * \(other.operand(second))"]]
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
      return [["\(x) = \(number)", "return \(map.code(x))"]]
    }
  }

  private static func aggregates(
    _ aggregate: Aggregate, _ map: Map, _ predicate: Predicate, _ list: String, _ x: String
  ) -> [[String]] {
    let value = map.code(x)
    let condition = predicate == .all ? nil : predicate.code(.identity, x)
    func loop(_ start: String, _ update: String, _ end: String) -> [String] {
      let lines = condition.map { ["    if \($0) :", "        " + update] } ?? ["    " + update]
      return [start, "for \(x) in \(list) :"] + lines + [end]
    }
    let comprehension = "[ \(value) for \(x) in \(list)\(condition.map { " if \($0)" } ?? "") ]"
    return switch aggregate {
    case .sum: [loop("total = 0", "total += \(value)", "return total"), ["return sum ( \(comprehension) )"]]
    case .product: [loop("total = 1", "total *= \(value)", "return total")]
    case .list:
      [loop("result = [ ]", "result .append ( \(value) )", "return result"), ["return \(comprehension)"]]
    }
  }
}

extension String {
  /// Its parts between blanks.
  var words: [String] { split(separator: " ").map(String.init) }
}
