// Arithmetic and comparison as Python defines them, with 64-bit integers: what does not fit is an error, never a wrong
// number.

import Foundation

extension PythonInterpreter {
  func negated(_ object: PythonObject, _ operation: UnaryOperator) throws(PythonError) -> PythonObject {
    if case .float(let value) = object { return .float(operation == .minus ? -value : value) }
    guard let value = object.integer else {
      throw exception(.type, "bad operand type for unary sign: '\(object.typeName)'")
    }
    return operation == .plus ? .integer(value) : try integer(0.subtractingReportingOverflow(value))
  }

  private func integer(_ result: (partialValue: Int, overflow: Bool)) throws(PythonError) -> PythonObject {
    if result.overflow { throw .limit(line: line, .integer) }
    return .integer(result.partialValue)
  }

  func binary(
    _ left: PythonObject, _ operation: BinaryOperator, _ right: PythonObject
  ) throws(PythonError) -> PythonObject {
    if let a = left.integer, let b = right.integer { return try integers(a, operation, b) }
    if let a = left.number, let b = right.number { return .float(try floats(a, operation, b)) }
    switch (left, operation, right) {
    case (.string(let a), .add, .string(let b)):
      try step(a.count + b.count)
      return try string(a + b)
    case (.list(let a), .add, .list(let b)):
      try step(lists[a].count + lists[b].count)
      return try list(lists[a] + lists[b])
    case (.string, .multiply, _), (.list, .multiply, _):
      if let times = right.integer { return try repeated(left, times) }
    case (_, .multiply, .string), (_, .multiply, .list):
      if let times = left.integer { return try repeated(right, times) }
    case (.string, .modulo, _): throw .unsupported(line: line, "formatting with %")
    default: break
    }
    throw exception(
      .type, "unsupported operand types for \(operation.rawValue): '\(left.typeName)' and '\(right.typeName)'")
  }

  private func integers(_ a: Int, _ operation: BinaryOperator, _ b: Int) throws(PythonError) -> PythonObject {
    switch operation {
    case .add: return try integer(a.addingReportingOverflow(b))
    case .subtract: return try integer(a.subtractingReportingOverflow(b))
    case .multiply: return try integer(a.multipliedReportingOverflow(by: b))
    case .divide: return .float(try floats(Double(a), .divide, Double(b)))
    case .floorDivide, .modulo:
      if b == 0 { throw exception(.zeroDivision, "integer division or modulo by zero") }
      // Int.min % -1 is 0, but the machine's division traps on it.
      if b == -1 { return operation == .modulo ? .integer(0) : try integer(0.subtractingReportingOverflow(a)) }
      // Rounded towards minus infinity; the remainder has the divisor's sign.
      let isBelow = a % b != 0 && (a < 0) != (b < 0)
      return .integer(operation == .modulo ? a % b + (isBelow ? b : 0) : a / b - (isBelow ? 1 : 0))
    case .power:
      if b < 0 { return .float(try floats(Double(a), .power, Double(b))) }
      if a == 0 || a == 1 { return .integer(b == 0 ? 1 : a) }
      if a == -1 { return .integer(b % 2 == 0 ? 1 : -1) }
      var power = 1
      for _ in 0..<min(b, 64) {
        let next = power.multipliedReportingOverflow(by: a)
        if next.overflow { throw .limit(line: line, .integer) }
        power = next.partialValue
      }
      return .integer(power)
    }
  }

  private func floats(_ a: Double, _ operation: BinaryOperator, _ b: Double) throws(PythonError) -> Double {
    switch operation {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide:
      if b == 0 { throw exception(.zeroDivision, "division by zero") }
      return a / b
    case .floorDivide, .modulo:
      if b == 0 { throw exception(.zeroDivision, "float floor division or modulo by zero") }
      var remainder = fmod(a, b)
      var quotient = (a - remainder) / b
      if remainder != 0 && (remainder < 0) != (b < 0) {
        remainder += b
        quotient -= 1
      }
      if operation == .modulo { return remainder == 0 ? Double(signOf: b, magnitudeOf: 0) : remainder }
      if quotient == 0 { return Double(signOf: a / b, magnitudeOf: 0) }
      let floor = quotient.rounded(.down)
      return quotient - floor > 0.5 ? floor + 1 : floor
    case .power:
      if a == 0 && b < 0 { throw exception(.zeroDivision, "0.0 cannot be raised to a negative power") }
      if a < 0 && a.isFinite && b.isFinite && b.rounded() != b { throw .unsupported(line: line, "complex numbers") }
      let power = pow(a, b)
      if power.isInfinite && a.isFinite && b.isFinite { throw exception(.overflow, "the result is too large") }
      return power
    }
  }

