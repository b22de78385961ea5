// Evaluates expressions; what operators do to values: PythonInterpreter+Operators.swift.

extension PythonInterpreter {
  func evaluate(_ index: ExpressionIndex) throws(PythonError) -> PythonObject {
    try deeper()
    defer { depth -= 1 }
    try step()
    let expression = program.expressions[index]
    line = expression.line
    switch expression.kind {
    case .none: return .none
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(value)
    case .float(let value): return .float(value)
    case .string(let value): return try string(Array(value.unicodeScalars))
    case .name(let name): return try lookUp(name)
    case .list(let elements): return try list(try evaluate(elements))
    case .unary(let operation, let operand): return try negated(try evaluate(operand), operation)
    case .binary(let operation, let left, let right):
      let value = try evaluate(left)
      return try binary(value, operation, try evaluate(right))
    case .comparisons(let first, let rest): return try compared(first, rest)
    case .and(let parts): return try firstDeciding(parts, stoppingAt: false)
    case .or(let parts): return try firstDeciding(parts, stoppingAt: true)
    case .not(let operand): return .boolean(try !truth(evaluate(operand)))
    case .conditional(let test, let yes, let no): return try evaluate(try truth(evaluate(test)) ? yes : no)
    case .call(let callee, let arguments):
      let function = try evaluate(callee)
      return try call(function, try evaluate(arguments))
    case .dictionary(let entries):
      var objects: [(key: PythonObject, value: PythonObject)] = []
      for entry in entries { objects.append((try evaluate(entry.key), try evaluate(entry.value))) }
      return try dictionary(objects)
    case .append(let target, let element): return try append(target, element)
    case .get(let target, let place, let otherwise): return try get(target, place, otherwise)
    case .element(let target, let place):
      let value = try evaluate(target)
      return try subscripted(value, try evaluate(place))
    case .slice(let target, let from, let to, let by): return try slice(target, from, to, by)
    case .comprehension(let element, let variable, let source, let conditions):
      return try comprehension(element, variable, source, conditions)
    }
  }

  private func evaluate(_ expressions: [ExpressionIndex]) throws(PythonError) -> [PythonObject] {
    var values: [PythonObject] = []
    for expression in expressions { values.append(try evaluate(expression)) }
    return values
  }

  /// `a < b < c`: each operand once, and none after the first that is false.
  private func compared(
    _ first: ExpressionIndex, _ rest: [(Comparison, ExpressionIndex)]
  ) throws(PythonError) -> PythonObject {
    var left = try evaluate(first)
    for (comparison, operand) in rest {
      let right = try evaluate(operand)
      if try !compare(left, comparison, right) { return .boolean(false) }
      left = right
    }
    return .boolean(true)
  }

  /// The value of `and` (stopping at false) and `or` (stopping at true).
  private func firstDeciding(_ parts: [ExpressionIndex], stoppingAt: Bool) throws(PythonError) -> PythonObject {
    var value = PythonObject.none
    for part in parts {
      value = try evaluate(part)
      if try truth(value) == stoppingAt { break }
    }
    return value
  }

  private func append(_ target: ExpressionIndex, _ element: ExpressionIndex) throws(PythonError) -> PythonObject {
    let object = try evaluate(target)
    guard case .list(let list) = object else {
      // Python's AttributeError; no program of the subset can tell the difference.
      throw exception(.type, "'\(object.typeName)' object has no attribute 'append'")
    }
    let value = try evaluate(element)
    try allocate(1)
    lists[list].append(value)
    return .none
  }

  private func comprehension(
    _ element: ExpressionIndex, _ variable: String, _ source: ExpressionIndex, _ conditions: [ExpressionIndex]
  ) throws(PythonError) -> PythonObject {
    let iterated = try evaluate(source)
    let size = size(iterated)
    var values: [PythonObject] = []
    var index = 0
    while let next = try self.element(iterated, at: index) {
      try requireSize(iterated, size)
      index += 1
      let value = try withVariable(variable, next) { () throws(PythonError) -> PythonObject? in
        for condition in conditions where try !truth(evaluate(condition)) { return nil }
        return try evaluate(element)
      }
      if let value {
        try allocate(1)
        values.append(value)
      }
    }
    try requireSize(iterated, size)
    return try list(values)
  }

  func subscripted(_ object: PythonObject, _ index: PythonObject) throws(PythonError) -> PythonObject {
    switch object {
    case .list(let list): return lists[list][try position(index, count: lists[list].count, of: "list")]
    case .dictionary(let dictionary): return try entry(dictionary, index)
    case .string(let scalars): return .string([scalars[try position(index, count: scalars.count, of: "string")]])
    case .range(let range):
      return .integer(range.element(try position(index, count: range.count, of: "range object")))
    default: throw exception(.type, "'\(object.typeName)' object is not subscriptable")
    }
  }

  /// An index, negative ones from the end.
  func position(_ index: PythonObject, count: Int, of what: String) throws(PythonError) -> Int {
    guard let place = index.integer else {
      throw exception(.type, "\(what) indices must be integers, not \(index.typeName)")
    }
    let position = place < 0 ? count + place : place
    guard (0..<count).contains(position) else { throw exception(.index, "\(what) index out of range") }
    return position
  }

  private func slice(
    _ target: ExpressionIndex, _ from: ExpressionIndex?, _ to: ExpressionIndex?, _ by: ExpressionIndex?
  ) throws(PythonError) -> PythonObject {
    let object = try evaluate(target)
    func bound(_ expression: ExpressionIndex?) throws(PythonError) -> Int? {
      guard let expression else { return nil }
      let value = try evaluate(expression)
      if case .none = value { return nil }
      guard let integer = value.integer else { throw exception(.type, "slice indices must be integers or None") }
      return integer
    }
    let (start, end, step) = (try bound(from), try bound(to), try bound(by) ?? 1)
    if case .range = object { throw .unsupported(line: line, "slices of ranges") }
    if case .dictionary = object { throw exception(.type, "unhashable type: 'slice'") }
    if step == 0 { throw exception(.value, "slice step cannot be zero") }
    let places = slicePlaces(start, end, step, count: try count(object))
    try self.step(places.count)
    switch object {
    case .string(let scalars): return try string(places.map { scalars[$0] })
    case .list(let list): return try self.list(places.map { lists[list][$0] })
    default: throw exception(.type, "'\(object.typeName)' object is not subscriptable")
    }
  }

  /// The places that `start:end:step` takes of `count`, by the rules of Python's `slice.indices`.
  private func slicePlaces(_ start: Int?, _ end: Int?, _ step: Int, count: Int) -> [Int] {
    let lowest = step < 0 ? -1 : 0
    let highest = step < 0 ? count - 1 : count
    func clamped(_ bound: Int) -> Int {
      bound < 0 ? max(bound + count, lowest) : min(bound, highest)
    }
    let first = start.map(clamped) ?? (step < 0 ? highest : lowest)
    let last = end.map(clamped) ?? (step < 0 ? lowest : highest)
    // A step beyond the whole takes at most one element, and stride(from:to:by:) must not overflow.
    return Array(stride(from: first, to: last, by: max(-count - 1, min(step, count + 1))))
  }
}
