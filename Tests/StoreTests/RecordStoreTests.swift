// Tests of the record store: a run's life from missing to finished, interruptions, and damaged folders.

import Foundation
import TestSupport
import Testing
@testable import Files
@testable import Specification
@testable import Store

private struct Specification: Codable, Sendable, Equatable {
  var objective = "autoregressive"
  var seed: UInt64 = 1
  var learningRate = 2e-3
}

private let machine = Machine(processor: "p", cores: 2, kernel: "k", blas: "b", version: "v")

private func checkpoint(_ step: Int) -> CheckpointRecord {
  CheckpointRecord(
    epoch: Double(step) / 10, step: step, tokens: step * 32, trainingLoss: 1 / Double(step + 2),
    validation: .init(crossEntropy: 1.5, standardError: 0.01, samples: 4, sequences: 50),
    tasks: ["endings": .init(acc: 0.5, accStandardError: 0.1, accNorm: 0.25, items: 4)], seconds: Double(step))
}

private func items(_ step: Int) -> [ItemsRecord] {
  [ItemsRecord(step: step, task: "endings", right: [1, 0], nllRight: [0.1, 2], nllWrong: [3, 0.7])]
}

/// Ends a run with one checkpoint as finished.
private func finish(_ writer: RunWriter) throws {
  try writer.append(checkpoint(10), items: items(10))
  for file in [RunFile.model, .modelConfiguration] { try writer.write(Data("weights".utf8), as: file) }
  try writer.finish(.finished, preset: "ci", machine: machine, seconds: 1, summary: [:])
}

private func changed(_ record: RunRecord, _ change: (inout RunRecord) -> Void) -> RunRecord {
  var record = record
  change(&record)
  return record
}

@Suite struct RecordStoreTests {
  private let temporary: TemporaryDirectory
  private let store: RecordStore<Specification>

  init() throws {
    temporary = try TemporaryDirectory()
    store = RecordStore(directory: temporary.path + "/runs")
  }

