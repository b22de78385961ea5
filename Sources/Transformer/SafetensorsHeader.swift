// The header of a safetensors file: decoding its JSON and checking that the tensors it describes cover the data
// exactly. Nothing here touches the data itself.

import Basics
import Foundation

/// The decoded header, before and while its claims are checked.
struct SafetensorsHeader: Decodable {
  /// A tensor's description as the header states it.
  struct Description: Decodable {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  /// A tensor's checked place in the data, in bytes from the data's start.
  struct Place {
    let dtype: SafetensorsFile.DType
    let shape: [Int]
    let begin: Int
    let end: Int
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  let metadata: [String: String]
  let tensors: [String: Description]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    var metadata: [String: String] = [:]
    var tensors: [String: Description] = [:]
    for key in container.allKeys {
      if key.stringValue == SafetensorsFile.metadataKey {
        metadata = try container.decode([String: String].self, forKey: key)
      } else {
        tensors[key.stringValue] = try container.decode(Description.self, forKey: key)
      }
    }
    self.metadata = metadata
    self.tensors = tensors
  }

  /// Decodes the header and says at which byte the data starts.
  static func parse(_ bytes: [UInt8], file: String) throws(SafetensorsError) -> (Self, dataStart: Int) {
    guard bytes.count >= 8 else {
      throw SafetensorsError(
        file: file, kind: .truncated,
        detail: "has only \(bytes.count) bytes, fewer than the 8 of the header's length; write or download it again")
    }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length >= 2, length <= SafetensorsFile.maximalHeaderLength else {
      throw SafetensorsError(
        file: file, kind: .header,
        detail: "announces a header of \(length) bytes, which no safetensors file has; check that it is one")
    }
    let dataStart = 8 + Int(length)
    guard dataStart <= bytes.count else {
      throw SafetensorsError(
        file: file, kind: .truncated,
        detail: "ends inside its header (\(dataStart) bytes needed, \(bytes.count) there); write or download it again")
    }
    let header: Self
    do {
      header = try JSONDecoder().decode(Self.self, from: Data(bytes[8..<dataStart]))
    } catch {
      throw SafetensorsError(
        file: file, kind: .header,
        detail: "has a damaged header (\(briefly(error))); write or download it again")
    }
    if let key = firstRepeatedKey(inJSON: bytes[8..<dataStart]) {
      throw SafetensorsError(
        file: file, kind: .header,
        detail: "has a damaged header (\(key) stands there twice); write or download it again")
    }
    return (header, dataStart)
  }

  /// Every tensor's place, after checking types, shapes, offsets, and that the data is covered once and completely.
  func checkedPlaces(dataCount: Int, file: String) throws(SafetensorsError) -> [(name: String, place: Place)] {
    var places: [(name: String, place: Place)] = []
    for (name, description) in tensors.sorted(by: { $0.key < $1.key }) {
      places.append((name, try Self.place(of: description, name: name, file: file)))
    }
    places.sort { ($0.place.begin, $0.place.end, $0.name) < ($1.place.begin, $1.place.end, $1.name) }

    var covered = 0
    for (name, place) in places {
      guard place.begin == covered else {
        let what = place.begin < covered ? "overlaps the tensor before it" : "leaves a hole before it"
        throw SafetensorsError(
          file: file, kind: .layout,
          detail: "tensor \(name) at byte \(place.begin) \(what), which ends at \(covered); write the file again")
      }
      covered = place.end
    }
    guard covered <= dataCount else {
      throw SafetensorsError(
        file: file, kind: .truncated,
        detail: "ends inside its data (\(covered) bytes needed, \(dataCount) there); write or download it again")
    }
    guard covered == dataCount else {
      throw SafetensorsError(
        file: file, kind: .layout,
        detail: "has \(dataCount - covered) bytes that no tensor owns; write the file again")
    }
    return places
  }

  private static func place(
    of description: Description, name: String, file: String
  ) throws(SafetensorsError) -> Place {
    guard let dtype = SafetensorsFile.DType(rawValue: description.dtype) else {
      let known = SafetensorsFile.DType.allCases.map(\.rawValue).joined(separator: ", ")
      throw SafetensorsError(
        file: file, kind: .unsupportedType,
        detail: "tensor \(name) has number type \(description.dtype); convert it to one of \(known)")
    }
    guard description.offsets.count == 2, description.offsets[0] >= 0, description.offsets[0] <= description.offsets[1]
    else {
      throw SafetensorsError(
        file: file, kind: .layout,
        detail: "tensor \(name) has data offsets \(description.offsets), not [begin, end]; write the file again")
    }
    let bytes = description.offsets[1] - description.offsets[0]
    guard let needed = byteCount(shape: description.shape, size: dtype.size), needed == bytes else {
      throw SafetensorsError(
        file: file, kind: .layout,
        detail: "tensor \(name) of type \(dtype.rawValue) and shape \(description.shape) does not take the \(bytes) "
          + "bytes it is given; write the file again")
    }
    return Place(
      dtype: dtype, shape: description.shape, begin: description.offsets[0], end: description.offsets[1])
  }

  /// size × the product of the shape; nil for a negative extent or where the product overflows.
  private static func byteCount(shape: [Int], size: Int) -> Int? {
    var product = size
    for extent in shape {
      guard extent >= 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      product = next
    }
    return product
  }
}
