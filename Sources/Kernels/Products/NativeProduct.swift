// The engine's own small matrix product: register tiles over sixteen lanes, any strides of the left factor, no packing.
// Each element of the result is one chain of fused multiply-adds over k, in order: it does not depend on the tile it
// falls into, on the number of rows beside it, or on the register width.

/// C[m, n] = (start or 0) + A[m, k] · B[k, n].
///
/// - Parameters:
///   - a: element (i, p) is at `a[i * rowStep + p * kStep]`, so that a transposed left factor costs nothing.
///   - b: element (p, j) is at `b[p * bStep + j]`; up to fifteen floats after each row's end are read, not used.
///   - c: element (i, j) is at `c[i * cStep + j]`.
///   - start: what the product is added to, with row step `startStep`; may be `c` itself.
func nativeProduct(
  m: Int, n: Int, k: Int, a: ReadFloats, rowStep: Int, kStep: Int, b: ReadFloats, bStep: Int, c: Floats, cStep: Int,
  start: ReadFloats? = nil, startStep: Int = 0
) {
  var j = 0
  #if AVX512
    while j &+ 32 <= n {
      var i = 0
      while i &+ 8 <= m {
        tile8x2(
          k, a + i &* rowStep, rowStep, kStep, b + j, bStep, c + (i &* cStep &+ j), cStep,
          start.map { $0 + (i &* startStep &+ j) }, startStep)
        i &+= 8
      }
      while i < m {
        for half in 0..<2 {
          let column = j &+ half &* 16
          tile1x1(
            k, a + i &* rowStep, kStep, b + column, bStep, c + (i &* cStep &+ column), 16,
            start.map { $0 + (i &* startStep &+ column) })
        }
        i &+= 1
      }
      j &+= 32
    }
  #endif
  while j < n {
    let width = min(16, n &- j)
    var i = 0
    if width <= 8 {
      // Half a vector, as in heads of eight columns: processors of 256 bits, and those that take 512 in two halves, do
      // two such multiply-adds in the time of one whole.
      while i &+ 8 <= m {
        narrowTile8(
          k, a + i &* rowStep, rowStep, kStep, b + j, bStep, c + (i &* cStep &+ j), cStep, width,
          start.map { $0 + (i &* startStep &+ j) }, startStep)
        i &+= 8
      }
    }
    #if AVX512
      while i &+ 16 <= m {
        tile16x1(
          k, a + i &* rowStep, rowStep, kStep, b + j, bStep, c + (i &* cStep &+ j), cStep, width,
          start.map { $0 + (i &* startStep &+ j) }, startStep)
        i &+= 16
      }
      while i &+ 8 <= m {
        tile8x1(
          k, a + i &* rowStep, rowStep, kStep, b + j, bStep, c + (i &* cStep &+ j), cStep, width,
          start.map { $0 + (i &* startStep &+ j) }, startStep)
        i &+= 8
      }
    #endif
    while i &+ 4 <= m {
      tile4x1(
        k, a + i &* rowStep, rowStep, kStep, b + j, bStep, c + (i &* cStep &+ j), cStep, width,
        start.map { $0 + (i &* startStep &+ j) }, startStep)
      i &+= 4
    }
    while i < m {
      tile1x1(
        k, a + i &* rowStep, kStep, b + j, bStep, c + (i &* cStep &+ j), width, start.map { $0 + (i &* startStep &+ j) }
      )
      i &+= 1
    }
    j &+= 16
  }
}

/// Eight rows by 32 columns: sixteen accumulators.
@inline(__always) private func tile8x2(
  _ k: Int, _ a: ReadFloats, _ rowStep: Int, _ kStep: Int, _ b: ReadFloats, _ bStep: Int, _ c: Floats, _ cStep: Int,
  _ start: ReadFloats?, _ startStep: Int
) {
  @inline(__always) func initial(_ row: Int, _ column: Int) -> Lanes {
    if let start { return load(start + (row &* startStep &+ column)) }
    return .zero
  }
  var c00 = initial(0, 0), c01 = initial(0, 16), c10 = initial(1, 0), c11 = initial(1, 16)
  var c20 = initial(2, 0), c21 = initial(2, 16), c30 = initial(3, 0), c31 = initial(3, 16)
  var c40 = initial(4, 0), c41 = initial(4, 16), c50 = initial(5, 0), c51 = initial(5, 16)
  var c60 = initial(6, 0), c61 = initial(6, 16), c70 = initial(7, 0), c71 = initial(7, 16)
  var pa = a
  var pb = b
  for _ in 0..<k {
    let b0 = load(pb), b1 = load(pb + 16)
    @inline(__always) func element(_ row: Int) -> Lanes { Lanes(repeating: pa[row &* rowStep]) }
    var x = element(0)
    c00.addProduct(x, b0); c01.addProduct(x, b1)
    x = element(1)
    c10.addProduct(x, b0); c11.addProduct(x, b1)
    x = element(2)
    c20.addProduct(x, b0); c21.addProduct(x, b1)
    x = element(3)
    c30.addProduct(x, b0); c31.addProduct(x, b1)
    x = element(4)
    c40.addProduct(x, b0); c41.addProduct(x, b1)
    x = element(5)
    c50.addProduct(x, b0); c51.addProduct(x, b1)
    x = element(6)
    c60.addProduct(x, b0); c61.addProduct(x, b1)
    x = element(7)
    c70.addProduct(x, b0); c71.addProduct(x, b1)
    pa += kStep
    pb += bStep
  }
  @inline(__always) func put(_ row: Int, _ left: Lanes, _ right: Lanes) {
    store(left, c + row &* cStep)
    store(right, c + (row &* cStep &+ 16))
  }
  put(0, c00, c01); put(1, c10, c11); put(2, c20, c21); put(3, c30, c31)
  put(4, c40, c41); put(5, c50, c51); put(6, c60, c61); put(7, c70, c71)
}

