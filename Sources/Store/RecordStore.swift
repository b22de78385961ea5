// `results/runs/`: one folder per run, named by the hash of its specification. Reading is here, writing is in
// RunWriter.swift, whether what is read can be trusted is in RecordStore+Damage.swift.

import Basics
import Files
import Foundation
import Specification
import SystemPackage

/// The records of all runs, whose specifications are of one type.
package struct RecordStore<Specification: Codable & Sendable>: Sendable {
  /// The directory that holds one folder per run, normally `results/runs`.
  package let directory: String

  package init(directory: String) {
    self.directory = directory
  }

  /// The name of the run, which is also that of its folder.
  package func hash(of specification: Specification) throws(StoreError) -> String {
    do {
      return try specificationHash(specification)
    } catch {
      throw StoreError(.badData, "the run's specification is not valid JSON: \(briefly(error)); correct that value")
    }
  }

  package func folder(of hash: String) -> String {
    FilePath(directory).appending(hash).string
  }

  package func path(of file: RunFile, in hash: String) -> String {
    FilePath(directory).appending(hash).appending(file.rawValue).string
  }

  package func lockPath(of hash: String) -> String {
    folder(of: hash) + "/lock"
  }

  /// The hashes of all runs that have a folder, in alphabetical order.
  package func hashes() throws(StoreError) -> [String] {
    try fileNames(in: directory).filter(isRunName)
  }

  /// What is known of the run. It reads no large file; `verify(_:)` does.
  package func status(of hash: String) -> RunStatus {
    do throws(StoreError) {
      let hasSpecification = try isThere(path(of: .specification, in: hash))
      let hasRecord = try isThere(path(of: .record, in: hash))
      guard hasSpecification || hasRecord else { return .missing }
      if let damage = try damage(of: hash) { return .failed(reason: damage.error.description) }
      guard let record = try recordIfThere(hash) else {
        return .partial(step: try checkpoints(of: hash).records.last?.step ?? 0)
      }
      switch record.outcome {
      case .finished: return .finished
      case .diverged: return .diverged(reason: record.reason ?? "diverged")
      case .failed: return .failed(reason: record.reason ?? "failed")
      }
    } catch {
      switch error.kind {
      case .badData: return .failed(reason: error.description)
      case .io, .locked: return .unreadable(error)
      }
    }
  }

  /// Whether nothing more is to be done for the run.
  /// - Throws: `StoreError` of kind `.io` if that cannot be told now.
  package func hasEnded(_ hash: String) throws(StoreError) -> Bool {
    let status = status(of: hash)
    if case .unreadable(let error) = status { throw error }
    return status.hasEnded
  }

  /// Who is at work on the run, by its lock; nil if nobody is.
  /// - Throws: `StoreError` of kind `.io` if that cannot be told.
  package func holder(of hash: String) throws(StoreError) -> LockHolder? {
    try RunLock.holder(of: lockPath(of: hash))
  }

  /// The run's specification.
  /// - Throws: `StoreError` if `spec.json` does not hash to the folder's name.
  package func specification(of hash: String) throws(StoreError) -> Specification {
    let data = try specificationData(of: hash)
    do {
      return try JSONDecoder().decode(Specification.self, from: data)
    } catch let error as ImpossibleRun {
      throw StoreError(.badData, "\(path(of: .specification, in: hash)): \(error); remove the folder")
    } catch {
      throw StoreError(
        .badData,
        "\(path(of: .specification, in: hash)): from another version of the program (\(briefly(error))); "
          + "move the folder away")
    }
  }

  /// The specification as plain JSON, for comparing runs parameter by parameter.
  package func specificationJSON(of hash: String) throws(StoreError) -> JSONValue {
    try json(try specificationData(of: hash), path(of: .specification, in: hash))
  }

  /// The marker of a run that has ended.
  /// - Throws: `StoreError` if it is not there, damaged, of another version or another run.
  package func record(of hash: String) throws(StoreError) -> RunRecord {
    guard let record = try recordIfThere(hash) else {
      throw StoreError(cannot: "read", path(of: .record, in: hash), Errno.noSuchFileOrDirectory)
    }
    return record
  }

  /// The checkpoints so far, in order of steps; none if the run has not come so far.
  package func checkpoints(of hash: String) throws(StoreError) -> JSONLines<CheckpointRecord> {
    try lines(.metrics, of: hash)
  }

  /// The items' results so far; none if the run has not come so far.
  package func items(of hash: String) throws(StoreError) -> JSONLines<ItemsRecord> {
    try lines(.items, of: hash)
  }

  private func lines<Record: Decodable>(_ file: RunFile, of hash: String) throws(StoreError) -> JSONLines<Record> {
    let path = path(of: file, in: hash)
    guard let data = try readFileIfThere(path, limit: SizeLimit.lines) else { return JSONLines(records: []) }
    return try parseJSONLines(data, path: path)
  }

  /// `spec.json`, refused if it does not hash to the folder's name.
  func specificationData(of hash: String) throws(StoreError) -> Data {
    guard let data = try readFileIfThere(path(of: .specification, in: hash)) else {
      throw Self.mended(lost(.specification, hash))
    }
    return try requireSpecification(of: hash, data)
  }

  /// The text of a specification, refused if it does not hash to that name.
  func requireSpecification(of hash: String, _ data: Data) throws(StoreError) -> Data {
    let path = path(of: .specification, in: hash)
    let actual = sha256(Data(try json(data, path).canonical().utf8)).prefix(16)
    guard actual == hash else {
      throw StoreError(.badData, "\(path): describes run \(actual), not \(hash)")
    }
    return data
  }

  private func json(_ data: Data, _ path: String) throws(StoreError) -> JSONValue {
    do {
      return try JSONDecoder().decode(JSONValue.self, from: data)
    } catch {
      throw StoreError(.badData, "\(path): not a valid record (\(briefly(error)))")
    }
  }
}

/// Whether a run can be called so: 16 hexadecimal digits.
package func isRunName(_ name: String) -> Bool {
  name.utf8.count == 16 && name.allSatisfy { "0123456789abcdef".contains($0) }
}
