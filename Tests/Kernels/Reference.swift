// Plain arithmetic that the kernels are compared with, and random numbers to feed both. No test is here.

import Foundation
import Randomness
import Tensors

@testable import Kernels

/// `count` standard normal numbers times `scale`; the same for the same index.
func normals(_ count: Int, scale: Double = 1, index: UInt64 = 0) -> [Float] {
  var stream = RandomStream(seed: 20_251_103, purpose: .test, index: index)
  return (0..<count).map { _ in Float(stream.normal() * scale) }
}

/// Copies numbers to memory of an arena.
func put(_ numbers: [Float], _ target: UnsafeMutablePointer<Float>) {
  numbers.withUnsafeBufferPointer { if let base = $0.baseAddress { target.update(from: base, count: $0.count) } }
}

/// The numbers at `source`.
func read(_ source: UnsafeMutablePointer<Float>, _ count: Int) -> [Float] {
  Array(UnsafeBufferPointer(start: source, count: count))
}

/// The largest |a − b| / (1 + |b|); infinite where the counts differ or either is not a number.
func difference(_ a: [Float], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  var largest = 0.0
  for (x, y) in zip(a, b) {
    let error = abs(Double(x) - y) / (1 + abs(y))
    if !(error <= largest) { largest = error.isNaN ? .infinity : error }
  }
  return largest
}

/// Whether `count` floats have the same bits in both places.
func sameBits(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Bool {
  memcmp(a, b, 4 * count) == 0
}

/// A · B in double precision, [rows][columns], of matrices whose elements stand at `a[row * aRow + term * aTerm]` and
/// `b[term * bTerm + column * bColumn]`.
func referenceProduct(
  rows: Int, columns: Int, terms: Int, a: UnsafePointer<Float>, aRow: Int, aTerm: Int, b: UnsafePointer<Float>,
  bTerm: Int,
  bColumn: Int
) -> [Double] {
  var product = [Double](repeating: 0, count: rows * columns)
  product.withUnsafeMutableBufferPointer { product in
    var row = 0
    while row < rows {
      var column = 0
      while column < columns {
        var sum = 0.0
        var term = 0
        while term < terms {
          sum += Double(a[row &* aRow &+ term &* aTerm]) * Double(b[term &* bTerm &+ column &* bColumn])
          term &+= 1
        }
        product[row &* columns &+ column] = sum
        column &+= 1
      }
      row &+= 1
    }
  }
  return product
}

/// One head's row x [W] as `HeadNorm` should leave it: normalised, rotated, scaled.
func referenceHead(_ x: [Double], gain: [Double], position: Int, base: Double, epsilon: Double, scale: Double)
  -> [Double]
{
  let width = x.count
  let half = width / 2
  let rms = (x.reduce(0) { $0 + $1 * $1 } / Double(width) + epsilon).squareRoot()
  let normed = zip(x, gain).map { $0 / rms * $1 }
  return (0..<width).map { i in
    let angle = Double(position) * pow(base, -2 * Double(i % half) / Double(width))
    let (c, s) = (cos(angle), sin(angle))
    return scale * (i < half ? normed[i] * c - normed[i + half] * s : normed[i] * c + normed[i - half] * s)
  }
}

/// softmax(scores) · values, values [L][W].
func referenceMix(scores: [Double], values: [[Double]]) -> [Double] {
  let top = scores.max() ?? 0
  let weights = scores.map { exp($0 - top) }
  let sum = weights.reduce(0, +)
  var mixed = Array(repeating: 0.0, count: values.first?.count ?? 0)
  for (weight, value) in zip(weights, values) {
    for i in value.indices { mixed[i] += weight / sum * value[i] }
  }
  return mixed
}
