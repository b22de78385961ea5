// Whole drawings: the files, their bytes, and every way in which gnuplot or the disk can fail.

import Foundation
#if canImport(FoundationXML)
  import FoundationXML
#endif
import Testing

@testable import Figures

/// A directory for one test, removed with it.
final class Scratch: Sendable {
  let path = NSTemporaryDirectory() + "figures-tests-" + UUID().uuidString
  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  var entries: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

  func write(_ text: String, to name: String, executable: Bool = false) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    if executable { chmod("\(path)/\(name)", 0o755) }
  }
}

func contents(_ path: String) -> Data { FileManager.default.contents(atPath: path) ?? Data() }

@Suite struct DrawTests {
  @Test(arguments: ["crossover", "any-order", "input-noise"])
  func drawsTheExamplesAndAgainWithTheSameBytes(_ name: String) async throws {
    let figure = try #require([Example.crossover, Example.anyOrder, Example.sweep].first { $0.name == name })
    let scratch = try Scratch()
    let first = try await draw(figure, to: scratch.path)
    #expect(scratch.entries == ["\(name).gp", "\(name).png", "\(name).svg"])
    #expect(first.skippedPoints == 0)
    let bytes = [first.script, first.svg, first.png].map(contents)
    let second = try await draw(figure, to: scratch.path + "/below/it")
    #expect([second.script, second.svg, second.png].map(contents) == bytes)
    if let keep = ProcessInfo.processInfo.environment["FIGURES_TO"] { _ = try await draw(figure, to: keep) }
  }

  /// For a column: a PDF alone, 8.5 cm wide, one panel below another.
  @Test func aColumnIsANarrowPDF() async throws {
    let scratch = try Scratch()
    let path = try await drawColumn(Example.crossover, to: scratch.path)
    #expect(scratch.entries == ["crossover.pdf"] && path == scratch.path + "/crossover.pdf")
    let text = String(decoding: contents(path), as: UTF8.self)
    let box = try #require(text.firstMatch(of: /\/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]/))
    #expect(abs((Double(box.1) ?? 0) - 8.5 / 2.54 * 72) < 1)
    let panels = try FigureLayout(Example.crossover, for: .column).panels
    #expect(panels.count > 1 && zip(panels, panels.dropFirst()).allSatisfy { $0.top + Metrics.plotHeight < $1.top })
    #expect(panels.allSatisfy { $0.left < 120 })
    if let keep = ProcessInfo.processInfo.environment["FIGURES_TO"] {
      _ = try await drawColumn(Example.crossover, to: keep)
    }
  }

  /// What somebody has put in a drawing's place: a link is replaced, not followed, and anything else is left alone.
  @Test func pipesAndLinksInADrawingsPlace() async throws {
    let scratch = try Scratch()
    try scratch.write("precious", to: "precious")
    symlink("precious", scratch.path + "/any-order.svg")
    let files = try await draw(Example.anyOrder, to: scratch.path)
    #expect(contents(scratch.path + "/precious") == Data("precious".utf8))
    let drawn = contents(files.svg)
    unlink(files.png)
    mkfifo(files.png, 0o600)
    await #expect(throws: FigureError.self) { try await draw(Example.anyOrder, to: scratch.path) }
    unlink(files.png)
    #expect(scratch.entries == ["any-order.gp", "any-order.svg", "precious"])
    #expect(contents(files.svg) == drawn)
  }

  @Test func theScriptAloneDrawsTheSame() async throws {
    let (drawn, copy) = (try Scratch(), try Scratch())
    let files = try await draw(Example.anyOrder, to: drawn.path)
    try contents(files.script).write(to: URL(fileURLWithPath: copy.path + "/any-order.gp"))
    try await Gnuplot().run(script: "any-order.gp", in: copy.path, figure: "any-order")
    #expect(contents(copy.path + "/any-order.svg") == contents(files.svg))
    #expect(contents(copy.path + "/any-order.png") == contents(files.png))
  }

