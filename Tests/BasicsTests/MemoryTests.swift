// Memory that cannot be had, by the limits that are declared and by the system's own word.

import Testing

@testable import Basics

@Suite struct MemoryLimitTests {
  @Test func theMachinesMemoryIsRead() {
    #expect(machineMemory("MemTotal:       16 kB\nMemFree: 3 kB\nSwapTotal:      4 kB\n") == 20 * 1024)
    #expect(machineMemory("MemTotal: 16 kB") == 16 * 1024)
    #expect(machineMemory("") == nil)
    #expect(memoryLimit() > 100_000_000)
  }

  @Test func everyGroupAboveLimits() {
    let files = ["/a/b/memory.max": "900\n", "/a/memory.max": "max\n", "/memory.max": "700\n"]
    #expect(controlGroupLimits("0::/a/b\n") { files[$0] ?? "" } == [900, 700])
    let first = ["/memory/x/memory.limit_in_bytes": "500", "/memory/memory.limit_in_bytes": "9223372036854771712"]
    #expect(
      controlGroupLimits("3:cpu,memory:/x\n2:cpu:/y\n") { first[$0] ?? "" } == [500, 9_223_372_036_854_771_712])
    #expect(controlGroupLimits("nonsense") { _ in "5" } == [])
  }

  @Test func moreThanThereIsIsRefused() throws {
    try requireMemory(10, for: "it", limit: 10)
    for (needed, program) in [(3 << 30, 0), (1 << 28, 3 << 30 - 1 << 28)] {
      let error = #expect(throws: RefusedResource.self) {
        try requireMemory(needed, beside: program, for: "it", limit: 1 << 29)
      }
      #expect(error?.exitStatus == .io)
      #expect(
        error?.description.hasPrefix("it: needs about 3.0 GiB of memory, but this process can have 512 MiB; ") == true)
    }
    #expect(throws: RefusedResource.self) { try requireMemory(.max, beside: 1, for: "it", limit: .max) }
  }

  /// Within every limit, and more than any address space.
  @Test func whatTheSystemRefusesNow() throws {
    try requireMemory(1 << 20, for: "a test")
    let error = #expect(throws: RefusedResource.self) { try requireMemory(1 << 60, for: "the run x", limit: .max) }
    #expect(
      error?.description.hasPrefix(
        "the run x: needs about 1073741824.0 GiB of memory, which the system refuses now; ") == true)
  }
}
