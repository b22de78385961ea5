// The safetensors reader and writer: round trips, the stored oracle file, and damaged files of every kind.

import Foundation
import Testing
import Transformer

@Suite struct SafetensorsTests {
  static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/dense.safetensors").path

  static func sample() -> SafetensorsFile {
    var file = SafetensorsFile(metadata: ["kind": "sample", "note": "a \"quoted\" \\ line\nand é 漢"])
    file.set("b.weight", floats: [1, -2.5, .infinity, 0, 3e-38, 6], shape: [2, 3])
    file.set("a.tokens", int32s: [7, -1, .max, .min], shape: [4])
    file.set("scalar", floats: [0.1], shape: [])
    file.set("none", floats: [], shape: [0, 5])
    return file
  }

  /// A file with a header of our choosing.
  static func bytes(header: String, data: [UInt8] = []) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { [UInt8]($0) } + [UInt8](header.utf8) + data
  }

  static func kind(of bytes: [UInt8]) -> SafetensorsError.Kind? {
    do {
      _ = try SafetensorsFile(bytes: bytes, name: "x.safetensors")
      return nil
    } catch {
      #expect(error.description.hasPrefix("x.safetensors: ") && !error.description.contains("\n"))
      return error.kind
    }
  }

  @Test func roundTrip() throws {
    let file = Self.sample()
    let encoded = file.encoded()
    let back = try SafetensorsFile(bytes: encoded, name: "x.safetensors")
    #expect(back.metadata == file.metadata)
    #expect(back.entries.keys.sorted() == ["a.tokens", "b.weight", "none", "scalar"])
    #expect(try back.entry("b.weight").floats() == [1, -2.5, .infinity, 0, 3e-38, 6])
    #expect(try back.entry("b.weight").shape == [2, 3])
    #expect(try back.entry("a.tokens").int32s() == [7, -1, .max, .min])
    #expect(try back.entry("scalar").shape == [] && back.entry("scalar").floats() == [0.1])
    #expect(try back.entry("none").count == 0)
    #expect(back.encoded() == encoded)
    let headerLength = encoded[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(headerLength % 8 == 0 && encoded[8] == UInt8(ascii: "{"))
  }

  /// Readers differ in which of the two they take, so neither is taken: of a tensor, within a tensor's description, of the
  /// metadata, and in two spellings.
  @Test(arguments: [
    (
      #""a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#, "a"
    ),
    (
      #""a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}"#,
      "a"
    ),
    (#""a":{"dtype":"I32","dtype":"F32","shape":[1],"data_offsets":[0,4]}"#, "dtype"),
    (#""__metadata__":{"k":"1","k":"2"},"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}"#, "k"),
    (
      "\"\u{E9}\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]},"
        + "\"e\u{301}\":{\"dtype\":\"I32\",\"shape\":[0],\"data_offsets\":[4,4]}", "\u{E9}"
    ),
  ])
  func keysThatAreThereTwice(_ members: String, _ key: String) {
    let bytes = Self.bytes(header: "{\(members)}", data: [0, 0, 0, 0])
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(bytes: bytes, name: "x.safetensors") }
    #expect(error?.kind == .header)
    #expect(
      error?.description
        == "x.safetensors: has a damaged header (\(key) stands there twice); write or download it again")
  }

  @Test func notANumberKeepsItsBits() throws {
    var file = SafetensorsFile()
    let patterns: [UInt32] = [0x7FC0_0001, 0xFFC0_0000, 0x8000_0000, 1]
    file.set("x", floats: patterns.map(Float.init(bitPattern:)), shape: [4])
    let back = try SafetensorsFile(bytes: file.encoded(), name: "x.safetensors")
    #expect(try back.entry("x").floats().map(\.bitPattern) == patterns)
  }

  @Test func readsWhatPythonWrote() throws {
    let file = try SafetensorsFile(contentsOf: Self.fixture)
    #expect(file.metadata["kind"] == "dense" && file.metadata["V"] == "61")
    #expect(try file.entry("adamw.ar.param.lm_head.weight").shape == [61, 32])
    let losses = try file.entry("adamw.ar.losses").floats()
    #expect(losses.count == 24 && losses.allSatisfy { $0 > 0 && $0 < 10 })
    // from safetensors.numpy import load_file; load_file("dense.safetensors")["adamw.ar.losses"][:3]
    #expect(Array(losses.prefix(3)) == [4.2425933, 4.2125697, 4.289228])
    #expect(try SafetensorsFile(bytes: file.encoded(), name: "again").entries.count == file.entries.count)
  }

  @Test func readsIntegersOfOtherWidths() throws {
    let header = """
      {"w":{"dtype":"I64","shape":[2],"data_offsets":[3,19]},"b":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}
      """
    func file(_ words: [Int64]) throws -> SafetensorsFile {
      let data = [1, 2, 255] + words.withUnsafeBytes { [UInt8]($0) }
      return try SafetensorsFile(bytes: Self.bytes(header: header, data: data), name: "x.safetensors")
    }
    #expect(try file([5, -6]).entry("w").int32s() == [5, -6])
    #expect(try file([5, -6]).entry("b").int32s() == [1, 2, 255])
    // Wider numbers are written first, so that they are aligned; the content stays.
    let again = try SafetensorsFile(bytes: file([5, -6]).encoded(), name: "again")
    #expect(try again.entry("w").int32s() == [5, -6] && again.entry("b").int32s() == [1, 2, 255])
    let error = #expect(throws: SafetensorsError.self) { try file([5, 1 << 40]).entry("w").int32s() }
    #expect(error?.kind == .wrongType)
  }

  @Test func wrongTypeAndMissingName() throws {
    let file = Self.sample()
    #expect(throws: SafetensorsError.self) { try file.entry("b.weight").int32s() }
    #expect(throws: SafetensorsError.self) { try file.entry("a.tokens").floats() }
    let error = #expect(throws: SafetensorsError.self) { try file.entry("c") }
    #expect(error?.kind == .missing)
    let absent = #expect(throws: SafetensorsError.self) { try SafetensorsFile(contentsOf: "/nonexistent/x.st") }
    #expect(absent?.kind == .unreadable)
  }

  @Test func everyTruncationIsAnError() {
    let encoded = Self.sample().encoded()
    for count in 0..<encoded.count { #expect(Self.kind(of: Array(encoded[..<count])) == .truncated, "\(count) bytes") }
    #expect(Self.kind(of: encoded) == nil)
    #expect(Self.kind(of: encoded + [0]) == .layout)
  }

  /// A flipped bit in the header is an error or another valid file (a changed letter of a name); never a crash, and
  /// never a tensor whose size disagrees with its shape.
  @Test func everyFlippedHeaderBitIsHandled() throws {
    let encoded = Self.sample().encoded()
    let headerEnd = 8 + encoded[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    var refused = 0
    for bit in 0..<headerEnd * 8 {
      var damaged = encoded
      damaged[bit / 8] ^= 1 << (bit % 8)
      guard let file = try? SafetensorsFile(bytes: damaged, name: "x.safetensors") else {
        refused += 1
        continue
      }
      for entry in file.entries.values {
        let sizes = entry.shape.reduce(1, *)
        #expect(sizes == entry.count)
        #expect((try? entry.floats().count) ?? (try? entry.int32s().count) == sizes)
      }
    }
    #expect(refused > headerEnd * 8 / 2)
  }

  @Test(
    arguments: [
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, nil),
      ("[1, 2]", .header),
      ("{\"a\":", .header),
      ("not json", .header),
      (#"{"a":{"dtype":"F32","shape":[2]}}"#, .header),
      (#"{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}"#, .header),
      (#"{"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, .header),
      (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, .header),
      (#"{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}"#, .unsupportedType),
      (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, .layout),
      (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, .layout),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#, .layout),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, .layout),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#, .layout),
      // 4 × 2³² × 2³² wraps around to 0 bytes.
      (
        #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]},"#
          + #""b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, .layout
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
        .layout
      ),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, .layout),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, .layout),
      (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#, .truncated),
    ] as [(String, SafetensorsError.Kind?)])
  func headerClaims(header: String, expected: SafetensorsError.Kind?) {
    #expect(Self.kind(of: Self.bytes(header: header, data: [UInt8](repeating: 0, count: 8))) == expected)
  }

  @Test(arguments: [0, 1, UInt64.max, 1 << 63, 100_000_001])
  func senselessHeaderLength(length: UInt64) {
    let bytes = withUnsafeBytes(of: length.littleEndian) { [UInt8]($0) } + [UInt8](repeating: 0, count: 100)
    #expect(Self.kind(of: bytes) == .header)
  }
}