  @Test func theLifeOfARun() throws {
    let specification = Specification()
    let hash = try store.hash(of: specification)
    #expect(store.status(of: hash) == .missing)
    #expect(try store.hashes().isEmpty)

    let writer = try store.open(specification)
    #expect(writer.hash == hash)
    #expect(store.status(of: hash) == .partial(step: 0))
    #expect(try store.holder(of: hash)?.owner?.pid == getpid())
    try writer.append(checkpoint(10), items: items(10))
    try writer.append(checkpoint(20), items: items(20))
    for file in [RunFile.model, .modelConfiguration] { try writer.write(Data("weights".utf8), as: file) }
    #expect(store.status(of: hash) == .partial(step: 20))

    let record = try writer.finish(
      .finished, preset: "ci", machine: machine, seconds: 1.5, summary: ["best": 0.5, "worst": .nan])
    writer.close()
    #expect(store.status(of: hash) == .finished)
    #expect(try store.holder(of: hash) == nil)
    #expect(try store.hashes() == [hash])
    #expect(try store.specification(of: hash) == specification)
    #expect(
      record.files.keys.sorted() == ["config.json", "items.jsonl", "metrics.jsonl", "model.safetensors", "spec.json"])
    let read = try store.record(of: hash)
    #expect(read.summary["worst"]?.isNaN == true && read.machine == machine && read.files == record.files)
    #expect(try store.items(of: hash).records == items(10) + items(20))
    var expected = [checkpoint(10), checkpoint(20)]
    for i in expected.indices { expected[i].seconds = nil }
    #expect(try store.checkpoints(of: hash).records == expected)
    try store.verify(hash)
  }

  @Test(arguments: [
    (RunOutcome.diverged, RunStatus.diverged(reason: "loss nan at step 3")),
    (RunOutcome.failed, RunStatus.failed(reason: "loss nan at step 3")),
  ])
  func badEndsAreTold(_ outcome: RunOutcome, _ status: RunStatus) throws {
    let writer = try store.open(Specification())
    try writer.finish(
      outcome, reason: "loss nan at step 3", preset: "ci", machine: machine, seconds: 1, summary: [:])
    #expect(store.status(of: writer.hash) == status)
  }

  @Test func oneWriterAtATime() throws {
    let writer = try store.open(Specification())
    #expect(throws: StoreError.self) { try store.open(Specification()) }
    let other = try store.open(Specification(seed: 2))
    #expect(other.hash != writer.hash)
    writer.close()
    _ = try store.open(Specification())
  }

  /// Interrupted while the line of checkpoint 30 was written, or after it; resumed from the state of step 20: the files
  /// are those of a run that was never interrupted.
  @Test(arguments: [true, false])
  func resumingGivesTheSameBytes(_ lineWasCut: Bool) throws {
    let whole = try store.open(Specification(seed: 1))
    for step in [10, 20, 30] { try whole.append(checkpoint(step), items: items(step)) }

    var writer = try store.open(Specification(seed: 2))
    for step in [10, 20] { try writer.append(checkpoint(step), items: items(step)) }
    let marks = writer.marks
    if lineWasCut {
      try append(jsonLines(items(30)), to: writer.path(of: .items))
      try append(Data("{\"epoch\":".utf8), to: writer.path(of: .metrics))
    } else {
      try writer.append(checkpoint(30), items: items(30))
    }
    try writeAtomically("x", to: writer.folder + "/.state.1.1.tmp")
    writer.close()
    #expect(try store.checkpoints(of: writer.hash).truncatedLine == (lineWasCut ? 3 : nil))
    writer = try store.open(Specification(seed: 2))
    #expect(try fileNames(in: writer.folder) == ["items.jsonl", "lock", "metrics.jsonl", "spec.json"])
    try writer.rewind(metrics: #require(LineMark(marks.metrics.description)), items: marks.items)
    #expect(try writer.checkpoints().map(\.step) == [10, 20])
    try writer.append(checkpoint(30), items: items(30))

    for file in [RunFile.metrics, .items] {
      #expect(try writer.read(file) == whole.read(file))
    }
    #expect(try writer.read(.state) == nil)
    try writer.rewind(metrics: .start, items: .start)
    #expect(try writer.read(.items) == nil && writer.read(.metrics) == nil)
    try writer.remove(.items)
  }

  /// Lines that are not those the state knew are no ground to go on from, and nothing is cut before that is clear.
  @Test(arguments: [RunFile.metrics, .items])
  func alteredLinesAreNoticed(_ file: RunFile) throws {
    let writer = try store.open(Specification())
    for step in [10, 20] { try writer.append(checkpoint(step), items: items(step)) }
    let marks = writer.marks
    try writer.append(checkpoint(30), items: items(30))
    let whole = try #require(try writer.read(file))
    var flipped = whole
    flipped[10] ^= 1
    for altered in [whole.prefix(20), flipped] {
      try writeAtomically(altered, to: writer.path(of: file))
      let said = message { () throws(StoreError) in try writer.rewind(metrics: marks.metrics, items: marks.items) }
      #expect(said == "\(writer.path(of: file)): its lines are not those that the state was saved with")
      #expect(try writer.read(file) == altered)
    }
    for text in ["", "5", "-1 ab", "a b", "1 2 3"] { #expect(LineMark(text) == nil, "\(text)") }
  }

  @Test func theStateBeforeTheLastOneIsKept() throws {
    let writer = try store.open(Specification())
    #expect(try writer.readState(.state) == nil)
    for state in ["one", "two", "three"] { try writer.writeState(Data(state.utf8)) }
    #expect(try writer.readState(.state) == Data("three".utf8))
    #expect(try writer.readState(.previousState) == Data("two".utf8))
    try writer.finish(.diverged, preset: "ci", machine: machine, seconds: 1, summary: [:])
    writer.close()
    #expect(try fileNames(in: writer.folder) == ["record.json", "spec.json"])
  }

  /// Every cut and every flipped bit of a state is noticed, and so is a state of another run or version.
  @Test func aDamagedStateIsNamed() throws {
    let sealed = SealedState.sealed(Data("weights\nand more".utf8), run: "0123456789abcdef")
    #expect(try SealedState.opened(sealed, run: "0123456789abcdef", path: "s") == Data("weights\nand more".utf8))
    for count in 0..<sealed.count {
      #expect(throws: StoreError.self) {
        try SealedState.opened(sealed.prefix(count), run: "0123456789abcdef", path: "s")
      }
    }
    for place in sealed.indices {
      for bit in 0..<8 {
        var flipped = sealed
        flipped[place] ^= 1 << bit
        #expect(throws: StoreError.self) { try SealedState.opened(flipped, run: "0123456789abcdef", path: "s") }
      }
    }
    func said(_ data: Data) -> String? {
      message { () throws(StoreError) in _ = try SealedState.opened(data, run: "fedcba9876543210", path: "s") }
    }
    #expect(said(sealed) == "s: is a state of run 0123456789abcdef, not fedcba9876543210")
    let future = String(decoding: sealed, as: UTF8.self).replacing("-state 1 ", with: "-state 2 ")
    #expect(said(Data(future.utf8)) == "s: format version 2, this program reads 1")
    #expect(said(Data("PK".utf8)) == "s: is not a saved state")
  }

  /// A folder whose specification is another's is refused when read, and set aside when the run is opened.
  @Test func aFolderThatBelongsToAnotherSpecificationIsSetAside() throws {
    var writer = try store.open(Specification())
    let hash = writer.hash
    try finish(writer)
    writer.close()
    let text = String(decoding: try readFile(store.path(of: .specification, in: hash)), as: UTF8.self)
    try writeAtomically(
      text.replacingOccurrences(of: "\"seed\": 1", with: "\"seed\": 7"), to: store.path(of: .specification, in: hash))
    let other = try store.hash(of: Specification(seed: 7))
    guard case .failed(let reason) = store.status(of: hash) else {
      Issue.record("accepted")
      return
    }
    #expect(reason.hasSuffix("spec.json: describes run \(other), not \(hash)"))
    #expect(throws: StoreError.self) { try store.specification(of: hash) }
    writer = try store.open(Specification())
    #expect(writer.notices == [reason + "; set aside in \(writer.folder)/damaged-1"])
    #expect(try fileNames(in: writer.folder) == ["damaged-1", "lock", "spec.json"])
    #expect(
      try fileNames(in: writer.folder + "/damaged-1")
        == ["config.json", "items.jsonl", "metrics.jsonl", "model.safetensors", "record.json", "spec.json"])
    #expect(store.status(of: hash) == .partial(step: 0))
    #expect(try store.hashes() == [hash])
  }

  /// A flipped digit in the metrics of a finished run is valid JSON, and noticed all the same.
  @Test func alteredMetricsOfAFinishedRunAreNotUsed() throws {
    let writer = try store.open(Specification())
    try finish(writer)
    #expect(store.status(of: writer.hash) == .finished)
    let line = String(decoding: try #require(try writer.read(.metrics)), as: UTF8.self)
    try writeAtomically(line.replacing("\"acc\":0.5", with: "\"acc\":0.6"), to: writer.path(of: .metrics))
    guard case .failed(let reason) = store.status(of: writer.hash) else { throw StoreError(.badData, "accepted") }
    #expect(reason == "\(writer.path(of: .metrics)): was altered (its SHA-256 is not the recorded one)")
  }

  /// A newer program's record is neither used nor touched.
  @Test func aRecordOfAnotherVersionIsLeftAlone() throws {
    var writer = try store.open(Specification())
    try finish(writer)
    writer.close()
    let record = try store.record(of: writer.hash)
    try writeAtomically(sealedText(changed(record) { $0.formatVersion = 3 }), to: writer.path(of: .record))
    let said = message { () throws(StoreError) in writer = try store.open(Specification()) }
    #expect(said?.hasSuffix("this program reads 2; move the folder away or use the version that wrote it") == true)
    #expect(try fileNames(in: writer.folder).contains { $0.hasPrefix("damaged") } == false)
  }

  @Test func aWriterWhoseLockIsGoneWritesNothing() throws {
    let writer = try store.open(Specification())
    unlink(writer.folder + "/lock")
    let removed = message { () throws(StoreError) in try writer.write(Data(), as: .model) }
    #expect(removed == "\(writer.folder)/lock: was removed, so this process writes no more; run the same command again")
    try writeAtomically(jsonLines([LockOwner(pid: 1, host: "elsewhere", since: "now")]), to: writer.folder + "/lock")
    let taken = #expect(throws: StoreError.self) { try writer.append(checkpoint(10), items: []) }
    #expect(
      taken?.kind == .locked
        && taken?.description.hasSuffix("was taken over by process 1 on elsewhere since now") == true)
    writer.close()
    #expect(fileExists(writer.folder + "/lock"), "it is another's now")
    #expect(try fileNames(in: writer.folder) == ["lock", "spec.json"])
  }

  /// The text may be laid out differently: what counts is the value.
  @Test func theLayoutOfTheSpecificationDoesNotMatter() throws {
    let writer = try store.open(Specification())
    try writeAtomically(
      #"{"seed":1,"objective":"autoregressive","learningRate":2.0e-3}"#, to: writer.path(of: .specification))
    #expect(store.status(of: writer.hash) == .partial(step: 0))
  }

  @Test func damageIsNamed() throws {
    let writer = try store.open(Specification())
    let hash = writer.hash
    try finish(writer)
    try writer.write(Data("weightz".utf8), as: .model)
    let altered = message { () throws(StoreError) in try store.verify(hash) }
    #expect(
      altered?.contains("model.safetensors: was altered (its SHA-256 is not the recorded one); delete it") == true)
    try writer.remove(.model)
    guard case .failed(let lost) = store.status(of: hash) else { throw StoreError(.badData, "accepted a lost file") }
    #expect(lost.contains("model.safetensors is lost"))

    let record = try store.record(of: hash)
    try writeAtomically(sealedText(changed(record) { $0.formatVersion = 99 }), to: writer.path(of: .record))
    guard case .failed(let old) = store.status(of: hash) else { throw StoreError(.badData, "accepted version 99") }
    #expect(old.contains("format version 99, this program reads 2"))

    try writeAtomically("{", to: writer.path(of: .record))
    guard case .failed(let cut) = store.status(of: hash) else { throw StoreError(.badData, "accepted half a record") }
    #expect(cut.contains("record.json: not a valid record (not JSON)"))
  }

  @Test func foldersWithOtherNamesAreNotRuns() throws {
    try makeDirectory(store.directory + "/notes")
    try makeDirectory(store.directory + "/0123456789abcdef")
    #expect(try store.hashes() == ["0123456789abcdef"])
    #expect(store.status(of: "0123456789abcdef") == .missing)
  }
}
