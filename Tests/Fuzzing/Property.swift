// What must hold of a parser for any bytes whatever: it takes them or throws its typed error; and of every writer for any
// name: its reader gets the name back. Shared by the fuzzer
// (Fuzzer.swift) and by the ordinary tests that replay what the fuzzer has kept (ReplayTests.swift).

import Foundation

/// A parser or the writers, fed with arbitrary bytes; the raw value names its folder of kept inputs.
enum Property: String, CaseIterable, Sendable {
  case configuration, safetensors, checkpoint, records, specification, figure, text, python, names

  /// - Throws: ``Violation`` if the property does not hold. A trap, a hang or a lack of memory shows by itself.
  func check(_ bytes: [UInt8]) throws {
    switch self {
    case .configuration: try checkConfiguration(bytes)
    case .safetensors: try checkSafetensors(bytes)
    case .checkpoint: try checkCheckpoint(bytes)
    case .records: try checkRecords(bytes)
    case .specification: try checkSpecification(bytes)
    case .figure: try checkFigure(bytes)
    case .text: try checkText(bytes)
    case .python: try checkPython(bytes)
    case .names: try checkNames(bytes)
    }
  }
}

/// A property that does not hold.
struct Violation: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
  if !condition { throw Violation(what()) }
}

/// An error that people see is text, and it names the file where there is one.
func requireMessage(_ error: any Error, naming file: String? = nil) throws {
  let message = "\(error)"
  try require(!message.isEmpty, "an error without a message")
  if let file { try require(message.contains(file), "an error that does not name its file: \(message)") }
}

/// A file or folder of this thread's own, in memory where the machine has such a place; removed afterwards.
func withScratch<Result>(_ body: (String) throws -> Result) rethrows -> Result {
  let root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
  let path = "\(root)/replicate-fuzz-\(getpid())-\(pthread_self())"
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}

func write(_ bytes: [UInt8], to path: String) throws {
  guard let file = fopen(path, "w") else { throw Violation("cannot write \(path)") }
  defer { fclose(file) }
  try require(fwrite(bytes, 1, bytes.count, file) == bytes.count, "cannot write \(path)")
}
