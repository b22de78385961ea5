// Tests of the store's parts: canonical JSON, atomic files, JSON lines, locks, the machine.

import Foundation
import SystemPackage
import Testing

@testable import Experiments

/// A directory that disappears with the test.
final class TemporaryDirectory {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("store-\(UUID().uuidString)").path
    try makeDirectory(path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

func fileExists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

/// Adds bytes to a file, as a stranger would.
func append(_ data: Data, to path: String) throws {
  let file = try FileDescriptor.open(
    FilePath(path), .writeOnly, options: [.append, .create], permissions: [.ownerReadWrite])
  try file.closeAfter { _ = try file.writeAll(data) }
}

func message(_ body: () throws(StoreError) -> Void) -> String? {
  do throws(StoreError) {
    try body()
    return nil
  } catch {
    return error.description
  }
}

@Suite struct CanonicalJSONTests {
  struct Sample: Codable {
    var zeta = 3e-4
    var alpha = 1.0
    var seed = UInt64.max
    var rate: Float = 0.1
    var text = "a/\"ä\"\n\u{1}\u{2028}"
    var none: Int?
    var list = [true, false]
    var inner = ["B": 1, "a": 2, "é": 3, "10": 4, "9": 5]
    var small = 1e-300
    var third = 1.0 / 3.0
  }

  @Test func thereIsOneSpelling() throws {
    let text = try jsonValue(Sample()).canonical()
    #expect(
      text == #"{"alpha":1,"inner":{"10":4,"9":5,"B":1,"a":2,"é":3},"list":[true,false],"rate":0.1,"#
        + #""seed":18446744073709551615,"small":1e-300,"text":"a/\"ä\"\n\u0001"# + "\u{2028}"
        + #"","third":0.3333333333333333,"zeta":0.0003}"#)
    #expect(try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)).canonical() == text)
  }

  @Test func indentedTextIsTheSameValue() throws {
    let value = try jsonValue(Sample())
    let indented = value.canonical(indented: true)
    #expect(indented.hasPrefix("{\n  \"alpha\": 1,\n  \"inner\": {\n    \"10\": 4,"))
    #expect(try JSONDecoder().decode(JSONValue.self, from: Data(indented.utf8)) == value)
    #expect(JSONValue.array([]).canonical(indented: true) == "[]")
  }

  /// printf '{"a":1,"b":"x"}' | sha256sum
  @Test func hashIsTheBeginningOfTheSHA256OfTheText() throws {
    struct Pair: Encodable { var b = "x", a = 1 }
    #expect(try specificationHash(Pair()) == "ecf9e98ec0641e23")
    #expect(try specificationHash(Pair(a: 2)) != specificationHash(Pair()))
  }

  @Test func specificationsRefuseNumbersThatAreNotFinite() {
    #expect(throws: EncodingError.self) { try specificationHash(["lr": Double.nan]) }
  }
}

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
    #expect(text == "cannot write \(path): it is a directory; remove it or give another directory by --out")
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

@Suite struct JSONLinesTests {
  private func read(_ text: String) throws -> JSONLines<[Int]> {
    let directory = try TemporaryDirectory()
    try writeAtomically(text, to: directory.path + "/l.jsonl")
    return try readJSONLines(directory.path + "/l.jsonl")
  }

  @Test func aTruncatedLastLineIsLeftOutAndReported() throws {
    #expect(try read("").records.isEmpty)
    let whole = try read("[1]\n[2]\n")
    #expect(whole.records == [[1], [2]])
    #expect(whole.truncatedLine == nil)
    for cut in ["[2", "[2]"] {
      let lines = try read("[1]\n" + cut)
      #expect(lines.records == [[1]])
      #expect(lines.truncatedLine == 2)
    }
  }

  @Test(arguments: ["[1]\n[2\n[3]\n", "[1]\n\n[3]\n", "[1]\n[\"x\"]\n"])
  func anyOtherDamageIsAnErrorWithItsLine(_ text: String) throws {
    let error = #expect(throws: StoreError.self) { try read(text) }
    #expect(error?.description.contains("l.jsonl:2: not a valid record") == true)
    #expect(error?.exitStatus == .badData)
  }

  @Test func numbersThatAreNotFiniteSurvive() throws {
    let directory = try TemporaryDirectory()
    let record = CheckpointRecord(epoch: 1, step: 2, tokens: 3, trainingLoss: .infinity, validation: nil, tasks: [:])
    try append(jsonLines([record]), to: directory.path + "/m")
    #expect(
      String(decoding: try readFile(directory.path + "/m"), as: UTF8.self)
        == #"{"epoch":1,"step":2,"tasks":{},"tokens":3,"trainingLoss":"inf"}"# + "\n")
    #expect(try readJSONLines(directory.path + "/m", as: CheckpointRecord.self).records == [record])
  }
}

@Suite struct RunLockTests {
  @Test func oneOwnerAtATime() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/lock"
    let first = try RunLock.acquire(path)
    #expect(first.predecessor == nil)
    let refused = #expect(throws: StoreError.self) { try RunLock.acquire(path) }
    #expect(refused?.kind == .locked)
    #expect(refused?.description.contains("held by process \(getpid()) on ") == true)
    first.refresh()
    first.release()
    first.release()
    #expect(!fileExists(path))
    let second = try RunLock.acquire(path)
    #expect(second.predecessor == nil)
  }

  @Test func theLockOfADeadOwnerIsTakenOver() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/lock"
    let dead = LockOwner(pid: 999_999, host: LockOwner.current().host, since: "2026-01-01T00:00:00Z")
    try writeAtomically(jsonLines([dead]), to: path)
    let lock = try RunLock.acquire(path)
    #expect(lock.predecessor == dead)
    #expect(try RunLock.holder(of: path)?.owner?.pid == getpid())
  }

  @Test func ownersOnOtherHostsLiveWhileTheyRefresh() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/lock"
    try writeAtomically(jsonLines([LockOwner(pid: 1, host: "elsewhere.invalid", since: "x")]), to: path)
    let refused = #expect(throws: StoreError.self) { try RunLock.acquire(path) }
    #expect(refused?.description.contains("held by process 1 on elsewhere.invalid") == true)
    #expect(fileExists(path))
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: path)
    #expect(try RunLock.acquire(path).predecessor?.host == "elsewhere.invalid")
  }
}

@Suite struct MachineTests {
  @Test func processorNames() {
    #expect(
      Machine.processorName(inCPUInformation: "processor\t: 0\nmodel\t\t: 85\nmodel name\t: Some CPU @ 2.0GHz\n\n"
        + "model name\t: Other\n") == "Some CPU @ 2.0GHz, model 85")
    #expect(
      Machine.processorName(
        inCPUInformation: "cpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD EPYC\nstepping\t: 1\n")
        == "AMD EPYC, family 25, model 17, stepping 1")
    #expect(
      Machine.processorName(inCPUInformation: "CPU implementer : 0x41\nCPU part : 0xd0c\n")
        == "implementer 0x41, part 0xd0c")
    #expect(Machine.processorName(inCPUInformation: "") == nil)
  }

  @Test func thisMachine() {
    let machine = Machine.current(blas: "b", version: "v")
    #expect(machine.cores >= 1 && machine.kernel.hasPrefix("Linux ") && !machine.kernel.contains("\n"))
    #expect(machine.blas == "b" && machine.version == "v")
    #expect(machine.instructionSet != nil)
  }
}
