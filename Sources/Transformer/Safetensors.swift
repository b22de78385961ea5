// The safetensors file format: named tensors behind a JSON header, read with every claim of the header checked, and
// written. What the names mean and how they map onto a model is not here; neither is atomic replacement of files.

import Basics
import Foundation

/// What is wrong with a safetensors file, in one line that names the file and the remedy.
public struct SafetensorsError: ExitStatusProviding, Hashable {
  public enum Kind: Hashable, Sendable {
    /// The file cannot be opened or read.
    case unreadable
    /// The file ends before the header or the data that it announces.
    case truncated
    /// The header is not the JSON that the format asks for.
    case header
    /// A tensor is stored in a number type that is not read here.
    case unsupportedType
    /// Offsets, shapes and the data do not fit together.
    case layout
    /// The file has no tensor of that name.
    case missing
    /// A tensor was asked for as numbers that it does not hold.
    case wrongType
  }

  public let file: String
  public let kind: Kind
  public let detail: String

  public init(file: String, kind: Kind, detail: String) {
    self.file = file
    self.kind = kind
    self.detail = detail
  }

  public var description: String { "\(file): \(detail)" }

  public var exitStatus: ExitStatus { kind == .unreadable ? .io : .badData }
}

/// Named tensors and text metadata in the safetensors format (https://github.com/huggingface/safetensors).
///
/// Layout: header length n (8 bytes, little-endian), n bytes of JSON `{name: {dtype, shape, data_offsets}}` padded with
/// spaces, then the data, which the tensors cover without holes or overlaps. The format has no checksum: a flipped bit
/// in the data is a different number, not an error.
public struct SafetensorsFile: Sendable {
  /// The number types that are read; others are refused by name.
  public enum DType: String, Sendable, CaseIterable {
    case f32 = "F32"
    case i32 = "I32"
    case i64 = "I64"
    case u8 = "U8"

    /// Bytes per element.
    public var size: Int {
      switch self {
      case .i64: 8
      case .f32, .i32: 4
      case .u8: 1
      }
    }
  }

  /// One tensor, row-major.
  public struct Entry: Sendable {
    public let dtype: DType
    public let shape: [Int]
    fileprivate let name: String
    fileprivate let file: String
    fileprivate let bytes: ArraySlice<UInt8>

    /// The number of elements, the product of the shape.
    public var count: Int { bytes.count / dtype.size }

    /// The elements of an F32 tensor. Throws for any other type: no number is converted silently.
    public func floats() throws(SafetensorsError) -> [Float] {
      guard dtype == .f32 else { throw wrongType("32-bit floats") }
      return elements(of: Float.self)
    }

    /// The elements of an I32, I64 or U8 tensor. Throws where a 64-bit value does not fit into 32 bits.
    public func int32s() throws(SafetensorsError) -> [Int32] {
      switch dtype {
      case .i32: return elements(of: Int32.self)
      case .u8: return bytes.map(Int32.init)
      case .i64:
        let wide = elements(of: Int64.self)
        if let large = wide.first(where: { Int32(exactly: $0) == nil }) {
          throw SafetensorsError(
            file: file, kind: .wrongType,
            detail: "tensor \(name) holds \(large), which does not fit into 32 bits; store smaller integers")
        }
        return wide.map { Int32(truncatingIfNeeded: $0) }
      case .f32: throw wrongType("integers")
      }
    }

    private func wrongType(_ wanted: String) -> SafetensorsError {
      SafetensorsError(
        file: file, kind: .wrongType,
        detail: "tensor \(name) is \(dtype.rawValue), not \(wanted); convert it before saving the file")
    }

    /// Copies the bytes, which need not be aligned in the file. All supported machines are little-endian.
    private func elements<Number: BitwiseCopyable>(of type: Number.Type) -> [Number] {
      [Number](unsafeUninitializedCapacity: count) { buffer, initialised in
        bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
        initialised = count
      }
    }
  }

  /// Free text beside the tensors, the header's `__metadata__`.
  public var metadata: [String: String]
  /// The tensors by name.
  public private(set) var entries: [String: Entry]
  private let file: String

