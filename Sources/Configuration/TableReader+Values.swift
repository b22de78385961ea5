// The typed accessors of `TableReader`. Each has a form whose absence is a problem (unless a default is given) and an
// optional form. Tables and the rules of layering are in TableReader.swift.

import Wording

/// Either the value that a node stands for, or what was expected instead of it.
private enum Conversion<Value> {
  case value(Value)
  case expected(String)
}

extension TableReader {
  /// A whole number in the range; `4e6` and `16.0` are taken for what they are.
  package func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil) -> Int {
    required(key, fallback, harmless: range.lowerBound, expected: describe(range)) { asInteger($0, in: range) }
  }

  package func optionalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? {
    value(key) { asInteger($0, in: range) }
  }

  /// A finite number in the range; `1` is taken for `1.0`.
  package func number(_ key: String, in range: ClosedRange<Double>, default fallback: Double? = nil) -> Double {
    required(key, fallback, harmless: range.lowerBound, expected: describe(range)) { asNumber($0, in: range) }
  }

  package func optionalNumber(_ key: String, in range: ClosedRange<Double>) -> Double? {
    value(key) { asNumber($0, in: range) }
  }

  package func boolean(_ key: String, default fallback: Bool? = nil) -> Bool {
    required(key, fallback, harmless: false, expected: "true or false", asBoolean)
  }

  package func optionalBoolean(_ key: String) -> Bool? {
    value(key, asBoolean)
  }

  /// A string that is not empty.
  package func string(_ key: String, default fallback: String? = nil) -> String {
    required(key, fallback, harmless: "", expected: "a string", asString)
  }

  package func optionalString(_ key: String) -> String? {
    value(key, asString)
  }

  /// One of the names of an enumeration.
  package func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of type: Choice.Type = Choice.self, default fallback: Choice? = nil
  ) -> Choice where Choice.RawValue == String {
    guard let first = Choice.allCases.first else { preconditionFailure("\(Choice.self) has no cases to choose from") }
    return required(key, fallback, harmless: first, expected: describe(Choice.self)) { asChoice($0) }
  }

  package func optionalChoice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of type: Choice.Type = Choice.self
  ) -> Choice? where Choice.RawValue == String {
    value(key) { asChoice($0) }
  }

  /// An array of whole numbers, each in the range; `count` bounds their number.
  package func integers(
    _ key: String, in range: ClosedRange<Int>, count: ClosedRange<Int> = 1...Int.max, default fallback: [Int]? = nil
  ) -> [Int] {
    list(key, fallback, count: count, of: "integers") { asInteger($0, in: range) }
  }

  /// An array of finite numbers, each in the range.
  package func numbers(
    _ key: String, in range: ClosedRange<Double>, count: ClosedRange<Int> = 1...Int.max,
    default fallback: [Double]? = nil
  ) -> [Double] {
    list(key, fallback, count: count, of: "numbers") { asNumber($0, in: range) }
  }

  /// An array of strings, none of them empty.
  package func strings(
    _ key: String, count: ClosedRange<Int> = 1...Int.max, default fallback: [String]? = nil
  ) -> [String] {
    list(key, fallback, count: count, of: "strings", asString)
  }

  /// An array of names of an enumeration.
  package func choices<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of type: Choice.Type = Choice.self, count: ClosedRange<Int> = 1...Int.max,
    default fallback: [Choice]? = nil
  ) -> [Choice] where Choice.RawValue == String {
    list(key, fallback, count: count, of: "names") { asChoice($0) }
  }
}

// MARK: - The walk over the layers

extension TableReader {
  /// Checks the value in every layer that has the key and returns the last one's.
  private func value<Value>(_ key: String, _ convert: (TOMLNode) -> Conversion<Value>) -> Value? {
    markKnown(key)
    var last: Value?
    for source in sources {
      guard let node = source.entries[key]?.node else { continue }
      last = checked(node, in: source, at: source.path.appending(key), convert)
    }
    return last
  }

  private func checked<Value>(
    _ node: TOMLNode, in source: TableSource, at path: ConfigurationPath, _ convert: (TOMLNode) -> Conversion<Value>
  ) -> Value? {
    switch convert(node) {
    case .value(let value): return value
    case .expected(let expected):
      source.report("expected \(expected), found \(node.found)", at: path)
      return nil
    }
  }

