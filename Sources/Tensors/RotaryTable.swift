// The angles of rotary positions, computed once for a model.

import Foundation

/// cos and sin of some positions' angles, [W/2, step]: those of one position are in one column.
public struct Angles {
  public let cosines: UnsafeMutablePointer<Float>
  public let sines: UnsafeMutablePointer<Float>
  public let step: Int

  public init(cosines: UnsafeMutablePointer<Float>, sines: UnsafeMutablePointer<Float>, step: Int) {
    self.cosines = cosines
    self.sines = sines
    self.step = step
  }
}

/// cos and sin of position · θ^(−2i/W), by rows [longest, W/2] and by columns [W/2, longest padded to 16].
public final class RotaryTable {
  public let half: Int
  public let longest: Int
  public let cosines: UnsafeMutablePointer<Float>
  public let sines: UnsafeMutablePointer<Float>
  /// Positions 0, 1, ….
  public let columns: Angles

  /// - Parameters:
  ///   - width: the head's width W, even.
  ///   - base: θ.
  public init(_ arena: Arena, longest: Int, width: Int, base: Double) {
    half = width / 2
    self.longest = longest
    cosines = arena.floats(longest, half)
    sines = arena.floats(longest, half)
    let long = (longest + 15) / 16 * 16
    columns = Angles(cosines: arena.floats(long, half), sines: arena.floats(long, half), step: long)
    for position in 0..<longest {
      for i in 0..<half {
        // In single precision where the reference computes in single precision: θ^(−2i/W), then the angle.
        let frequency = Float(1 / pow(base, Double(2 * i) / Double(width)))
        let angle = Double(Float(position) * frequency)
        cosines[position * half + i] = Float(cos(angle))
        sines[position * half + i] = Float(sin(angle))
      }
      copyColumn(of: position, to: position, of: columns)
    }
  }

  /// Puts a position's angles into column `column` of `angles`.
  public func copyColumn(of position: Int, to column: Int, of angles: Angles) {
    for i in 0..<half {
      angles.cosines[i * angles.step + column] = cosines[position * half + i]
      angles.sines[i * angles.step + column] = sines[position * half + i]
    }
  }
}
