// A file of events as TensorBoard reads it: records of TensorFlow's TFRecord format, each a protocol buffer `Event` with
// scalars by tag. Only the few fields that scalars need are written. What is in them is decided in RunsExport.swift.
//
// TFRecord: length (8 bytes), its checksum (4), data, its checksum (4), all little-endian; a checksum is CRC-32C, rotated
// right by 15 bits, plus 0xa282ead8. Event: wall_time = 1 (double), step = 2 (varint), file_version = 3 (string),
// summary = 5; Summary: value = 1; Value: tag = 1 (string), simple_value = 2 (float).

import Foundation

/// The bytes of a file of events, in the order in which they are added.
package struct EventFile {
  package private(set) var data = Data()

  /// A file with the mark of its version.
  package init() {
    var event = ProtocolBuffer()
    event.add(double: 0, field: 1)
    event.add(bytes: Data("brain.Event:2".utf8), field: 3)
    append(event.data)
  }

  /// Adds scalars at a step; a value that is not finite stays as it is.
  /// - Parameter seconds: the time of the event, of which only differences are shown.
  package mutating func add(_ scalars: [(tag: String, value: Double)], step: Int, seconds: Double) {
    var summary = ProtocolBuffer()
    for (tag, value) in scalars {
      var scalar = ProtocolBuffer()
      scalar.add(bytes: Data(tag.utf8), field: 1)
      scalar.add(float: Float(value), field: 2)
      summary.add(bytes: scalar.data, field: 1)
    }
    var event = ProtocolBuffer()
    event.add(double: seconds, field: 1)
    event.add(varint: UInt64(max(step, 0)), field: 2)
    event.add(bytes: summary.data, field: 5)
    append(event.data)
  }

  private mutating func append(_ record: Data) {
    let length = littleEndian(UInt64(record.count))
    data += length
    data += littleEndian(maskedChecksum(length))
    data += record
    data += littleEndian(maskedChecksum(record))
  }
}

/// A message of a protocol buffer in the making.
private struct ProtocolBuffer {
  private(set) var data = Data()

  private mutating func add(key field: UInt64, type: UInt64) { add(field << 3 | type) }

  private mutating func add(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      data.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    data.append(UInt8(rest))
  }

  mutating func add(varint value: UInt64, field: UInt64) {
    add(key: field, type: 0)
    add(value)
  }

  mutating func add(double value: Double, field: UInt64) {
    add(key: field, type: 1)
    data += littleEndian(value.bitPattern)
  }

  mutating func add(bytes: Data, field: UInt64) {
    add(key: field, type: 2)
    add(UInt64(bytes.count))
    data += bytes
  }

  mutating func add(float value: Float, field: UInt64) {
    add(key: field, type: 5)
    data += littleEndian(value.bitPattern)
  }
}

private func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> Data {
  withUnsafeBytes(of: value.littleEndian) { Data($0) }
}

/// CRC-32C (Castagnoli, reflected polynomial 0x82f63b78) of each byte.
private let checksums: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82f6_3b78 : value >> 1 }
}

/// The CRC-32C of the bytes.
func checksum(_ data: Data) -> UInt32 {
  ~data.reduce(~UInt32(0)) { $0 >> 8 ^ checksums[Int(($0 ^ UInt32($1)) & 0xFF)] }
}

/// The checksum as TFRecord stores it.
private func maskedChecksum(_ data: Data) -> UInt32 {
  let value = checksum(data)
  return (value >> 15 | value << 17) &+ 0xa282_ead8
}
