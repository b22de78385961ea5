// The built-in functions of the subset.

extension PythonInterpreter {
  func call(_ builtin: Builtin, _ arguments: [PythonObject]) throws(PythonError) -> PythonObject {
    func argument(_ allowed: ClosedRange<Int> = 1...1) throws(PythonError) -> PythonObject {
      guard allowed.contains(arguments.count) else {
        throw exception(.type, "\(builtin.rawValue)() does not take \(arguments.count) arguments")
      }
      return arguments[0]
    }
    switch builtin {
    case .abs: return try absolute(try argument())
    case .all: return .boolean(try decide(try argument(), stoppingAt: false))
    case .any: return .boolean(try decide(try argument(), stoppingAt: true))
    case .bool: return .boolean(arguments.isEmpty ? false : try truth(argument()))
    case .int: return arguments.isEmpty ? .integer(0) : try integer(try argument())
    case .len: return .integer(try count(try argument()))
    case .max, .min:
      let first = try argument(1...Int.max)
      return try extreme(arguments.count == 1 ? try elements(first) : arguments, isLargest: builtin == .max)
    case .range:
      _ = try argument(1...3)
      return .range(try range(arguments))
    case .sorted: return try list(try sorted(try elements(try argument())))
    case .sum:
      let source = try argument(1...2)
      var total = arguments.count == 2 ? arguments[1] : .integer(0)
      if case .string = total { throw exception(.type, "sum() can't sum strings") }
      for element in try elements(source) { total = try binary(total, .add, element) }
      return total
    }
  }

  private func absolute(_ object: PythonObject) throws(PythonError) -> PythonObject {
    if case .float(let value) = object { return .float(value.magnitude) }
    guard let value = object.integer else {
      throw exception(.type, "bad operand type for abs(): '\(object.typeName)'")
    }
    return value < 0 ? try negated(object, .minus) : .integer(value)
  }

  /// `any` and `all`.
  private func decide(_ object: PythonObject, stoppingAt: Bool) throws(PythonError) -> Bool {
    var index = 0
    while let element = try element(object, at: index) {
      if try truth(element) == stoppingAt { return stoppingAt }
      index += 1
    }
    return !stoppingAt
  }

  private func integer(_ object: PythonObject) throws(PythonError) -> PythonObject {
    switch object {
    case .float(let value):
      if value.isNaN { throw exception(.value, "cannot convert float NaN to integer") }
      if value.isInfinite { throw exception(.overflow, "cannot convert float infinity to integer") }
      guard let integer = Int(exactly: value.rounded(.towardZero)) else { throw .limit(line: line, .integer) }
      return .integer(integer)
    case .string: throw .unsupported(line: line, "int() of a string")
    default:
      guard let value = object.integer else {
        throw exception(.type, "int() argument must be a number, not '\(object.typeName)'")
      }
      return .integer(value)
    }
  }

  /// The first of the largest or smallest.
  private func extreme(_ values: [PythonObject], isLargest: Bool) throws(PythonError) -> PythonObject {
    guard var best = values.first else { throw exception(.value, "max() or min() of an empty sequence") }
    for value in values.dropFirst() {
      let isBetter = isLargest ? try isLess(best, value, orEqual: false) : try isLess(value, best, orEqual: false)
      if isBetter { best = value }
    }
    return best
  }

  private func range(_ arguments: [PythonObject]) throws(PythonError) -> PythonRange {
    var numbers: [Int] = []
    for argument in arguments {
      guard let number = argument.integer else {
        throw exception(.type, "'\(argument.typeName)' object cannot be interpreted as an integer")
      }
      numbers.append(number)
    }
    let start = numbers.count == 1 ? 0 : numbers[0]
    let end = numbers.count == 1 ? numbers[0] : numbers[1]
    let step = numbers.count == 3 ? numbers[2] : 1
    if step == 0 { throw exception(.value, "range() arg 3 must not be zero") }
    if step > 0 ? end <= start : end >= start { return PythonRange(start: start, count: 0, step: step) }
    let distance = end.subtractingReportingOverflow(start)
    if distance.overflow || step == Int.min { throw .limit(line: line, .integer) }
    let count = (distance.partialValue.magnitude - 1) / step.magnitude + 1
    guard let count = Int(exactly: count) else { throw .limit(line: line, .integer) }
    return PythonRange(start: start, count: count, step: step)
  }

  /// Stable, by merging; `isLess` may find that two elements have no order.
  private func sorted(_ values: [PythonObject]) throws(PythonError) -> [PythonObject] {
    if values.count < 2 { return values }
    let middle = values.count / 2
    let left = try sorted(Array(values[..<middle]))
    let right = try sorted(Array(values[middle...]))
    var merged: [PythonObject] = []
    var (i, j) = (0, 0)
    while i < left.count && j < right.count {
      if try isLess(right[j], left[i], orEqual: false) {
        merged.append(right[j])
        j += 1
      } else {
        merged.append(left[i])
        i += 1
      }
    }
    return merged + left[i...] + right[j...]
  }
}
