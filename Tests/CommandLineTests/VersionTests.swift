// The version stands in one place; what people read agrees with it.

import Foundation
import Running
import TensorEngine
import Testing

@Suite struct VersionTests {
  @Test func theProgramSaysIt() throws {
    let said = try Workspace().run("--version")
    #expect(said.status == 0 && said.errors.isEmpty)
    #expect(said.lines.first == "replicate \(replicateVersion)")
    let names = said.lines.dropFirst().compactMap { $0.wholeMatch(of: /([a-zA-Z ]+): .+/)?.1 }
    #expect(names == ["commit", "compiler", "instruction set", "BLAS"])
    #expect(said.output.contains("compiler: Swift version 6."))
    #expect(said.output.contains("instruction set: \(KernelChoice.current.instructionSet.rawValue)\n"))
    #expect(said.output.firstMatch(of: /commit: ([0-9a-f]{12}( with changes)?|not known: built outside Git)\n/) != nil)
  }

  /// It is for machines too on which nothing else works.
  @Test func itIsSaidWithoutUsableKernels() throws {
    let said = try Workspace().run("--version", environment: ["REPLICATE_X86_LEVEL": "x86-64-v9"])
    #expect(said.status == 0 && said.lines.first == "replicate \(replicateVersion)")
    #expect(said.output.contains("instruction set: none that replicate can use\n"))
  }

  @Test func theChangelogsNewestIsTheProgramsOwn() throws {
    let changelog = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "../../CHANGELOG.md"),
      encoding: .utf8)
    let versions = changelog.matches(of: /\n## \[([0-9][^\]]*)\] - \d{4}-\d\d-\d\d\n/).map { String($0.output.1) }
    #expect(versions.first == replicateVersion)
    #expect(versions == versions.sorted { $0.compare($1, options: .numeric) == .orderedDescending })
  }
}
