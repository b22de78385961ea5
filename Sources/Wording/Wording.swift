// How numbers and sentences are spelt for people. What is said stands with each claim.

import Foundation

/// "61.3 %".
package func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100).replacing("-", with: "−") }

/// "5.0 points".
package func points(_ share: Double) -> String { String(format: "%.1f points", share * 100).replacing("-", with: "−") }

/// "+4.2", "−3.2"; what rounds to zero is "+0.0".
package func signedPercent(_ share: Double) -> String { signed(share * 100, places: 1) }

/// The text as the beginning of a sentence: with a capital.
package func sentenceCase(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

/// A number with its sign, a typographic one; what rounds to zero is positive.
package func signed(_ value: Double, places: Int) -> String {
  let text = String(format: "%+.\(places)f", value)
  guard text.hasPrefix("-") else { return text }
  let isZero = !text.contains { ("1"..."9").contains($0) } && value.isFinite
  return (isZero ? "+" : "−") + text.dropFirst()
}

/// An epoch: whole from 10 on.
package func rounded(_ epoch: Double) -> String { String(format: epoch < 10 ? "%.1f" : "%.0f", epoch) }

/// Three significant digits: "0.0418", or "4.44 · 10⁻⁸" where a decimal fraction would begin with many zeros.
package func significant(_ value: Double) -> String {
  let text = String(format: "%.3g", value)
  guard let e = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: e)...]) else { return text }
  return "\(text[..<e]) · 10\(superscript(exponent))"
}

private func superscript(_ exponent: Int) -> String {
  let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
  return (exponent < 0 ? "⁻" : "")
    + String(String(exponent.magnitude).compactMap(\.wholeNumberValue).map { digits[$0] })
}

/// "181 000": the digits of a count in groups of three.
package func grouped(_ count: Int) -> String {
  var digits = String(count.magnitude)
  var groups: [String] = []
  while digits.count > 3 {
    groups.insert(String(digits.suffix(3)), at: 0)
    digits.removeLast(3)
  }
  return (count < 0 ? "−" : "") + ([digits] + groups).joined(separator: " ")
}

/// "1 file", "12 files".
package func counted(_ count: Int, _ noun: String) -> String { "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")" }

/// "AR's", "DLM, 2500 epochs'".
package func possessive(_ name: String) -> String { name + (name.hasSuffix("s") ? "'" : "'s") }

/// Breaks text at blanks so that no line is wider than `width`, unless a single word is; not where `unbreakableWords` holds
/// words together.
///
/// - Parameters:
///   - first: what the first line begins with, for example a bullet; counted in its width.
///   - rest: what every further line begins with.
package func wrapped(_ text: String, width: Int, first: String = "", rest: String = "") -> String {
  var lines: [String] = []
  var line = first
  var isEmpty = true
  for word in unbreakableWords(text) {
    if !isEmpty && displayWidth(line) + 1 + displayWidth(word) > width {
      lines.append(line)
      line = rest
      isEmpty = true
    }
    line += (isEmpty ? "" : " ") + word
    isEmpty = false
  }
  return (lines + [line]).joined(separator: "\n")
}

/// A number in the shortest form that reads back as the same value, without the `.0` of whole numbers.
package func numeral(_ value: Double) -> String {
  let text = "\(value)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// "1.37".
package func nats(_ value: Double) -> String { String(format: "%.2f", value) }
