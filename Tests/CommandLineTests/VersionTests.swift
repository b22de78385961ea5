// The version stands in one place; what people read agrees with it.

import Foundation
import Running
import Testing

@Suite struct VersionTests {
  @Test func theProgramSaysIt() throws { #expect(try Workspace().run("--version").output == replicateVersion + "\n") }

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
