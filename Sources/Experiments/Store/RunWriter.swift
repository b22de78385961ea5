// Writing the folder of one run, under its lock. The order of writes makes every interruption resumable:
// items, metrics, then the state; on resuming, lines later than the state are dropped.

import Foundation
import SystemPackage

extension RecordStore {
  /// Takes the run's lock, makes its folder and `spec.json` if need be, and removes what interrupted writes have left.
  ///
  /// Ask for `status(of:)` again afterwards: another process may have finished the run before the lock was free.
  /// - Throws: `StoreError` of kind `.locked` if somebody is at work on the run, `.badData` if the folder belongs to
  ///   another specification, `.io`.
  public func open(_ specification: Specification) throws(StoreError) -> RunWriter {
    let hash = try hash(of: specification)
    let folder = folder(of: hash)
    try makeDirectory(folder)
    let lock = try RunLock.acquire(folder + "/lock")
    try removeTemporaries(in: folder)
    if fileExists(path(of: .specification, in: hash)) {
      _ = try specificationJSON(of: hash)
    } else {
      let json: JSONValue
      do {
        json = try jsonValue(specification)
      } catch {
        throw StoreError(.badData, "the run's specification is not valid JSON: \(briefly(error)); correct that value")
      }
      try writeAtomically(json.canonical(indented: true) + "\n", to: path(of: .specification, in: hash))
    }
    return RunWriter(hash: hash, folder: folder, lock: lock)
  }
}

/// The only writer of a run's folder, until `close()`.
public final class RunWriter: Sendable {
  public let hash: String
  public let folder: String
  private let lock: RunLock

  init(hash: String, folder: String, lock: RunLock) {
    self.hash = hash
    self.folder = folder
    self.lock = lock
  }

  /// The dead process whose unfinished work this continues, if its lock was found.
  public var predecessor: LockOwner? { lock.predecessor }

  public func path(of file: RunFile) -> String {
    folder + "/" + file.rawValue
  }

  /// Adds a checkpoint's lines and syncs them. Write the state after this, not before.
  public func append(_ checkpoint: CheckpointRecord, items: [ItemsRecord]) throws(StoreError) {
    if !items.isEmpty { try appendAndSync(jsonLines(items), to: path(of: .items)) }
    try appendAndSync(jsonLines([checkpoint]), to: path(of: .metrics))
    lock.refresh()
  }

  /// Drops the lines of checkpoints after `step`, and a last line that was cut off. Call it before continuing from a
  /// state of that step; 0 begins anew.
  /// - Returns: the checkpoints that remain.
  @discardableResult
  public func rewind(toStep step: Int) throws(StoreError) -> [CheckpointRecord] {
    try keep(in: .items, of: ItemsRecord.self) { $0.step <= step }
    return try keep(in: .metrics, of: CheckpointRecord.self) { $0.step <= step }
  }

  /// Replaces one of the run's files.
  public func write(_ data: Data, as file: RunFile) throws(StoreError) {
    try writeAtomically(data, to: path(of: file))
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

  /// Writes `record.json` with the check sums of all other files: the run has ended.
  @discardableResult
  public func finish(
    _ outcome: RunOutcome, reason: String? = nil, preset: String, machine: Machine, seconds: Double,
    summary: [String: Double]
  ) throws(StoreError) -> RunRecord {
    var files: [String: String] = [:]
    for file in RunFile.allCases where file != .record && fileExists(path(of: file)) {
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
    try writeAtomically(json.canonical(indented: true) + "\n", to: path(of: .record))
    return record
  }

  /// Releases the lock.
  public func close() {
    lock.release()
  }

  @discardableResult
  private func keep<Record: Codable & Sendable>(
    in file: RunFile, of type: Record.Type, where isKept: (Record) -> Bool
  ) throws(StoreError) -> [Record] {
    guard fileExists(path(of: file)) else { return [] }
    let lines = try readJSONLines(path(of: file), as: Record.self)
    let kept = lines.records.filter(isKept)
    if kept.count < lines.records.count || lines.truncatedLine != nil {
      try writeAtomically(jsonLines(kept), to: path(of: file))
    }
    return kept
  }
}
