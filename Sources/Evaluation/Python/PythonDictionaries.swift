// Dictionaries of the subset: what may be a key, and looking up, storing and comparing. Entries keep the order in which
// their keys came, as in Python; none is ever taken out.

/// A key as dictionaries compare it: 1, 1.0 and True are the same.
enum DictionaryKey: Hashable {
  case none
  case integer(Int)
  case float(Double)
  case string([Unicode.Scalar])
  case range(PythonRange)
  case function(Int)
  case builtin(Builtin)
}

struct PythonDictionary {
  private(set) var keys: [PythonObject] = []
  private(set) var values: [PythonObject] = []
  private var places: [DictionaryKey: Int] = [:]

  subscript(key: DictionaryKey) -> PythonObject? { places[key].map { values[$0] } }

  /// Whether the key is new. The first of equal keys stays.
  mutating func store(_ value: PythonObject, at key: DictionaryKey, spelt object: PythonObject) -> Bool {
    if let place = places[key] {
      values[place] = value
      return false
    }
    places[key] = keys.count
    keys.append(object)
    values.append(value)
    return true
  }
}

extension PythonInterpreter {
  func key(_ object: PythonObject) throws(PythonError) -> DictionaryKey {
    try step()
    switch object {
    case .none: return .none
    case .boolean(let value): return .integer(value ? 1 : 0)
    case .integer(let value): return .integer(value)
    case .float(let value):
      if value.isNaN { throw .unsupported(line: line, "NaN as a key") }
      return Int(exactly: value).map { .integer($0) } ?? .float(value)
    case .string(let scalars):
      try step(scalars.count)
      return .string(scalars)
    case .range(let range):
      // Equal ranges have equal elements, however they were written.
      let step = range.count > 1 ? range.step : 1
      return .range(PythonRange(start: range.count == 0 ? 0 : range.start, count: range.count, step: step))
    case .function(let index): return .function(index)
    case .builtin(let builtin): return .builtin(builtin)
    case .list, .dictionary: throw exception(.type, "unhashable type: '\(object.typeName)'")
    }
  }

  /// A new dictionary; of equal keys the last value counts.
  func dictionary(_ entries: [(key: PythonObject, value: PythonObject)]) throws(PythonError) -> PythonObject {
    var dictionary = PythonDictionary()
    try allocate(1)
    for entry in entries {
      if dictionary.store(entry.value, at: try key(entry.key), spelt: entry.key) { try allocate(2) }
    }
    dictionaries.append(dictionary)
    return .dictionary(dictionaries.count - 1)
  }

  func store(_ value: PythonObject, in dictionary: Int, at object: PythonObject) throws(PythonError) {
    if dictionaries[dictionary].store(value, at: try key(object), spelt: object) { try allocate(2) }
  }

  func entry(_ dictionary: Int, _ object: PythonObject) throws(PythonError) -> PythonObject {
    if let value = dictionaries[dictionary][try key(object)] { return value }
    throw exception(.key, "the key is not in the dictionary")
  }

  /// `d.get(key)` and `d.get(key, otherwise)`.
  func get(_ target: ExpressionIndex, _ place: ExpressionIndex, _ otherwise: ExpressionIndex?) throws(PythonError)
    -> PythonObject
  {
    let object = try evaluate(target)
    guard case .dictionary(let dictionary) = object else {
      throw exception(.type, "'\(object.typeName)' object has no attribute 'get'")
    }
    let wanted = try evaluate(place)
    var missing = PythonObject.none
    if let otherwise { missing = try evaluate(otherwise) }
    return dictionaries[dictionary][try key(wanted)] ?? missing
  }

  /// Whether two dictionaries have the same keys with the same values, in any order.
  func areEqual(dictionaries a: Int, _ b: Int) throws(PythonError) -> Bool {
    if a == b { return true }
    if dictionaries[a].keys.count != dictionaries[b].keys.count { return false }
    try deeper()
    defer { depth -= 1 }
    for i in dictionaries[a].keys.indices {
      guard let other = dictionaries[b][try key(dictionaries[a].keys[i])],
        try areEqual(dictionaries[a].values[i], other)
      else { return false }
    }
    return true
  }

  /// What a loop checks before each element: Python does not go on with a dictionary that has grown.
  func requireSize(_ object: PythonObject, _ expected: Int?) throws(PythonError) {
    guard case .dictionary(let dictionary) = object, let expected else { return }
    if dictionaries[dictionary].keys.count != expected {
      throw exception(.runtime, "dictionary changed size during iteration")
    }
  }

  /// The number of keys of a dictionary, nil for anything else.
  func size(_ object: PythonObject) -> Int? {
    if case .dictionary(let dictionary) = object { dictionaries[dictionary].keys.count } else { nil }
  }
}
