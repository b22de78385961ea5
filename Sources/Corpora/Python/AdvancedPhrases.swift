// How docstrings of the advanced corpus say what a function does: two sentences for each family, and two words for most
// parts. The code's order and words are not those of the sentence.

/// One of the ways to say the same.
struct Phrasing: Hashable {
  /// Names what comes out; otherwise tells what is done.
  var isNominal: Bool
  var hasOtherMaps: Bool
  var hasOtherPredicates: Bool

  static let all: [Phrasing] = [false, true].flatMap { nominal in
    [false, true].flatMap { maps in
      [false, true].map { Phrasing(isNominal: nominal, hasOtherMaps: maps, hasOtherPredicates: $0) }
    }
  }
}

extension Phrasing {
  /// "squares": of several numbers; nothing for the numbers themselves.
  private func plural(_ map: Map) -> String {
    let word = singular(map)
    return word + (word.hasSuffix("s") ? "es" : "s")
  }

  private func singular(_ map: Map) -> String {
    switch map {
    case .identity: "value"
    case .double: hasOtherMaps ? "twofold" : "double"
    case .triple: hasOtherMaps ? "threefold" : "triple"
    case .square: hasOtherMaps ? "power" : "square"
    case .opposite: hasOtherMaps ? "mirror" : "opposite"
    case .successor: hasOtherMaps ? "increment" : "successor"
    }
  }

  /// "squares of " or nothing.
  private func plurals(of map: Map) -> String { map == .identity ? "" : plural(map) + " of " }

  private func done(_ map: Map) -> String {
    switch map {
    case .identity: "unchanged"
    case .double: hasOtherMaps ? "doubled" : "times two"
    case .triple: hasOtherMaps ? "tripled" : "times three"
    case .square: hasOtherMaps ? "squared" : "times itself"
    case .opposite: hasOtherMaps ? "negated" : "sign flipped"
    case .successor: hasOtherMaps ? "incremented" : "plus one"
    }
  }

  /// ", squared" or nothing.
  private func then(_ map: Map) -> String { map == .identity ? "" : ", \(done(map)) " }

  /// What precedes the noun and what follows it; one of them is empty.
  private func words(_ predicate: Predicate) -> (before: String, after: String) {
    switch predicate {
    case .all: ("", "")
    case .even: hasOtherPredicates ? ("", "divisible by two") : ("even", "")
    case .odd: hasOtherPredicates ? ("", "indivisible by two") : ("odd", "")
    case .positive: hasOtherPredicates ? ("", "over zero") : ("positive", "")
    case .negative: hasOtherPredicates ? ("", "under zero") : ("negative", "")
    case .above(let limit): ("", (hasOtherPredicates ? "greater than" : "above") + " \(limit)")
    case .below(let limit): ("", (hasOtherPredicates ? "less than" : "below") + " \(limit)")
    }
  }

  /// "even", "above 5".
  private func adjective(_ predicate: Predicate) -> String {
    let (before, after) = words(predicate)
    return before + after
  }

  /// "even numbers above 5".
  private func numbers(_ predicates: Predicate...) -> String {
    let before = predicates.map { words($0).before }.filter { !$0.isEmpty }
    let after = predicates.map { words($0).after }.filter { !$0.isEmpty }
    return (before + ["numbers"] + [after.joined(separator: " and ")]).joined(separator: " ")
  }

  private func noun(_ total: LoopTotal) -> String { total.rawValue + " of" }

  private func verb(_ total: LoopTotal) -> String {
    switch total {
    case .sum: "add up"
    case .product: "multiply"
    case .list: "collect"
    case .count: "count"
    }
  }

  private func noun(_ pairing: Pairing) -> String {
    switch pairing {
    case .sum: "sums"
    case .product: "products"
    case .difference: "differences"
    case .larger: "larger numbers"
    case .smaller: "smaller numbers"
    }
  }

  private func verb(_ pairing: Pairing) -> String {
    switch pairing {
    case .sum: "add both"
    case .product: "multiply both"
    case .difference: "subtract second"
    case .larger: "choose larger"
    case .smaller: "choose smaller"
    }
  }

  private func phrase(_ condition: PairCondition) -> String {
    switch condition {
    case .less: "first less than second"
    case .greater: "first greater than second"
    case .different: "first different from second"
    case .evenSum: "even sum"
    case .oddSum: "odd sum"
    }
  }

  private func noun(_ letters: LetterKind) -> String {
    switch letters {
    case .vowel: hasOtherPredicates ? "letters in 'aeiou'" : "vowels"
    case .consonant: hasOtherPredicates ? "letters outside 'aeiou'" : "consonants"
    case .equal(let letter): "letters " + (hasOtherPredicates ? "equal to" : "like") + " '\(letter)'"
    case .unequal(let letter): "letters " + (hasOtherPredicates ? "different from" : "unlike") + " '\(letter)'"
    case .before(let letter): "letters " + (hasOtherPredicates ? "less than" : "before") + " '\(letter)'"
    case .after(let letter): "letters " + (hasOtherPredicates ? "greater than" : "after") + " '\(letter)'"
    }
  }

  private func done(_ piece: LetterPiece) -> String {
    switch piece {
    case .kept: hasOtherMaps ? "kept" : "unchanged"
    case .doubled: hasOtherMaps ? "doubled" : "twice"
    case .replaced: hasOtherMaps ? "replaced by 'x'" : "as 'x'"
    case .dropped: hasOtherMaps ? "dropped" : "absent"
    }
  }

  private func noun(_ key: TableKey) -> String {
    switch key {
    case .number: "number"
    case .remainder: "remainder by three"
    case .opposite: hasOtherMaps ? "mirror" : "opposite"
    case .half: "half"
    }
  }

