// Documentation/studies.md and the files beside it: every TOML that a reader could copy is accepted and plans runs, and
// the page shows the files as they are.

import Foundation
import Testing
@testable import Claims
@testable import Configuration

private let documentation = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("../../Documentation")

@Suite struct StudyDocumentTests {
  /// The studies that the page walks through.
  static let studies = ["learning-rate", "wide-or-deep", "masking-by-tokens"]

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: documentation.appendingPathComponent(path), encoding: .utf8)
  }

  /// The page's blocks of TOML.
  private static func blocks() throws -> [String] {
    try text("studies.md").matches(of: /```toml\n((?:(?!```)[\s\S])*)```/).map { String($0.output.1) }
  }

  private func catalogue(_ toml: String) throws -> Catalogue {
    let path = NSTemporaryDirectory() + "study-\(UUID().uuidString).toml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(toml.utf8).write(to: URL(fileURLWithPath: path))
    return try Catalogue(ConfigurationSources(file: path))
  }

  @Test(arguments: studies) func thePageShowsTheFile(_ name: String) throws {
    #expect(try Self.blocks().contains(Self.text("studies/\(name).toml")))
  }

  @Test func thereAreNoOtherFiles() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: documentation.appendingPathComponent("studies").path)
    #expect(files.sorted() == Self.studies.map { "\($0).toml" }.sorted())
  }

  @Test(arguments: studies, Preset.allCases) func everyStudyPlansRuns(_ name: String, _ preset: Preset) throws {
    let study = try catalogue(Self.text("studies/\(name).toml")).entry(name).study(preset, backend: .native)
    #expect(!study.runs.isEmpty)
    #expect(Set(study.runs.map(\.hash)).count == study.runs.count, "an arm is trained twice under two names")
  }

  /// Those that are no study are overlays, under which all claims still plan.
  @Test func everyBlockIsAccepted() throws {
    let blocks = try Self.blocks()
    #expect(blocks.count > Self.studies.count)
    for block in blocks {
      for entry in try catalogue(block).entries {
        let study = try entry.study(.smoke, backend: .native)
        let lacksItsTexts = study.settings.naturals.contains { !$0.isInstalled }
        #expect(!study.runs.isEmpty || lacksItsTexts, "\(entry.name) under\n\(block)")
      }
    }
  }

  /// "Every key": what the table names and what the reader takes are the same words.
  @Test func theTableNamesEveryKey() throws {
    let rows = try Self.text("studies.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
    let named = Set(rows.flatMap { $0.split(separator: "|")[0].matches(of: /`([a-z_]+)/).map { String($0.output.1) } })
    let reader = try String(
      contentsOf: documentation.appendingPathComponent("../Sources/Configuration/StudyReader.swift"), encoding: .utf8)
    let read = reader.matches(of: /(?:string|optionalString|strings|tables|integer|number|choice)\("([a-z_]+)"/)
      .map { String($0.output.1) }
    #expect(read.count >= 15)
    #expect(Set(read).subtracting(["arms", "conditions", "questions"]).subtracting(named) == [])
  }
}
