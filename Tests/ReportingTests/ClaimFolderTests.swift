// What belongs to a stored verdict and what does not; figures that are drawn again from data.

import Figures
import Foundation
import TestSupport
import Testing
@testable import Claims
@testable import Files
@testable import Reporting
@testable import Specification
@testable import Wording

@Suite struct ClaimFolderTests {
  private let directory = NSTemporaryDirectory() + "claim-folder-" + UUID().uuidString
  private let machine = Machine(processor: "p", cores: 1, kernel: "k", blas: "b", version: "0")

  private func figure(_ text: String = "a title", value: Double = 1) -> Figure {
    Figure(
      name: "crossover", title: text, caption: [text],
      panels: [
        Panel(
          title: text, xLabel: text, yLabel: text, categories: [text],
          series: [
            Series(label: text, colour: .level(0.5), bars: [Bar(category: 0, value: value, interval: 0...value)])
          ],
          markers: [.horizontal(0.5, text)], legendTitle: text)
      ])
  }

  private func report(_ figure: Figure?, sentence: String = "it is so") -> ClaimReport {
    ClaimReport(
      claim: "crossover", preset: .ci, seeds: 5, verdict: .holds, sentence: sentence, remarks: [], metrics: [:],
      estimates: [], comparisons: [:], tables: [], figure: figure, records: [])
  }

  /// Writes a verdict as the commands do.
  private func write(_ figure: Figure?, sentence: String = "it is so", rows: [[String]] = [["1"]]) throws
    -> VerdictRecord
  {
    let report = report(figure, sentence: sentence)
    return try folder.write(
      report, data: Table(title: "t", columns: ["c"], rows: rows),
      record: report.record(statement: "s", machine: machine))
  }

  private var folder: ClaimFolder { ClaimFolder("crossover", in: directory) }
  private func path(_ name: String) -> String { folder.path(of: name) }
  private func names() throws -> [String] { try fileNames(in: folder.path) }

  @Test func aVerdictNamesWhatBelongsToIt() async throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let written = try write(figure())
    #expect(written.files?.keys.sorted() == ["data.csv", "figure.json"])
    #expect(try !folder.isDrawn(written) && folder.drawing(of: written) == nil)
    let drawn = try await folder.draw(figure(), for: written).record
    let stored = try #require(try folder.verdict())
    #expect(stored.files == drawn.files && stored.files?.count == 5)
    #expect(try folder.isDrawn(stored) && folder.drawing(of: stored) != nil && folder.strangers(beside: stored).isEmpty)