  private func noun(_ entry: TableEntry) -> String {
    switch entry {
    case .count: "count"
    case .total(let map): "sum" + (map == .identity ? "" : " of " + plural(map))
    case .last(let map): "last " + singular(map)
    }
  }
}

extension AdvancedBehaviour {
  /// The docstring, words separated by blanks.
  func docstring(_ arguments: [String], _ phrasing: Phrasing) -> String {
    phrasing.isNominal ? phrasing.nominal(self, arguments) : phrasing.procedural(self, arguments)
  }
}

extension Phrasing {
  fileprivate func nominal(_ behaviour: AdvancedBehaviour, _ names: [String]) -> String {
    let first = names[0]
    switch behaviour {
    case .filtered(let total, let map, let p, let q):
      return "\(noun(total)) \(plurals(of: map))\(numbers(p, q)) in \(first)"
    case .branched(let total, let p, let map, let other):
      return "\(noun(total)) \(plural(map)) of \(numbers(p)) and \(plural(other)) of others in \(first)"
    case .nested(let p, let q, let a, let b, let c):
      return "\(singular(a)) of \(first) if \(adjective(p)) and \(adjective(q)) , \(singular(b)) if only "
        + "\(adjective(p)) , else \(singular(c))"
    case .paired(let total, let pairing, let p):
      let condition = p == .all ? "" : " with first \(adjective(p))"
      return "\(noun(total)) \(noun(pairing)) of \(first) and \(names[1]) by place" + condition
    case .crossed(let total, let pairing, let condition):
      let what = total == .count ? "pairs" : "\(noun(pairing)) of pairs"
      return "\(noun(total)) \(what) from \(first) and \(names[1]) with \(phrase(condition))"
    case .shared(let isIn, let total, let map, let p):
      return "\(noun(total)) \(plurals(of: map))\(numbers(p)) in \(first) " + (isIn ? "and in" : "but not in")
        + " \(names[1])"
    case .letters(let kind): return "count of \(noun(kind)) in \(first)"
    case .rewritten(let isBackward, let kind, let piece, let other):
      return "\(first) \(isBackward ? "backward " : "")with \(noun(kind)) \(done(piece)) and others \(done(other))"
    case .tabled(let key, let entry, let p): return "\(noun(entry)) by \(noun(key)) of \(numbers(p)) in \(first)"
    case .looked(let total, let map, let isOnKey, let p):
      return "\(noun(total)) \(plurals(of: map))values in \(first) with \(isOnKey ? "key" : "value") \(adjective(p))"
    case .helped(let total, _, let isTwice, let p):
      return "\(noun(total)) \(isTwice ? "g of g of" : "g of") \(numbers(p)) in \(first)"
    case .recursive(let total, let map, let p):
      return "\(noun(total)) \(plurals(of: map))\(numbers(p)) from 1 to \(first)"
    }
  }

  fileprivate func procedural(_ behaviour: AdvancedBehaviour, _ names: [String]) -> String {
    let first = names[0]
    switch behaviour {
    case .filtered(let total, let map, let p, let q):
      return "take \(numbers(p, q)) of \(first) \(then(map)), \(verb(total))"
    case .branched(let total, let p, let map, let other):
      return "take \(first) with \(numbers(p)) \(done(map)) and others \(done(other)) , \(verb(total))"
    case .nested(let p, let q, let a, let b, let c):
      return "\(first) \(done(c)) unless \(adjective(p)) , then \(done(a)) if \(adjective(q)) , else \(done(b))"
    case .paired(let total, let pairing, let p):
      let condition = p == .all ? "" : "if first is \(adjective(p)) "
      return "walk \(first) and \(names[1]) together , \(condition)\(verb(pairing)) , \(verb(total))"
    case .crossed(let total, let pairing, let condition):
      let what = total == .count ? "" : "\(verb(pairing)) , "
      return "take pairs from \(first) and \(names[1]) if \(phrase(condition)) , \(what)\(verb(total))"
    case .shared(let isIn, let total, let map, let p):
      return "take \(numbers(p)) of \(first) \(isIn ? "found in" : "absent from") \(names[1]) \(then(map)), "
        + verb(total)
    case .letters(let kind): return "walk \(first) , count \(noun(kind))"
    case .rewritten(let isBackward, let kind, let piece, let other):
      return "write \(first) \(isBackward ? "from last to first " : ""), \(noun(kind)) \(done(piece)) , others "
        + done(other)
    case .tabled(let key, let entry, let p):
      return "take \(numbers(p)) of \(first) , under \(noun(key)) write \(noun(entry))"
    case .looked(let total, let map, let isOnKey, let p):
      return "walk \(first) , if \(isOnKey ? "key" : "value") is \(adjective(p)) take value \(then(map)), "
        + verb(total)
    case .helped(let total, _, let isTwice, let p):
      return "take \(numbers(p)) of \(first) , apply g \(isTwice ? "twice " : ""), \(verb(total))"
    case .recursive(let total, let map, let p):
      return "walk up to \(first) , take \(numbers(p)) \(then(map)), \(verb(total))"
    }
  }

  /// Every word of a docstring that is not a number, a name or a sign.
  static let vocabulary = """
    value values double doubles twofold twofolds triple triples threefold threefolds square squares power powers \
    opposite opposites mirror mirrors successor successors increment increments unchanged doubled times two \
    tripled three squared itself negated sign flipped incremented plus one even odd divisible indivisible by \
    positive over zero negative under greater less than above below and numbers sum product list count of add up \
    multiply collect sums products differences larger smaller both subtract second choose first different from \
    letters vowels outside consonants equal to like unlike before after kept twice replaced as dropped absent \
    number remainder half last in is if only else with place pairs but not others backward by key found take then \
    unless walk together write under apply gives
    """.words
}
