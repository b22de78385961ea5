// One axis of a panel: its limits, its tics and their labels. Placement on the page is in PanelLayout.swift.

import Foundation

/// Limits and tics of an axis, and the map from values to 0…1 along it.
struct Axis {
  struct Tic: Equatable {
    var value: Double
    /// Empty for a minor tic.
    var label: String
  }

  var scale: Scale
  var low: Double
  var high: Double
  var tics: [Tic] = []

  /// Limits around the values with 3 % of air at both ends, or exactly the fixed range.
  /// - Parameters:
  ///   - values: finite, and positive when the scale is logarithmic.
  ///   - includeZero: bars start at zero, so a linear axis shows it.
  init(scale: Scale, values: [Double], range: ClosedRange<Double>?, includeZero: Bool = false) {
    self.scale = scale
    if let range {
      (low, high) = (range.lowerBound, range.upperBound)
      return
    }
    (low, high) = (values.min() ?? 0, values.max() ?? 1)
    if scale == .log {
      if Self.isPoint(low, high) { (low, high) = (low / 2, high * 2) }
      let air = pow(high / low, 0.03)
      (low, high) = (includeZero ? low / 2 : low / air, high * air)
    } else {
      if includeZero { (low, high) = (min(low, 0), max(high, 0)) }
      if Self.isPoint(low, high) { (low, high) = (low - max(abs(low) * 0.1, 0.01), high + max(abs(high) * 0.1, 0.01)) }
      let air = (high - low) * 0.03
      let standsOnZero = includeZero && low == 0
      let hangsFromZero = includeZero && high == 0
      (low, high) = (standsOnZero ? 0 : low - air, hangsFromZero ? 0 : high + air)
    }
  }

  /// Limits too close to put tics between them.
  static func isPoint(_ low: Double, _ high: Double) -> Bool {
    high - low <= max(abs(low), abs(high)) * 1e-12 || high - low < 1e-100
  }

  /// The position along the axis: 0 at `low`, 1 at `high`.
  func position(_ value: Double) -> Double {
    scale == .log ? log(value / low) / log(high / low) : (value - low) / (high - low)
  }

  /// The value at a position.
  func value(at position: Double) -> Double {
    scale == .log ? low * pow(high / low, position) : low + (high - low) * position
  }

  /// Chooses the tics: at most eight round steps on a linear axis, 1–2–5 or decades on a logarithmic one, and fewer
  /// where their labels would touch.
  /// - Parameter extent: the room that a label needs, as a share of the axis.
  mutating func chooseTics(percent: Bool = false, extent: (String) -> Double) {
    let candidates = scale == .log ? logarithmicTics(percent: percent) : linear(percent)
    tics = candidates.first { fits($0, extent) } ?? candidates.last ?? []
    if percent { tics.removeAll { $0.value > 1 + 1e-9 } }
  }

  private func fits(_ tics: [Tic], _ extent: (String) -> Double) -> Bool {
    let labelled = tics.filter { !$0.label.isEmpty }
    return zip(labelled, labelled.dropFirst()).allSatisfy { left, right in
      position(right.value) - position(left.value) >= (extent(left.label) + extent(right.label)) / 2
    }
  }

  private func linear(_ percent: Bool) -> [[Tic]] { (2...8).reversed().map { linearTics(percent, $0) } }

  private func linearTics(_ percent: Bool, _ count: Int) -> [Tic] {
    let step = Self.roundStep((high - low) / Double(count))
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    return stride(from: first, through: last, by: 1).map { index in
      Tic(value: index * step, label: TicLabel.linear(index * step, step: step, percent: percent))
    }
  }

  /// The smallest of 1, 2, 2.5, 5, 10 times a power of ten that is not below `raw`.
  static func roundStep(_ raw: Double) -> Double {
    let power = pow(10, log10(raw).rounded(.down))
    for factor in [1, 2, 2.5, 5] where factor * power >= raw * (1 - 1e-9) { return factor * power }
    return 10 * power
  }

