// Natural corpora: what is made of the packages' formats, on a system faked by scripts, and, where the packages are
// installed, what is really in them.

import Foundation
import Testing

@testable import Corpora

/// Packages and programs in a folder: `dpkg-query` knows the packages that were added.
private final class FakeDebian {
  let scratch: Scratch
  var system: DebianSystem { DebianSystem(path: scratch.path + "/bin:/usr/bin:/bin", timeLimit: 1) }

  init() throws {
    scratch = try Scratch()
    try addProgram(
      "dpkg-query",
      """
      cd "\(scratch.path)/packages" || exit 2
      case "$1" in
        --show) for p in $4; do [ -e "$p" ] && echo "installed $p"; done; [ -e "$p" ];;
        --listfiles) cat "$2";;
      esac
      """)
    try scratch.write("packages/other", "")
  }

  func addProgram(_ name: String, _ script: String) throws {
    try scratch.write("bin/" + name, "#!/bin/sh\n" + script + "\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: scratch.path + "/bin/" + name)
  }

  /// Files by their paths in the folder.
  func addPackage(_ name: String, _ files: [(path: String, text: String)]) throws {
    for file in files { try scratch.write(file.path, file.text) }
    try scratch.write(
      "packages/" + name, (["/."] + files.map { "\(scratch.path)/\($0.path)" }).joined(separator: "\n") + "\n")
  }

  func texts(_ corpus: NaturalCorpus) throws -> [String] {
    try corpus.read(from: system).files.map { String(decoding: $0.bytes, as: UTF8.self) }
  }
}

@Suite struct NaturalCorpusTests {
  private func printer(of text: String) throws -> FakeDebian {
    let debian = try FakeDebian()
    for package in NaturalCorpus.kjv.packages { try debian.addPackage(package, [("lib/bible.data", "")]) }
    try debian.scratch.write("verses", text)
    try debian.addProgram(
      "bible",
      "[ \"$*\" = \"-f -p \(debian.scratch.path)/lib gen1:1-rev22:21\" ] || exit 3\n"
        + "cat \"\(debian.scratch.path)/verses\"")
    return debian
  }

  @Test func chaptersOfTheBible() throws {
    let debian = try printer(
      of: "Ge1:1 In the beginning.\nGe1:2 And the earth: void.\nGe2:1 Thus.\n1Jo1:1 That which was.\n\n")
    #expect(
      try debian.texts(.kjv) == ["That which was.\n", "In the beginning.\nAnd the earth: void.\n", "Thus.\n"])
    #expect(try NaturalCorpus.kjv.read(from: debian.system).files.map(\.path) == ["kjv/1Jo1", "kjv/Ge1", "kjv/Ge2"])
  }

  @Test(arguments: ["Ge1:1 In.\nno verse\n", "Ge1:1\n", "Ge:1 In.\n", "Ge1:x In.\n"])
  func whatIsNoVerse(_ printed: String) throws {
    let debian = try printer(of: printed)
    let error = #expect(throws: CorpusError.self) { try debian.texts(.kjv) }
    guard case .damagedPackage("kjv", ["bible-kjv", "bible-kjv-text"], _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.description.contains("apt-get install --reinstall bible-kjv bible-kjv-text") == true)
  }

  @Test func glossesInGroups() throws {
    let debian = try FakeDebian()
    let lines = (1...40).map { "0000000\($0) 03 n 01 x 0 000 | gloss \($0); \"an | example\"  \n" }
    try debian.addPackage(
      "wordnet-base",
      [
        ("wordnet/data.noun", "  1 the licence  \n  2   \n" + lines.joined()), ("wordnet/index.noun", "no gloss\n"),
        ("wordnet/data.adv", "00000001 02 r 01 y 0 000 | soon\n"),
      ])
    let texts = try debian.texts(.glosses)
    let glosses = (1...40).map { "gloss \($0); \"an | example\"\n" }
    #expect(texts == ["soon\n", glosses.prefix(32).joined(), glosses.dropFirst(32).joined()])
    try debian.scratch.write("wordnet/data.adv", "00000001 02 r 01 y 0 000\n")
    #expect(throws: CorpusError.self) { try debian.texts(.glosses) }
  }