  static let metadataKey = "__metadata__"
  /// The reference implementation's limit, so that a damaged length cannot ask for any amount of memory.
  static let maximalHeaderLength = 100_000_000

  /// An empty file to be filled with `set` and written with `encoded()`.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
    entries = [:]
    file = "new safetensors file"
  }

  /// Reads and checks a file.
  public init(contentsOf path: String) throws(SafetensorsError) {
    var status = stat()
    if stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
      throw SafetensorsError(
        file: path, kind: .unreadable, detail: "is a pipe or a device, which may never end; give a file")
    }
    let bytes: [UInt8]
    do {
      bytes = try contents(ofFile: path)
    } catch {
      throw SafetensorsError(
        file: path, kind: .unreadable, detail: "cannot be read (\(error)); check the path and its permissions")
    }
    try self.init(bytes: bytes, name: path)
  }

  /// Reads and checks the bytes of a file.
  /// - Parameter name: what errors call the file.
  public init(bytes: [UInt8], name: String) throws(SafetensorsError) {
    let (header, dataStart) = try SafetensorsHeader.parse(bytes, file: name)
    metadata = header.metadata
    entries = [:]
    file = name
    for (tensor, place) in try header.checkedPlaces(dataCount: bytes.count - dataStart, file: name) {
      let range = dataStart + place.begin..<dataStart + place.end
      entries[tensor] = Entry(
        dtype: place.dtype, shape: place.shape, name: tensor, file: name, bytes: bytes[range])
    }
  }

  /// The tensor of that name; the error names the file.
  public func entry(_ name: String) throws(SafetensorsError) -> Entry {
    guard let entry = entries[name] else {
      throw SafetensorsError(
        file: file, kind: .missing,
        detail: "has no tensor \(name) among its \(entries.count); was it written for this architecture?")
    }
    return entry
  }

  /// An error about this file's content.
  func mismatch(_ detail: String) -> SafetensorsError { SafetensorsError(file: file, kind: .layout, detail: detail) }

  /// Adds or replaces an F32 tensor. The shape's product must be the number of values.
  public mutating func set(_ name: String, floats: [Float], shape: [Int]) {
    set(name, .f32, floats, shape)
  }

  /// Adds or replaces an I32 tensor. The shape's product must be the number of values.
  public mutating func set(_ name: String, int32s: [Int32], shape: [Int]) {
    set(name, .i32, int32s, shape)
  }

  private mutating func set<Number: BitwiseCopyable>(
    _ name: String, _ dtype: DType, _ values: [Number], _ shape: [Int]
  ) {
    enforce(name != Self.metadataKey, "\(name) is reserved by the format")
    enforce(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
      "tensor \(name): shape \(shape) does not hold \(values.count) values")
    let bytes = values.withUnsafeBytes { [UInt8]($0) }
    entries[name] = Entry(dtype: dtype, shape: shape, name: name, file: file, bytes: bytes[...])
  }

  /// The file's bytes: the same content always gives the same bytes. Tensors are sorted by name, wider number types
  /// first so that every tensor is aligned; the header is padded with spaces to a multiple of 8 bytes.
  public func encoded() -> [UInt8] {
    let order = entries.values.sorted { ($1.dtype.size, $0.name) < ($0.dtype.size, $1.name) }
    var header = [UInt8](SafetensorsHeader.json(order: order, metadata: metadata).utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)

    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + order.reduce(0) { $0 + $1.bytes.count })
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: header)
    for entry in order { bytes.append(contentsOf: entry.bytes) }
    return bytes
  }
}

extension SafetensorsHeader {
  fileprivate static func json(order: [SafetensorsFile.Entry], metadata: [String: String]) -> String {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(Escaped.json($0.key)):\(Escaped.json($0.value))" }
      members.append("\(Escaped.json(SafetensorsFile.metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for entry in order {
      let end = offset + entry.bytes.count
      let shape = entry.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(Escaped.json(entry.name)):{\"dtype\":\"\(entry.dtype.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return "{\(members.joined(separator: ","))}"
  }
}
