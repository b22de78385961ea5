// Writes a behaviour as a function: names, docstring and one of several coding styles.

import Randomness

/// The names in one function.
struct Names {
  var function: String
  /// One list or one number.
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
  static let elementNames = ["x", "v"]

  /// The names of a function's arguments: all that there may be.
  static func arguments(_ behaviour: Behaviour) -> [[String]] {
    switch behaviour {
    case .aggregate, .select: listNames.map { [$0] }
    case .choose: numberNames.map { [$0] }
    case .advanced(let behaviour): AdvancedWriter.arguments(behaviour)
    }
  }

  static func drawNames(_ behaviour: Behaviour, _ stream: inout RandomStream) -> Names {
    Names(
      function: stream.pick(functionNames), arguments: stream.pick(arguments(behaviour)),
      element: stream.pick(elementNames))
  }

  /// A function of this behaviour in one of the styles that fit.
  static func write(_ behaviour: Behaviour, _ names: Names, _ stream: inout RandomStream) -> WrittenFunction {
    let versions = all(behaviour, names)
    // The first style, the plainest, is as frequent as all others together.
    return stream.chance(0.5) ? versions[0] : stream.pick(versions)
  }

  /// The function in every style that fits, the plainest first; there is always one.
  static func all(_ behaviour: Behaviour, _ names: Names) -> [WrittenFunction] {
    let head =
      "def \(names.function) ( \(names.arguments.joined(separator: " , ")) ) :".words + [lineBreak(1), "\"\"\""]
      + behaviour.docstring(names.arguments).words + ["\"\"\"", lineBreak(1)]
    let versions = bodies(behaviour, names).map { lines in
      WrittenFunction(head: head, body: words(lines), name: names.function)
    }
    return versions.filter { $0.tokens <= longestDocument }
  }

  /// A body as words, the last of which ends it.
  static func words(_ lines: [String]) -> [String] {
    var body: [String] = []
    for (index, line) in lines.enumerated() {
      let text = line.drop { $0 == " " }
      if index > 0 { body.append(lineBreak(1 + (line.count - text.count) / 4)) }
      body += String(text).words
    }
    return body + [lineBreak(0)]
  }

  /// The word that ends a line and indents the next.
  static func lineBreak(_ depth: Int) -> String { "\n" + String(repeating: " ", count: 4 * depth) }

  private static func bodies(_ behaviour: Behaviour, _ names: Names) -> [[String]] {
    let (first, x) = (names.arguments[0], names.element)
    switch behaviour {
    case .aggregate(let aggregate, let map, let predicate): return aggregates(aggregate, map, predicate, first, x)
    case .choose(let predicate, let map, let other):
      let condition = predicate.code(first)
      let (yes, no) = (map.code(first), other.code(first))
      return [
        ["if \(condition) :", "    return \(yes)", "return \(no)"],
        ["if \(condition) :", "    return \(yes)", "else :", "    return \(no)"],
        ["return \(yes) if \(condition) else \(no)"],
      ]
    case .select(let selector, let map):
      let number =
        switch selector {
        case .first: "\(first) [ 0 ]"
        case .last: "\(first) [ - 1 ]"
        case .largest: "max ( \(first) )"
        case .smallest: "min ( \(first) )"
        }
      return [["\(x) = \(number)", "return \(map.code(x))"]]
    case .advanced(let behaviour): return AdvancedWriter.bodies(behaviour, names)
    }
  }

  private static func aggregates(
    _ aggregate: Aggregate, _ map: Map, _ predicate: Predicate, _ list: String, _ x: String
  ) -> [[String]] {
    let value = map.code(x)
    let condition = predicate == .all ? nil : predicate.code(x)
    func loop(_ start: String?, _ update: String, _ end: String) -> [String] {
      let lines = condition.map { ["    if \($0) :", "        " + update] } ?? ["    " + update]
      return (start.map { [$0] } ?? []) + ["for \(x) in \(list) :"] + lines + [end]
    }
    let comprehension = "[ \(value) for \(x) in \(list)\(condition.map { " if \($0)" } ?? "") ]"
    return switch aggregate {
    case .sum: [loop("total = 0", "total += \(value)", "return total"), ["return sum ( \(comprehension) )"]]
    case .product: [loop("total = 1", "total *= \(value)", "return total")]
    case .list:
      [loop("result = [ ]", "result .append ( \(value) )", "return result"), ["return \(comprehension)"]]
    case .count: [loop("total = 0", "total += 1", "return total"), ["return len ( \(comprehension) )"]]
    case .first: [loop(nil, "return \(value)", "return 0")]
    case .last: [loop("result = 0", "result = \(value)", "return result")]
    }
  }
}

extension String {
  /// Its parts between blanks.
  var words: [String] { split(separator: " ").map(String.init) }
}
