// What advanced behaviours return, and the arguments that they are called with.

import Randomness

extension AdvancedBehaviour {
  /// What the function of these arguments returns.
  func value(_ arguments: [PythonValue]) -> PythonValue {
    let first = arguments[0]
    let second = arguments.count > 1 ? arguments[1].numbers : []
    switch self {
    case .filtered(let total, let map, let p, let q):
      return total(first.numbers.filter { p($0) && q($0) }.map { map($0) })
    case .branched(let total, let p, let map, let other):
      return total(first.numbers.map { p($0) ? map($0) : other($0) })
    case .nested(let p, let q, let a, let b, let c):
      let n = first.numbers[0]
      return .integer(p(n) ? q(n) ? a(n) : b(n) : c(n))
    case .paired(let total, let pairing, let p):
      return total(zip(first.numbers, second).filter { p($0.0) }.map { pairing($0, $1) })
    case .crossed(let total, let pairing, let condition):
      return total(
        first.numbers.flatMap { x in second.filter { condition(x, $0) }.map { pairing(x, $0) } })
    case .shared(let isIn, let total, let map, let p):
      return total(first.numbers.filter { p($0) && second.contains($0) == isIn }.map { map($0) })
    case .letters(let kind): return .integer(first.text.count { kind($0) })
    case .rewritten(let isBackward, let kind, let piece, let other):
      let pieces = first.text.map { kind($0) ? piece($0) : other($0) }
      return .string((isBackward ? pieces.reversed() : pieces).joined())
    case .tabled(let key, let entry, let p): return table(first.numbers.filter { p($0) }, key, entry)
    case .looked(let total, let map, let isOnKey, let p):
      let entries = first.entries.filter { p((isOnKey ? $0.key : $0.value).numbers[0]) }
      return total(entries.map { map($0.value.numbers[0]) })
    case .helped(let total, let map, let isTwice, let p):
      return total(first.numbers.filter { p($0) }.map { isTwice ? map(map($0)) : map($0) })
    case .recursive(let total, let map, let p):
      return total((1..<1 + max(0, first.numbers[0])).filter { p($0) }.map { map($0) })
    }
  }

  private func table(_ numbers: [Int], _ key: TableKey, _ entry: TableEntry) -> PythonValue {
    var keys: [Int] = []
    var values: [Int: Int] = [:]
    for x in numbers {
      let k = key(x)
      if values[k] == nil { keys.append(k) }
      switch entry {
      case .count: values[k, default: 0] += 1
      case .total(let map): values[k, default: 0] += map(x)
      case .last(let map): values[k] = map(x)
      }
    }
    return .dictionary(keys.map { PythonEntry(.integer($0), .integer(values[$0] ?? 0)) })
  }

  /// The arguments of one call.
  func drawArguments(_ stream: inout RandomStream) -> [PythonValue] {
    func numbers(_ count: Int, _ stream: inout RandomStream) -> [Int] {
      (0..<count).map { _ in stream.below(25) - 10 }
    }
    switch self {
    case .filtered, .branched, .tabled, .helped: return [PythonValue(numbers(stream.below(7), &stream))]
    case .nested: return [.integer(stream.below(25) - 10)]
    case .paired:
      let count = stream.below(7)
      return [PythonValue(numbers(count, &stream)), PythonValue(numbers(count, &stream))]
    case .crossed:
      return [PythonValue(numbers(stream.below(5), &stream)), PythonValue(numbers(stream.below(5), &stream))]
    case .shared:
      let xs = numbers(stream.below(7), &stream)
      var ys = numbers(stream.below(3), &stream)
      for x in xs where stream.chance(0.5) { ys.append(x) }
      return [PythonValue(xs), PythonValue(ys)]
    case .letters, .rewritten:
      return [.string(String((0..<stream.below(8)).map { _ in stream.pick(LetterKind.letters) }))]
    case .looked:
      var entries: [PythonEntry] = []
      for key in Set(numbers(stream.below(7), &stream)).sorted() {
        entries.append(PythonEntry(.integer(key), .integer(stream.below(25) - 10)))
      }
      return [.dictionary(entries)]
    case .recursive: return [.integer(stream.below(12) - 1)]
    }
  }

  /// Arguments small enough to be shown in a docstring; nil where its words cannot show them.
  func drawExample(_ stream: inout RandomStream) -> [PythonValue]? {
    func numbers(_ count: Int, _ stream: inout RandomStream) -> [Int] {
      (0..<count).map { _ in stream.below(10) - 2 }
    }
    switch self {
    case .filtered, .branched, .tabled, .helped: return [PythonValue(numbers(2, &stream))]
    case .nested: return [.integer(stream.below(13) - 3)]
    case .paired, .crossed, .shared: return [PythonValue(numbers(2, &stream)), PythonValue(numbers(2, &stream))]
    case .letters, .rewritten: return nil
    case .looked:
      let keys = Set(numbers(2, &stream)).sorted()
      return [.dictionary(keys.map { PythonEntry(.integer($0), .integer(stream.below(10) - 2)) })]
    case .recursive: return [.integer(1 + stream.below(5))]
    }
  }
}

extension PythonValue {
  fileprivate init(_ numbers: [Int]) { self = .list(numbers.map { .integer($0) }) }

  /// The integers of a list, or the integer itself.
  fileprivate var numbers: [Int] {
    switch self {
    case .integer(let value): [value]
    case .list(let values): values.flatMap(\.numbers)
    case .none, .boolean, .float, .string, .dictionary: []
    }
  }

  fileprivate var text: String { if case .string(let text) = self { text } else { "" } }

  fileprivate var entries: [PythonEntry] { if case .dictionary(let entries) = self { entries } else { [] } }
}
