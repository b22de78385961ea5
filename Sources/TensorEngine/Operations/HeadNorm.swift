// Queries and keys of one head: RMSNorm, rotary positions and scale, forward beside backward.

import Foundation

/// cos and sin of position · θ^(−2i/W), [longest, W/2] each.
public final class RotaryTable {
  let half: Int
  let cosines: Floats
  let sines: Floats

  /// - Parameters:
  ///   - width: the head's width W, even.
  ///   - base: θ.
  public init(_ arena: Arena, longest: Int, width: Int, base: Double) {
    half = width / 2
    cosines = arena.floats(longest * half)
    sines = arena.floats(longest * half)
    for position in 0..<longest {
      for i in 0..<half {
        // In single precision where the reference computes in single precision: θ^(−2i/W), then the angle.
        let frequency = Float(1 / pow(base, Double(2 * i) / Double(width)))
        let angle = Double(Float(position) * frequency)
        cosines[position * half + i] = Float(cos(angle))
        sines[position * half + i] = Float(sin(angle))
      }
    }
  }
}

/// y = scale · rotate(g ⊙ x / rms(x)) for one head's row x [W].
struct HeadNorm {
  let gain: Floats
  let gainGradient: Floats
  let width: Int
  let epsilon: Float
  let scale: Float
  let rotary: RotaryTable

  init(_ parameters: ParameterBuffer, gain: Int, width: Int, epsilon: Float, scale: Float, rotary: RotaryTable) {
    self.gain = parameters.value + gain
    gainGradient = parameters.gradient + gain
    self.width = width
    self.epsilon = epsilon
    self.scale = scale
    self.rotary = rotary
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
    let half = rotary.half
    let cosines = rotary.cosines + position * half
    let sines = rotary.sines + position * half
    eachOctet(half) { i, n in
      let a = loadOctet(x + i, n) * s * loadOctet(gain + i, n)
      let b = loadOctet(x + half + i, n) * s * loadOctet(gain + half + i, n)
      let c = loadOctet(cosines + i, n), d = loadOctet(sines + i, n)
      storeOctet(a * c - b * d, y + i, n)
      storeOctet(b * c + a * d, y + half + i, n)
    }
  }

  /// Undoes the rotation of dy (in place), then the norm's backward step as in RMSNorm.swift; overwrites dx.
  @inline(__always) func backward(_ x: Floats, _ dy: Floats, into dx: Floats, position: Int) {
    let s = inverse(x)
    let half = rotary.half
    let cosines = rotary.cosines + position * half
    let sines = rotary.sines + position * half
    eachOctet(half) { i, n in
      let a = loadOctet(dy + i, n) * scale
      let b = loadOctet(dy + half + i, n) * scale
      let c = loadOctet(cosines + i, n), d = loadOctet(sines + i, n)
      storeOctet(a * c + b * d, dy + i, n)
      storeOctet(b * c - a * d, dy + half + i, n)
    }
    var dots = Lanes.zero
    eachGroup(width) { i, n in
      let share = load(dy + i, n) * load(x + i, n)
      dots.addProduct(share, load(gain + i, n))
      store(load(gainGradient + i, n) + share * s, gainGradient + i, n)
    }
    let pull = total(dots) * s * s * s / Float(width)
    eachGroup(width) { i, n in
      store(load(dy + i, n) * load(gain + i, n) * s - load(x + i, n) * pull, dx + i, n)
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
