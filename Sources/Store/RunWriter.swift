// Writing the folder of one run, under its lock. The order of writes makes every interruption resumable: items,
// metrics, then the state, which knows how long both were; on resuming, what is longer is cut. Nothing damaged is
// deleted: it is set aside and reported. What was written is known in memory, and the record vouches for that and
// nothing else.

import Basics
import Files
import Foundation
import Specification
import Synchronization
import SystemPackage

extension RecordStore {
  /// Takes the run's lock, makes its folder and `spec.json` if need be, and removes what interrupted writes have left.
  /// What cannot be used of an ended run is set aside.
  ///
  /// Ask for `status(of:)` again afterwards: another process may have finished the run before the lock was free.
  /// - Throws: `StoreError` of kind `.locked` if another process is at work on the run, `.badData` if the record is of
  ///   another version of the program, `.io`; nothing is moved then.
  package func open(_ specification: Specification) throws(StoreError) -> RunWriter {
    let hash = try hash(of: specification)
    let folder = folder(of: hash)
    try makeDirectory(folder)
    let lock = try RunLock.acquire(lockPath(of: hash))
    let writer = RunWriter(hash: hash, folder: folder, lock: lock)
    try removeTemporaries(in: folder)
    if let damage = try damage(of: hash) {
      if case .otherVersion = damage { throw damage.error }
      try writer.setAside(RunFile.allCases, because: damage.error.description)
    }
    if let data = try readFileIfThere(path(of: .specification, in: hash)) {
      writer.knows(try requireSpecification(of: hash, data), as: .specification)
      return writer
    }
    let json: JSONValue
    do {
      json = try jsonValue(specification)
    } catch {
      throw StoreError(.badData, "the run's specification is not valid JSON: \(briefly(error)); correct that value")
    }
    try writer.write(Data((json.canonical(indented: true) + "\n").utf8), as: .specification)
    return writer
  }

  /// Removes what a process that was killed at the very end of a run has left: a state that is not needed, a lock that
  /// nobody holds. What cannot be removed now stays.
  package func removeLeftovers(ofEnded hash: String) {
    let files = [RunFile.state, .previousState].map { path(of: $0, in: hash) }
    let lockPath = lockPath(of: hash)
    let isAnythingLeft = (files + [lockPath]).contains { kind(of: $0) != nil }
    guard isAnythingLeft, let lock = try? RunLock.acquire(lockPath) else { return }
    if status(of: hash).hasEnded { for file in files { unlink(file) } }
    lock.release()
  }
}

