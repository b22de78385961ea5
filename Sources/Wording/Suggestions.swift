// "Did you mean …?": the edit distance between two words and the nearest of several candidates.
// Shared by the configuration's unknown keys and by mistyped subcommands; nothing here prints.

/// The optimal string alignment distance: the least number of insertions, deletions, substitutions and swaps of
/// neighbouring characters that turn `first` into `second`.
package func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first)
  let b = Array(second)
  if a.isEmpty { return b.count }
  if b.isEmpty { return a.count }
  var beforePrevious = [Int](repeating: 0, count: b.count + 1)
  var previous = Array(0...b.count)
  var current = beforePrevious
  for i in 1...a.count {
    current[0] = i
    for j in 1...b.count {
      let substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      current[j] = min(previous[j] + 1, current[j - 1] + 1, substitution)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        current[j] = min(current[j], beforePrevious[j - 2] + 1)
      }
    }
    (beforePrevious, previous, current) = (previous, current, beforePrevious)
  }
  return previous[b.count]
}

/// The candidate that was probably meant by `word`, or nil if none is near.
///
/// Near means at most one edit for every three characters (and at least one is allowed), case not counted, or that
/// `word` is the beginning, of three characters or more, of the candidate. Ties take the alphabetically first.
package func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
  let wanted = word.lowercased()
  let allowed = max(1, wanted.count / 3)
  var best: (candidate: String, distance: Int)?
  for candidate in candidates.sorted() {
    let other = candidate.lowercased()
    var distance = editDistance(wanted, other)
    if distance > allowed, wanted.count >= 3, other.hasPrefix(wanted) { distance = allowed }
    guard distance <= allowed, distance < best?.distance ?? .max else { continue }
    best = (candidate, distance)
  }
  return best?.candidate
}

/// ` (did you mean `x`?)`, with the leading blank, or nothing if no candidate is near.
package func suggestion(for word: String, among candidates: some Sequence<String>) -> String {
  guard let candidate = nearest(to: word, among: candidates) else { return "" }
  return " (did you mean `\(candidate)`?)"
}
