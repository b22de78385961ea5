// Queries and keys of one head: RMSNorm, rotary positions and scale, forward beside backward. Training takes sixteen rows
// at a time, side by side; decoding takes single rows, with the same bits.

import Foundation

/// cos and sin of some positions' angles, [W/2, step]: those of one position stand in one column.
struct Angles {
  let cosines: Floats
  let sines: Floats
  let step: Int
}

/// cos and sin of position · θ^(−2i/W), by rows [longest, W/2] and by columns [W/2, longest padded to 16].
public final class RotaryTable {
  let half: Int
  let longest: Int
  let cosines: Floats
  let sines: Floats
  /// Positions 0, 1, ….
  let columns: Angles

  /// - Parameters:
  ///   - width: the head's width W, even.
  ///   - base: θ.
  public init(_ arena: Arena, longest: Int, width: Int, base: Double) {
    half = width / 2
    self.longest = longest
    cosines = arena.floats(longest, half)
    sines = arena.floats(longest, half)
    let long = roundedUp(longest)
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
  func copyColumn(of position: Int, to column: Int, of angles: Angles) {
    for i in 0..<half {
      angles.cosines[i * angles.step + column] = cosines[position * half + i]
      angles.sines[i * angles.step + column] = sines[position * half + i]
    }
  }
}

/// y = scale · rotate(g ⊙ x / rms(x)) for one head's row x [W].
struct HeadNorm {
  private let gain: Floats
  private let gainGradient: Floats
  private let gainSums: Floats  // [W, 16]: the gradient of the gain, by lanes, until it is collected
  private let width: Int
  private let epsilon: Float
  private let scale: Float
  private let half: Int
  private let cosines: Floats, sines: Floats  // of the rotary table, by rows

  init(
    _ arena: Arena, _ parameters: ParameterBuffer, gain: Int, width: Int, epsilon: Float, scale: Float,
    rotary: RotaryTable
  ) {
    parameters.requireInside(offset: gain, count: width)
    gainSums = arena.floats(width, laneCount)
    self.gain = parameters.value + gain
    gainGradient = parameters.gradient + gain
    self.width = width
    self.epsilon = epsilon
    self.scale = scale
    half = rotary.half
    cosines = rotary.cosines
    sines = rotary.sines
  }

  @inline(__always) private func inverse(_ x: Floats) -> Float {
    var squares = Lanes.zero
    eachGroup(width) { i, n in
      let v = load(x + i, n)
      squares.addProduct(v, v)
    }
    return 1 / (total(squares) / Float(width) + epsilon).squareRoot()
  }

  @inline(__always) func forward(_ x: Floats, into y: Floats, position: Int) {
    let s = inverse(x) * scale
    let cosines = cosines + position * half
    let sines = sines + position * half
    eachOctet(half) { i, n in
      let a = loadOctet(x + i, n) * s * loadOctet(gain + i, n)
      let b = loadOctet(x + half + i, n) * s * loadOctet(gain + half + i, n)
      let c = loadOctet(cosines + i, n), d = loadOctet(sines + i, n)
      storeOctet(a * c - b * d, y + i, n)
      storeOctet(b * c + a * d, y + half + i, n)
    }
  }

  /// The same for sixteen rows side by side, x and y [W, step]; returns their 1 / rms.
  @inline(__always) func forward(columns x: Floats, into y: Floats, _ step: Int, angles: Angles, at column: Int)
    -> Lanes
  {
    let squares = totals(width) { i, sum in
      let v = load(x + i &* step)
      sum.addProduct(v, v)
    }
    let inverse = 1 / squareRoots(squares / Float(width) + epsilon)
    let s = inverse * scale
    for i in 0..<half {
      let a = load(x + i &* step) * s * gain[i]
      let b = load(x + (i &+ half) &* step) * s * gain[i &+ half]
      let c = load(angles.cosines + (i &* angles.step &+ column)), d = load(angles.sines + (i &* angles.step &+ column))
      store(a * c - b * d, y + i &* step)
      store(b * c + a * d, y + (i &+ half) &* step)
    }
    return inverse
  }

  /// Undoes the rotation of dy [W, step], then the norm's backward step as in RMSNorm.swift; the gradient of x replaces dy.
  /// The first `count` of the sixteen rows act on the gain.
  @inline(__always) func backward(
    columns x: Floats, _ dy: Floats, _ step: Int, inverse s: Lanes, angles: Angles, at column: Int, count: Int
  ) {
    for i in 0..<half {
      let a = load(dy + i &* step) * scale
      let b = load(dy + (i &+ half) &* step) * scale
      let c = load(angles.cosines + (i &* angles.step &+ column)), d = load(angles.sines + (i &* angles.step &+ column))
      store(a * c + b * d, dy + i &* step)
      store(b * c - a * d, dy + (i &+ half) &* step)
    }
    let dots = totals(width) { i, sum in
      sum.addProduct(load(dy + i &* step) * load(x + i &* step), Lanes(repeating: gain[i]))
    }
    let pull = dots * s * s * s / Float(width)
    for i in 0..<width {
      let d = load(dy + i &* step)
      let v = load(x + i &* step)
      let sums = gainSums + i &* laneCount
      store(load(sums) + keep(d * v * s, first: count), sums)
      store(d * gain[i] * s - v * pull, dy + i &* step)
    }
  }

  /// Adds what `backward` has gathered to the gain's gradient. To be called once after a batch.
  func collectGainGradient() {
    for i in 0..<width {
      gainGradient[i] += total(load(gainSums + i * laneCount))
      store(.zero, gainSums + i * laneCount)
    }
  }
}

/// Calls `body(offset, count)` for each group of up to eight of `n` elements: half a head is often just that wide.
@inline(__always) private func eachOctet(_ n: Int, _ body: (Int, Int) -> Void) {
  var i = 0
  while i &+ 8 <= n {
    body(i, 8)
    i &+= 8
  }
  if i < n { body(i, n &- i) }
}

@inline(__always) private func loadOctet(_ p: Floats, _ count: Int) -> SIMD8<Float> {
  if count == 8 { return UnsafeRawPointer(p).loadUnaligned(as: SIMD8<Float>.self) }
  var v = SIMD8<Float>.zero
  for i in 0..<count { v[i] = p[i] }
  return v
}

@inline(__always) private func storeOctet(_ v: SIMD8<Float>, _ p: Floats, _ count: Int) {
  if count == 8 { return UnsafeMutableRawPointer(p).storeBytes(of: v, as: SIMD8<Float>.self) }
  for i in 0..<count { p[i] = v[i] }
}