  private func required<Value>(
    _ key: String, _ fallback: Value?, harmless: Value, expected: String, _ convert: (TOMLNode) -> Conversion<Value>
  ) -> Value {
    if let value = value(key, convert) { return value }
    if !contains(key) {
      if let fallback { return fallback }
      reportMissing(key, expected: expected)
    }
    return harmless
  }

  private func list<Value>(
    _ key: String, _ fallback: [Value]?, count: ClosedRange<Int>, of noun: String,
    _ convert: (TOMLNode) -> Conversion<Value>
  ) -> [Value] {
    markKnown(key)
    let expected = "an array of \(describe(count: count))\(noun)"
    guard contains(key) else {
      if let fallback { return fallback }
      reportMissing(key, expected: expected)
      return []
    }
    var last: [Value] = []
    for source in sources {
      guard let node = source.entries[key]?.node else { continue }
      let path = source.path.appending(key)
      guard case .array(let elements) = node, count.contains(elements.count) else {
        source.report("expected \(expected), found \(node.found)", at: path)
        continue
      }
      last = elements.enumerated().compactMap { checked($1.node, in: source, at: path.appending($0), convert) }
    }
    return last
  }
}

// MARK: - Conversions and the words for what is expected

private func asInteger(_ node: TOMLNode, in range: ClosedRange<Int>) -> Conversion<Int> {
  let value: Int? =
    switch node {
    case .integer(let value): value
    // Beyond 2⁵³ the number may be another one than the file says.
    case .number(let value) where value.magnitude <= 0x1p53: Int(exactly: value)
    default: nil
    }
  if let value, range.contains(value) { return .value(value) }
  return .expected(describe(range))
}

private func asNumber(_ node: TOMLNode, in range: ClosedRange<Double>) -> Conversion<Double> {
  switch node {
  case .integer(let value) where range.contains(Double(value)): .value(Double(value))
  case .number(let value) where value.isFinite && range.contains(value): .value(value)
  default: .expected(describe(range))
  }
}

private func asBoolean(_ node: TOMLNode) -> Conversion<Bool> {
  if case .boolean(let value) = node { return .value(value) }
  return .expected("true or false")
}

private func asString(_ node: TOMLNode) -> Conversion<String> {
  if case .string(let value) = node, !value.isEmpty { return .value(value) }
  return .expected("a string that is not empty")
}

private func asChoice<Choice: RawRepresentable & CaseIterable>(_ node: TOMLNode) -> Conversion<Choice>
where Choice.RawValue == String {
  guard case .string(let name) = node else { return .expected(describe(Choice.self)) }
  if let value = Choice(rawValue: name) { return .value(value) }
  return .expected(describe(Choice.self) + suggestion(for: name, among: Choice.allCases.map(\.rawValue)))
}

private func describe(_ range: ClosedRange<Int>) -> String {
  switch (range.lowerBound, range.upperBound) {
  case (.min, .max): "an integer"
  case (let lower, .max): "an integer of at least \(lower)"
  case (.min, let upper): "an integer of at most \(upper)"
  case (let lower, let upper): "an integer from \(lower) to \(upper)"
  }
}

/// A bound of `.leastNonzeroMagnitude` is spelt "above 0", one of `.greatestFiniteMagnitude` or infinity not at all.
private func describe(_ range: ClosedRange<Double>) -> String {
  let hasLower = range.lowerBound > -Double.greatestFiniteMagnitude
  let hasUpper = range.upperBound < Double.greatestFiniteMagnitude
  let above = range.lowerBound == .leastNonzeroMagnitude
  let lower = above ? "above 0" : "of at least \(numeral(range.lowerBound))"
  return switch (hasLower, hasUpper) {
  case (false, false): "a finite number"
  case (true, false): "a finite number \(lower)"
  case (false, true): "a number of at most \(numeral(range.upperBound))"
  case (true, true) where above: "a number above 0 and at most \(numeral(range.upperBound))"
  case (true, true): "a number from \(numeral(range.lowerBound)) to \(numeral(range.upperBound))"
  }
}

private func describe<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type) -> String
where Choice.RawValue == String {
  let names = Choice.allCases.map { "\"\($0.rawValue)\"" }
  return names.count == 1 ? names.joined() : names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
}

/// `3 ` , `at least 1 `, `1 to 4 `: with the blank behind it.
private func describe(count: ClosedRange<Int>) -> String {
  switch (count.lowerBound, count.upperBound) {
  case (0, .max): ""
  case (let lower, .max): "at least \(lower) "
  case (let lower, let upper): lower == upper ? "\(lower) " : "\(lower) to \(upper) "
  }
}
