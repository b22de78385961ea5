// Which files a text corpus is read from, which are left out, and which are refused.

import Foundation
import Testing

@testable import Corpora

extension Scratch {
  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
  }

  /// What is read below the directory, paths relative to it.
  func read(
    _ names: [String] = [""], include: [String] = [], exclude: [String] = []
  ) throws -> (files: [String], omitted: [String: OmittedFile.Reason]) {
    let paths = names.map { $0.isEmpty ? path : path + "/" + $0 }
    let text = try TextSelection(paths: paths, include: include, exclude: exclude).read()
    func short(_ name: String) -> String { String(name.dropFirst(path.count + 1)) }
    return (
      text.files.map { short($0.path) },
      Dictionary(uniqueKeysWithValues: text.omitted.map { (short($0.path), $0.reason) })
    )
  }

  /// What is said of paths that cannot be used.
  func complaint(_ names: [String] = [""]) -> String {
    do {
      return "read: \(try read(names).files)"
    } catch {
      return "\(error)".replacing(path + "/", with: "").replacing(path, with: "DIRECTORY")
    }
  }
}

@Suite struct TextReadingTests {
  @Test func filesAreSortedAndHiddenOnesLeftOut() throws {
    let scratch = try Scratch()
    for name in ["b.txt", "a/z.txt", ".hidden", ".git/config", "c.txt", "a.txt"] { try scratch.write(name, name) }
    try scratch.write("empty.txt", "")
    try scratch.write("blank.txt", " \r\n\n\u{2003}")
    let (files, omitted) = try scratch.read(["c.txt", ""])
    #expect(files == ["a.txt", "a/z.txt", "b.txt", "c.txt"])
    #expect(omitted == [".hidden": .hidden, ".git": .hidden, "empty.txt": .blank, "blank.txt": .blank])
    #expect(try scratch.read([".hidden", ".git"]).files == [".git/config", ".hidden"], "what is named is read")
  }

