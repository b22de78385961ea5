// What a function of the advanced python corpus does: its meaning, and which behaviours there are. How a docstring says
// it: AdvancedPhrases.swift; how it is written as code: AdvancedWriter.swift.

import Randomness

/// A function without names, phrasing and style.
enum AdvancedBehaviour: Hashable {
  /// Nested conditions in a loop: the sum of squares of even numbers above 3.
  case filtered(LoopTotal, Map, Predicate, Predicate)
  /// Two branches in a loop: the sum over even numbers squared and others doubled.
  case branched(LoopTotal, Predicate, Map, Map)
  /// Nested conditions on a number: its square if even and above 3, its double if only even, else its triple.
  case nested(Predicate, Predicate, Map, Map, Map)
  /// Two lists place by place, where the first number is such a one.
  case paired(LoopTotal, Pairing, Predicate)
  /// Two lists, every number of one with every number of the other.
  case crossed(LoopTotal, Pairing, PairCondition)
  /// The numbers of one list that are, or are not, in another.
  case shared(Bool, LoopTotal, Map, Predicate)
  /// How many letters of a string are such ones.
  case letters(LetterKind)
  /// A string written anew, such letters in one way and others in another, perhaps backwards.
  case rewritten(isBackward: Bool, LetterKind, LetterPiece, LetterPiece)
  /// A dictionary made of a list.
  case tabled(TableKey, TableEntry, Predicate)
  /// The values of a dictionary; the condition is on the key or on the value.
  case looked(LoopTotal, Map, isOnKey: Bool, Predicate)
  /// With a given function g that does the map, once or twice.
  case helped(LoopTotal, Map, isTwice: Bool, Predicate)
  /// The numbers from 1 to n, by recursion.
  case recursive(LoopTotal, Map, Predicate)

  static let families: [(weight: Int, behaviours: [AdvancedBehaviour])] = [
    (3, allFiltered), (3, allBranched), (2, allNested), (2, allPaired), (1, allCrossed), (2, allShared),
    (3, allOfStrings), (3, allTabled), (2, allLooked), (2, allHelped), (2, allRecursive),
  ]

  private static let parities: [Predicate] = [.even, .odd]
  private static let signs: [Predicate] = [.positive, .negative]
  /// Of odd numbers below 3 only 1 is not negative, and no product is the larger for it.
  private static let limits: [Predicate] = (3...6).map { .above($0) } + (4...6).map { .below($0) }

  private static var allFiltered: [AdvancedBehaviour] {
    LoopTotal.allCases.flatMap { total in
      Map.allCases.filter { total != .count || $0 == .identity }.flatMap { map in
        parities.flatMap { parity in (signs + limits).map { .filtered(total, map, parity, $0) } }
      }
    }
  }

  /// Odd numbers, negative ones and those below a limit are, with the branches swapped, the others of what is there:
  /// most maps do the same to 0.
  private static var allBranched: [AdvancedBehaviour] {
    let predicates: [Predicate] = [.even, .positive] + (3...6).map { .above($0) }
    return LoopTotal.ofValues.flatMap { total in
      predicates.flatMap { predicate in
        Map.allCases.flatMap { map in
          Map.allCases.filter { $0 != map }.map { .branched(total, predicate, map, $0) }
        }
      }
    }
  }

  /// Likewise; and of even numbers 2 alone is positive and not above 3, where double and square are one.
  private static var allNested: [AdvancedBehaviour] {
    parities.flatMap { parity in
      ([.positive] + (4...6).map { .above($0) }).flatMap { size in
        Map.allCases.flatMap { a in
          Map.allCases.filter { $0 != a }.flatMap { b in
            Map.allCases.filter { $0 != a && $0 != b }.map { .nested(parity, size, a, b, $0) }
          }
        }
      }
    }
  }

  private static var allPaired: [AdvancedBehaviour] {
    LoopTotal.ofValues.flatMap { total in
      Pairing.allCases.flatMap { pairing in
        ([.all] + parities + signs).map { .paired(total, pairing, $0) }
      }
    }
  }

  /// It is known which of a smaller and a larger number is which, and products of that many pairs have too many digits.
  private static var allCrossed: [AdvancedBehaviour] {
    PairCondition.allCases.flatMap { condition in
      [.crossed(.count, .sum, condition)]
        + [Pairing.sum, .product, .difference].flatMap { pairing in
          [LoopTotal.sum, .list].map { .crossed($0, pairing, condition) }
        }
    }
  }

