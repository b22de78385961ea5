// The colours of series: blue and red as in the paper, a qualitative set, and a sequential scale for ordered levels.
// All of them keep apart under the common forms of colour blindness, and stand out on white.

/// The role of a series, from which its colour and its dots' shape follow.
public enum SeriesColour: Sendable, Equatable {
  /// Blue circles.
  case autoregressive
  /// Red diamonds.
  case diffusion
  /// One of six further colours without order (after Okabe and Ito), taken modulo six.
  case other(Int)
  /// An ordered level, 0 (dark violet) … 1 (light green): viridis without its yellow end, which fades on white.
  case level(Double)

  /// Red, green and blue in 0…255.
  var components: (red: Int, green: Int, blue: Int) {
    switch self {
    case .autoregressive: return (0x1f, 0x77, 0xb4)
    case .diffusion: return (0xd6, 0x27, 0x28)
    case .other(let index): return Self.qualitative[((index % 6) + 6) % 6]
    case .level(let level): return Self.sequential(level)
    }
  }

  private static let qualitative: [(red: Int, green: Int, blue: Int)] = [
    (0x00, 0x9e, 0x73), (0xe6, 0x9f, 0x00), (0x9a, 0x50, 0xa0),
    (0x56, 0xb4, 0xe9), (0x5b, 0x5b, 0x5b), (0x8c, 0x56, 0x4b),
  ]

  /// Viridis at 0, 1/8 … 7/8 of its length.
  private static let anchors: [(red: Int, green: Int, blue: Int)] = [
    (68, 1, 84), (71, 44, 122), (59, 81, 139), (44, 113, 142),
    (33, 144, 141), (39, 173, 129), (92, 200, 99), (170, 220, 50),
  ]

  private static func sequential(_ level: Double) -> (red: Int, green: Int, blue: Int) {
    let position = (level.isFinite ? min(max(level, 0), 1) : 0) * Double(anchors.count - 1)
    let index = min(Int(position), anchors.count - 2)
    let share = position - Double(index)
    func mix(_ low: Int, _ high: Int) -> Int { Int((Double(low) * (1 - share) + Double(high) * share).rounded()) }
    let (low, high) = (anchors[index], anchors[index + 1])
    return (mix(low.red, high.red), mix(low.green, high.green), mix(low.blue, high.blue))
  }

  /// gnuplot's `"#aarrggbb"`, where the first byte is the transparency (0 opaque … 1 invisible).
  func gnuplot(transparency: Double = 0) -> String {
    func hex(_ value: Int) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }
    let (red, green, blue) = components
    let alpha = transparency > 0 ? hex(Int((transparency * 255).rounded())) : ""
    return "\"#\(alpha)\(hex(red))\(hex(green))\(hex(blue))\""
  }

  /// gnuplot's point type: the diffusion model's diamonds keep apart from circles in black and white too.
  var pointType: Int { self == .diffusion ? 13 : 7 }
}
