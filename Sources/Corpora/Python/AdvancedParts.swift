// The parts that advanced behaviours have beside those of Parts.swift: what each means and how code computes it. How a
// docstring names them: AdvancedPhrases.swift.

/// What is made of the numbers that a loop finds.
enum LoopTotal: String, CaseIterable {
  case sum, product, list, count

  /// The three that have values to work on.
  static let ofValues: [LoopTotal] = [.sum, .product, .list]

  func callAsFunction(_ values: [Int]) -> PythonValue {
    switch self {
    case .sum: .integer(values.reduce(0, +))
    case .product: .integer(values.reduce(1, *))
    case .list: .list(values.map { .integer($0) })
    case .count: .integer(values.count)
    }
  }

  var variable: String { self == .list ? "result" : "total" }

  /// What there is before the first number.
  var neutral: String {
    switch self {
    case .sum, .count: "0"
    case .product: "1"
    case .list: "[ ]"
    }
  }

  /// The statement that takes one more value in.
  func update(_ value: String) -> String {
    switch self {
    case .sum: "total += \(value)"
    case .product: "total *= \(value)"
    case .list: "result .append ( \(value) )"
    case .count: "total += 1"
    }
  }

  /// The expression that does it all at once, if there is one.
  func expression(_ comprehension: String) -> String? {
    switch self {
    case .sum: "sum ( \(comprehension) )"
    case .list: comprehension
    case .count: "len ( \(comprehension) )"
    case .product: nil
    }
  }

  /// What is there joined by one value, as recursion does it.
  func joined(_ rest: String, _ value: String, isSum: Bool) -> String {
    switch self {
    case .sum, .count: "\(rest) + \(value)"
    case .product: isSum ? "\(rest) * ( \(value) )" : "\(rest) * \(value)"
    case .list: "\(rest) + [ \(value) ]"
    }
  }
}

/// What is made of two numbers.
enum Pairing: String, CaseIterable {
  case sum, product, difference, larger, smaller

  func callAsFunction(_ x: Int, _ y: Int) -> Int {
    switch self {
    case .sum: x + y
    case .product: x * y
    case .difference: x - y
    case .larger: max(x, y)
    case .smaller: min(x, y)
    }
  }

  func code(_ x: String, _ y: String) -> String {
    switch self {
    case .sum: "\(x) + \(y)"
    case .product: "\(x) * \(y)"
    case .difference: "\(x) - \(y)"
    case .larger: "max ( \(x) , \(y) )"
    case .smaller: "min ( \(x) , \(y) )"
    }
  }
}

/// Which pairs of numbers are meant.
enum PairCondition: String, CaseIterable {
  case less, greater, different
  case evenSum = "even sum"
  case oddSum = "odd sum"

  func callAsFunction(_ x: Int, _ y: Int) -> Bool {
    switch self {
    case .less: x < y
    case .greater: x > y
    case .different: x != y
    case .evenSum: (x + y) % 2 == 0
    case .oddSum: (x + y) % 2 != 0
    }
  }

  func code(_ x: String, _ y: String) -> String {
    switch self {
    case .less: "\(x) < \(y)"
    case .greater: "\(x) > \(y)"
    case .different: "\(x) != \(y)"
    case .evenSum: "( \(x) + \(y) ) % 2 == 0"
    case .oddSum: "( \(x) + \(y) ) % 2 != 0"
    }
  }
}

/// Which letters are meant.
enum LetterKind: Hashable {
  case vowel, consonant
  case equal(Character)
  case unequal(Character)
  case before(Character)
  case after(Character)

  static let vowels = "aeiou"
  /// The letters that strings under test are made of.
  static let letters = Array("aeiobdmrtz")
  static let every: [LetterKind] =
    [.vowel, .consonant] + "aet".flatMap { [.equal($0), .unequal($0)] } + "dmr".flatMap { [.before($0), .after($0)] }

  /// The kind without its letter.
  var kind: String {
    switch self {
    case .vowel: "vowel"
    case .consonant: "consonant"
    case .equal: "equal"
    case .unequal: "unequal"
    case .before: "before"
    case .after: "after"
    }
  }

  /// Whether another kind means exactly the others: of such a pair one suffices where both branches do something.
  var isComplement: Bool {
    switch self {
    case .consonant, .unequal: true
    case .vowel, .equal, .before, .after: false
    }
  }

  func callAsFunction(_ c: Character) -> Bool {
    switch self {
    case .vowel: Self.vowels.contains(c)
    case .consonant: !Self.vowels.contains(c)
    case .equal(let letter): c == letter
    case .unequal(let letter): c != letter
    case .before(let letter): c < letter
    case .after(let letter): c > letter
    }
  }

  func code(_ c: String) -> String {
    switch self {
    case .vowel: "\(c) in '\(Self.vowels)'"
    case .consonant: "\(c) not in '\(Self.vowels)'"
    case .equal(let letter): "\(c) == '\(letter)'"
    case .unequal(let letter): "\(c) != '\(letter)'"
    case .before(let letter): "\(c) < '\(letter)'"
    case .after(let letter): "\(c) > '\(letter)'"
    }
  }
}

/// What is written for a letter.
enum LetterPiece: String, CaseIterable {
  case kept, doubled, replaced, dropped

  func callAsFunction(_ c: Character) -> String {
    switch self {
    case .kept: String(c)
    case .doubled: "\(c)\(c)"
    case .replaced: "x"
    case .dropped: ""
    }
  }

  /// nil where nothing is written.
  func code(_ c: String) -> String? {
    switch self {
    case .kept: c
    case .doubled: "\(c) + \(c)"
    case .replaced: "'x'"
    case .dropped: nil
    }
  }
}

/// Under which key a dictionary has a number.
enum TableKey: String, CaseIterable {
  case number, remainder, opposite, half

  func callAsFunction(_ x: Int) -> Int {
    switch self {
    case .number: x
    case .remainder: ((x % 3) + 3) % 3
    case .opposite: -x
    case .half: x >= 0 ? x / 2 : (x - 1) / 2
    }
  }

  func code(_ x: String) -> String {
    switch self {
    case .number: x
    case .remainder: "\(x) % 3"
    case .opposite: "- \(x)"
    case .half: "\(x) // 2"
    }
  }
}

/// What a dictionary has under a key.
enum TableEntry: Hashable {
  /// How many numbers have that key.
  case count
  /// The sum of something of them.
  case total(Map)
  /// Something of the last of them.
  case last(Map)

  var name: String {
    switch self {
    case .count: "count"
    case .total(let map): "total of " + map.rawValue
    case .last(let map): "last " + map.rawValue
    }
  }
}
