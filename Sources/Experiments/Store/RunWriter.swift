// Writing the folder of one run, under its lock. The order of writes makes every interruption resumable: items, metrics,
// then the state, which knows how long both were; on resuming, what is longer is cut. Nothing damaged is deleted: it is
// set aside, and said.

import Foundation
import Synchronization
import SystemPackage

extension RecordStore {
  /// Takes the run's lock, makes its folder and `spec.json` if need be, and removes what interrupted writes have left. What
  /// cannot be used of an ended run is set aside.
  ///
  /// Ask for `status(of:)` again afterwards: another process may have finished the run before the lock was free.
  /// - Throws: `StoreError` of kind `.locked` if somebody is at work on the run, `.badData` if the record is of another
  ///   version of the program, `.io`.
  public func open(_ specification: Specification) throws(StoreError) -> RunWriter {
    let hash = try hash(of: specification)
    let folder = folder(of: hash)
    try makeDirectory(folder)
    let lock = try RunLock.acquire(folder + "/lock")
    let writer = RunWriter(hash: hash, folder: folder, lock: lock)
    try removeTemporaries(in: folder)
    if let damage = damage(of: hash) {
      if case .otherVersion = damage { throw damage.error }
      try writer.setAside(RunFile.allCases, because: damage.error.description)
    }
    if !fileExists(path(of: .specification, in: hash)) {
      let json: JSONValue
      do {
        json = try jsonValue(specification)
      } catch {
        throw StoreError(.badData, "the run's specification is not valid JSON: \(briefly(error)); correct that value")
      }
      try writer.write(Data((json.canonical(indented: true) + "\n").utf8), as: .specification)
    }
    return writer
  }
}

extension RecordStore {
  /// Removes what a process that was killed at the very end of a run has left: a state that nobody needs, a lock that
  /// nobody holds. What cannot be removed now stays.
  func removeLeftovers(ofEnded hash: String) {
    let files = [RunFile.state, .previousState].map { path(of: $0, in: hash) }
    let lockPath = folder(of: hash) + "/lock"
    guard (files + [lockPath]).contains(where: fileExists), let lock = try? RunLock.acquire(lockPath) else { return }
    if status(of: hash).hasEnded { for file in files { unlink(file) } }
    lock.release()
  }
}

/// How much of a file of lines counts: its length in bytes, and the SHA-256 of those.
public struct LineMark: Sendable, Equatable {
  public let bytes: Int
  public let digest: String

  /// "1204 5f70…".
  public var description: String { "\(bytes) \(digest)" }

  /// The mark of a file that is empty or not there.
  public static let start = LineMark(of: Data())

  init(of data: Data) {
    bytes = data.count
    digest = sha256(data)
  }

  /// - Returns: nil if the text is not one that `description` gives.
  public init?(_ text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 2, let bytes = Int(parts[0]), bytes >= 0 else { return nil }
    (self.bytes, digest) = (bytes, String(parts[1]))
  }
}

/// The only writer of a run's folder, until `close()`.
public final class RunWriter: Sendable {
  public let hash: String
  public let folder: String
  private let lock: RunLock
  private let noticed = Mutex<[String]>([])

  init(hash: String, folder: String, lock: RunLock) {
    self.hash = hash
    self.folder = folder
    self.lock = lock
    if let predecessor = lock.predecessor {
      noticed.withLock { $0.append("run \(hash): continues the work of \(predecessor), which did not end it") }
    }
  }

  /// What the user should know about the folder: whose work is continued, what was damaged and is set aside.
  public var notices: [String] { noticed.withLock { $0 } }

  public func path(of file: RunFile) -> String {
    folder + "/" + file.rawValue
  }

  /// Adds a checkpoint's lines and syncs them. Write the state after this, not before.
  public func append(_ checkpoint: CheckpointRecord, items: [ItemsRecord]) throws(StoreError) {
    try lock.requireHeld()
    if !items.isEmpty { try appendAndSync(jsonLines(items), to: path(of: .items)) }
    try appendAndSync(jsonLines([checkpoint]), to: path(of: .metrics))
  }

  /// The checkpoints so far.
  public func checkpoints() throws(StoreError) -> [CheckpointRecord] {
    fileExists(path(of: .metrics)) ? try readJSONLines(path(of: .metrics)).records : []
  }

  /// How long the lines of metrics and items are now.
  public func marks() throws(StoreError) -> (metrics: LineMark, items: LineMark) {
    (LineMark(of: try read(.metrics) ?? Data()), LineMark(of: try read(.items) ?? Data()))
  }

