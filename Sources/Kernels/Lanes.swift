// Sixteen floats at a time: loads, stores, reductions and the exponential that the kernels share. The order of every
// sum is fixed by these sixteen lanes, not by the width of the processor's registers, so results do not depend on it.

typealias Lanes = SIMD16<Float>
typealias Floats = UnsafeMutablePointer<Float>
typealias ReadFloats = UnsafePointer<Float>

let laneCount = 16

@inline(__always) func roundedUp(_ count: Int) -> Int { (count &+ 15) & ~15 }

@inline(__always) func load(_ p: ReadFloats) -> Lanes { UnsafeRawPointer(p).loadUnaligned(as: Lanes.self) }
@inline(__always) func load(_ p: Floats) -> Lanes { UnsafeRawPointer(p).loadUnaligned(as: Lanes.self) }

@inline(__always) func store(_ v: Lanes, _ p: Floats) {
  UnsafeMutableRawPointer(p).storeBytes(of: v, as: Lanes.self)
}

/// All bits set in the first `count` lanes, none in the others. (Comparisons yield masks that the compiler takes apart.)
@inline(__always) private func firstLanes(_ count: Int) -> SIMD16<Int32> {
  let indices = SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  return (indices &- SIMD16(repeating: Int32(truncatingIfNeeded: count))) &>> 31
}

/// `yes` where the mask's bits are set, else `no`.
@inline(__always) func choose(_ mask: SIMD16<Int32>, _ yes: Lanes, _ no: Lanes) -> Lanes {
  let yes = unsafeBitCast(yes, to: SIMD16<Int32>.self), no = unsafeBitCast(no, to: SIMD16<Int32>.self)
  return unsafeBitCast((yes & mask) | (no & ~mask), to: Lanes.self)
}

/// The first `count` floats at `p`; `fill` in the other lanes. Sixteen floats are read: arenas end in spare room.
@inline(__always) func load(_ p: ReadFloats, _ count: Int, fill: Float = 0) -> Lanes {
  if count == laneCount { return load(p) }
  return choose(firstLanes(count), load(p), Lanes(repeating: fill))
}

@inline(__always) func load(_ p: Floats, _ count: Int, fill: Float = 0) -> Lanes {
  load(ReadFloats(p), count, fill: fill)
}

/// The first `count` lanes; zero in the others.
@inline(__always) func keep(_ v: Lanes, first count: Int) -> Lanes {
  count == laneCount ? v : choose(firstLanes(count), v, .zero)
}

/// Stores the first `count` lanes. The floats behind them are read and written back as they were.
@inline(__always) func store(_ v: Lanes, _ p: Floats, _ count: Int) {
  if count == laneCount { return store(v, p) }
  store(choose(firstLanes(count), v, load(p)), p)
}

/// Calls `body(offset, count)` for each group of up to sixteen of `n` elements. (One place calls it, so that it is
/// inlined, whatever its size.)
@inline(__always) func eachGroup(_ n: Int, _ body: (Int, Int) -> Void) {
  var i = 0
  while i < n {
    body(i, min(laneCount, n &- i))
    i &+= laneCount
  }
}

/// The sum of all lanes, always in the same order (halves are added to each other).
@inline(__always) func total(_ v: Lanes) -> Float {
  let a = v.lowHalf + v.highHalf
  let b = a.lowHalf + a.highHalf
  let c = b.lowHalf + b.highHalf
  return c.x + c.y
}

/// For vectors that hold one element of sixteen rows each: Σ over i < n of what `add(i, &sum)` adds, in the order in
/// which `total` sums a row of n elements, so that both layouts give the same bits.
@inline(__always) func totals(_ n: Int, _ add: (Int, inout Lanes) -> Void) -> Lanes {
  @inline(__always) func lane(_ j: Int) -> Lanes {
    var sum = Lanes.zero
    var i = j
    while i < n {
      add(i, &sum)
      i &+= laneCount
    }
    return sum
  }
  @inline(__always) func one(_ j: Int) -> Lanes {
    var sum = Lanes.zero
    add(j, &sum)
    return sum
  }
  // Half of the lanes would add nothing: sums of products are not changed by that, but for the sign of a zero.
  if n == 8 { return ((one(0) + one(4)) + (one(2) + one(6))) + ((one(1) + one(5)) + (one(3) + one(7))) }
  @inline(__always) func four(_ j: Int) -> Lanes { (lane(j) + lane(j &+ 8)) + (lane(j &+ 4) + lane(j &+ 12)) }
  return (four(0) + four(2)) + (four(1) + four(3))
}

/// The larger of each pair of lanes, the first where one is not a number. (The standard library's `pointwiseMax` goes lane
/// by lane.)
@inline(__always) func larger(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: a .< b) }

/// The largest lane.
@inline(__always) func largest(_ v: Lanes) -> Float {
  let a = v.lowHalf.replacing(with: v.highHalf, where: v.lowHalf .< v.highHalf)
  let b = a.lowHalf.replacing(with: a.highHalf, where: a.lowHalf .< a.highHalf)
  let c = b.lowHalf.replacing(with: b.highHalf, where: b.lowHalf .< b.highHalf)
  return c.x < c.y ? c.y : c.x
}

