// Whether everything in a store is complete and as it was written. Reads every byte and trains nothing; verdicts are
// examined in VerdictExamination.swift, runs repeated in RunRepetition.swift.

import Files
import Foundation
import Specification
import Store
import SystemPackage
import Transformer
import Wording

/// What was found about one run, or one claim's verdict.
package struct Finding: Codable, Sendable, Hashable {
  /// A run's hash, or a claim's name.
  package let subject: String
  package let problem: String

  package init(subject: String, problem: String) {
    self.subject = subject
    self.problem = problem
  }
}

/// What a look at a whole store has found.
package struct StoreExamination: Codable, Sendable {
  package private(set) var finished = 0
  package private(set) var diverged = 0
  /// Begun and not ended.
  package private(set) var partial = 0
  /// Verdicts of claims that were compared with the runs they rest on.
  package private(set) var verdicts = 0
  /// What is wrong.
  package private(set) var problems: [Finding] = []
  /// What could not be read, so that it may be sound or not.
  package private(set) var unread: [Finding] = []
  /// What is worth knowing and does no harm.
  package private(set) var notes: [Finding] = []
  /// Ended runs in which nothing is wrong.
  package private(set) var sound: [String] = []
  /// Runs of this format that engines of other fingerprints have computed.
  private var foreign: [String: [String]] = [:]

  private enum CodingKeys: String, CodingKey {
    case finished, diverged, partial, verdicts, problems, unread, notes, sound
  }

  /// Examines the runs and the verdicts below a directory, normally `results`.
  /// - Parameter engine: the fingerprint of this program's engine, with which those of the records are compared.
  /// - Throws: `StoreError` if the directory cannot be read, or is not a folder of results.
  package init(of directory: String, engine: String?, progress: (String) -> Void = { _ in }) throws(StoreError) {
    let store = RecordStore<RunSpecification>(directory: directory + "/runs")
    guard try isThere(store.directory) else {
      let what = try isThere(directory) ? "holds no runs" : "no such directory"
      throw StoreError(.badData, "\(directory): \(what); name a folder of results with --out")
    }
    for name in try fileNames(in: store.directory) {
      guard isRunName(name) else {
        note(
          name,
          "\(store.directory)/\(name) does not have the name of a run, so nothing reads it; look at it, then remove it")
        continue
      }
      progress(name)
      examine(name, in: store, engine: engine)
    }
    for (other, runs) in foreign.sorted(by: { $0.key < $1.key }) {
      report(
        "engine \(other)",
        "computed \(counted(runs.count, "run")), \(runs[0]) among them, and gives other numbers than this program's engine "
          + "\(engine ?? ""); train them anew in another --out, or remove their folders below \(store.directory)")
    }
    try examineVerdicts(below: directory, store)
  }

  mutating func note(_ subject: String, _ error: StoreError) {
    let finding = Finding(subject: subject, problem: error.description)
    switch error.kind {
    case .badData: problems.append(finding)
    case .io, .locked: unread.append(finding)
    }
  }

  mutating func countVerdict() { verdicts += 1 }
  mutating func report(_ subject: String, _ problem: String) {
    problems.append(Finding(subject: subject, problem: problem))
  }
  mutating func note(_ subject: String, _ problem: String) { notes.append(Finding(subject: subject, problem: problem)) }

  private mutating func examine(_ hash: String, in store: RecordStore<RunSpecification>, engine: String?) {
    let folder = store.folder(of: hash)
    do throws(StoreError) {
      for name in try fileNames(in: folder) where name.hasPrefix("damaged-") {
        note(hash, "\(folder)/\(name) holds what was set aside; look at it, then remove it")
      }
    } catch {
      return note(hash, error)
    }
    let status = store.status(of: hash)
    switch status {
    case .missing:
      notes.append(Finding(subject: hash, problem: "\(folder) has no specification: nothing has begun"))
      return
    case .failed(let reason):
      problems.append(Finding(subject: hash, problem: reason))
      return
    case .unreadable(let error): return note(hash, error)
    case .finished: finished += 1
    case .diverged: diverged += 1
    case .partial: partial += 1
    }
    do throws(StoreError) {
      let specification = try store.specification(of: hash)
      if specification.formatVersion != RunSpecification.currentFormatVersion {
        notes.append(
          Finding(
            subject: hash,
            problem:
              "of format version \(specification.formatVersion); this program uses \(RunSpecification.currentFormatVersion)"
          ))
      }
      if status.hasEnded {
        try store.verify(hash)
        let record = try store.record(of: hash)
        if specification.formatVersion == RunSpecification.currentFormatVersion, let engine,
          let other = record.machine.engine, other != engine
        {
          foreign[other, default: []].append(hash)
        }
        if record.formatVersion < RunRecord.firstSealedFormatVersion {
          notes.append(
            Finding(
              subject: hash,
              problem: "its record is of an earlier version and has no seal: nothing vouches for outcome and machine"))
        }
        try requireComplete(hash, in: store, specification, isFinished: status == .finished)
        sound.append(hash)
      } else {
        try requireUsableState(hash, in: store)
      }
    } catch {
      note(hash, error)
    }
  }

  /// Every checkpoint that the specification asks for has its line, and every task of it its items.
  private func requireComplete(
    _ hash: String, in store: RecordStore<RunSpecification>, _ specification: RunSpecification, isFinished: Bool
  ) throws(StoreError) {
    let checkpoints = try store.checkpoints(of: hash).records
    let metrics = store.path(of: .metrics, in: hash)
    if let first = checkpoints.first, let last = checkpoints.last, isFinished {
      guard first.step > 0, first.epoch > 0 else {
        throw StoreError(.badData, "\(metrics): a checkpoint at step \(first.step), epoch \(first.epoch)")
      }
      // The number of sequences is not stored, but follows from where the first checkpoint is in its epoch.
      let sequences = Double(first.step) * Double(specification.training.batch) / first.epoch
      let expected = specification.evaluation.steps(
        schedule: specification.training.schedule(steps: last.step),
        stepsInEpoch: sequences / Double(specification.training.batch))
      guard last.epoch == Double(specification.training.epochs), checkpoints.map(\.step) == expected else {
        throw StoreError(
          .badData,
          "\(metrics): checkpoints at steps \(checkpoints.map(\.step)), the specification asks for \(expected)")
      }
    } else if isFinished {
      throw StoreError(.badData, "\(metrics): no checkpoint")
    }
    let items = try store.items(of: hash).records
    for checkpoint in checkpoints {
      for (task, scores) in checkpoint.tasks where scores.distinct == nil {
        let right = items.filter { $0.step == checkpoint.step && $0.task == task }.map(\.right)
        guard right.count == 1, right[0].count == scores.items else {
          throw StoreError(
            .badData,
            "\(store.path(of: .items, in: hash)): not one line with \(scores.items) items for \(task) at step "
              + "\(checkpoint.step)")
        }
      }
    }
  }

  /// A run that has not ended can be continued, or is being worked on.
  private mutating func requireUsableState(_ hash: String, in store: RecordStore<RunSpecification>) throws(StoreError) {
    if let holder = try store.holder(of: hash) {
      notes.append(Finding(subject: hash, problem: "not ended; \(holder) is at work on it"))
      return  // its files may be half-way between two checkpoints
    }
    for file in [RunFile.previousState, .state] {
      let path = store.path(of: file, in: hash)
      guard let data = try readFileIfThere(path, limit: SizeLimit.lines) else { continue }
      try requireLines(of: hash, in: store, SealedState.opened(data, run: hash, path: path), path)
    }
    _ = try store.items(of: hash)
  }

  /// The lines that a state was saved with are there.
  private func requireLines(
    of hash: String, in store: RecordStore<RunSpecification>, _ state: Data, _ path: String
  ) throws(StoreError) {
    let metadata: [String: String]
    do {
      metadata = try SafetensorsFile(bytes: [UInt8](state), name: path).metadata
    } catch {
      throw StoreError(.badData, error.description)
    }
    for file in [RunFile.metrics, .items] {
      guard let mark = metadata[file.markName].flatMap({ LineMark($0) }) else {
        throw StoreError(.badData, "\(path): does not say how long \(file.rawValue) is")
      }
      _ = try GrowingFile(path: store.path(of: file, in: hash)).contents(upTo: mark)
    }
  }
}
