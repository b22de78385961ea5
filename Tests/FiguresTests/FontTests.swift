// Signs that no installed font has: gnuplot draws a text with one of them over the whole PNG and reports success.

import Foundation
import Testing

@testable import Figures

@Suite struct FontTests {
  /// gnuplot with DejaVu alone, which has no Han, Hangul, Thai, Tamil or Devanagari.
  private static func withDejaVuOnly(_ scratch: Scratch) throws -> Gnuplot {
    let settings =
      "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">"
      + "<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>\(scratch.path)/cache</cachedir></fontconfig>"
    try scratch.write(settings, to: "fonts.conf")
    return Gnuplot(environment: ["FONTCONFIG_FILE": scratch.path + "/fonts.conf"])
  }

  private static func figure(_ title: String) -> Figure {
    var figure = Example.plain()
    figure.title = title
    figure.caption = [title]
    figure.panels[0].series[0].label = title
    return figure
  }

  /// The drawing keeps its shape: it is, to the byte, the one whose title says it in words.
  @Test(arguments: [
    ("红楼梦.txt: which wins?", "[3 signs without a font].txt: which wins?"),
    ("한국어 책", "[4 signs without a font]"), ("หนังสือ", "[5 signs without a font]"),
    ("किताब", "[3 signs without a font]"), ("அ b", "[1 sign without a font] b"),
    ("👩‍👩‍👧‍👦 family", "[4 signs without a font] family"),
  ])
  func missingGlyphsAreSaidInWords(_ title: String, _ words: String) async throws {
    let scratch = try Scratch()
    let gnuplot = try Self.withDejaVuOnly(scratch)
    let files = try await draw(Self.figure(title), to: scratch.path + "/a", with: gnuplot)
    let plain = try await draw(Self.figure(words), to: scratch.path + "/b", with: gnuplot)
    #expect(contents(files.png) == contents(plain.png))
    #expect(try #require(darkShare(ofPNG: contents(files.png))) < 0.05)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/a").count == 3)
    for file in [files.script, files.svg] {
      #expect(String(decoding: contents(file), as: UTF8.self).contains(title), "who reads it has fonts of their own")
    }
  }

  /// Whatever fonts this machine has.
  @Test(arguments: ["红楼梦", "한국어", "หนังสือ", "किताब", "புத்தகம்", "كتاب", "ᎣᏏᏲ", "😀", "\u{E000}"])
  func everyDrawingKeepsItsShape(_ title: String) async throws {
    let scratch = try Scratch()
    let files = try await draw(Self.figure(title), to: scratch.path)
    #expect(try #require(darkShare(ofPNG: contents(files.png))) < 0.05)
    if let keep = ProcessInfo.processInfo.environment["FIGURES_TO"] {
      var figure = Self.figure(title)
      figure.name = "title-\(title)"
      _ = try await draw(figure, to: keep)
    }
  }

  /// A stored script that is drawn where fonts are missing.
  @Test func aScriptFromElsewhere() async throws {
    let scratch = try Scratch()
    let files = try await draw(Self.figure("title \u{F8FF}"), to: scratch.path)
    #expect(try #require(darkShare(ofPNG: contents(files.png))) < 0.05)
  }

  /// Without fontconfig's program only what every font has is taken for drawable.
  @Test func nothingIsKnownOfTheFonts() async throws {
    let coverage = await Gnuplot(environment: ["PATH": "/nowhere"]).fontCoverage()
    #expect(coverage.hasAll(of: "AR − DLM → 95 % … ≥ ±é “q”"))
    #expect(!coverage.hasAll(of: "红"))
  }

  @Test func rangesOfCharacterSets() {
    let coverage = FontCoverage(characterSets: "20-7e a0-a9 131\na5-b0 4e00-4e02 x 9-1 -\n")
    for value: UInt32 in [0x41, 0x0A, 0xA0, 0xA9, 0xB0, 0x131, 0x4E01, 0x200D] {
      #expect(coverage.has(Unicode.Scalar(value) ?? " "), "\(value)")
    }
    for value: UInt32 in [0xB1, 0x130, 0x4E03, 0x1F600] {
      #expect(!coverage.has(Unicode.Scalar(value) ?? " "), "\(value)")
    }
  }

  /// Quotes stay quotes, whatever combining marks stand behind them, and names of files stay what they are.
  @Test func wordsInAScript() {
    let coverage = FontCoverage(characterSets: "a0-17f")
    let script = "set label \"红\u{93C}\" at 0,0\n  set output \"./红.png\"\nplot \"x\"\u{93C} title \"红 楼  \"\n"
    #expect(
      coverage.worded(script: script)
        == "set label \"[1 sign without a font]\" at 0,0\n  set output \"./红.png\"\n"
        + "plot \"x\"[1 sign without a font] title \"[2 signs without a font]  \"\n")
  }
}