  @Test(arguments: [
    "with space", "it's \"quoted\"", "new\nline", "ünï 漢字 🌍", "-dash", "|touch pwned", "$HOME `touch pwned`",
    "~ \\ 50%d",
  ])
  func strangeNamesAndDirectories(_ name: String) async throws {
    let scratch = try Scratch()
    let files = try await draw(Example.plain(name: name), to: "\(scratch.path)/\(name)")
    #expect(files.svg == "\(scratch.path)/\(name)/\(name).svg")
    #expect(!contents(files.png).isEmpty)
    #expect(scratch.entries == [name])
    let inside = try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/\(name)")
    #expect(inside.sorted() == ["\(name).gp", "\(name).png", "\(name).svg"].sorted())
  }

  /// A figure with the same text wherever it has one.
  private static func example(saying text: String) -> Figure {
    var figure = Example.anyOrder
    figure.title = text
    figure.caption = [text]
    figure.panels[0].title = text
    figure.panels[0].xLabel = text
    figure.panels[0].yLabel = text
    figure.panels[0].legendTitle = text
    figure.panels[0].categories = [text, text, text]
    figure.panels[0].series[0].label = text
    figure.panels[0].markers = [.horizontal(0.3, text)]
    return figure
  }

  @Test func textIsNeverACommand() async throws {
    let hostile = "`touch pwned` \"\nsystem('touch pwned') # {/:Bold x} ^_@&~\\ 'q' 100 % %d \u{7} $(touch pwned)"
    let figure = Self.example(saying: hostile)
    let scratch = try Scratch()
    let files = try await draw(figure, to: scratch.path)
    #expect(scratch.entries == ["any-order.gp", "any-order.png", "any-order.svg"])
    let svg = String(decoding: contents(files.svg), as: UTF8.self)
    #expect(svg.contains("`touch pwned` &quot;") || svg.contains("`touch pwned` \""))
    #expect(svg.contains("^_@&amp;~\\ 'q' 100 % %d"))
  }

  /// Each alone, because a second one could close what the first has opened.
  @Test(arguments: ["{", "}", "'", "\"", "\\", "`", "#", "$", "@", "%", "]", "a { 'b", "it's {", "\\}"])
  func signsThatNothingClosesAreText(_ sign: String) async throws {
    var figure = Self.example(saying: sign)
    figure.name = sign
    let scratch = try Scratch()
    let files = try await draw(figure, to: scratch.path + "/" + sign)
    let escaped = sign.replacing("\"", with: "&quot;")
    let svg = String(decoding: contents(files.svg), as: UTF8.self).replacing("\"", with: "&quot;")
    #expect(svg.components(separatedBy: ">\(escaped)<").count > 8, "the title, the labels and the legend")
  }

  /// A sign that is one `Character` with what stands beside it is a sign to gnuplot and to a reader of SVG all the same.
  @Test(arguments: ["\"", "`touch pwned`", "{", "}", "\\", "<b>", "&amp;", "%"])
  func signsInsideACharacterAreText(_ sign: String) async throws {
    let text = "\u{0600}\(sign)\u{0301}"
    let scratch = try Scratch()
    let files = try await draw(Self.example(saying: text), to: scratch.path)
    #expect(scratch.entries == ["any-order.gp", "any-order.png", "any-order.svg"])
    let texts = try TextsOfXML(contents(files.svg)).texts
    #expect(texts.count { Array($0.unicodeScalars) == Array(text.unicodeScalars) } > 8, "\(texts)")
  }

