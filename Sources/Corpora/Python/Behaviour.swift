// What a function does, composed of parts: its meaning, its docstring and which behaviours there are. How it is written as
// code: FunctionWriter.swift.

import Randomness

/// A function of the corpus without names and style.
enum Behaviour: Hashable {
  /// "sum of squares of even numbers in xs"
  case aggregate(Aggregate, Map, Predicate)
  /// "whether every square in xs is even", "count of squares in xs that are even"
  case judge(Judgement, Map, Predicate)
  /// "square of n if n is even else double of n"
  case choose(Predicate, Map, Map)
  /// "larger of square of a and double of b"
  case combine(Combination, Map, Map)
  /// "square of largest number in xs"
  case select(Selector, Map)

  /// Every behaviour of each family; a family is drawn with the weight beside it.
  static let families: [(weight: Int, behaviours: [Behaviour])] = {
    let conditions = Predicate.conditions
    var aggregates: [Behaviour] = []
    var judgements: [Behaviour] = []
    var choices: [Behaviour] = []
    var combinations: [Behaviour] = []
    var selections: [Behaviour] = []
    for map in Map.allCases {
      for aggregate in Aggregate.allCases {
        for predicate in conditions + [.all] { aggregates.append(.aggregate(aggregate, map, predicate)) }
      }
      // No square is negative and every double is even: such questions have one answer.
      let open = conditions.filter { condition in Set((-10...14).map { condition(map($0)) }).count == 2 }
      for judgement in Judgement.allCases { for p in open { judgements.append(.judge(judgement, map, p)) } }
      for other in Map.allCases where other != map { for p in conditions { choices.append(.choose(p, map, other)) } }
      for other in Map.allCases { for c in Combination.allCases { combinations.append(.combine(c, map, other)) } }
      for selector in Selector.allCases { selections.append(.select(selector, map)) }
    }
    return [(3, aggregates), (2, judgements), (2, choices), (2, combinations), (1, selections)]
  }()

  /// The names of its parts, without constants: two behaviours of a family with the same parts are held out together.
  var parts: [String] {
    switch self {
    case .aggregate(let aggregate, let map, let predicate): [aggregate.rawValue, map.rawValue, predicate.kind]
    case .judge(let judgement, let map, let predicate): [judgement.rawValue, map.rawValue, predicate.kind]
    case .choose(let predicate, let map, let other): [predicate.kind, "then " + map.rawValue, "else " + other.rawValue]
    case .combine(let combination, let map, let other):
      [combination.rawValue, "left " + map.rawValue, "right " + other.rawValue]
    case .select(let selector, let map): [selector.rawValue, map.rawValue]
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
      }
    case .judge(let judgement, let map, let predicate):
      let answers = numbers.map { predicate(map($0)) }
      switch judgement {
      case .every: return .boolean(answers.allSatisfy { $0 })
      case .some: return .boolean(answers.contains(true))
      case .count: return .integer(answers.count { $0 })
      }
    case .choose(let predicate, let map, let other):
      return .integer(predicate(scalars[0]) ? map(scalars[0]) : other(scalars[0]))
    case .combine(let combination, let map, let other):
      let (left, right) = (map(scalars[0]), other(scalars[1]))
      switch combination {
      case .larger: return .integer(max(left, right))
      case .smaller: return .integer(min(left, right))
      case .sum: return .integer(left + right)
      case .product: return .integer(left * right)
      }
    case .select(let selector, let map):
      switch selector {
      case .first: return .integer(map(numbers[0]))
      case .last: return .integer(map(numbers[numbers.count - 1]))
      case .largest: return .integer(map(numbers.max() ?? 0))
      case .smallest: return .integer(map(numbers.min() ?? 0))
      }
    }
  }

  /// The docstring, words separated by blanks.
  func docstring(_ arguments: [String]) -> String {
    let first = arguments[0]
    switch self {
    case .aggregate(let aggregate, let map, let predicate):
      let mapped = map == .identity ? predicate.noun : "\(map.plural) of \(predicate.noun)"
      return "\(aggregate.rawValue) of \(mapped) in \(first)"
    case .judge(.count, let map, let predicate): return "count of \(map.plural) in \(first) that are \(predicate.adjective)"
    case .judge(let judgement, let map, let predicate):
      return "whether \(judgement.rawValue) \(map.singular) in \(first) is \(predicate.adjective)"
    case .choose(let predicate, let map, let other):
      return "\(map.phrase(of: first)) if \(first) is \(predicate.adjective) else \(other.phrase(of: first))"
    case .combine(let combination, let map, let other):
      return "\(combination.rawValue) of \(map.phrase(of: first)) and \(other.phrase(of: arguments[1]))"
    case .select(let selector, let map):
      let number = "\(selector.rawValue) number in \(first)"
      return map == .identity ? number : "\(map.singular) of \(number)"
    }
  }

  /// Calls that tell this behaviour from others; the arguments of one call.
  func drawArguments(_ stream: inout RandomStream) -> [PythonValue] {
    func number(_ stream: inout RandomStream) -> Int { stream.below(25) - 10 }
    switch self {
    case .aggregate, .judge, .select:
      let shortest = if case .select = self { 1 } else { 0 }
      let count = shortest + stream.below(7)
      return [.list((0..<count).map { _ in .integer(number(&stream)) })]
    case .choose: return [.integer(number(&stream))]
    case .combine: return [.integer(number(&stream)), .integer(number(&stream))]
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
