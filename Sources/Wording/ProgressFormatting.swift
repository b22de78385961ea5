// How durations, throughputs and bars are spelt. Pure functions of their arguments; what is shown when is in
// ProgressReporter.swift.

import Foundation

/// `0.4 s`, `42 s`, `1 min 40 s`, `2 h 05 min`, `3 d 4 h`; `?` if the duration is not finite.
package func formatDuration(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e9 else { return "?" }
  let seconds = max(0, seconds)
  // Below this the tenth matters; above it, the rounded second would be shown as 10.
  if seconds < 9.95 { return "\(fixed(seconds, 1)) s" }
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
  let minutes = Int((seconds / 60).rounded())
  if minutes < 24 * 60 { return "\(minutes / 60) h \(twoDigits(minutes % 60)) min" }
  let hours = Int((seconds / 3600).rounded())
  return "\(hours / 24) d \(hours % 24) h"
}

/// `812 tokens/s`, `4.1 k tokens/s`, `41 k tokens/s`, `1.2 M tokens/s`.
package func formatThroughput(_ tokensPerSecond: Double) -> String {
  guard tokensPerSecond.isFinite, tokensPerSecond >= 0 else { return "? tokens/s" }
  return "\(formatCount(tokensPerSecond)) tokens/s"
}

/// A count with two digits or more before its unit's rounding: `812`, `4.1 k`, `41 k`, `1.2 M`.
func formatCount(_ count: Double) -> String {
  var value = count
  for unit in ["", " k", " M", " G"] {
    if unit.isEmpty {
      if value < 999.5 { return fixed(value, 0) }
    } else {
      if value < 9.95 { return fixed(value, 1) + unit }
      if value < 999.5 { return fixed(value, 0) + unit }
    }
    value /= 1000
  }
  return fixed(value, 1) + " T"
}

/// `[####------]`, `width` characters with the brackets; full only at 1.
package func formatBar(_ fraction: Double, width: Int) -> String {
  let cells = max(0, width - 2)
  let share = fraction.isFinite ? min(max(fraction, 0), 1) : 0
  let filled = Int((share * Double(cells)).rounded(.down))
  return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: cells - filled) + "]"
}

/// `42 %`, rounded down so that only what is complete says 100.
package func formatPercentage(_ fraction: Double) -> String {
  let share = fraction.isFinite ? min(max(fraction, 0), 1) : 0
  // The guard against 0.29 * 100 = 28.999…
  return "\(Int((share * 100 + 1e-9).rounded(.down))) %"
}

/// What a line of progress says about one run, or about all.
package struct ProgressLine: Sendable, Equatable {
  package var name: String
  /// From 0 to 1.
  package var fraction: Double
  package var tokensPerSecond: Double?
  package var secondsLeft: Double?
  /// The latest result, for example `acc 0.41`; shown where there is room.
  package var note: String

  package init(
    name: String, fraction: Double, tokensPerSecond: Double? = nil, secondsLeft: Double? = nil, note: String = ""
  ) {
    self.name = name
    self.fraction = fraction
    self.tokensPerSecond = tokensPerSecond
    self.secondsLeft = secondsLeft
    self.note = note
  }

  /// The line with a bar, at most `width` columns: below 60 without the throughput, from 100 on with the note.
  /// - Parameter nameWidth: the width of the names' column, at most a third of the line.
  package func bar(width: Int, nameWidth: Int) -> String {
    var right = padded(formatPercentage(fraction), to: 5, left: true)
    if width >= 60 { right += "  " + padded(tokensPerSecond.map(formatThroughput) ?? "", to: 14, left: true) }
    right += "  " + padded(secondsLeft.map { formatDuration($0) } ?? "", to: 11, left: true)
    if width >= 100 { right += "  " + padded(note, to: 16, left: false) }
    let nameColumn = min(nameWidth, width / 3)
    let barWidth = width - nameColumn - displayWidth(right) - 2
    let name = padded(name, to: nameColumn, left: false)
    let line = barWidth >= 5 ? "\(name) \(formatBar(fraction, width: barWidth)) \(right)" : "\(name) \(right)"
    return fitted(line, to: width)
  }

  /// The line for a log: `name: 40 %, 41 k tokens/s, 1 min 40 s left, acc 0.41`.
  package var plain: String {
    var parts = [formatPercentage(fraction)]
    if let tokensPerSecond { parts.append(formatThroughput(tokensPerSecond)) }
    if let secondsLeft { parts.append("\(formatDuration(secondsLeft)) left") }
    if !note.isEmpty { parts.append(note) }
    return "\(name): \(parts.joined(separator: ", "))"
  }
}

private func twoDigits(_ value: Int) -> String {
  value < 10 ? "0\(value)" : "\(value)"
}

private func fixed(_ value: Double, _ digits: Int) -> String {
  String(format: "%.\(digits)f", value)
}

/// Exactly `width` columns: blanks added on the left or the right, or the end cut off and marked by `…`.
private func padded(_ text: String, to width: Int, left: Bool) -> String {
  let text = displayWidth(text) > width ? fitted(text, to: width - 1) + (width < 1 ? "" : "…") : text
  let blanks = String(repeating: " ", count: max(0, width - displayWidth(text)))
  return left ? blanks + text : text + blanks
}

/// As much of the beginning as fits in this many columns.
package func fitted(_ text: String, to width: Int) -> String {
  var left = width
  return String(
    text.prefix { character in
      left -= displayWidth(String(character))
      return left >= 0
    })
}