  /// Cuts the lines of checkpoints after a state, and a last line that was cut off. Call it before continuing.
  /// - Throws: `StoreError` of kind `.badData` if what the state knows of the lines is not what stands there.
  public func rewind(metrics: LineMark, items: LineMark) throws(StoreError) {
    var longer: [(file: RunFile, data: Data)] = []
    for (file, mark) in [(RunFile.items, items), (.metrics, metrics)] {
      let data = try read(file) ?? Data()
      let counted = data.prefix(mark.bytes)
      guard LineMark(of: counted) == mark else {
        throw StoreError(.badData, "\(path(of: file)): its lines are not those that the state was saved with")
      }
      if data.count > mark.bytes { longer.append((file, counted)) }
    }
    for (file, data) in longer {
      if data.isEmpty { try remove(file) } else { try write(Data(data), as: file) }
    }
  }

  /// Replaces one of the run's files.
  public func write(_ data: Data, as file: RunFile) throws(StoreError) {
    try lock.requireHeld()
    try writeAtomically(data, to: path(of: file))
  }

  /// Replaces the state and keeps the one before it.
  ///
  /// The file is one line, "replicate-state VERSION RUN SHA-256", and then the state, over which the SHA-256 is.
  public func writeState(_ state: Data) throws(StoreError) {
    let current = path(of: .state)
    let previous = path(of: .previousState)
    if fileExists(current) {
      try remove(.previousState)
      // A link keeps the state in its place until the new one replaces it; some file systems have none.
      if link(current, previous) != 0, rename(current, previous) != 0 {
        throw StoreError(cannot: "keep", current, Errno(rawValue: errno))
      }
    }
    try write(SealedState.sealed(state, run: hash), as: .state)
  }

  /// What `writeState` was given.
  /// - Throws: `StoreError` if the file was cut, altered, or is not a state of this run in this version.
  public func readState(_ file: RunFile) throws(StoreError) -> Data? {
    guard let data = try read(file) else { return nil }
    return try SealedState.opened(data, run: hash, path: path(of: file))
  }

  /// The contents of one of the run's files, nil if it is not there.
  public func read(_ file: RunFile) throws(StoreError) -> Data? {
    fileExists(path(of: file)) ? try readFile(path(of: file)) : nil
  }

  /// Removes one of the run's files if it is there.
  public func remove(_ file: RunFile) throws(StoreError) {
    if unlink(path(of: file)) != 0, errno != ENOENT {
      throw StoreError(cannot: "remove", path(of: file), Errno(rawValue: errno))
    }
  }

  /// Moves files that cannot be used into a folder `damaged-1`, `damaged-2`, … of the run's, and notes why.
  public func setAside(_ files: [RunFile], because reason: String) throws(StoreError) {
    let files = files.filter { fileExists(path(of: $0)) }
    if files.isEmpty { return }
    var number = 1
    while fileExists("\(folder)/damaged-\(number)") { number += 1 }
    let aside = "\(folder)/damaged-\(number)"
    try makeDirectory(aside)
    // The record goes first: without it the run has not ended, however far this comes.
    for file in files.sorted(by: { ($0 == .record ? 0 : 1) < ($1 == .record ? 0 : 1) })
    where rename(path(of: file), aside + "/" + file.rawValue) != 0 {
      throw StoreError(cannot: "set aside", path(of: file), Errno(rawValue: errno))
    }
    noticed.withLock { $0.append("\(reason); set aside in \(aside)") }
  }

  /// Shows other machines that the owner lives; cheap, to be called often.
  public func refresh() { lock.refresh() }

  /// Writes `record.json` with the check sums of all other files: the run has ended, and needs no state any more.
  @discardableResult
  public func finish(
    _ outcome: RunOutcome, reason: String? = nil, preset: String, machine: Machine, seconds: Double,
    summary: [String: Double]
  ) throws(StoreError) -> RunRecord {
    var files: [String: String] = [:]
    for file in RunFile.kept where file != .record && fileExists(path(of: file)) {
      files[file.rawValue] = try sha256(ofFile: path(of: file))
    }
    let record = RunRecord(
      formatVersion: RunRecord.currentFormatVersion, hash: hash, outcome: outcome, reason: reason, preset: preset,
      machine: machine, seconds: seconds, files: files, summary: summary)
    let json: JSONValue
    do {
      json = try jsonValue(record, allowingNonFinite: true)
    } catch {
      throw StoreError(.badData, "cannot write the record as JSON: \(briefly(error))")
    }
    try write(Data((json.canonical(indented: true) + "\n").utf8), as: .record)
    for file in [RunFile.state, .previousState] { try remove(file) }
    return record
  }

  /// Releases the lock.
  public func close() {
    lock.release()
  }
}