  /// A backslash at the end of a comment would make the next command part of it.
  @Test func commentsEndWithTheirLine() async throws {
    let scratch = try Scratch()
    var drawings: [String] = []
    for text in ["ends in \\", "ends in /"] {
      var figure = Example.anyOrder  // gnuplot's estimate of a legend's width counts escapes, so titles only
      (figure.title, figure.panels[0].title) = (text, text)
      let files = try await draw(figure, to: scratch.path)
      let script = String(decoding: contents(files.script), as: UTF8.self)
      #expect(!script.split(separator: "\n").contains { $0.drop { $0 == " " }.hasPrefix("#") && $0.hasSuffix("\\") })
      drawings.append(String(decoding: contents(files.svg), as: UTF8.self).replacing("ends in \\", with: "ends in /"))
    }
    let differences = zip(drawings[0].split(separator: "\n"), drawings[1].split(separator: "\n")).filter { $0 != $1 }
    #expect(differences.isEmpty, "the same figure but for the text: \(differences)")
  }

  @Test(arguments: ["", "a/b", "nul\0", String(repeating: "x", count: 300), ".", ".."])
  func namesThatAreNoFiles(_ name: String) async throws {
    let scratch = try Scratch()
    await #expect(throws: FigureError.badName(name)) { try await draw(Example.plain(name: name), to: scratch.path) }
    #expect(scratch.entries.isEmpty)
  }
}

@Suite struct DrawFailureTests {
  /// Draws the plain figure, then again with a failure in the way: the error must come and the first drawing stay.
  private func failing(
    _ figure: Figure = Example.plain(line: [(1, 7), (2, 8)]), with gnuplot: Gnuplot = Gnuplot()
  ) async throws -> FigureError? {
    let scratch = try Scratch()
    let files = try await draw(Example.plain(), to: scratch.path)
    let before = [files.script, files.svg, files.png].map(contents)
    var failure: FigureError?
    do { _ = try await draw(figure, to: scratch.path, with: gnuplot) } catch { failure = error }
    #expect([files.script, files.svg, files.png].map(contents) == before)
    #expect(scratch.entries == ["plain.gp", "plain.png", "plain.svg"])
    return failure
  }

  /// A stand-in for gnuplot that answers the question for fonts and then runs `body`.
  private func standIn(_ body: String) throws -> (gnuplot: Gnuplot, keep: Scratch) {
    let scratch = try Scratch()
    let text = "#!/bin/sh\n[ \"$2\" = -e ] && { echo 60.0; exit 0; }\n\(body)\n"
    try scratch.write(text, to: "gnuplot", executable: true)
    return (Gnuplot(environment: ["PATH": scratch.path]), scratch)
  }

  @Test func gnuplotIsMissing() async throws {
    let failure = try await failing(with: Gnuplot(environment: ["PATH": "/nowhere"]))
    #expect(failure == .gnuplotMissing)
    #expect(failure?.description.contains("apt-get install gnuplot-nox") == true)
  }