/// The only writer of a run's folder, until `close()`.
package final class RunWriter: Sendable {
  package let hash: String
  package let folder: String
  private let lock: RunLock
  private let memory: Mutex<Memory>

  /// What this writer knows of the folder without looking.
  private struct Memory {
    var notices: [String] = []
    var metrics: GrowingFile
    var items: GrowingFile
    /// SHA-256 of the other files that it has written, or read and found right.
    var digests: [RunFile: String] = [:]
  }

  init(hash: String, folder: String, lock: RunLock) {
    self.hash = hash
    self.folder = folder
    self.lock = lock
    func growing(_ file: RunFile) -> GrowingFile { GrowingFile(path: folder + "/" + file.rawValue) }
    memory = Mutex(Memory(metrics: growing(.metrics), items: growing(.items)))
    if let predecessor = lock.predecessor {
      notice("run \(hash): continues the work of \(predecessor), which did not end it")
    }
  }

  /// What the user should know about the folder: whose work is continued, what was damaged and is set aside.
  package var notices: [String] { memory.withLock { $0.notices } }

  private func notice(_ line: String) { memory.withLock { $0.notices.append(line) } }

  package func path(of file: RunFile) -> String {
    folder + "/" + file.rawValue
  }

  /// Adds a checkpoint's lines and syncs them. Write the state after this, not before.
  /// - Throws: `StoreError`, of kind `.badData` if the files were changed from outside.
  package func append(_ checkpoint: CheckpointRecord, items: [ItemsRecord]) throws(StoreError) {
    try lock.requireHeld()
    let lines = (metrics: try jsonLines([checkpoint]), items: try jsonLines(items))
    try memory.withLock { memory throws(StoreError) in
      if !items.isEmpty { try memory.items.append(lines.items) }
      try memory.metrics.append(lines.metrics)
    }
  }

  /// The checkpoints so far.
  package func checkpoints() throws(StoreError) -> [CheckpointRecord] {
    guard let data = try readFileIfThere(path(of: .metrics), limit: SizeLimit.lines) else { return [] }
    return try parseJSONLines(data, path: path(of: .metrics)).records
  }

  /// How long the lines of metrics and items are by what was written, and their SHA-256.
  package var marks: (metrics: LineMark, items: LineMark) {
    memory.withLock { ($0.metrics.mark, $0.items.mark) }
  }

  /// Cuts the lines of checkpoints after a state, and a last line that was cut off. Call it before continuing.
  /// - Throws: `StoreError` of kind `.badData` if what the state knows of the lines is not what is there.
  package func rewind(metrics: LineMark, items: LineMark) throws(StoreError) {
    try lock.requireHeld()
    try memory.withLock { memory throws(StoreError) in
      // Both are looked at before anything is cut.
      let contents = (
        items: try memory.items.contents(upTo: items), metrics: try memory.metrics.contents(upTo: metrics)
      )
      try memory.items.rewind(to: items, of: contents.items)
      try memory.metrics.rewind(to: metrics, of: contents.metrics)
    }
  }

  /// Replaces one of the run's files.
  package func write(_ data: Data, as file: RunFile) throws(StoreError) {
    try lock.requireHeld()
    try writeAtomically(data, to: path(of: file))
    knows(data, as: file)
  }

  /// Keeps in memory what is in a file.
  func knows(_ data: Data, as file: RunFile) {
    memory.withLock { $0.digests[file] = sha256(data) }
  }

  /// Replaces the state and keeps the one before it.
  ///
  /// The file is one line, "replicate-state VERSION RUN SHA-256", and then the state, over which the SHA-256 is.
  package func writeState(_ state: Data) throws(StoreError) {
    try lock.requireHeld()
    let current = path(of: .state)
    let previous = path(of: .previousState)
    if try isThere(current) {
      try removeFile(previous)
      // A link keeps the state in its place until the new one replaces it; some file systems have none.
      if link(current, previous) != 0, rename(current, previous) != 0 {
        throw StoreError(cannot: "keep", current, Errno(rawValue: errno))
      }
    }
    try writeAtomically(SealedState.sealed(state, run: hash), to: current)
  }

  /// What `writeState` was given; nil if there is no such file.
  /// - Parameter limit: the longest state that this run can have, in bytes.
  /// - Throws: `StoreError` of kind `.badData` if the file was cut, altered, or is not a state of this run in this
  ///   version, `.io` if it cannot be read.
  package func readState(_ file: RunFile, limit: Int = SizeLimit.lines) throws(StoreError) -> Data? {
    let path = path(of: file)
    guard let data = try readFileIfThere(path, limit: limit + SealedState.longestFrame) else { return nil }
    return try SealedState.opened(data, run: hash, path: path)
  }

  /// The contents of one of the run's files, nil if it is not there.
  package func read(_ file: RunFile) throws(StoreError) -> Data? {
    try readFileIfThere(path(of: file), limit: SizeLimit.lines)
  }

  /// Removes one of the run's files if it is there.
  package func remove(_ file: RunFile) throws(StoreError) {
    try lock.requireHeld()
    try removeFile(path(of: file))
  }

  /// Moves files that cannot be used into a folder `damaged-1`, `damaged-2`, … of the run's, and notes why.
  package func setAside(_ files: [RunFile], because reason: String) throws(StoreError) {
    try lock.requireHeld()
    var there: [RunFile] = []
    for file in files where try isThere(path(of: file)) { there.append(file) }
    if there.isEmpty { return }
    let aside = try makeFreshDirectory("\(folder)/damaged")
    // The record goes first: without it the run has not ended, however far this comes.
    for file in there.sorted(by: { ($0 == .record ? 0 : 1) < ($1 == .record ? 0 : 1) })
    where rename(path(of: file), aside + "/" + file.rawValue) != 0 {
      throw StoreError(cannot: "set aside", path(of: file), Errno(rawValue: errno))
    }
    notice("\(reason); set aside in \(aside)")
  }

  /// Shows other machines that the owner lives; cheap, to be called often.
  package func refresh() { lock.refresh() }

  /// Writes `record.json` with the checksums of all that this writer has written: the run has ended, and needs no
  /// state any more.
  /// - Throws: `StoreError` of kind `.badData` if a file is not as it was written; there is no record then.
  @discardableResult
  package func finish(
    _ outcome: RunOutcome, reason: String? = nil, preset: String, machine: Machine, seconds: Double,
    summary: [String: Double]
  ) throws(StoreError) -> RunRecord {
    try lock.requireHeld()
    let record = RunRecord(
      formatVersion: RunRecord.currentFormatVersion, hash: hash, outcome: outcome, reason: reason, preset: preset,
      machine: machine, seconds: seconds, files: try verifiedDigests(), summary: summary)
    try writeAtomically(try sealedText(record), to: path(of: .record))
    for file in [RunFile.state, .previousState] { try remove(file) }
    return record
  }

  /// The checksums of what was written, by name, once the disk has been compared with them.
  private func verifiedDigests() throws(StoreError) -> [String: String] {
    try memory.withLock { memory throws(StoreError) in
      var digests: [String: String] = [:]
      for (file, lines) in [(RunFile.metrics, memory.metrics), (.items, memory.items)] {
        try lines.verify()
        if lines.mark.bytes > 0 { digests[file.rawValue] = lines.mark.digest }
      }
      for file in RunFile.sealed {
        guard digests[file.rawValue] == nil, let written = memory.digests[file] else { continue }
        if try sha256(ofFileIfThere: path(of: file)) != written { throw .changedAtWork(path(of: file)) }
        digests[file.rawValue] = written
      }
      return digests
    }
  }

  /// Releases the lock.
  package func close() {
    lock.release()
  }
}
