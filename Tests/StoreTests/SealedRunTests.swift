// A run's record vouches for what its writer wrote, and for nothing that others put in its place: while the run is at
// work, and once it has ended. Without certainty nothing is moved.

import Foundation
import TestSupport
import Testing
@testable import Files
@testable import Reporting
@testable import Specification
@testable import Store

private struct Specification: Codable, Sendable, Equatable {
  var seed: UInt64 = 1
}

private let machine = Machine(processor: "p", cores: 2, kernel: "k", blas: "b", version: "v")

@Suite struct SealedRunTests {
  private let temporary: TemporaryDirectory
  private let store: RecordStore<Specification>

  init() throws {
    temporary = try TemporaryDirectory()
    store = RecordStore(directory: temporary.path + "/runs")
  }

  private func append(_ step: Int, to writer: RunWriter) throws {
    try writer.append(
      CheckpointRecord(
        epoch: Double(step), step: step, tokens: step, trainingLoss: 1, validation: nil,
        tasks: ["endings": .init(acc: 0.5, accStandardError: 0.1, items: 2)]),
      items: [ItemsRecord(step: step, task: "endings", right: [1, 0])])
  }

  @discardableResult
  private func finish(_ writer: RunWriter) throws -> RunRecord {
    for file in [RunFile.model, .modelConfiguration] { try writer.write(Data(file.rawValue.utf8), as: file) }
    return try writer.finish(.finished, preset: "ci", machine: machine, seconds: 1.5, summary: ["best": 0.5])
  }

  private func finishedRun() throws -> RunWriter {
    let writer = try store.open(Specification())
    try append(1, to: writer)
    try finish(writer)
    writer.close()
    return writer
  }

  private func reason(_ hash: String) -> String? {
    if case .failed(let reason) = store.status(of: hash) { reason } else { nil }
  }

  // While the run is at work.

  /// Somebody changes a digit, adds a line, removes the file or puts another in its place: no record is made of it.
  @Test(arguments: [RunFile.metrics, .items]) func changedLinesAreNotSealed(_ file: RunFile) throws {
    let changes: [(String) throws -> Void] = [
      { try writeAtomically(String(decoding: readFile($0), as: UTF8.self).replacing("1", with: "7"), to: $0) },
      { try TestSupport.append(Data("{}\n".utf8), to: $0) },
      { unlink($0) },
      { try writeAtomically("", to: $0) },
    ]
    for (number, change) in changes.enumerated() {
      let writer = try store.open(Specification(seed: UInt64(number)))
      try append(1, to: writer)
      try change(writer.path(of: file))
      let error = #expect(throws: StoreError.self) { try finish(writer) }
      #expect(error?.kind == .badData && error?.description.contains("\(file.rawValue): was changed by") == true)
      #expect(try writer.read(.record) == nil && store.status(of: writer.hash).hasEnded == false)
    }
  }

  /// What a state says of the lines is what was written, not what the disk has by then: continuing notices.
  @Test func aStateDoesNotTakeOverWhatIsOnTheDisk() throws {
    let writer = try store.open(Specification())
    try append(1, to: writer)
    let before = writer.marks
    try writeAtomically("{}\n", to: writer.path(of: .metrics))
    #expect(writer.marks == before)
    let error = #expect(throws: StoreError.self) { try writer.rewind(metrics: before.metrics, items: before.items) }
    #expect(error?.kind == .badData)
  }