  /// Candidates from dense to sparse: 1–2–3–5–7, 1–2–5, 1–3, then every decade, every second decade, and so on.
  private func logarithmicTics(percent: Bool) -> [[Tic]] {
    let decades = log10(high / low)
    if decades < 0.7 { return linear(percent) }
    var candidates: [(mantissas: Set<Int>, stride: Int)] = [([1, 2, 5], 1), ([1, 3], 1)]
    if decades <= 1.1 { candidates.insert(([1, 2, 3, 5, 7], 1), at: 0) }
    if decades > 3.5 { candidates = [] }
    candidates += [1, 2, 3, 5, 10, 20, 50].map { ([1], $0) }
    return candidates.map { candidate in
      var tics: [Tic] = []
      for exponent in Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up)) {
        for mantissa in 1...9 {
          let value = Double(mantissa) * pow(10, Double(exponent))
          guard value >= low * (1 - 1e-9), value <= high * (1 + 1e-9) else { continue }
          let shown = candidate.mantissas.contains(mantissa) && exponent % candidate.stride == 0
          if !shown && candidate.stride > 1 && mantissa > 1 { continue }
          let label = TicLabel.logarithmic(
            mantissa: mantissa, exponent: exponent, percent: percent, decadesOnly: candidate.mantissas == [1])
          tics.append(Tic(value: value, label: shown ? label : ""))
        }
      }
      return tics
    }
  }
}

/// Numbers beside an axis.
enum TicLabel {
  /// As many decimals as the step needs; thousands and millions as 20k and 1.5M.
  static func linear(_ value: Double, step: Double, percent: Bool) -> String {
    if percent { return minus(fixed(value * 100, step: step * 100)) + "%" }
    if value == 0 { return "0" }
    let size = max(abs(value), step)
    if size >= 1e15 || step < 1e-4 { return scientific(value) }
    for (suffix, unit) in [("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)] where size >= unit && step >= unit / 100 {
      if unit == 1e3 && size < 1e4 { break }
      return minus(fixed(value / unit, step: step / unit)) + suffix
    }
    return minus(fixed(value, step: step))
  }

  /// `decadesOnly` axes read 10⁶; the others 500, 20k, 2M, 3T, 5×10¹⁷.
  static func logarithmic(mantissa: Int, exponent: Int, percent: Bool, decadesOnly: Bool) -> String {
    let value = Double(mantissa) * pow(10, Double(exponent))
    if percent { return fixed(value * 100, step: pow(10, Double(exponent + 2))) + "%" }
    if decadesOnly && !(-2...3).contains(exponent) { return "10" + superscript(exponent) }
    if exponent >= 15 || exponent < -4 { return "\(mantissa)×10" + superscript(exponent) }
    return linear(value, step: pow(10, Double(exponent)), percent: false)
  }

  private static func fixed(_ value: Double, step: Double) -> String {
    let places = (0..<6).first { places in
      let scaled = step * pow(10, Double(places))
      return abs(scaled.rounded() - scaled) <= scaled * 1e-6
    }
    return decimal(value, places: places ?? 6)
  }

  private static func scientific(_ value: Double) -> String {
    var exponent = Int(log10(abs(value)).rounded(.down))
    var mantissa = (value / pow(10, Double(exponent)) * 100).rounded() / 100
    if abs(mantissa) >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    let digits = mantissa == mantissa.rounded() ? decimal(mantissa, places: 0) : "\(mantissa)"
    return minus(digits) + "×10" + superscript(exponent)
  }

  private static func minus(_ text: String) -> String { text.replacingOccurrences(of: "-", with: "−") }

  static func superscript(_ exponent: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String(String(exponent).map { $0 == "-" ? "⁻" : digits[$0.wholeNumberValue ?? 0] })
  }
}

/// A number with a fixed count of decimals, rounded half to even by C's `printf`; no negative zero.
public func decimal(_ value: Double, places: Int) -> String {
  let text = String(format: "%.\(places)f", value)
  return text.hasPrefix("-") && !text.contains(where: { ("1"..."9").contains($0) }) ? String(text.dropFirst()) : text
}
