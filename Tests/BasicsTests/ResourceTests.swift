// Threads and allocations that the system gives or refuses, what it says about it, and how errors end the program.

import Foundation
import Synchronization
import Testing

@testable import Basics

@Suite struct ResourceTests {
  @Test func allThreadsWork() throws {
    let begun = Atomic<Int>(0)
    try onThreads(5) { begun.add(1, ordering: .relaxed) }
    #expect(begun.load(ordering: .relaxed) == 5)
    try onThreads(0) { begun.add(1, ordering: .relaxed) }
    #expect(begun.load(ordering: .relaxed) == 5)
  }

  @Test func aPlainThreadGivesItsValue() throws {
    #expect(try onPlainThread { pthread_self() } != pthread_self())
  }

  @Test func asynchronousWorkIsAwaited() throws {
    let value = try onPlainThread {
      Result {
        try completed {
          try await Task.sleep(for: .milliseconds(1))
          return 5
        }
      }
    }
    #expect(try value.get() == 5)
    let error = try onPlainThread { Result { try completed { throw SystemError(EIO) } } }
    #expect(throws: SystemError(EIO)) { try error.get() }
  }

  /// More than any address space: the program says so and ends with status 74. (Sanitizers have their own allocators.)
  @Test(.enabled(if: ProcessInfo.processInfo.environment["REPLICATE_SANITIZER"] == nil))
  func anAllocationThatFails() async {
    let result = await #expect(processExitsWith: .exitCode(74), observing: [\.standardErrorContent]) {
      _ = allocated(1 << 60, alignment: 64)
    }
    let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(errors.contains("replicate: no memory for another 1073741824.0 GiB"))
  }

  @Test func errorsOfTheSystemAreWords() throws {
    #expect(systemMessage(EAGAIN) == "resource temporarily unavailable")
    #expect(throws: SystemError(ENOENT)) { try contents(ofFile: "/nowhere") }
    #expect(throws: SystemError(EISDIR)) { try contents(ofFile: "/") }
    #expect(try contents(ofFile: "/proc/self/comm").last == UInt8(ascii: "\n"))
    do {
      try FileManager.default.createDirectory(atPath: "/proc/x", withIntermediateDirectories: false)
    } catch {
      #expect(systemReason(error) == "no such file or directory", "\(error)")
    }
    do {
      _ = try Data(contentsOf: URL(fileURLWithPath: "/"))
    } catch {
      #expect(systemReason(error).allSatisfy { !$0.isNumber }, "\(error)")
    }
  }
}

@Suite struct RepeatedKeyTests {
  @Test(arguments: [
    (#"{"a": 1, "b": {"a": 2}, "c": [{"a": 1}, {"a": 2}], "d": "a"}"#, nil), ("[]", nil), ("\"a\"", nil),
    (#"{"a": 1, "a": 1}"#, "a"), (#"{"x": {"b": [], "b": 1}}"#, "b"), (#"{"a": 1, "\u0061": 1}"#, "a"),
    (#"[{"a": "},{", "c": 1}, {"q\"": 1, "q\"": 2}]"#, "q\""), (#"{"a": {}, "b": {}, "a": {}}"#, "a"),
    ("{\"\u{E9}\": 1, \"e\u{301}\": 2}", "\u{E9}"), (#"{"a": ["a", "a"], "b": "a"}"#, nil),
  ])
  func keys(_ json: String, _ repeated: String?) { #expect(firstRepeatedKey(inJSON: Array(json.utf8)) == repeated) }

  /// Of text that is no JSON nothing is said, but it is read to its end.
  @Test(arguments: ["", "{", "}", "{\"", "{\"a", "{\"\\", "]]}", ",:\"a\",", "{\"a\":\"\\"])
  func anyText(_ text: String) { #expect(firstRepeatedKey(inJSON: Array(text.utf8)) == nil) }
}
