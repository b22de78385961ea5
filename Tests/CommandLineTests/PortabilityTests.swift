// Which modes give the same bits whatever instructions the processor has, and that the program needs no others.

import Foundation
import TensorEngine
import Testing

@Suite struct PortabilityTests {
  /// The metrics of all runs under one OpenBLAS kernel.
  private func metrics(core: String, _ arguments: String...) throws -> [String] {
    let space = try Workspace(Workspace.configuration(width: 32, seeds: 1))
    let running = try space.start(["crossover"] + arguments, environment: ["OPENBLAS_CORETYPE": core])
    _ = try running.finish()
    return try space.runs().map { try space.read("results/runs/\($0)/metrics.jsonl") }
  }

  @Test func theNativeBackendDoesNotDependOnOpenBLAS() throws {
    #expect(try metrics(core: "Haswell") == metrics(core: "Nehalem"))
  }

  @Test func everyInstructionSetGivesTheSameRecords() throws {
    let usable = ["x86-64-v3", "x86-64-v4"].filter { KernelChoice.usable.map(\.instructionSet.rawValue).contains($0) }
    let all = try usable.map { level -> [String] in
      let space = try Workspace(Workspace.configuration(width: 32, seeds: 1))
      _ = try space.start(["crossover"], environment: ["REPLICATE_X86_LEVEL": level]).finish()
      return try space.runs().flatMap { run -> [String] in
        #expect(try space.read("results/runs/\(run)/record.json").contains("\"\(level)\""))
        return try ["metrics.jsonl", "items.jsonl"].map { try space.read("results/runs/\(run)/\($0)") }
      }
    }
    for other in all.dropFirst() { #expect(other == all[0]) }
  }

  @Test func theFingerprintIsOfNoInstructionSet() throws {
    let usable = KernelChoice.usable.map(\.instructionSet.rawValue)
    let printed = try usable.map {
      try Workspace().run("doctor", "--fingerprint", environment: ["REPLICATE_X86_LEVEL": $0]).output
    }
    #expect(Set(printed).count == 1, "\(printed)")
  }

  @Test func anInstructionSetThatTheProcessorLacksIsRefused() throws {
    let space = try Workspace()
    let result = try space.start(["list"], environment: ["REPLICATE_X86_LEVEL": "x86-64-v9"]).finish()
    #expect(result.status == 64 && result.errorLines.count == 1)
    #expect(result.errors.contains("REPLICATE_X86_LEVEL=x86-64-v9") && result.errors.contains("x86-64-v3"))
  }

  /// The linker keeps one copy of what several modules define alike, such as helpers that the compiler makes for types: it
  /// must not be one that was compiled for AVX-512, unless it is the kernels' own.
  @Test func onlyTheKernelsForAVX512UseItsRegisters() throws {
    guard let symbols = try disassembly(of: Workspace.binary) else { return }  // no `objdump` here
    #expect(symbols.contains { $0.contains("KernelsAVX512") })
    // Products of bfloat16 are C, chosen by what the processor has.
    #expect(symbols.filter { !$0.contains("KernelsAVX512") && !$0.contains("<bfloat16_") } == [])
  }

  /// The symbols whose code uses registers that only AVX-512 has; nil where nothing can disassemble.
  private func disassembly(of binary: String) throws -> Set<String>? {
    let tool = "/usr/bin/objdump"
    guard FileManager.default.isExecutableFile(atPath: tool) else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    // Only lines that name a symbol or one of those registers: a program is hundreds of megabytes of text otherwise.
    process.arguments = [
      "-c",
      "\(tool) -d --no-show-raw-insn '\(binary)' | awk '/>:$/ { name = $2 } "
        + "/%zmm|%[xy]mm(1[6-9]|2[0-9]|3[01])|%k[0-7]/ { if (name != last) print name; last = name }'",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Set(String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init))
  }

  @Test func openBLASGivesOtherBitsWithOtherKernelsUnlessTheyArePinned() throws {
    #expect(try metrics(core: "Haswell", "--backend", "openblas") != metrics(core: "Nehalem", "--backend", "openblas"))
    #expect(
      try metrics(core: "Haswell", "--backend", "openblas", "--portable")
        == metrics(core: "Nehalem", "--backend", "openblas", "--portable"))
  }
}
