// What a function does, composed of parts: its meaning, its docstring and which behaviours there are. How it is
// written as code: FunctionWriter.swift.

import Randomness

/// A function of the corpus without names and style.
enum Behaviour: Hashable {
  /// "sum of squares of even numbers in xs"
  case aggregate(Aggregate, Map, Predicate)
  /// "square of n if n is even else double of n"
  case choose(Predicate, Map, Map)
  /// "square of largest number in xs"
  case select(Selector, Map)
  /// One of the advanced corpus, which has these alone.
  case advanced(AdvancedBehaviour)

  /// Every behaviour of each family; a family is drawn with the weight beside it.
  static let families: [(weight: Int, behaviours: [Behaviour])] = {
    let conditions = Predicate.conditions
    var aggregates: [Behaviour] = []
    var choices: [Behaviour] = []
    var selections: [Behaviour] = []
    for map in Map.allCases {
      for aggregate in Aggregate.allCases {
        // Counting needs no map; the first or last of all numbers needs no search: `select` asks for it.
        if aggregate == .count && map != .identity { continue }
        let all: [Predicate] = [.sum, .product, .list].contains(aggregate) ? [.all] : []
        for predicate in conditions + all { aggregates.append(.aggregate(aggregate, map, predicate)) }
      }
      for other in Map.allCases where other != map { for p in conditions { choices.append(.choose(p, map, other)) } }
      for selector in Selector.allCases { selections.append(.select(selector, map)) }
    }
    return [(4, aggregates), (2, choices), (1, selections)]
  }()

  /// Those of a difficulty.
  static func families(_ difficulty: PythonDifficulty) -> [(weight: Int, behaviours: [Behaviour])] {
    switch difficulty {
    case .basic: families
    case .advanced: AdvancedBehaviour.families.map { ($0.weight, $0.behaviours.map { .advanced($0) }) }
    }
  }

  /// The names of its parts, without constants: two behaviours of a family with the same parts are held out together.
  var parts: [String] {
    switch self {
    case .aggregate(let aggregate, let map, let predicate): [aggregate.rawValue, map.rawValue, predicate.kind]
    case .choose(let predicate, let map, let other): [predicate.kind, "then " + map.rawValue, "else " + other.rawValue]
    case .select(let selector, let map): [selector.rawValue, map.rawValue]
    case .advanced(let behaviour): behaviour.parts
    }
  }

  /// What the function of these arguments returns.
  func value(_ arguments: [PythonValue]) -> PythonValue {
    let numbers = arguments.first?.integers ?? []
    let scalars = arguments.map { $0.integers.first ?? 0 }
    switch self {
    case .aggregate(let aggregate, let map, let predicate):
      let mapped = numbers.filter { predicate($0) }.map { map($0) }
      switch aggregate {
      case .sum: return .integer(mapped.reduce(0, +))
      case .product: return .integer(mapped.reduce(1, *))
      case .list: return .list(mapped.map { .integer($0) })
      case .count: return .integer(mapped.count)
      case .first: return .integer(mapped.first ?? 0)
      case .last: return .integer(mapped.last ?? 0)
      }
    case .choose(let predicate, let map, let other):
      return .integer(predicate(scalars[0]) ? map(scalars[0]) : other(scalars[0]))
    case .select(let selector, let map):
      switch selector {
      case .first: return .integer(map(numbers[0]))
      case .last: return .integer(map(numbers[numbers.count - 1]))
      case .largest: return .integer(map(numbers.max() ?? 0))
      case .smallest: return .integer(map(numbers.min() ?? 0))
      }
    case .advanced(let behaviour): return behaviour.value(arguments)
    }
  }

  /// The docstring, words separated by blanks.
  func docstring(_ arguments: [String]) -> String {
    let first = arguments[0]
    switch self {
    case .aggregate(let aggregate, let map, let predicate):
      let mapped = map == .identity ? predicate.noun : "\(map.plural) of \(predicate.noun)"
      let otherwise = aggregate == .first || aggregate == .last ? " or 0" : ""
      return "\(aggregate.rawValue) of \(mapped) in \(first)" + otherwise
    case .choose(let predicate, let map, let other):
      return "\(map.phrase(of: first)) if \(first) is \(predicate.adjective) else \(other.phrase(of: first))"
    case .select(let selector, let map):
      let number = "\(selector.rawValue) number in \(first)"
      return map == .identity ? number : "\(map.singular) of \(number)"
    case .advanced(let behaviour): return behaviour.docstring(arguments, Phrasing.all[0])
    }
  }

  /// Calls that tell this behaviour from others; the arguments of one call.
  func drawArguments(_ stream: inout RandomStream) -> [PythonValue] {
    func number(_ stream: inout RandomStream) -> Int { stream.below(25) - 10 }
    switch self {
    case .aggregate, .select:
      let shortest = if case .select = self { 1 } else { 0 }
      let count = shortest + stream.below(7)
      return [.list((0..<count).map { _ in .integer(number(&stream)) })]
    case .choose: return [.integer(number(&stream))]
    case .advanced(let behaviour): return behaviour.drawArguments(&stream)
    }
  }
}

extension PythonValue {
  /// The integers of a list, or the integer itself.
  fileprivate var integers: [Int] {
    switch self {
    case .integer(let value): [value]
    case .list(let values): values.flatMap(\.integers)
    default: []
    }
  }
}
