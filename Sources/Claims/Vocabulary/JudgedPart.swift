// A part of a verdict as it is stored and printed: what was compared, by which rule, with which numbers, as numbers.

import Statistics

/// What one part of a study says, for files and programs.
package struct JudgedPart: Codable, Sendable, Hashable {
  /// What a part is to the verdict.
  package enum Role: String, Codable, Sendable, CaseIterable {
    /// All of these must hold.
    case judged
    /// The negative control, which must not hold.
    case control
    /// Reported beside it.
    case beside
  }

  /// The key of its comparison or trend in `verdict.json`.
  package let key: String
  /// What is compared, in words.
  package let name: String
  package let role: Role
  /// nil at preset smoke.
  package let verdict: Verdict?
  /// When it holds and when it fails, in words; fixed before anything is run.
  package let rule: String
  /// Its numbers in words.
  package let numbers: String
  /// The estimate with its 95 % interval over seeds, in `unit`; nil where there is none. Accuracies are shares.
  package let estimate: Double?
  package let low: Double?
  package let high: Double?
  package let unit: String?
  /// What the interval must lie beyond, in `unit`; nil where the rule is another.
  package let margin: Double?
  /// One-sided p for the claim's direction; nil where there is no test.
  package let p: Double?
  /// Seeds that it rests on; nil where it does not count them.
  package let seeds: Int?
  /// Runs that are missing or diverged, by name.
  package let missing: [String]

  init(_ part: Part, _ role: Role, isSmoke: Bool) {
    key = part.key
    name = part.name
    self.role = role
    verdict = isSmoke ? nil : part.verdict
    rule = part.rule
    numbers = isSmoke ? part.point : part.numbers
    estimate = part.estimate?.value
    low = isSmoke ? nil : part.estimate?.low
    high = isSmoke ? nil : part.estimate?.high
    unit = part.estimate?.unit
    margin = part.comparison?.margin
    p = isSmoke ? nil : part.p
    seeds = part.comparison?.differences.count ?? part.trend?.values.count
    missing = part.missing
  }

  /// "DLM's final accuracy − AR's best: +5.6 points [+1.6, +9.6]".
  package var sentence: String { "\(name): \(numbers)" }
}

extension [JudgedPart] {
  /// Those that make up the verdict.
  package var judged: [JudgedPart] { filter { $0.role == .judged } }

  /// The part whose numbers stand for all: the first that has the verdict of all together.
  package var deciding: JudgedPart? {
    let judged = judged
    let combined = combine(judged.compactMap(\.verdict))
    return judged.first { $0.verdict == combined } ?? judged.first
  }
}