  private func repeated(_ object: PythonObject, _ times: Int) throws(PythonError) -> PythonObject {
    let product = try count(object).multipliedReportingOverflow(by: max(0, times))
    if product.overflow { throw .limit(line: line, .memory) }
    try step(product.partialValue)
    // An empty sequence may be repeated any number of times.
    let times = product.partialValue == 0 ? 0 : times
    if case .string(let scalars) = object {
      return try string(Array(repeatElement(scalars, count: times).joined()))
    }
    return try list(Array(repeatElement(try elements(object), count: times).joined()))
  }

  /// `left op= right`: a list is changed in place, so that its aliases see it.
  func augmented(
    _ left: PythonObject, _ operation: BinaryOperator, _ right: PythonObject
  ) throws(PythonError) -> PythonObject {
    guard case .list(let list) = left else { return try binary(left, operation, right) }
    switch operation {
    case .add:
      let added = try elements(right)
      try allocate(added.count)
      lists[list] += added
      return left
    case .multiply:
      guard let times = right.integer, case .list(let product) = try repeated(left, times) else { break }
      lists[list] = lists[product]
      return left
    default: break
    }
    return try binary(left, operation, right)
  }

  func compare(_ left: PythonObject, _ comparison: Comparison, _ right: PythonObject) throws(PythonError) -> Bool {
    switch comparison {
    case .equal: return try areEqual(left, right)
    case .notEqual: return try !areEqual(left, right)
    case .less: return try isLess(left, right, orEqual: false)
    case .lessOrEqual: return try isLess(left, right, orEqual: true)
    case .greater: return try isLess(right, left, orEqual: false)
    case .greaterOrEqual: return try isLess(right, left, orEqual: true)
    case .inside: return try contains(right, left)
    case .notInside: return try !contains(right, left)
    }
  }

  func areEqual(_ left: PythonObject, _ right: PythonObject) throws(PythonError) -> Bool {
    try step()
    if let a = left.integer, let b = right.integer { return a == b }
    if let a = left.number, let b = right.number { return a == b }
    switch (left, right) {
    case (.none, .none): return true
    case (.string(let a), .string(let b)):
      try step(min(a.count, b.count))
      return a == b
    case (.range(let a), .range(let b)):
      return a.count == b.count && (a.count == 0 || a.start == b.start && (a.count == 1 || a.step == b.step))
    case (.list(let a), .list(let b)):
      if a == b { return true }
      if lists[a].count != lists[b].count { return false }
      try deeper()
      defer { depth -= 1 }
      for i in lists[a].indices where try !areEqual(lists[a][i], lists[b][i]) { return false }
      return true
    case (.dictionary(let a), .dictionary(let b)): return try areEqual(dictionaries: a, b)
    case (.function(let a), .function(let b)): return a == b
    case (.builtin(let a), .builtin(let b)): return a == b
    default: return false
    }
  }

  func isLess(_ left: PythonObject, _ right: PythonObject, orEqual: Bool) throws(PythonError) -> Bool {
    try step()
    if let a = left.integer, let b = right.integer { return orEqual ? a <= b : a < b }
    if let a = left.number, let b = right.number { return orEqual ? a <= b : a < b }
    switch (left, right) {
    case (.string(let a), .string(let b)):
      try step(min(a.count, b.count))
      return orEqual ? !b.lexicographicallyPrecedes(a) : a.lexicographicallyPrecedes(b)
    case (.list(let a), .list(let b)):
      try deeper()
      defer { depth -= 1 }
      let shorter = min(lists[a].count, lists[b].count)
      for i in 0..<shorter where try !areEqual(lists[a][i], lists[b][i]) {
        return try isLess(lists[a][i], lists[b][i], orEqual: orEqual)
      }
      return orEqual ? lists[a].count <= lists[b].count : lists[a].count < lists[b].count
    default:
      throw exception(.type, "'\(left.typeName)' and '\(right.typeName)' have no order")
    }
  }

  private func contains(_ object: PythonObject, _ element: PythonObject) throws(PythonError) -> Bool {
    if case .string(let scalars) = object {
      guard case .string(let part) = element else {
        throw exception(.type, "'in <string>' requires string as left operand, not \(element.typeName)")
      }
      if part.count > scalars.count { return false }
      try step((scalars.count - part.count + 1) * (part.count + 1))
      return (0...scalars.count - part.count).contains { scalars[$0...].starts(with: part) }
    }
    if case .dictionary(let dictionary) = object { return dictionaries[dictionary][try key(element)] != nil }
    if case .range(let range) = object, let number = element.number {
      // Without visiting the elements, as Python does it for integers.
      guard range.count > 0, let wanted = element.integer ?? Int(exactly: number) else { return false }
      let distance = wanted.subtractingReportingOverflow(range.start)
      let place = distance.partialValue.dividedReportingOverflow(by: range.step)
      if distance.overflow || place.overflow { return false }
      return distance.partialValue.isMultiple(of: range.step) && (0..<range.count).contains(place.partialValue)
    }
    var index = 0
    while let next = try self.element(object, at: index) {
      if try areEqual(next, element) { return true }
      index += 1
    }
    return false
  }
}
