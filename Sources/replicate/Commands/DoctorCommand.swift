// `replicate doctor`: is the store what was written, and would the same numbers come out again?

import ArgumentParser
import Basics
import Experiments
import Foundation

/// `replicate doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Checks every stored run, byte by byte, and repeats one to compare its bits.",
    discussion: """
      Compares all files with their check sums, specifications with the runs' names, checkpoints and items with what the \
      specification asks for, and verdicts with the runs they rest on. Then repeats runs chosen at random, or those that are \
      named, in a temporary folder. Changes nothing in the store. Exit status 65 if anything is wrong; `replicate run HASH` sets \
      damaged files aside and trains the run again. Exit status 74 if something cannot be read.

        replicate doctor
        replicate doctor --out results --rerun 3
        replicate doctor 0123456789abcdef
      """)

  @Argument(help: "Hashes of runs to repeat, instead of random ones.", transform: nonEmpty) var hashes: [String] = []
  @OptionGroup var files: StoreOptions
  @Option(help: ArgumentHelp("Runs to repeat, chosen at random; 0 for none.", valueName: "n")) var rerun = 1
  @Flag(help: "Print the result as JSON on standard output.") var json = false

  func validate() throws {
    guard (0...1000).contains(rerun) else { throw ValidationError("--rerun \(rerun): give a number from 0 to 1000") }
  }

  func run() throws {
    let examination = try StoreExamination(of: files.out)
    let chosen = try chosenRuns(examination)
    var repetitions: [RunRepetition] = []
    for hash in chosen { repetitions.append(try repeated(hash)) }
    let diagnosis = Diagnosis(store: examination, repetitions: repetitions)
    print(json ? try jsonText(diagnosis) : diagnosis.text(width: outputWidth))
    if !diagnosis.isSound { throw Finish(status: .badData) }
    if !diagnosis.isComplete { throw Finish(status: .io) }
  }

  private func chosenRuns(_ examination: StoreExamination) throws -> [String] {
    for hash in hashes where !examination.sound.contains(hash) || !RunRepetition.isPossible(hash, in: files.store) {
      throw UsageError(
        description:
          "\(hash) is not a run of \(files.out) that can be repeated\(suggestion(for: hash, among: examination.sound)); "
          + "name one that has ended, is sound and is not about a text")
    }
    if !hashes.isEmpty { return hashes }
    return Array(examination.sound.filter { RunRepetition.isPossible($0, in: files.store) }.shuffled().prefix(rerun))
  }

  private func repeated(_ hash: String) throws -> RunRepetition {
    let machine = Machine.this
    let stop = StopSignal()
    let store = files.store
    stop.catchSignals()
    defer { stop.releaseSignals() }
    let result = try onPlainThread {
      Result { try RunRepetition(of: hash, in: store, machine: machine, stop: stop, progress: ProgressReporter()) }
    }
    if let status = stop.exitStatus {
      Replicate.complain("stopped; the store is as it was")
      throw Finish(status: status)
    }
    return try result.get()
  }
}

/// What the command prints.
struct Diagnosis: Encodable {
  let store: StoreExamination
  let repetitions: [RunRepetition]

  /// Nothing wrong was found.
  var isSound: Bool { store.problems.isEmpty && repetitions.allSatisfy(\.different.isEmpty) }

  /// Everything could be looked at.
  var isComplete: Bool { store.unread.isEmpty }

  func text(width: Int) -> String {
    var lines = [
      "\(counted(store.finished, "finished run")), \(store.diverged) diverged, \(store.partial) not ended; "
        + "\(counted(store.verdicts, "verdict"))"
    ]
    lines += store.problems.map { "WRONG  \($0.subject): \($0.problem)" }
    lines += store.unread.map { "UNREAD \($0.subject): \($0.problem)" }
    lines += store.notes.map { "note   \($0.subject): \($0.problem)" }
    lines += repetitions.map { repetition in
      let bits = repetition.different.isEmpty
        ? "the same bits in metrics, items and weights"
        : "DIFFERENT BITS in \(repetition.different.joined(separator: ", "))"
      let machine = repetition.otherMachine.map { "; stored by another machine: \($0)" } ?? ""
      return
        "repeated \(repetition.hash) (\(repetition.summary)) in \(rounded(repetition.seconds, 0)) s: \(bits)\(machine)"
    }
    switch (isSound, isComplete) {
    case (true, true): lines.append("The store is sound.")
    case (true, false): lines.append("Not everything could be read; what could is sound.")
    case (false, _): lines.append("The store is NOT sound.")
    }
    return lines.joined(separator: "\n")
  }
}