  @Test func gnuplotFails() async throws {
    let (gnuplot, keep) = try standIn("echo '\"figure.gp\" line 3: undefined variable: x' >&2; exit 1")
    let failure = try await failing(with: gnuplot)
    #expect(
      failure
        == .gnuplotFailed(
          figure: "plain", status: "exited(1)", message: "\"figure.gp\" line 3: undefined variable: x"))
    _ = keep
  }

  @Test func gnuplotDrawsNothing() async throws {
    let (gnuplot, keep) = try standIn("exit 0")
    #expect(try await failing(with: gnuplot) == .emptyOutput(figure: "plain", file: "plain.svg"))
    let (half, keepToo) = try standIn("echo '<svg>' > plain.svg; : > plain.png")
    #expect(try await failing(with: half) == .emptyOutput(figure: "plain", file: "plain.svg"))
    _ = (keep, keepToo)
  }

  @Test func noFonts() async throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(atPath: scratch.path + "/none", withIntermediateDirectories: true)
    let settings =
      "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">"
      + "<fontconfig><dir>\(scratch.path)/none</dir><cachedir>\(scratch.path)/cache</cachedir></fontconfig>"
    try scratch.write(settings, to: "fonts.conf")
    let gnuplot = Gnuplot(environment: ["FONTCONFIG_FILE": scratch.path + "/fonts.conf"])
    #expect(try await failing(with: gnuplot) == .fontsMissing(figure: "plain"))
  }

  @Test func directoriesThatCannotBeWritten() async throws {
    let scratch = try Scratch()
    try scratch.write("a file", to: "file")
    for directory in [scratch.path + "/file", scratch.path + "/file/below", "/proc/nowhere"] {
      await #expect { try await draw(Example.plain(), to: directory) } throws: { error in
        guard case .unwritable(let path, let reason)? = error as? FigureError else { return false }
        return path == directory && !reason.isEmpty
      }
    }
    #expect(scratch.entries == ["file"])
  }

  @Test func aFullDiskIsNoticed() throws {
    let layout = try FigureLayout(Example.crossover)
    #expect(throws: FigureError.unwritable(path: "/dev/full", reason: "no space left on device")) {
      try FigureScript(layout: layout).write(to: "/dev/full")
    }
    #expect(throws: FigureError.unwritable(path: "/nowhere/x.gp", reason: "no such file or directory")) {
      try FigureScript(layout: layout).write(to: "/nowhere/x.gp")
    }
  }

  @Test func seriesWithoutDataAreNamed() async throws {
    let nothing = Example.plain(line: [(1, .nan), (2, .infinity), (.nan, 3)])
    #expect(
      try await failing(nothing) == .nothingToDraw(figure: "plain", panel: "p", series: "s", points: 3))
    #expect(
      try await failing(Example.plain(line: []))
        == .nothingToDraw(figure: "plain", panel: "p", series: "s", points: 0))
    var logarithmic = Example.plain(line: [(0, 1), (-1, 2)])
    logarithmic.panels[0].xScale = .log
    #expect(
      try await failing(logarithmic) == .nothingToDraw(figure: "plain", panel: "p", series: "s", points: 2))
  }

  @Test func figuresThatMakeNoSense() async throws {
    var figure = Example.plain()
    figure.panels = []
    #expect(try await failing(figure) == .empty(figure: "plain", what: "it has no panels"))
    figure = Example.plain()
    figure.panels[0].series = []
    #expect(try await failing(figure) == .empty(figure: "plain", what: "panel \"p\" has no series"))
    figure = Example.plain()
    figure.panels[0].series[0].bars = [Bar(category: 2, value: 1)]
    #expect(
      try await failing(figure)
        == .unknownCategory(figure: "plain", panel: "p", series: "s", category: 2, count: 0))
    figure = Example.plain()
    figure.panels[0].xScale = .log
    figure.panels[0].xRange = 0...3
    #expect(try await failing(figure) == .badRange(figure: "plain", panel: "p", axis: "x", range: "0.0…3.0"))
    figure = Example.plain()
    figure.panels[0].yRange = 1...1
    #expect(try await failing(figure) == .badRange(figure: "plain", panel: "p", axis: "y", range: "1.0…1.0"))
  }

  @Test func pointsThatAreNotFiniteAreCountedAndReported() async throws {
    var figure = Example.plain(line: [(1, 0.2), (2, .nan), (4, 0.9), (.infinity, 1)])
    figure.panels[0].markers = [.vertical(.nan, "none")]
    let scratch = try Scratch()
    let files = try await draw(figure, to: scratch.path)
    #expect(files.skippedPoints == 3)
    let script = String(decoding: contents(files.script), as: UTF8.self)
    #expect(script.contains("Not drawn because not finite (or not positive on a log axis): 3 in p."))
    #expect(script.contains("$panel1_series1_line << e\n1 0.2\n4 0.9\ne\n"))
  }
}

/// The texts of a document's elements, by a real parser.
private final class TextsOfXML: NSObject, XMLParserDelegate {
  private(set) var texts: [String] = []
  private var text = ""

  /// - Throws: if it is not well formed.
  init(_ data: Data) throws {
    super.init()
    let parser = XMLParser(data: data)
    parser.delegate = self
    if !parser.parse() { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) { text = "" }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    if !text.isEmpty { texts.append(text) }
    text = ""
  }
}