/// Sixteen rows by up to 16 columns: as many accumulators as hide the latency of the multiply-adds.
@inline(__always) private func tile16x1(
  _ k: Int, _ a: ReadFloats, _ rowStep: Int, _ kStep: Int, _ b: ReadFloats, _ bStep: Int, _ c: Floats, _ cStep: Int,
  _ width: Int, _ start: ReadFloats?, _ startStep: Int
) {
  @inline(__always) func initial(_ row: Int) -> Lanes {
    if let start { return load(start + row &* startStep, width) }
    return .zero
  }
  var c0 = initial(0), c1 = initial(1), c2 = initial(2), c3 = initial(3)
  var c4 = initial(4), c5 = initial(5), c6 = initial(6), c7 = initial(7)
  var c8 = initial(8), c9 = initial(9), c10 = initial(10), c11 = initial(11)
  var c12 = initial(12), c13 = initial(13), c14 = initial(14), c15 = initial(15)
  var pa = a
  var pb = b
  for _ in 0..<k {
    let b0 = load(pb)
    let pm = pa + 8 &* rowStep
    @inline(__always) func element(_ p: ReadFloats, _ row: Int) -> Lanes { Lanes(repeating: p[row &* rowStep]) }
    c0.addProduct(element(pa, 0), b0)
    c1.addProduct(element(pa, 1), b0)
    c2.addProduct(element(pa, 2), b0)
    c3.addProduct(element(pa, 3), b0)
    c4.addProduct(element(pa, 4), b0)
    c5.addProduct(element(pa, 5), b0)
    c6.addProduct(element(pa, 6), b0)
    c7.addProduct(element(pa, 7), b0)
    c8.addProduct(element(pm, 0), b0)
    c9.addProduct(element(pm, 1), b0)
    c10.addProduct(element(pm, 2), b0)
    c11.addProduct(element(pm, 3), b0)
    c12.addProduct(element(pm, 4), b0)
    c13.addProduct(element(pm, 5), b0)
    c14.addProduct(element(pm, 6), b0)
    c15.addProduct(element(pm, 7), b0)
    pa += kStep
    pb += bStep
  }
  @inline(__always) func put(_ row: Int, _ sum: Lanes) { store(sum, c + row &* cStep, width) }
  put(0, c0); put(1, c1); put(2, c2); put(3, c3)
  put(4, c4); put(5, c5); put(6, c6); put(7, c7)
  put(8, c8); put(9, c9); put(10, c10); put(11, c11)
  put(12, c12); put(13, c13); put(14, c14); put(15, c15)
}

/// Eight rows by up to 16 columns.
@inline(__always) private func tile8x1(
  _ k: Int, _ a: ReadFloats, _ rowStep: Int, _ kStep: Int, _ b: ReadFloats, _ bStep: Int, _ c: Floats, _ cStep: Int,
  _ width: Int, _ start: ReadFloats?, _ startStep: Int
) {
  @inline(__always) func initial(_ row: Int) -> Lanes {
    if let start { return load(start + row &* startStep, width) }
    return .zero
  }
  var c0 = initial(0), c1 = initial(1), c2 = initial(2), c3 = initial(3)
  var c4 = initial(4), c5 = initial(5), c6 = initial(6), c7 = initial(7)
  var pa = a
  var pb = b
  for _ in 0..<k {
    let b0 = load(pb)
    c0.addProduct(Lanes(repeating: pa[0]), b0)
    c1.addProduct(Lanes(repeating: pa[rowStep]), b0)
    c2.addProduct(Lanes(repeating: pa[2 &* rowStep]), b0)
    c3.addProduct(Lanes(repeating: pa[3 &* rowStep]), b0)
    c4.addProduct(Lanes(repeating: pa[4 &* rowStep]), b0)
    c5.addProduct(Lanes(repeating: pa[5 &* rowStep]), b0)
    c6.addProduct(Lanes(repeating: pa[6 &* rowStep]), b0)
    c7.addProduct(Lanes(repeating: pa[7 &* rowStep]), b0)
    pa += kStep
    pb += bStep
  }
  store(c0, c, width); store(c1, c + cStep, width); store(c2, c + 2 &* cStep, width); store(c3, c + 3 &* cStep, width)
  store(c4, c + 4 &* cStep, width); store(c5, c + 5 &* cStep, width); store(c6, c + 6 &* cStep, width)
  store(c7, c + 7 &* cStep, width)
}

