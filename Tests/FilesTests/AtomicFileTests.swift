// Tests of files that are replaced whole, and of the words of what fails.

import Foundation
import SystemPackage
import TestSupport
import Testing
@testable import Files

@Suite struct AtomicFileTests {
  @Test func replacesWholeFilesAndLeavesNothingElse() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/a.json"
    try writeAtomically("first", to: path)
    try writeAtomically("second", to: path)
    #expect(try readFile(path) == Data("second".utf8))
    #expect(try fileNames(in: directory.path) == ["a.json"])
    #expect(try sha256(ofFile: path) == sha256(Data("second".utf8)))
  }

  @Test func failedWritesKeepTheOldFileAndRemoveTheNew() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/folder"
    try makeDirectory(path + "/inside")
    let text = message { () throws(StoreError) in try writeAtomically("x", to: path) }
    #expect(text == "cannot write \(path): it is a directory; remove it, or give another directory with --out")
    #expect(try fileNames(in: directory.path) == ["folder"])
  }

  @Test func missingDirectoriesAreNamed() {
    #expect(
      message { () throws(StoreError) in try writeAtomically("x", to: "/nonexistent/x") }
        == "cannot write /nonexistent/x: no such file or directory; check the path")
    #expect(
      message { () throws(StoreError) in _ = try readFile("/nonexistent") }
        == "cannot read /nonexistent: no such file or directory; check the path")
    #expect(
      message { () throws(StoreError) in try makeDirectory("/dev/null/x/y") }?.hasPrefix(
        "cannot make the directory /dev/null/x/y: a part of the path is not a directory") == true)
  }

  @Test(arguments: [
    (Errno.readOnlyFileSystem, "read-only"), (.permissionDenied, "permission denied"),
    (.notPermitted, "permission denied"), (.diskQuotaExceeded, "quota"), (.tooManyOpenFiles, "too many open files"),
  ])
  func everyErrorIsOneLineWithARemedy(_ error: Errno, _ part: String) {
    let text = StoreError(cannot: "write", "x", error).description
    #expect(text.hasPrefix("cannot write x: ") && text.contains(part) && text.contains(";") && !text.contains("\n"))
  }
}
