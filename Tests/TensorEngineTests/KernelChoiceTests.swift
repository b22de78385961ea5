// The choice among the kernels of the program. That all of them give the same bits is tested in TrainingTests.

import Testing

@testable import TensorEngine

@Suite struct KernelChoiceTests {
  @Test func thisMachineHasKernels() {
    #expect(!KernelChoice.usable.isEmpty)
    #expect(Set(KernelChoice.usable.map(\.instructionSet)).count == KernelChoice.usable.count)
  }

  @Test func theNewestInstructionsAreTheDefault() throws {
    let chosen = try KernelChoice.kernels(named: nil)
    #expect(chosen.instructionSet == KernelChoice.usable.first?.instructionSet)
  }

  @Test func everyUsableInstructionSetCanBeNamed() throws {
    for usable in KernelChoice.usable {
      #expect(try KernelChoice.kernels(named: usable.instructionSet.rawValue).instructionSet == usable.instructionSet)
    }
  }

  @Test(arguments: ["x86-64-v2", "avx2", " x86-64-v3"])
  func otherNamesAreRefusedWithThoseThatServe(name: String) throws {
    let error = #expect(throws: KernelError.self) { try KernelChoice.kernels(named: name) }
    #expect(try #require(error).description.contains(KernelChoice.usable[0].instructionSet.rawValue))
  }
}
