// Values while a program runs, and the lists they refer to. A list is an index into one array of lists, so that aliases
// work as in Python while nested or cyclic lists are freed without recursion. Dictionaries: PythonDictionaries.swift.

import Corpora

enum Builtin: String, CaseIterable {
  case abs, all, any, bool, int, len, max, min, range, sorted, sum
}

/// Integers from `start` in steps of `step`.
struct PythonRange: Hashable {
  var start: Int
  var count: Int
  var step: Int

  /// Wrapping never happens for indices below `count`: the last element was checked when the range was made.
  func element(_ index: Int) -> Int { start &+ index &* step }
}

enum PythonObject {
  case none
  case boolean(Bool)
  case integer(Int)
  case float(Double)
  case string([Unicode.Scalar])
  /// Index into the interpreter's lists.
  case list(Int)
  /// Index into the interpreter's dictionaries.
  case dictionary(Int)
  case range(PythonRange)
  case function(Int)
  case builtin(Builtin)

  /// As Python names it in messages.
  var typeName: String {
    switch self {
    case .none: "NoneType"
    case .boolean: "bool"
    case .integer: "int"
    case .float: "float"
    case .string: "str"
    case .list: "list"
    case .dictionary: "dict"
    case .range: "range"
    case .function, .builtin: "function"
    }
  }

  /// An integer or a boolean as its number.
  var integer: Int? {
    switch self {
    case .integer(let value): value
    case .boolean(let value): value ? 1 : 0
    default: nil
    }
  }

  /// Any number.
  var number: Double? {
    if case .float(let value) = self { return value }
    return integer.map(Double.init)
  }
}

extension PythonInterpreter {
  /// A value from outside.
  func object(_ value: PythonValue) throws(PythonError) -> PythonObject {
    switch value {
    case .none: return .none
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(value)
    case .float(let value): return .float(value)
    case .string(let value): return try string(Array(value.unicodeScalars))
    case .list(let values):
      var elements: [PythonObject] = []
      try deeper()
      for value in values { elements.append(try object(value)) }
      depth -= 1
      return try list(elements)
    case .dictionary(let entries):
      var objects: [(key: PythonObject, value: PythonObject)] = []
      try deeper()
      for entry in entries { objects.append((try object(entry.key), try object(entry.value))) }
      depth -= 1
      return try dictionary(objects)
    }
  }

  /// A value for outside; every element is a step, so shared and cyclic lists end too.
  func value(_ object: PythonObject) throws(PythonError) -> PythonValue {
    try step()
    switch object {
    case .none: return .none
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(value)
    case .float(let value): return .float(value)
    case .string(let scalars):
      try step(scalars.count)
      return .string(String(String.UnicodeScalarView(scalars)))
    case .list(let index):
      try deeper()
      var values: [PythonValue] = []
      for element in lists[index] { values.append(try value(element)) }
      depth -= 1
      return .list(values)
    case .dictionary(let index):
      try deeper()
      var entries: [PythonEntry] = []
      let dictionary = dictionaries[index]
      for i in dictionary.keys.indices {
        entries.append(PythonEntry(try value(dictionary.keys[i]), try value(dictionary.values[i])))
      }
      depth -= 1
      return .dictionary(entries)
    case .range, .function, .builtin:
      throw .unsupported(line: line, "a result of type \(object.typeName)")
    }
  }

  /// A new list.
  func list(_ elements: [PythonObject]) throws(PythonError) -> PythonObject {
    try allocate(elements.count + 1)
    lists.append(elements)
    return .list(lists.count - 1)
  }

  func string(_ scalars: [Unicode.Scalar]) throws(PythonError) -> PythonObject {
    try allocate(scalars.count)
    return .string(scalars)
  }

  /// How many elements something has.
  func count(_ object: PythonObject) throws(PythonError) -> Int {
    switch object {
    case .string(let scalars): return scalars.count
    case .list(let index): return lists[index].count
    case .dictionary(let index): return dictionaries[index].keys.count
    case .range(let range): return range.count
    default: throw exception(.type, "object of type '\(object.typeName)' has no len()")
    }
  }

  /// Element `index` of something iterable, or nil after the last: a list may change while it is read.
  func element(_ object: PythonObject, at index: Int) throws(PythonError) -> PythonObject? {
    try step()
    switch object {
    case .string(let scalars): return index < scalars.count ? .string([scalars[index]]) : nil
    case .list(let list): return index < lists[list].count ? lists[list][index] : nil
    case .dictionary(let dictionary):
      return index < dictionaries[dictionary].keys.count ? dictionaries[dictionary].keys[index] : nil
    case .range(let range): return index < range.count ? .integer(range.element(index)) : nil
    default: throw exception(.type, "'\(object.typeName)' object is not iterable")
    }
  }

  /// All elements, each a step.
  func elements(_ object: PythonObject) throws(PythonError) -> [PythonObject] {
    var elements: [PythonObject] = []
    while let element = try element(object, at: elements.count) { elements.append(element) }
    return elements
  }

  /// Whether it counts as true.
  func truth(_ object: PythonObject) throws(PythonError) -> Bool {
    switch object {
    case .none: false
    case .boolean(let value): value
    case .integer(let value): value != 0
    case .float(let value): value != 0
    case .string, .list, .dictionary, .range: try count(object) > 0
    case .function, .builtin: true
    }
  }
}
