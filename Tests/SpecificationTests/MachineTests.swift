// Tests of what records say about the machine.

import Foundation
import Testing

@testable import Specification

@Suite struct MachineTests {
  @Test func processorNames() {
    #expect(
      Machine.processorName(
        inCPUInformation: "processor\t: 0\nmodel\t\t: 85\nmodel name\t: Some CPU @ 2.0GHz\n\n"
          + "model name\t: Other\n") == "Some CPU @ 2.0GHz, model 85")
    #expect(
      Machine.processorName(
        inCPUInformation: "cpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD EPYC\nstepping\t: 1\n")
        == "AMD EPYC, family 25, model 17, stepping 1")
    #expect(
      Machine.processorName(inCPUInformation: "CPU implementer : 0x41\nCPU part : 0xd0c\n")
        == "implementer 0x41, part 0xd0c")
    #expect(Machine.processorName(inCPUInformation: "") == nil)
  }

  @Test func thisMachine() {
    let machine = Machine.current(blas: "b", version: "v")
    #expect(machine.cores >= 1 && machine.kernel.hasPrefix("Linux ") && !machine.kernel.contains("\n"))
    #expect(machine.blas == "b" && machine.version == "v")
    #expect(machine.instructionSet != nil)
  }

  /// Records of before there were fingerprints are read as ever, and written as ever where there is none.
  @Test func recordsThatNameNoEngine() throws {
    let old = #"{"blas":"b","cores":2,"kernel":"Linux 6","processor":"p","version":"0.1.0"}"#
    var machine = try JSONDecoder().decode(Machine.self, from: Data(old.utf8))
    #expect(machine.engine == nil)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(String(decoding: try encoder.encode(machine), as: UTF8.self) == old)
    machine.engine = "0123456789abcdef"
    #expect(try JSONDecoder().decode(Machine.self, from: encoder.encode(machine)) == machine)
  }
}
