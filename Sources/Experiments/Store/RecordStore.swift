// `results/runs/`: one folder a run, named by the hash of its specification. Reading is here, writing is in
// RunWriter.swift.

import Foundation
import SystemPackage

/// The records of all runs, whose specifications are of one type.
public struct RecordStore<Specification: Codable & Sendable>: Sendable {
  /// The directory that holds a folder a run, normally `results/runs`.
  public let directory: String

  public init(directory: String) {
    self.directory = directory
  }

  /// The name of the run, which is also that of its folder.
  public func hash(of specification: Specification) throws(StoreError) -> String {
    do {
      return try specificationHash(specification)
    } catch {
      throw StoreError(.badData, "the run's specification is not valid JSON: \(briefly(error)); correct that value")
    }
  }

  public func folder(of hash: String) -> String {
    FilePath(directory).appending(hash).string
  }

  public func path(of file: RunFile, in hash: String) -> String {
    FilePath(directory).appending(hash).appending(file.rawValue).string
  }

  /// The hashes of all runs that have a folder, in alphabetical order.
  public func hashes() throws(StoreError) -> [String] {
    try fileNames(in: directory).filter { name in
      name.count == 16 && name.allSatisfy { "0123456789abcdef".contains($0) }
    }
  }

  /// What is known of the run. It reads no large file; `verify(_:)` does.
  public func status(of hash: String) -> RunStatus {
    guard fileExists(path(of: .specification, in: hash)) || fileExists(path(of: .record, in: hash)) else {
      return .missing
    }
    if let damage = damage(of: hash) { return .failed(reason: damage.error.description) }
    do {
      guard fileExists(path(of: .record, in: hash)) else {
        return .partial(step: try checkpoints(of: hash).records.last?.step ?? 0)
      }
      let record = try record(of: hash)
      switch record.outcome {
      case .finished: return .finished
      case .diverged: return .diverged(reason: record.reason ?? "diverged")
      case .failed: return .failed(reason: record.reason ?? "failed")
      }
    } catch {
      return .failed(reason: error.description)
    }
  }

  /// Why what is stored of a run cannot be used.
  enum Damage {
    /// It is not what was written; the same run would write it again.
    case altered(StoreError)
    /// Another version of the program wrote it, which can still read it.
    case otherVersion(StoreError)

    var error: StoreError {
      switch self {
      case .altered(let error), .otherVersion(let error): error
      }
    }
  }

  /// What is wrong with the specification, or with an ended run's record, list of files or metrics; nil if nothing is.
  func damage(of hash: String) -> Damage? {
    do {
      if fileExists(path(of: .specification, in: hash)) { _ = try specificationData(of: hash) }
      guard fileExists(path(of: .record, in: hash)) else { return nil }
      if let version = try otherVersion(of: hash) { return .otherVersion(version) }
      let record = try record(of: hash)
      if let lost = record.files.keys.sorted().first(where: { !fileExists(folder(of: hash) + "/" + $0) }) {
        return .altered(StoreError(.badData, "\(folder(of: hash)): \(lost) is lost"))
      }
      try verify(.metrics, of: record)
      return nil
    } catch {
      return .altered(error)
    }
  }

  /// Who is at work on the run, by its lock file.
  public func owner(of hash: String) -> LockOwner? {
    RunLock.readOwner(folder(of: hash) + "/lock")
  }

  /// The run's specification.
  /// - Throws: `StoreError` if `spec.json` does not hash to the folder's name.
  public func specification(of hash: String) throws(StoreError) -> Specification {
    let data = try specificationData(of: hash)
    do {
      return try JSONDecoder().decode(Specification.self, from: data)
    } catch {
      throw StoreError(
        .badData, "\(path(of: .specification, in: hash)): from another version of the program (\(briefly(error))); "
          + "move the folder away")
    }
  }

  /// The specification as plain JSON, for comparing runs parameter by parameter.
  public func specificationJSON(of hash: String) throws(StoreError) -> JSONValue {
    try decode(JSONValue.self, from: specificationData(of: hash), path(of: .specification, in: hash))
  }

  /// The marker of a run that has ended.
  /// - Throws: `StoreError` if it is damaged, of another version or another run.
  public func record(of hash: String) throws(StoreError) -> RunRecord {
    let path = path(of: .record, in: hash)
    if let version = try otherVersion(of: hash) { throw version }
    let record = try decode(RunRecord.self, from: readFile(path), path)
    guard record.hash == hash else {
      throw StoreError(.badData, "\(path): belongs to run \(record.hash), not \(hash)")
    }
    return record
  }

  /// The complaint about a record of another format version; nil if it is of this one.
  private func otherVersion(of hash: String) throws(StoreError) -> StoreError? {
    let path = path(of: .record, in: hash)
    let version = try decode(FormatVersion.self, from: readFile(path), path).formatVersion
    if version == RunRecord.currentFormatVersion { return nil }
    return StoreError(
      .badData, "\(path): format version \(version), this program reads \(RunRecord.currentFormatVersion); "
        + "move the folder away or use the version that wrote it")
  }

  /// The checkpoints so far, in order of steps; none if the run has not come so far.
  public func checkpoints(of hash: String) throws(StoreError) -> JSONLines<CheckpointRecord> {
    try lines(.metrics, of: hash)
  }

  /// The items' results so far; none if the run has not come so far.
  public func items(of hash: String) throws(StoreError) -> JSONLines<ItemsRecord> {
    try lines(.items, of: hash)
  }

  /// Compares every file of an ended run with the check sum in its record.
  /// - Throws: `StoreError` naming the first file that differs.
  public func verify(_ hash: String) throws(StoreError) {
    _ = try specificationData(of: hash)
    let record = try record(of: hash)
    for file in RunFile.kept where file != .record { try verify(file, of: record) }
  }

  /// Compares one file with the check sum in its run's record, if that has one.
  private func verify(_ file: RunFile, of record: RunRecord) throws(StoreError) {
    guard let expected = record.files[file.rawValue] else { return }
    let path = path(of: file, in: record.hash)
    if try sha256(ofFile: path) != expected {
      throw StoreError(.badData, "\(path): was altered (its SHA-256 is not the recorded one)")
    }
  }

  private func lines<Record: Decodable>(_ file: RunFile, of hash: String) throws(StoreError) -> JSONLines<Record> {
    let path = path(of: file, in: hash)
    return fileExists(path) ? try readJSONLines(path) : JSONLines(records: [])
  }

  /// `spec.json`, refused if it does not hash to the folder's name.
  private func specificationData(of hash: String) throws(StoreError) -> Data {
    let path = path(of: .specification, in: hash)
    let data = try readFile(path)
    let canonical = try decode(JSONValue.self, from: data, path).canonical()
    let actual = sha256(Data(canonical.utf8)).prefix(16)
    guard actual == hash else {
      throw StoreError(.badData, "\(path): describes run \(actual), not \(hash)")
    }
    return data
  }

  private func decode<Value: Decodable>(
    _ type: Value.Type, from data: Data, _ path: String
  ) throws(StoreError) -> Value {
    do {
      return try recordDecoder().decode(Value.self, from: data)
    } catch {
      throw StoreError(.badData, "\(path): not a valid record (\(briefly(error)))")
    }
  }
}

/// The one field that the records of all versions share.
private struct FormatVersion: Decodable {
  let formatVersion: Int
}