  /// A link is followed where the user names it, and to a file; not to a directory below, which may lead in a circle.
  @Test func links() throws {
    let scratch = try Scratch()
    for name in ["real/1", "real/2", "real/deep/3", "other/4", "5"] { try scratch.write(name, name) }
    try scratch.link("link", to: "real")
    try scratch.link("real/more", to: "../other")
    try scratch.link("real/up", to: "..")
    try scratch.link("real/file", to: "../5")
    try scratch.link("real/nowhere", to: "missing")
    try scratch.link("real/self", to: "self")
    for root in ["link", "link/", "real"] {
      let (files, omitted) = try scratch.read([root])
      let prefix = root.hasSuffix("/") ? root : root + "/"
      #expect(files == ["1", "2", "deep/3", "file"].map { prefix + $0 })
      #expect(
        omitted == [
          prefix + "more": .linkedDirectory, prefix + "up": .linkedDirectory, prefix + "nowhere": .brokenLink,
          prefix + "self": .brokenLink,
        ])
    }
    let (files, omitted) = try scratch.read(["real", "real/more/", "real/more"])
    #expect(files.contains("real/more/4") && omitted["real/more"] == nil, "read where named by path")
    let circle = "real/self: cannot be read: too many levels of symbolic links; its links form a loop"
    #expect(scratch.complaint(["real/self"]).hasPrefix(circle))
    #expect(scratch.complaint(["real/nowhere"]) == "real/nowhere: no such file or directory; check the path")
  }

  @Test func aFileIsReadOnceByWhateverPaths() throws {
    let scratch = try Scratch()
    for name in ["a", "d/b"] { try scratch.write(name, name) }
    try scratch.link("c", to: "a")
    #expect(link(scratch.path + "/a", scratch.path + "/hard") == 0)
    let (files, omitted) = try scratch.read(["a", "d/../a", "c", "", "d", "hard"])
    #expect(files == ["a", "d/b"] && omitted.isEmpty)
  }

  /// The same text with other line ends, wrapping, indentation or byte-order mark, or decomposed accents.
  @Test func theSameTextIsReadOnce() throws {
    let scratch = try Scratch()
    let text = "Die Räuber\nEin Schauspiel\n"
    try scratch.write("1", text)
    try scratch.write("2", text.replacing("\n", with: "\r\n"))
    try scratch.write("3", "\u{FEFF}Die Räuber Ein\n\n\tSchau\u{AD}spiel")
    try scratch.write("4", text.decomposedStringWithCanonicalMapping)
    try scratch.write("5", text.replacing("ä", with: "a"))
    let (files, omitted) = try scratch.read()
    #expect(files == ["1", "5"])
    #expect(
      omitted
        == Dictionary(
          uniqueKeysWithValues: ["2", "3", "4"].map {
            ($0, OmittedFile.Reason.duplicate(of: scratch.path + "/1"))
          }))
  }

  /// Names are bytes: composed and decomposed spelling are two files, and what is not UTF-8 can be read all the same.
  @Test func namesOfAnyBytes() throws {
    let scratch = try Scratch()
    try scratch.write("r\u{E9}sum\u{E9}", "composed")
    try scratch.write("re\u{301}sume\u{301}", "decomposed")
    let name = Array((scratch.path + "/").utf8).map(CChar.init(bitPattern:)) + [CChar(bitPattern: 0xFF), 0]
    let file = try #require(fopen(name, "w"))
    fputs("odd", file)
    fclose(file)
    let text = try TextSelection(paths: [scratch.path]).read()
    #expect(text.files.map { String(decoding: $0.bytes, as: UTF8.self) } == ["decomposed", "composed", "odd"])
    #expect(text.files.last?.path == scratch.path + "/\u{FFFD}")
  }

  @Test(
    arguments: [
      (["*.md"], [], ["a.md", "docs/b.md", "docs/deep/c.md"]),
      (["docs"], [], ["docs/b.md", "docs/b.py", "docs/deep/c.md"]),
      ([], ["docs"], ["a.md", "a.py", "ä.x"]),
      ([], ["docs/"], ["a.md", "a.py", "ä.x"]),
      (["*.md", "*.py"], ["deep"], ["a.md", "a.py", "docs/b.md", "docs/b.py"]),
      (["docs/*.md"], [], ["docs/b.md", "docs/deep/c.md"]),
      (["**/*.py"], [], ["a.py", "docs/b.py"]),
      (["docs/deep"], [], ["docs/deep/c.md"]),
      (["?.x", "[ä].y"], [], ["ä.x"]),
      ([], ["*.[mp]?"], ["ä.x"]),
    ] as [([String], [String], [String])])
  func patterns(_ include: [String], _ exclude: [String], _ expected: [String]) throws {
    let scratch = try Scratch()
    for name in ["a.md", "a.py", "docs/b.md", "docs/b.py", "docs/deep/c.md", "ä.x"] { try scratch.write(name, name) }
    let (files, omitted) = try scratch.read(include: include, exclude: exclude)
    #expect(files == expected.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
    #expect(!omitted.isEmpty && omitted.values.allSatisfy { $0 == .excluded })
  }

  @Test func patternsAreAlsoAboutFilesThatAreNamed() throws {
    let scratch = try Scratch()
    for name in ["a.md", "a.py", "docs/b.md", "docs/b.py"] { try scratch.write(name, name) }
    let (files, omitted) = try scratch.read(["a.md", "a.py", "docs/b.py", "docs"], include: ["*.md"])
    #expect(files == ["a.md", "docs/b.md"] && omitted == ["a.py": .excluded, "docs/b.py": .excluded])
  }

  @Test func aPatternMayNameAPathAsItIsShown() throws {
    let scratch = try Scratch()
    for name in ["a/x.txt", "b/x.txt"] { try scratch.write(name, name) }
    #expect(try scratch.read(exclude: [scratch.path + "/a/x.txt"]).files == ["b/x.txt"])
    #expect(try scratch.read(exclude: ["*.md", "b/"]).files == ["a/x.txt"])
    #expect(throws: CorpusError.self) { try scratch.read(include: ["*.md"]) }
  }

  /// What is no text below a directory is left out and told; what was named is refused, all at once.
  @Test func whatIsNoText() throws {
    let scratch = try Scratch()
    let text = "Some text, not much of it.\nIt has two lines.\n"
    var wide: [UInt8] = []
    for unit in text.utf16 { wide += [UInt8(unit & 255), UInt8(unit >> 8)] }
    let formats: [(String, [UInt8], ForeignFormat)] = [
      ("utf16le", wide, .utf16(isBigEndian: false)),
      ("utf16be", zip(wide.indices, wide).map { wide[$0.0 ^ 1] }, .utf16(isBigEndian: true)),
      ("marked", [0xFF, 0xFE] + wide, .utf16(isBigEndian: false)),
      ("chinese", "第一章。\n很久以前".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, .utf16(isBigEndian: false)),
      ("utf32", [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], .utf32(isBigEndian: false)),
      ("nul", Array("line\0line\0".utf8), .nul(offset: 4)),
      ("latin1", Array("na".utf8) + [0xEF] + Array("ve".utf8), .otherEncoding(offset: 2)),
      ("damaged", Array("über größe".utf8) + [0xFF], .damagedUTF8(offset: 13)),
      ("cut", Array("größe".utf8.prefix(4)), .otherEncoding(offset: 99)),
      ("binary", [1, 2, 3, 0xFF, 4], .binary(offset: 3)),
      ("gz", [0x1F, 0x8B, 8, 0, 1], .signature(.gzip)),
      ("pdf", Array("%PDF-1.4\n1 0 obj\n".utf8), .signature(.pdf)),
      ("png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0], .signature(.png)),
      ("docx", [0x50, 0x4B, 3, 4, 0, 0], .signature(.zip)),
      ("tar", [0x61] + Array(repeating: 0, count: 256) + Array("ustar".utf8), .signature(.tar)),
    ]
    for (name, bytes, format) in formats where name != "cut" {
      #expect(ForeignFormat(of: bytes) == format, "\(name)")
      try scratch.write("d/" + name, bytes)
    }
    try scratch.write("d/cut", Array("größe und mehr grö".utf8.dropLast()))
    try scratch.write("d/text", text)
    try scratch.write("d/marked text", "\u{FEFF}" + "other " + text)
    let (files, omitted) = try scratch.read()
    #expect(files == ["d/marked text", "d/text"])
    #expect(omitted.count == formats.count)
    #expect(omitted["d/gz"] == .foreign(.signature(.gzip)) && omitted["d/cut"] == .foreign(.damagedUTF8(offset: 19)))
    let marked = try TextSelection(paths: [scratch.path + "/d/marked text"]).read()
    #expect(marked.files[0].bytes == Array(("other " + text).utf8), "without the mark")

    let complaint = scratch.complaint(["d/gz", "d/text", "missing", "d/png", "d/utf16le", "d/utf16be", "d/marked"])
    #expect(
      complaint
        == "missing: no such file or directory; check the path. d/gz: compressed by gzip; unpack it by "
        + "`gzip -dc FILE > NEW`. d/marked, d/utf16le: text in UTF-16 (little-endian); convert it by "
        + "`iconv -f UTF-16LE -t UTF-8 FILE > NEW`. d/png: a PNG image; leave it out. d/utf16be: text in UTF-16 "
        + "(big-endian); convert it by `iconv -f UTF-16BE -t UTF-8 FILE > NEW`")
  }

  /// The conversions that are named do convert, as far as the programs are installed.
  @Test(arguments: ["UTF-16LE", "UTF-16BE", "LATIN1"]) func conversionsHelp(_ encoding: String) throws {
    let scratch = try Scratch()
    try scratch.write("text", "naïve Größe\nzweite Zeile\n")
    let name = scratch.path + "/text"
    #expect(try shell("iconv -f UTF-8 -t \(encoding) '\(name)' > '\(name).foreign'") == 0)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: name + ".foreign"))
    let remedy = try #require(ForeignFormat(of: Array(bytes))?.remedy)
    let command = String(try #require(remedy.split(separator: "`").dropFirst().first))
      .replacing("FILE", with: "'\(name).foreign'").replacing("NEW", with: "'\(name).new'")
    #expect(try shell(command) == 0)
    #expect(FileManager.default.contentsEqual(atPath: name, andPath: name + ".new"))
  }

  private func shell(_ command: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test func pipesAndDevicesAreNeverOpened() throws {
    let scratch = try Scratch()
    try scratch.write("d/text", "text")
    #expect(mkfifo(scratch.path + "/d/pipe", 0o644) == 0)
    try scratch.link("d/zero", to: "/dev/zero")
    let (files, omitted) = try scratch.read()
    #expect(files == ["d/text"] && omitted == ["d/pipe": .special, "d/zero": .special])
    #expect(
      scratch.complaint(["d/pipe", "d/zero"])
        == "d/pipe, d/zero: neither a file nor a directory but a pipe or a device; save the text in a file, or give it "
        + "on standard input, which is named `-`")
  }

  @Test func whatWasLeftOutIsSaidInALine() throws {
    let scratch = try Scratch()
    let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    for name in ["1.png", "2.png", "3.png", "4.png"] { try scratch.write(name, png) }
    try scratch.write(".x", "hidden")
    #expect(
      scratch.complaint()
        == "no text in DIRECTORY (left out: 4 files that are not text (1.png: a PNG image, 2.png: a PNG image, 3.png: "
        + "a PNG image, and 1 more); 1 hidden file or directory (.x), read where named by path); give at least one file "
        + "with text")
    #expect(throws: CorpusError.noText(paths: [], omitted: [])) { try TextSelection(paths: []).read() }
    try scratch.write("blank", "\n")
    #expect(scratch.complaint(["blank"]) == "no text in blank; give at least one file with text")
  }

  @Test func standardInput() throws {
    let scratch = try Scratch()
    try scratch.write("file", "\u{FEFF}from a file")
    try scratch.write("other", "another")
    func read(_ name: String, _ paths: [String], limit: Int = 1000) throws -> TextCollection {
      let descriptor = open(scratch.path + "/" + name, O_RDONLY)
      defer { close(descriptor) }
      return try TextSelection(paths: paths, exclude: ["*"]).read(standardInput: descriptor, limit: limit)
    }
    let text = try read("file", ["-", "-"])
    #expect(text.files == [TextFile(path: "standard input", bytes: Array("from a file".utf8))])
    #expect(text.standardInput == text.files[0])
    #expect(try read("other", ["-", scratch.path + "/file"]).omitted.count == 1, "patterns are about files")
    #expect(throws: CorpusError.tooMuchText(limit: 10)) { try read("file", ["-"], limit: 10) }
    try scratch.write("blank", "\n")
    let error = #expect(throws: CorpusError.self) { try read("blank", ["-"]) }
    #expect(error?.description.hasPrefix("no text in standard input") == true)
    #expect(throws: CorpusError.unusableFiles([UnusableFile(path: "standard input", reason: .unreadable(EISDIR))])) {
      try read("", ["-"])
    }
    let zero = open("/dev/zero", O_RDONLY)
    defer { close(zero) }
    let noText = UnusableFile(path: "standard input", reason: .foreign(.nul(offset: 0)))
    #expect(throws: CorpusError.unusableFiles([noText])) {
      try TextSelection(paths: ["-"]).read(standardInput: zero)
    }
  }

  @Test func moreTextThanFitsIsRefused() throws {
    let scratch = try Scratch()
    for name in ["1", "2"] { try scratch.write(name, String(repeating: name, count: 60)) }
    #expect(try TextSelection(paths: [scratch.path]).read(limit: 120).bytes == 120)
    #expect(throws: CorpusError.tooMuchText(limit: 119)) { try TextSelection(paths: [scratch.path]).read(limit: 119) }
  }
}