  /// Only what the newest version's packages brought; long files in sections, blank and foreign ones left out.
  @Test func standardLibrary() throws {
    let debian = try FakeDebian()
    let long = (0..<400).map { "def function_\($0)():\n    return \($0)\n\n" }.joined()
    try debian.addPackage("libpython3.9-minimal", [("lib/python3.9/old.py", "old = 1\n")])
    try debian.addPackage("libpython3.9-stdlib", [])
    try debian.addPackage("libpython3.11-minimal", [("lib/python3.11/abc.py", "short = 1\n")])
    try debian.addPackage(
      "libpython3.11-stdlib",
      [
        ("lib/python3.11/long.py", long), ("lib/python3.11/__init__.py", "\n"),
        ("lib/python3.11/x.so", "binary"), ("etc/python3.11/site.py", "site = 1\n"),
      ])
    try debian.scratch.write("lib/python3.11/latin.py", [0x23, 0xE9, 0x20, 0x41])
    try debian.scratch.write("lib/python3.11/nobodys.py", "nobodys = 1\n")
    let texts = try debian.texts(.stdlib)
    #expect(texts.contains("short = 1\n") && !texts.joined().contains("old") && !texts.joined().contains("site"))
    #expect(!texts.joined().contains("nobodys") && !texts.joined().contains("binary"))
    #expect(texts.count > 3 && texts.allSatisfy { $0.utf8.count < 2 * NaturalCorpus.sectionBytes + 100 })
    #expect(texts.dropFirst().allSatisfy { $0.hasPrefix("def ") }, "sections end at blank lines")
    #expect(texts.joined().count == long.count + "short = 1\n".count)
    let omitted = try NaturalCorpus.stdlib.read(from: debian.system).omitted
    #expect(omitted.map(\.reason) == [.blank])
  }

  @Test func manuals() throws {
    let debian = try FakeDebian()
    try debian.scratch.write("doc/plain", "The policy.\n")
    try debian.addPackage("debian-policy", [("doc/policy.txt.gz", "The policy.\n"), ("doc/policy.html", "<p>")])
    try debian.addPackage(
      "perl-doc", [("pod/perl.pod", "=head1 NAME\n"), ("pod/perlko.pod", "=head1 한국어 설명서 입니다\n")])
    try debian.addProgram("gzip", "[ \"$1\" = -dc ] && cat \"$2\"")
    #expect(try debian.texts(.manuals) == ["The policy.\n", "=head1 NAME\n"])
  }

  @Test(arguments: NaturalCorpus.allCases) func aPackageThatIsMissing(_ corpus: NaturalCorpus) throws {
    let debian = try FakeDebian()
    #expect(throws: CorpusError.packageMissing(corpus: corpus.rawValue, packages: corpus.packages)) {
      try debian.texts(corpus)
    }
    let error = CorpusError.packageMissing(corpus: corpus.rawValue, packages: corpus.packages)
    #expect(error.exitStatus == .io && error.description.contains("make natural"))
    #expect(error.description.contains("apt-get install " + corpus.packages.joined(separator: " ")))
  }

  @Test(arguments: [("exit 3", "ended with status 3"), ("sleep 30", "took longer than 1 seconds")])
  func aProgramThatFails(_ script: String, reason: String) throws {
    let debian = try printer(of: "")
    try debian.addProgram("bible", script)
    #expect(throws: CorpusError.programFailed(program: "bible", reason: reason)) { try debian.texts(.kjv) }
    var empty = debian.system
    empty.path = "/usr/bin:/bin"
    #expect(throws: CorpusError.programFailed(program: "no-such-program", reason: "is not there")) {
      try empty.run("no-such-program", [])
    }
  }

  @Test func aPackageWithoutText() throws {
    let debian = try printer(of: "")
    #expect(throws: CorpusError.self) { try debian.texts(.kjv) }
  }

  @Test(.enabled(if: NaturalCorpus.kjv.isInstalled)) func installedBible() throws {
    let text = try NaturalCorpus.kjv.read()
    #expect(text.files.count == 1189, "chapters")
    #expect(text.files.reduce(0) { $0 + $1.bytes.count { $0 == 0x0A } } == 31_102, "verses")
    #expect(text.files.allSatisfy { $0.bytes.count < 20_000 })
  }

  /// The smallest of its files: the whole takes long to read without optimisation.
  @Test(.enabled(if: NaturalCorpus.glosses.isInstalled)) func installedGlosses() throws {
    let files = try #require(try DebianSystem().files(ofPackage: "wordnet-base"))
    let path = try #require(files.first { $0.hasSuffix("/data.adv") })
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let groups = try NaturalCorpus.glosses.glossGroups(Array(data), path: path)
    #expect(groups.reduce(0) { $0 + $1.bytes.count { $0 == 0x0A } } > 3000)
    #expect(!groups.contains { $0.bytes.contains(0x7C) }, "no bar is left")
  }
}
