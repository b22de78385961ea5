// Just enough of PNG to look at what gnuplot drew: inflation (RFC 1951) and the five filters, for 8 bits a sample.

import Foundation

/// The share of pixels of a PNG whose red is below a quarter; nil if it cannot be read.
func darkShare(ofPNG data: Data) -> Double? {
  var place = 8
  var (width, height, samples) = (0, 0, 0)
  var packed: [UInt8] = []
  let bytes = [UInt8](data)
  func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
  while place + 12 <= bytes.count {
    let (length, kind) = (number(place), String(decoding: bytes[place + 4..<place + 8], as: UTF8.self))
    let body = place + 8
    if kind == "IHDR" {
      guard bytes[body + 8] == 8, let count = [2: 3, 6: 4][bytes[body + 9]] else { return nil }
      (width, height, samples) = (number(body), number(body + 4), count)
    } else if kind == "IDAT" {
      packed += bytes[body..<body + length]
    }
    place = body + length + 4
  }
  let row = width * samples
  guard row > 0, var pixels = inflated(packed.dropFirst(2).dropLast(4)), pixels.count == height * (row + 1) else {
    return nil
  }
  var dark = 0
  pixels.withUnsafeMutableBufferPointer { pixels in
    for y in 0..<height {
      let start = y * (row + 1) + 1
      let filter = pixels[start - 1]
      for i in start..<start + row {
        let left = i - samples >= start ? Int(pixels[i - samples]) : 0
        let up = y > 0 ? Int(pixels[i - row - 1]) : 0
        let corner = y > 0 && i - samples >= start ? Int(pixels[i - row - 1 - samples]) : 0
        let guess =
          switch filter {
          case 1: left
          case 2: up
          case 3: (left + up) / 2
          case 4: nearest(left, up, corner)
          default: 0
          }
        pixels[i] = pixels[i] &+ UInt8(guess)
        if (i - start) % samples == 0 && pixels[i] < 64 { dark += 1 }
      }
    }
  }
  return Double(dark) / Double(width * height)
}

private func nearest(_ left: Int, _ up: Int, _ corner: Int) -> Int {
  let (a, b, c) = (abs(up - corner), abs(left - corner), abs(left + up - 2 * corner))
  return a <= b && a <= c ? left : b <= c ? up : corner
}

/// Canonical Huffman codes as counts per length and symbols in the order of their codes.
private struct Codes {
  var counts = [Int](repeating: 0, count: 16)
  var symbols: [Int] = []

  init(lengths: [Int]) {
    for length in lengths where length > 0 { counts[length] += 1 }
    symbols = lengths.indices.filter { lengths[$0] > 0 }.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
  }
}

private struct Bits {
  let bytes: [UInt8]
  var place = 0

  mutating func take(_ count: Int) -> Int {
    var value = 0
    for bit in 0..<count {
      if place >> 3 < bytes.count { value |= Int(bytes[place >> 3] >> UInt8(place & 7) & 1) << bit }
      place += 1
    }
    return value
  }

  mutating func symbol(_ codes: Codes) -> Int? {
    var (code, first, index) = (0, 0, 0)
    for length in 1...15 {
      code |= take(1)
      let count = codes.counts[length]
      if code - count < first { return codes.symbols[index + code - first] }
      index += count
      (first, code) = ((first + count) << 1, code << 1)
    }
    return nil
  }
}

private let lengthBases = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]
private let lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
private let distanceBases = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193,
  12289, 16385, 24577,
]

private func inflated(_ packed: ArraySlice<UInt8>) -> [UInt8]? {
  var bits = Bits(bytes: Array(packed))
  var output: [UInt8] = []
  var isLast = false
  while !isLast {
    isLast = bits.take(1) == 1
    var (literals, distances) = (
      Codes(lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }),
      Codes(lengths: Array(repeating: 5, count: 30))
    )
    switch bits.take(2) {
    case 0:
      bits.place = (bits.place + 7) & ~7
      let length = bits.take(16)
      _ = bits.take(16)
      for _ in 0..<length { output.append(UInt8(bits.take(8))) }
      continue
    case 1: break
    case 2:
      let (literalCount, distanceCount, lengthCount) = (bits.take(5) + 257, bits.take(5) + 1, bits.take(4) + 4)
      var lengths = [Int](repeating: 0, count: 19)
      for place in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15].prefix(lengthCount) {
        lengths[place] = bits.take(3)
      }
      let codes = Codes(lengths: lengths)
      var all: [Int] = []
      while all.count < literalCount + distanceCount {
        switch bits.symbol(codes) {
        case let length? where length < 16: all.append(length)
        case 16: all += Array(repeating: all.last ?? 0, count: 3 + bits.take(2))
        case 17: all += Array(repeating: 0, count: 3 + bits.take(3))
        case 18: all += Array(repeating: 0, count: 11 + bits.take(7))
        default: return nil
        }
      }
      literals = Codes(lengths: Array(all.prefix(literalCount)))
      distances = Codes(lengths: Array(all.dropFirst(literalCount)))
    default: return nil
    }
    while true {
      guard let symbol = bits.symbol(literals) else { return nil }
      if symbol < 256 {
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { break }
      guard symbol < 286 else { return nil }
      let length = lengthBases[symbol - 257] + bits.take(lengthBits[symbol - 257])
      guard let code = bits.symbol(distances), code < 30 else { return nil }
      let distance = distanceBases[code] + bits.take(max(0, code / 2 - 1))
      guard distance <= output.count else { return nil }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }
  return output
}
