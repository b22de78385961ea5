// Which characters the installed fonts have, and words in place of those that none has. gnuplot draws a text with one
// missing glyph hundreds of pixels high, over the whole PNG, and reports success.

/// The Unicode scalars that some font has a glyph for.
struct FontCoverage: Sendable {
  private let ranges: [ClosedRange<UInt32>]

  /// - Parameter characterSets: a line per font with ranges in hexadecimal digits, as `fc-list --format '%{charset}\n'`
  ///   prints them: `20-7e a0-1a9 131`.
  init(characterSets: String) {
    var ranges: Set<ClosedRange<UInt32>> = []
    for word in characterSets.split(whereSeparator: \.isWhitespace) {
      let ends = word.split(separator: "-").map { UInt32($0, radix: 16) }
      if let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last { ranges.insert(first...last) }
    }
    // Joined where they touch, so that a look at the last one that begins before a scalar is enough.
    var joined: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, range.lowerBound <= last.upperBound + 1 {
        joined[joined.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    self.ranges = joined
  }

  /// What any font for figures has, where nothing can be found out: Latin letters, the signs of the project's own labels.
  static let least = FontCoverage(characterSets: "a0-17f 2010-2027 2030-203a 2190-2193 2212 221e 2248 2260 2264-2265")

  /// Whether the scalar can be drawn, or leaves nothing to draw. ASCII always can.
  func has(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII || scalar.properties.isDefaultIgnorableCodePoint { return true }
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < scalar.value { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(scalar.value)
  }

  func hasAll(of text: String) -> Bool { text.unicodeScalars.allSatisfy(has) }

  /// A gnuplot script in which every stretch of signs that no font has is "[3 signs without a font]", but in the names of
  /// the files that it writes.
  func worded(script: String) -> String {
    let lines = script.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { $0.drop { $0 == " " }.hasPrefix("set output") ? String($0) : worded($0) }.joined(separator: "\n")
  }

  /// Scalars and not `Character`s: a quote that ends a string may be followed by a combining mark.
  private func worded(_ text: Substring) -> String {
    var result = String.UnicodeScalarView()
    /// Signs of the stretch that is open, and blanks after it, which are part of it if it goes on.
    var (signs, blanks) = (0, 0)
    func close() {
      if signs > 0 { result += "[\(signs) \(signs == 1 ? "sign" : "signs") without a font]".unicodeScalars }
      result += String(repeating: " ", count: blanks).unicodeScalars
      (signs, blanks) = (0, 0)
    }
    for scalar in text.unicodeScalars {
      if !has(scalar) {
        let isMark = [.nonspacingMark, .spacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
        if !isMark || signs == 0 { signs += 1 }
        blanks = 0
      } else if signs > 0 && scalar == " " {
        blanks += 1
      } else if signs == 0 || !scalar.properties.isDefaultIgnorableCodePoint {
        close()
        result.append(scalar)
      }
    }
    close()
    return String(result)
  }
}
