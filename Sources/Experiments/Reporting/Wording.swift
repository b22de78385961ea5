// How numbers and sentences are spelt for people. What is said stands with each claim.

import Figures
import Foundation
import Statistics

/// "61.3 %".
func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }

/// "5.0 points".
func points(_ share: Double) -> String { String(format: "%.1f points", share * 100) }

/// "+4.2"; what rounds to zero is "+0.0".
func signedPercent(_ share: Double) -> String {
  let text = String(format: "%+.1f", share * 100)
  return text == "-0.0" ? "+0.0" : text
}

/// "+4.2 points [+1.0, +7.4]".
func percentInterval(_ interval: Interval) -> String {
  "\(signedPercent(interval.estimate)) points [\(signedPercent(interval.low)), \(signedPercent(interval.high))]"
}

/// An epoch: whole from 10 on.
func rounded(_ epoch: Double) -> String { String(format: epoch < 10 ? "%.1f" : "%.0f", epoch) }

func significant(_ p: Double) -> String { String(format: "%.3g", p) }

/// "181 000": the digits of a count in groups of three.
public func grouped(_ count: Int) -> String {
  var digits = String(count.magnitude)
  var groups: [String] = []
  while digits.count > 3 {
    groups.insert(String(digits.suffix(3)), at: 0)
    digits.removeLast(3)
  }
  return (count < 0 ? "-" : "") + ([digits] + groups).joined(separator: " ")
}

/// "1 file", "12 files".
public func counted(_ count: Int, _ noun: String) -> String { "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")" }

func geometricMean(_ values: [Double]) -> Double {
  values.isEmpty ? .nan : exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
}

/// Breaks text at blanks so that no line is wider than `width`, unless a single word is; not where `unbreakableWords` holds
/// words together.
///
/// - Parameters:
///   - first: what the first line begins with, for example a bullet; counted in its width.
///   - rest: what every further line begins with.
public func wrapped(_ text: String, width: Int, first: String = "", rest: String = "") -> String {
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

/// "+1.23 nats [+1.00, +1.46]".
func plainInterval(_ interval: Interval, unit: String) -> String {
  String(
    format: "%+.2f%@ [%+.2f, %+.2f]", interval.estimate, unit.isEmpty ? "" : " " + unit, interval.low, interval.high)
}

/// "1.37".
func nats(_ value: Double) -> String { String(format: "%.2f", value) }