  private static var allShared: [AdvancedBehaviour] {
    [true, false].flatMap { isIn in
      LoopTotal.ofValues.flatMap { total in
        Map.allCases.flatMap { map in ([.all] + parities + signs).map { .shared(isIn, total, map, $0) } }
      }
    }
  }

  /// Without what another pair of pieces or direction writes as well.
  private static var allOfStrings: [AdvancedBehaviour] {
    var all = LetterKind.every.map { AdvancedBehaviour.letters($0) }
    for isBackward in [false, true] {
      for kind in LetterKind.every {
        for piece in LetterPiece.allCases where piece != .dropped {
          for other in LetterPiece.allCases where other != piece {
            if kind.isComplement && other != .dropped || piece == .replaced && other == .dropped { continue }
            // Of one letter alone, the order does not matter.
            if isBackward && kind.kind == "equal" && other == .dropped { continue }
            all.append(.rewritten(isBackward: isBackward, kind, piece, other))
          }
        }
      }
    }
    return all
  }

  private static var allTabled: [AdvancedBehaviour] {
    let entries: [TableEntry] = [.count] + Map.allCases.flatMap { [TableEntry.total($0), .last($0)] }
    var all: [AdvancedBehaviour] = []
    for key in TableKey.allCases {
      for entry in entries where entry != .last(.identity) || key != .number {
        for predicate in [.all] + parities + signs { all.append(.tabled(key, entry, predicate)) }
      }
    }
    return all
  }

  private static var allLooked: [AdvancedBehaviour] {
    LoopTotal.ofValues.flatMap { total in
      Map.allCases.flatMap { map in
        (parities + signs + limits).flatMap { predicate in
          [true, false].map { .looked(total, map, isOnKey: $0, predicate) }
        }
      }
    }
  }

  /// Products of numbers squared twice have too many digits.
  private static var allHelped: [AdvancedBehaviour] {
    LoopTotal.ofValues.flatMap { total in
      Map.allCases.filter { $0 != .identity }.flatMap { map in
        [false, true].filter { !$0 || total != .product }.flatMap { isTwice in
          (parities + signs + limits).map { .helped(total, map, isTwice: isTwice, $0) }
        }
      }
    }
  }

  private static var allRecursive: [AdvancedBehaviour] {
    LoopTotal.ofValues.flatMap { total in
      Map.allCases.flatMap { map in
        ([.all] + parities + limits).map { .recursive(total, map, $0) }
      }
    }
  }

  /// The names of its parts, without constants: two behaviours of a family with the same parts are held out together.
  var parts: [String] {
    switch self {
    case .filtered(let total, let map, let p, let q): [total.rawValue, map.rawValue, p.kind, q.kind]
    case .branched(let total, let p, let map, let other):
      [total.rawValue, p.kind, "then " + map.rawValue, "else " + other.rawValue]
    case .nested(let p, let q, let a, let b, let c):
      [p.kind, q.kind, "both " + a.rawValue, "one " + b.rawValue, "none " + c.rawValue]
    case .paired(let total, let pairing, let p): [total.rawValue, "of " + pairing.rawValue, p.kind]
    case .crossed(let total, let pairing, let condition):
      total == .count
        ? [total.rawValue, condition.rawValue] : [total.rawValue, "of " + pairing.rawValue, condition.rawValue]
    case .shared(let isIn, let total, let map, let p): [isIn ? "in" : "not in", total.rawValue, map.rawValue, p.kind]
    case .letters(let kind): ["count", kind.kind]
    case .rewritten(let isBackward, let kind, let piece, let other):
      [isBackward ? "backward" : "forward", kind.kind, "then " + piece.rawValue, "else " + other.rawValue]
    case .tabled(let key, let entry, let p): [key.rawValue, entry.name, p.kind]
    case .looked(let total, let map, let isOnKey, let p):
      [total.rawValue, map.rawValue, isOnKey ? "key" : "value", p.kind]
    case .helped(let total, let map, let isTwice, let p):
      [total.rawValue, map.rawValue, isTwice ? "twice" : "once", p.kind]
    case .recursive(let total, let map, let p): [total.rawValue, map.rawValue, p.kind]
    }
  }
}