    // The same figure under another sentence keeps its drawings, another one does not.
    #expect(try write(figure(), sentence: "it is still so").files == drawn.files)
    let other = try write(figure(value: 2))
    #expect(try other.files?.count == 2 && folder.drawing(of: other) == nil)
    #expect(try names() == ["data.csv", "figure.json", "verdict.json"])
    _ = try await folder.draw(figure(value: 2), for: other)
    _ = try write(nil)
    #expect(try names() == ["data.csv", "verdict.json"])
  }

  @Test(arguments: ["data.csv", "figure.json", "crossover.svg", "crossover.png", "crossover.gp"])
  func whatDoesNotBelongIsNamed(_ name: String) async throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    _ = try await folder.draw(figure(), for: write(figure()))
    let record = try #require(try folder.verdict())
    try writeAtomically("another", to: path(name))
    #expect(try folder.strangers(beside: record) == ["\(name) was altered, or is of another verdict"])
    #expect(try (folder.drawing(of: record) == nil) == (name == "crossover.svg"))
    if name == "figure.json" { #expect(throws: StoreError.self) { try folder.figure(of: record) } }
    try FileManager.default.removeItem(atPath: path(name))
    #expect(try folder.strangers(beside: record) == ["\(name) is lost"])
    var without = record
    without.files?[name] = nil
    try writeAtomically("another", to: path(name))
    #expect(try folder.strangers(beside: without) == ["\(name) beside it is of another verdict"])
    without.files?["../../secret"] = "0"
    #expect(try folder.strangers(beside: without).contains("names a file ../../secret, which no claim has"))
  }

  @Test func anAlteredVerdictIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    _ = try write(figure())
    let text = String(decoding: try readFile(path("verdict.json")), as: UTF8.self)
    for (old, new, words) in [
      ("\"holds\"", "\"fails\"", "its seal is not that of its contents"), ("\"seal\"", "\"sael\"", "has lost its seal"),
    ] {
      try writeAtomically(text.replacing(old, with: new), to: path("verdict.json"))
      let error = #expect(throws: StoreError.self) { try folder.verdict() }
      #expect(error?.kind == .badData && error?.description.contains(words) == true, "\(String(describing: error))")
    }
    // Another claim's verdict in this one's folder.
    try makeDirectory(directory + "/sparsity")
    try writeAtomically(text, to: directory + "/sparsity/verdict.json")
    #expect(throws: StoreError.self) { try ClaimFolder("sparsity", in: directory).verdict() }
  }

  /// Nothing in a stored figure is a command, whatever wrote it.
  @Test(arguments: [
    "`touch pwned`", "\"; system('touch pwned')", "\n! touch pwned\n", "\nload '< touch pwned'\n", "a\\", "\\\nquit\n",
    "{/:Bold @touch}", "%c",
  ])
  func aStoredFigureIsData(_ text: String) async throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    _ = try write(figure(text))
    let before = FileManager.default.currentDirectoryPath
    _ = try await folder.redraw()
    let files = try FileManager.default.subpathsOfDirectory(atPath: directory)
    #expect(!files.contains { $0.contains("pwned") } && !FileManager.default.fileExists(atPath: before + "/pwned"))
    #expect(try folder.verdict()?.files?.count == 5)
  }

  @Test func aFigureIsReadBackAsItWas() throws {
    let example = Figure(
      name: "f", title: "t", caption: ["c", "d"],
      panels: [
        Panel(
          title: "p", xLabel: "x", yLabel: "y", xScale: .log, yScale: .log, yPercent: true, xRange: 1...2,
          yRange: 0.5...3,
          categories: [],
          series: [
            Series(
              label: "a", colour: .other(3), dots: [(x: 1, y: 2), (x: 0.1 + 0.2, y: .nan)],
              line: [(x: 1, y: .infinity)],
              band: [(x: 1, low: 0, high: 1)], errorBars: [(x: 2, low: 1, high: 3)], dashed: true),
            Series(
              label: "b", colour: .autoregressive,
              bars: [Bar(category: 0, value: -1), Bar(category: 1, value: 2, interval: 1...3)]),
          ], markers: [.vertical(3, "v", colour: .diffusion), .horizontal(0.25, "h")], legend: .bottomLeft,
          legendTitle: "l")
      ])
    let text = try jsonText(example)
    let again = try recordDecoder().decode(Figure.self, from: Data(text.utf8))
    #expect(try jsonText(again) == text)
    #expect(again.panels[0].series[0].dots[0] == (x: 1, y: 2) && again.panels[0].series[0].dots[1].y.isNaN)
  }

  /// Figures of the first edition have their colours in objects.
  @Test(arguments: [
    ("{\"autoregressive\":{}}", "\"ar\""), ("{\"diffusion\":{}}", "\"dlm\""),
    ("{\"other\":{\"_0\":3}}", "{\"other\":3}"),
    ("{\"level\":{\"_0\":0.5}}", "{\"level\":0.5}"), ("{\"level\":1}", "{\"level\":1}"),
  ])
  func coloursOfEarlierVersions(_ old: String, _ new: String) throws {
    for text in [old, new] {
      let colour = try recordDecoder().decode(SeriesColour.self, from: Data(text.utf8))
      #expect(try jsonText(colour) == new)
    }
    for wrong in ["\"red\"", "{}", "{\"level\":1,\"other\":1}", "{\"other\":\"x\"}", "3"] {
      #expect(throws: (any Error).self) { try recordDecoder().decode(SeriesColour.self, from: Data(wrong.utf8)) }
    }
  }

  @Test func whatIsNoFigureIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let text = try jsonText(figure())
    for (old, new) in [
      ("\"crossover\"", "\"../x\""), ("\"dots\":[]", "\"dots\":[[1]]"), ("[0,1]", "[1,0]"), ("\"linear\"", "\"cubic\""),
      ("\"a title\"", "\"\(String(repeating: "x", count: 30_000))\""), (text, "[]"), (text, ""),
    ] {
      _ = try write(figure())
      var record = try #require(try folder.verdict())
      let altered = Data(text.replacing(old, with: new).utf8)
      #expect(altered != Data(text.utf8))
      try writeAtomically(altered, to: path("figure.json"))
      record.files?["figure.json"] = sha256(altered)
      let error = #expect(throws: StoreError.self, "\(new.prefix(20))") { try folder.figure(of: record) }
      #expect(error?.kind == .badData)
    }
  }
}
