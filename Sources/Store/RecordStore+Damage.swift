// Whether the stored files of a run are as written. Only what was read and does not match is damage; what cannot be
// read now is an error, and nothing follows from it.

import Files
import Foundation
import Specification

extension RecordStore {
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
  /// - Throws: `StoreError` of kind `.io` if that cannot be told now.
  func damage(of hash: String) throws(StoreError) -> Damage? {
    do throws(StoreError) {
      if let data = try readFileIfThere(path(of: .specification, in: hash)) {
        _ = try requireSpecification(of: hash, data)
      }
      switch try readRecord(hash) {
      case .none: return nil
      case .otherVersion(let complaint): return .otherVersion(complaint)
      case .readable(let record):
        for file in RunFile.sealed where record.files[file.rawValue] != nil {
          guard try isThere(path(of: file, in: hash)) else { return .altered(lost(file, hash)) }
        }
        try verify(.metrics, of: record)
        return nil
      }
    } catch {
      guard error.kind == .badData else { throw error }
      return .altered(error)
    }
  }

  /// The marker of a run that has ended, nil if there is none.
  /// - Throws: `StoreError` if it cannot be read, is damaged, or of another version or another run.
  func recordIfThere(_ hash: String) throws(StoreError) -> RunRecord? {
    switch try readRecord(hash) {
    case .none: return nil
    case .otherVersion(let complaint): throw complaint
    case .readable(let record): return record
    }
  }

  /// An ended run's record and checkpoints, which are those that the record was made with.
  package func ended(_ hash: String) throws(StoreError) -> (record: RunRecord, checkpoints: [CheckpointRecord]) {
    let record = try record(of: hash)
    let path = path(of: .metrics, in: hash)
    guard let expected = record.files[RunFile.metrics.rawValue] else { return (record, []) }
    guard let data = try readFileIfThere(path, limit: SizeLimit.lines) else { throw Self.mended(lost(.metrics, hash)) }
    if sha256(data) != expected { throw Self.mended(altered(path)) }
    return (record, try parseJSONLines(data, path: path).records)
  }

  /// An ended run's `model.safetensors`, which is that which the record was made with.
  package func weights(of hash: String) throws(StoreError) -> Data {
    let path = path(of: .model, in: hash)
    let expected = try record(of: hash).files[RunFile.model.rawValue]
    guard let data = try readFileIfThere(path, limit: SizeLimit.weights) else { throw Self.mended(lost(.model, hash)) }
    if sha256(data) != expected { throw Self.mended(altered(path)) }
    return data
  }

  /// Compares every file of an ended run with the checksum in its record, whose own seal is compared too.
  /// - Throws: `StoreError` naming the first file that differs.
  package func verify(_ hash: String) throws(StoreError) {
    _ = try specificationData(of: hash)
    let record = try record(of: hash)
    do throws(StoreError) {
      for file in RunFile.sealed { try verify(file, of: record) }
    } catch {
      throw error.kind == .badData ? Self.mended(error) : error
    }
  }

  /// Refuses a run that has not ended, or whose record, specification or metrics are not what was written.
  /// - Throws: `StoreError` saying which of it and what helps; of kind `.io` if it cannot be told now.
  package func requireEnded(_ hash: String) throws(StoreError) {
    if let damage = try damage(of: hash) {
      switch damage {
      case .altered(let error): throw Self.mended(error)
      case .otherVersion(let error): throw error
      }
    }
    guard try hasEnded(hash) else {
      throw StoreError(
        .badData, "run \(hash) has not ended; run the command that planned it again, with the same options")
    }
  }

  /// Compares one file with the checksum in its run's record, if that has one.
  private func verify(_ file: RunFile, of record: RunRecord) throws(StoreError) {
    guard let expected = record.files[file.rawValue] else { return }
    let path = path(of: file, in: record.hash)
    guard let digest = try sha256(ofFileIfThere: path) else { throw lost(file, record.hash) }
    if digest != expected { throw altered(path) }
  }

  func lost(_ file: RunFile, _ hash: String) -> StoreError {
    StoreError(.badData, "\(folder(of: hash)): \(file.rawValue) is lost")
  }

  private func altered(_ path: String) -> StoreError {
    StoreError(.badData, "\(path): was altered (its SHA-256 is not the recorded one)")
  }

  /// The same with what helps: a run that lacks one of its files is trained to its end again.
  static func mended(_ error: StoreError) -> StoreError {
    let what = error.description.hasSuffix("is lost") ? "" : "delete it, and "
    return StoreError(error.kind, "\(error.description); \(what)the command that trained the run makes it again")
  }

  private func readRecord(_ hash: String) throws(StoreError) -> StoredRecord {
    let path = path(of: .record, in: hash)
    guard let data = try readFileIfThere(path) else { return .none }
    // The seal first: an altered version is not another version.
    let version: Unsealed<FormatVersion> = try unsealed(from: data, path: path)
    let number = version.value.formatVersion
    guard RunRecord.readableFormatVersions.contains(number) else {
      return .otherVersion(
        StoreError(
          .badData,
          "\(path): format version \(number), this program reads \(RunRecord.currentFormatVersion); "
            + "move the folder away or use the version that wrote it"))
    }
    if number >= RunRecord.firstSealedFormatVersion, version.seal == .absent {
      throw StoreError(.badData, "\(path): has lost its seal")
    }
    let record = try unsealed(RunRecord.self, from: data, path: path).value
    guard record.hash == hash else { throw StoreError(.badData, "\(path): belongs to run \(record.hash), not \(hash)") }
    let known = RunFile.sealed.map(\.rawValue)
    if let foreign = record.files.keys.sorted().first(where: { !known.contains($0) }) {
      throw StoreError(.badData, "\(path): lists a file \(foreign), which no run has")
    }
    if record.outcome == .finished,
      let missing = RunFile.neededOfFinished.first(where: { record.files[$0.rawValue] == nil })
    {
      throw StoreError(.badData, "\(path): lists no \(missing.rawValue), which every finished run has")
    }
    return .readable(record)
  }
}

/// What `record.json` is.
private enum StoredRecord {
  case none
  case readable(RunRecord)
  /// Of a version that this program does not read; the complaint.
  case otherVersion(StoreError)
}

/// The one field that the records of all versions share.
private struct FormatVersion: Decodable {
  let formatVersion: Int
}
