// A drawing inside a page: gnuplot's SVG with the same marks in fewer bytes, as an address that an `img` takes. It stays
// an image, in which nothing is run, whatever the file says.

import Foundation

/// The drawing as a `data:` address for a double-quoted attribute.
func drawingAddress(_ svg: Data) -> String {
  var address = "data:image/svg+xml,"
  for byte in compactDrawing(String(decoding: svg, as: UTF8.self)).utf8 {
    switch byte {
    case UInt8(ascii: "%"), UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "&"), 0..<0x20, 0x7F...:
      address += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    default: address.unicodeScalars.append(Unicode.Scalar(byte))
    }
  }
  return address
}

/// The same drawing with runs of equal points as one line with a mark at each of them, and without empty groups. What is
/// not recognised stays as it is.
func compactDrawing(_ svg: String) -> String {
  var result: [Substring] = []
  var run: (mark: Substring, points: [Substring])?
  var runs = 0
  func flush() {
    guard let (mark, points) = run else { return }
    run = nil
    // The line's own ends would carry two marks if there were only one point.
    if points.count < 2 {
      result += points.map { point in "\(mark.replacing("transform='", with: "transform='translate(\(point)) "))" }
      return
    }
    runs += 1
    let places = "marker-start='url(#m\(runs))' marker-mid='url(#m\(runs))' marker-end='url(#m\(runs))'"
    result.append("<marker id='m\(runs)' overflow='visible' markerUnits='userSpaceOnUse'>\(mark)</marker>")
    result.append("<polyline points='\(points.joined(separator: " "))' fill='none' stroke='none' \(places)/>")
  }
  for line in svg.split(whereSeparator: \.isNewline) {
    let text = line.drop { $0 == " " || $0 == "\t" }
    if let (mark, point) = placedMark(text) {
      if run?.mark != mark { flush() }
      run = (mark, (run?.points ?? []) + [point])
      continue
    }
    flush()
    if text == "</g>", let last = result.last, last.hasPrefix("<g "), last.hasSuffix(">"),
      !last.dropLast().contains(">")
    {
      result.removeLast()
    } else if !text.isEmpty {
      result.append(text)
    }
  }
  flush()
  return result.joined(separator: "\n")
}

/// What gnuplot draws at a point, `<use xlink:href='#gpPt6' transform='translate(1,2) scale(3.00)' …/>`: the mark without
/// its place, and the place.
private func placedMark(_ line: Substring) -> (mark: Substring, point: Substring)? {
  guard line.hasPrefix("<use xlink:href='#gpPt"), line.hasSuffix("/>"),
    let open = line.range(of: " transform='translate("), let close = line[open.upperBound...].firstIndex(of: ")")
  else { return nil }
  let point = line[open.upperBound..<close]
  guard point.allSatisfy({ "0123456789.,-".contains($0) }) else { return nil }
  let rest = line[line.index(after: close)...].drop { $0 == " " }
  return ("\(line[..<open.lowerBound]) transform='\(rest)", point)
}