/// e^x in every lane, to about 1e-7 relative; 0 below −87.3, e^88 above 88, and NaN of NaN, so that a diverged model
/// cannot look healthy (`pointwiseMax` would drop it).
///
/// Range reduction x = n·ln 2 + r in two steps, then the degree-6 polynomial of Cephes' `expf`. (Transparent, because
/// `@inline(__always)` leaves calls of it, which hand vectors over in quarters.)
@_transparent func exponential(_ x: Lanes) -> Lanes {
  let low = Lanes(repeating: -87.33654)
  let high = Lanes(repeating: 88)
  let clamped = x.replacing(with: low, where: x .< low).replacing(with: high, where: x .> high)
  let magic = Lanes(repeating: 0x1.8p23)  // adding it rounds to the nearest integer
  let shifted = magic.addingProduct(clamped, Lanes(repeating: 1.442_695_04))
  let n = shifted - magic
  var r = clamped.addingProduct(n, Lanes(repeating: -0.693_359_375))
  r = r.addingProduct(n, Lanes(repeating: 2.121_944_4e-4))
  var p = Lanes(repeating: 1.987_569_15e-4)
  p = Lanes(repeating: 1.398_199_95e-3).addingProduct(p, r)
  p = Lanes(repeating: 8.333_451_9e-3).addingProduct(p, r)
  p = Lanes(repeating: 4.166_579_6e-2).addingProduct(p, r)
  p = Lanes(repeating: 1.666_666_55e-1).addingProduct(p, r)
  p = Lanes(repeating: 5.000_000_1e-1).addingProduct(p, r)
  p = (r + Lanes(repeating: 1)).addingProduct(p, r * r)
  let bits = unsafeBitCast(shifted, to: SIMD16<Int32>.self) &<< 23  // the low bits of `shifted` hold n
  let scaled = unsafeBitCast(unsafeBitCast(p, to: SIMD16<Int32>.self) &+ bits, to: Lanes.self)
  return scaled.replacing(with: 0, where: x .< low)
}

/// √x in every lane for x ≥ 0, correctly rounded from 2⁻¹⁰⁰ to 2¹²⁷, 0 for 0 and NaN of NaN. (The standard library's goes
/// lane by lane through the C library.)
///
/// An estimate of 1/√x from the exponent's bits, three of Newton's steps, and Markstein's correction of x · (1/√x).
@inline(__always) func squareRoots(_ x: Lanes) -> Lanes {
  let bits = SIMD16<Int32>(repeating: 0x5f37_5a86) &- (unsafeBitCast(x, to: SIMD16<Int32>.self) &>> 1)
  var y = unsafeBitCast(bits, to: Lanes.self)
  let halfX = x * 0.5
  let half = Lanes(repeating: 0.5)
  for _ in 0..<3 { y = y.addingProduct(y, half.addingProduct(-(halfX * y), y)) }
  let root = x * y
  return root.addingProduct(x.addingProduct(-root, root), y * 0.5)
}

/// Sixteen vectors in registers. (An `InlineArray` of them would be made by calls.)
private struct Rows {
  var a: Lanes, b: Lanes, c: Lanes, d: Lanes, e: Lanes, f: Lanes, g: Lanes, h: Lanes
  var i: Lanes, j: Lanes, k: Lanes, l: Lanes, m: Lanes, n: Lanes, o: Lanes, p: Lanes

  /// Rows i and i + 8 interleaved, one after the other: four times over, this brings element (i, j) to (j, i).
  @inline(__always) var mixed: Rows {
    Rows(
      a: interleaved(a.lowHalf, i.lowHalf), b: interleaved(a.highHalf, i.highHalf),
      c: interleaved(b.lowHalf, j.lowHalf), d: interleaved(b.highHalf, j.highHalf),
      e: interleaved(c.lowHalf, k.lowHalf), f: interleaved(c.highHalf, k.highHalf),
      g: interleaved(d.lowHalf, l.lowHalf), h: interleaved(d.highHalf, l.highHalf),
      i: interleaved(e.lowHalf, m.lowHalf), j: interleaved(e.highHalf, m.highHalf),
      k: interleaved(f.lowHalf, n.lowHalf), l: interleaved(f.highHalf, n.highHalf),
      m: interleaved(g.lowHalf, o.lowHalf), n: interleaved(g.highHalf, o.highHalf),
      o: interleaved(h.lowHalf, p.lowHalf), p: interleaved(h.highHalf, p.highHalf))
  }
}

/// Transposes sixteen vectors: four rounds of interleaving halves, all in registers.
@inline(__always) func transpose16(_ row: (Int) -> Lanes, _ put: (Int, Lanes) -> Void) {
  let rows = Rows(
    a: row(0), b: row(1), c: row(2), d: row(3), e: row(4), f: row(5), g: row(6), h: row(7),
    i: row(8), j: row(9), k: row(10), l: row(11), m: row(12), n: row(13), o: row(14), p: row(15)
  ).mixed.mixed.mixed.mixed
  put(0, rows.a); put(1, rows.b); put(2, rows.c); put(3, rows.d)
  put(4, rows.e); put(5, rows.f); put(6, rows.g); put(7, rows.h)
  put(8, rows.i); put(9, rows.j); put(10, rows.k); put(11, rows.l)
  put(12, rows.m); put(13, rows.n); put(14, rows.o); put(15, rows.p)
}

/// a₀ b₀ a₁ b₁ …
@inline(__always) private func interleaved(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> Lanes {
  var v = Lanes(lowHalf: a, highHalf: b)
  v.evenHalf = a
  v.oddHalf = b
  return v
}
