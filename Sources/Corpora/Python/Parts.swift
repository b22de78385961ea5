// The parts that behaviours are composed of: what each means, how a docstring names it and how code computes it.

/// What is done to a number.
enum Map: String, CaseIterable {
  case identity, double, triple, square, opposite, successor

  func callAsFunction(_ x: Int) -> Int {
    switch self {
    case .identity: x
    case .double: x * 2
    case .triple: x * 3
    case .square: x * x
    case .opposite: -x
    case .successor: x + 1
    }
  }

  var singular: String {
    switch self {
    case .identity: "number"
    case .double: "double"
    case .triple: "triple"
    case .square: "square"
    case .opposite: "opposite"
    case .successor: "successor"
    }
  }

  var plural: String { singular + "s" }

  /// The expression for the variable `x`.
  func code(_ x: String) -> String {
    switch self {
    case .identity: x
    case .double: "\(x) * 2"
    case .triple: "\(x) * 3"
    case .square: "\(x) * \(x)"
    case .opposite: "- \(x)"
    case .successor: "\(x) + 1"
    }
  }

  /// "square of n", or only "n".
  func phrase(of x: String) -> String { self == .identity ? x : "\(singular) of \(x)" }
}

/// Which numbers are meant.
enum Predicate: Hashable {
  case all, even, odd, positive, negative
  case above(Int)
  case below(Int)

  /// Every predicate but `all`, with every constant.
  static let conditions: [Predicate] =
    [.even, .odd, .positive, .negative] + (3...6).map { .above($0) } + (3...6).map { .below($0) }

  /// The predicate without its constant: what is held out, is held out with every constant.
  var kind: String {
    switch self {
    case .all: "all"
    case .even: "even"
    case .odd: "odd"
    case .positive: "positive"
    case .negative: "negative"
    case .above: "above"
    case .below: "below"
    }
  }

  func callAsFunction(_ x: Int) -> Bool {
    switch self {
    case .all: true
    case .even: x % 2 == 0
    case .odd: x % 2 != 0
    case .positive: x > 0
    case .negative: x < 0
    case .above(let limit): x > limit
    case .below(let limit): x < limit
    }
  }

  /// "even numbers", "numbers above 5".
  var noun: String {
    switch self {
    case .all: "numbers"
    case .even, .odd, .positive, .negative: "\(kind) numbers"
    case .above(let limit), .below(let limit): "numbers \(kind) \(limit)"
    }
  }

  /// What follows "is": "even", "above 5".
  var adjective: String {
    switch self {
    case .all: "number"
    case .even, .odd, .positive, .negative: kind
    case .above(let limit), .below(let limit): "\(kind) \(limit)"
    }
  }

  /// The condition on the variable `x`.
  func code(_ x: String) -> String {
    switch self {
    case .all: "True"
    case .even: "\(x) % 2 == 0"
    case .odd: "\(x) % 2 != 0"
    case .positive: "\(x) > 0"
    case .negative: "\(x) < 0"
    case .above(let limit): "\(x) > \(limit)"
    case .below(let limit): "\(x) < \(limit)"
    }
  }
}

/// What is made of the mapped numbers.
enum Aggregate: String, CaseIterable { case sum, product, list, count, first, last }

/// Which number of a list is meant.
enum Selector: String, CaseIterable { case first, last, largest, smallest }