  @Test(arguments: [RunFile.model, .modelConfiguration, .specification])
  func otherFilesAreComparedToo(_ file: RunFile) throws {
    let writer = try store.open(Specification())
    try append(1, to: writer)
    for file in [RunFile.model, .modelConfiguration] { try writer.write(Data("x".utf8), as: file) }
    try writeAtomically("y", to: writer.path(of: file))
    let error = #expect(throws: StoreError.self) {
      try writer.finish(.finished, preset: "ci", machine: machine, seconds: 1, summary: [:])
    }
    #expect(error?.description.contains("\(file.rawValue): was changed by another program") == true)
    #expect(try writer.read(.record) == nil)
  }

  /// `cp -al` of a stopped run, and both are continued: each has its own lines.
  @Test func twoStoresThatShareTheirFilesPart() throws {
    var writer = try store.open(Specification())
    try append(1, to: writer)
    try writer.writeState(Data("state".utf8))
    let marks = writer.marks
    writer.close()
    let other = RecordStore<Specification>(directory: temporary.path + "/other")
    try makeDirectory(other.folder(of: writer.hash))
    for name in try fileNames(in: writer.folder) {
      link(writer.folder + "/" + name, other.folder(of: writer.hash) + "/" + name)
    }
    let copy = try other.open(Specification())
    writer = try store.open(Specification())
    for (each, step) in [(writer, 2), (copy, 3)] {
      try each.rewind(metrics: marks.metrics, items: marks.items)
      try append(step, to: each)
      try each.writeState(Data("state \(step)".utf8))
    }
    for each in [writer, copy] { try finish(each) }
    #expect(try store.checkpoints(of: writer.hash).records.map(\.step) == [1, 2])
    #expect(try other.checkpoints(of: writer.hash).records.map(\.step) == [1, 3])
    try store.verify(writer.hash)
    try other.verify(writer.hash)
  }

  /// Taken over while it slept: it replaces, removes and moves nothing, whatever it is asked for.
  @Test func aWriterWhoseLockWasTakenOverTouchesNothing() throws {
    let writer = try store.open(Specification())
    try append(1, to: writer)
    for state in ["one", "two"] { try writer.writeState(Data(state.utf8)) }
    try writeAtomically(
      jsonLines([LockOwner(pid: 1, host: "elsewhere.invalid", since: "now")]), to: writer.folder + "/lock")
    func contents() throws -> [String: Data] {
      let names = try fileNames(in: writer.folder)
      return Dictionary(uniqueKeysWithValues: try names.map { ($0, try readFile(writer.folder + "/" + $0)) })
    }
    let before = try contents()
    let attempts: [() throws -> Void] = [
      { try writer.writeState(Data("three".utf8)) }, { try append(2, to: writer) }, { try finish(writer) },
      { try writer.finish(.diverged, preset: "ci", machine: machine, seconds: 1, summary: [:]) },
      { try writer.rewind(metrics: .start, items: .start) }, { try writer.remove(.state) },
      { try writer.setAside([.state], because: "x") }, { writer.refresh() }, { writer.close() },
    ]
    for attempt in attempts.dropLast(2) {
      #expect(throws: StoreError.self) { try attempt() }
    }
    for attempt in attempts.suffix(2) { try attempt() }
    #expect(try contents() == before)
  }

  // Once it has ended.

  /// Any bit of the record: it is refused, or it says the same.
  @Test func everyFlippedBitOfARecordIsNoticed() throws {
    let writer = try finishedRun()
    let path = writer.path(of: .record)
    let data = try readFile(path)
    let record = try store.record(of: writer.hash)
    for place in data.indices {
      var flipped = data
      flipped[place] ^= 1 << (place % 8)
      try flipped.write(to: URL(fileURLWithPath: path))
      if store.status(of: writer.hash) == .finished {
        #expect(try store.record(of: writer.hash) == record, "byte \(place)")
      } else {
        #expect(reason(writer.hash) != nil, "byte \(place)")
      }
    }
  }

  @Test func whatIsTakenFromARecordIsNoticed() throws {
    let writer = try finishedRun()
    let path = writer.path(of: .record)
    let text = String(decoding: try readFile(path), as: UTF8.self)
    let changes: [(String, String)] = [
      ("\"finished\"", "\"diverged\""), ("\"seconds\": 1.5", "\"seconds\": 1"),
      ("\"processor\": \"p\"", "\"processor\": \"q\""),
      ("\"best\": 0.5", "\"best\": 0.6"), ("\"items.jsonl\"", "\"none.jsonl\""),
    ]
    for (old, new) in changes {
      #expect(text.contains(old))
      try writeAtomically(text.replacing(old, with: new), to: path)
      #expect(reason(writer.hash) == "\(path): was altered (its seal is not that of its contents)", "\(new)")
    }
    try writeAtomically(text.replacing(/\n *"seal": "[^"]*",/, with: ""), to: path)
    #expect(reason(writer.hash) == "\(path): has lost its seal")
  }

  /// Weights, or other files that every finished run has, dropped from the disk and from the list alike.
  @Test(arguments: RunFile.neededOfFinished) func aListWithoutANeededFileIsRefused(_ file: RunFile) throws {
    let writer = try finishedRun()
    var record = try store.record(of: writer.hash)
    record.files[file.rawValue] = nil
    unlink(writer.path(of: file))
    for version in [1, 2] {
      record.formatVersion = version
      try writeAtomically(version == 1 ? jsonText(record) : sealedText(record), to: writer.path(of: .record))
      #expect(
        reason(writer.hash) == "\(writer.path(of: .record)): lists no \(file.rawValue), which every finished run has")
    }
  }

  @Test func aListNamesFilesOfTheRunOnly() throws {
    let writer = try finishedRun()
    var record = try store.record(of: writer.hash)
    record.files["../../precious"] = "0"
    try writeAtomically(sealedText(record), to: writer.path(of: .record))
    #expect(reason(writer.hash)?.hasSuffix("lists a file ../../precious, which no run has") == true)
  }

  /// Records of the first format had no seal; they are read as ever.
  @Test func recordsOfTheFirstFormatAreRead() throws {
    let writer = try finishedRun()
    var record = try store.record(of: writer.hash)
    record.formatVersion = 1
    try writeAtomically(jsonText(record, indented: true) + "\n", to: writer.path(of: .record))
    #expect(store.status(of: writer.hash) == .finished)
    #expect(try store.record(of: writer.hash) == record)
    try store.verify(writer.hash)
  }

  // What cannot be read.

  /// Something else than a file in a file's place, or a folder that is a file: nobody knows what the run is, so it is
  /// neither damaged nor missing, and it is not trained again.
  @Test(arguments: [RunFile.record, .metrics, .specification]) func whatCannotBeReadIsNotMoved(_ file: RunFile) throws {
    let writer = try finishedRun()
    let path = writer.path(of: file)
    let replacements: [(String) -> Void] = [
      { mkfifo($0, 0o600) }, { symlink("/dev/zero", $0) }, { mkdir($0, 0o700) }, { symlink("nowhere", $0) },
    ]
    for replace in replacements {
      unlink(path)
      replace(path)
      let before = try fileNames(in: writer.folder)
      guard case .unreadable(let error) = store.status(of: writer.hash) else {
        Issue.record("\(store.status(of: writer.hash))")
        continue
      }
      #expect(error.kind == .io && error.description.hasPrefix("cannot read \(path): it is a "), "\(error)")
      #expect(throws: error) { try store.open(Specification()) }
      #expect(throws: error) { try store.hasEnded(writer.hash) }
      #expect(try fileNames(in: writer.folder) == before, "nothing is moved, and the lock is let go")
      if rmdir(path) != 0 { unlink(path) }
    }
  }

  @Test func aFolderThatIsAFileIsUnreadable() throws {
    let hash = try store.hash(of: Specification())
    try makeDirectory(store.directory)
    try writeAtomically("", to: store.folder(of: hash))
    guard case .unreadable = store.status(of: hash) else { throw StoreError(.badData, "missing?") }
    #expect(throws: StoreError.self) { try store.open(Specification()) }
    #expect(try readFile(store.folder(of: hash)).isEmpty)
  }
}