/// Eight rows by up to eight columns.
@inline(__always) private func narrowTile8(
  _ k: Int, _ a: ReadFloats, _ rowStep: Int, _ kStep: Int, _ b: ReadFloats, _ bStep: Int, _ c: Floats, _ cStep: Int,
  _ width: Int, _ start: ReadFloats?, _ startStep: Int
) {
  @inline(__always) func initial(_ row: Int) -> SIMD8<Float> {
    if let start { return load(start + row &* startStep, width).lowHalf }
    return .zero
  }
  @inline(__always) func half(_ p: ReadFloats) -> SIMD8<Float> {
    UnsafeRawPointer(p).loadUnaligned(as: SIMD8<Float>.self)
  }
  var c0 = initial(0), c1 = initial(1), c2 = initial(2), c3 = initial(3)
  var c4 = initial(4), c5 = initial(5), c6 = initial(6), c7 = initial(7)
  var pa = a
  var pb = b
  for _ in 0..<k {
    let b0 = half(pb)
    c0.addProduct(SIMD8(repeating: pa[0]), b0)
    c1.addProduct(SIMD8(repeating: pa[rowStep]), b0)
    c2.addProduct(SIMD8(repeating: pa[2 &* rowStep]), b0)
    c3.addProduct(SIMD8(repeating: pa[3 &* rowStep]), b0)
    c4.addProduct(SIMD8(repeating: pa[4 &* rowStep]), b0)
    c5.addProduct(SIMD8(repeating: pa[5 &* rowStep]), b0)
    c6.addProduct(SIMD8(repeating: pa[6 &* rowStep]), b0)
    c7.addProduct(SIMD8(repeating: pa[7 &* rowStep]), b0)
    pa += kStep
    pb += bStep
  }
  @inline(__always) func put(_ row: Int, _ sum: SIMD8<Float>) {
    let target = c + row &* cStep
    if width == 8 {
      UnsafeMutableRawPointer(target).storeBytes(of: sum, as: SIMD8<Float>.self)
    } else {
      store(Lanes(lowHalf: sum, highHalf: .zero), target, width)
    }
  }
  put(0, c0); put(1, c1); put(2, c2); put(3, c3)
  put(4, c4); put(5, c5); put(6, c6); put(7, c7)
}

/// Four rows by up to 16 columns: all that sixteen 256-bit registers hold.
@inline(__always) private func tile4x1(
  _ k: Int, _ a: ReadFloats, _ rowStep: Int, _ kStep: Int, _ b: ReadFloats, _ bStep: Int, _ c: Floats, _ cStep: Int,
  _ width: Int, _ start: ReadFloats?, _ startStep: Int
) {
  @inline(__always) func initial(_ row: Int) -> Lanes {
    if let start { return load(start + row &* startStep, width) }
    return .zero
  }
  var c0 = initial(0), c1 = initial(1), c2 = initial(2), c3 = initial(3)
  var pa = a
  var pb = b
  for _ in 0..<k {
    let b0 = load(pb)
    c0.addProduct(Lanes(repeating: pa[0]), b0)
    c1.addProduct(Lanes(repeating: pa[rowStep]), b0)
    c2.addProduct(Lanes(repeating: pa[2 &* rowStep]), b0)
    c3.addProduct(Lanes(repeating: pa[3 &* rowStep]), b0)
    pa += kStep
    pb += bStep
  }
  store(c0, c, width); store(c1, c + cStep, width); store(c2, c + 2 &* cStep, width); store(c3, c + 3 &* cStep, width)
}

/// One row by up to 16 columns.
@inline(__always) private func tile1x1(
  _ k: Int, _ a: ReadFloats, _ kStep: Int, _ b: ReadFloats, _ bStep: Int, _ c: Floats, _ width: Int,
  _ start: ReadFloats?
) {
  var sum = Lanes.zero
  if let start { sum = load(start, width) }
  var pa = a
  var pb = b
  for _ in 0..<k {
    sum.addProduct(Lanes(repeating: pa[0]), load(pb))
    pa += kStep
    pb += bStep
  }
  store(sum, c, width)
}
