// `replicate doctor`: whether the store is as it was written, and whether a run repeats with the same numbers.

import ArgumentParser
import Basics
import Doctor
import Figures
import Files
import Foundation
import Reporting
import Running
import Specification
import Store
import Wording

/// `replicate doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Looks at this machine, checks every stored run byte by byte, and repeats one to compare its bits.",
    discussion: """
      First what the program needs of the machine: processor, cores, memory, disk, gnuplot and fonts. Then it compares \
      all files with their checksums, specifications with the runs' names, checkpoints and items with what the \
      specification asks for, the engine that computed a run with this one, and verdicts with the runs they rest on \
      and with the data and figures they name. Then it repeats runs, named or chosen at random, in a temporary folder. \
      Changes nothing in the store. The exit status is 65 if anything stored is wrong, 74 if the machine lacks \
      something, or something cannot be read or repeated; `replicate run HASH` sets damaged files aside and trains the \
      run again.

        replicate doctor
        replicate doctor --out results --rerun 3
        replicate doctor 0123456789abcdef
        replicate doctor --fingerprint
      """)

  @Argument(help: "Hashes of runs to repeat, instead of random ones.", transform: nonEmpty) var hashes: [String] = []
  @Option(
    help: ArgumentHelp("Where the runs and verdicts are (default: results).", valueName: "directory"),
    transform: nonEmpty)
  var out: String?
  @Option(help: ArgumentHelp("Runs to repeat, chosen at random; 0 for none (default: 1).", valueName: "n"))
  var rerun: Int?
  @Flag(help: "Do without gnuplot.") var noFigures = false
  @Flag(
    help: "Print only the fingerprint of what the engine computes: stored runs of another one give other numbers.")
  var fingerprint = false
  @Flag(help: "Print the result as JSON on standard output.") var json = false

  private var directory: String { out ?? "results" }
  private var store: RecordStore<RunSpecification> { RecordStore(directory: directory + "/runs") }

  func validate() throws {
    if let rerun, !(0...1000).contains(rerun) {
      throw ValidationError("--rerun \(rerun): give a number from 0 to 1000")
    }
    if rerun != nil && !hashes.isEmpty {
      throw ValidationError("--rerun: the runs that are named are repeated, and no others; leave one of them out")
    }
    if fingerprint && (out != nil || rerun != nil || noFigures || json || !hashes.isEmpty) {
      throw ValidationError("--fingerprint: it is printed alone; leave out what else is asked for")
    }
  }

  /// What was found is printed whatever becomes of the repetitions.
  func run() throws {
    if fingerprint { return print(engineFingerprint) }
    let drawing = noFigures ? nil : try completed { await drawingTools() }
    var diagnosis = Diagnosis(
      machine: MachineExamination(machine: .this, directory: directory, drawing: drawing), directory: directory)
    if !json { print(diagnosis.machine.text(width: tableWidth) + "\n") }
    // A machine may be looked at before there is anything on it.
    if try out != nil || !hashes.isEmpty || isThere(directory) {
      diagnosis.store = try StoreExamination(of: directory, engine: engineFingerprint)
    }
    if !json { print(shownLines(diagnosis.findings, rest: "       ")) }
    var end: (any Error)?
    do {
      for hash in try chosenRuns(diagnosis.store) {
        do {
          diagnosis.repetitions.append(try repeated(hash))
        } catch let error as Finish {
          throw error
        } catch {
          diagnosis.failures.append(Finding(subject: hash, problem: "\(error)"))
        }
      }
    } catch {
      end = error
    }
    if json { try printJSON(.diagnosis, diagnosis) } else { print(shownLines(diagnosis.conclusion)) }
    if let end { throw end }
    if !diagnosis.isSound { throw Finish(status: .badData) }
    if !diagnosis.isComplete { throw Finish(status: .io) }
  }

  private func chosenRuns(_ examination: StoreExamination?) throws -> [String] {
    guard let examination else { return [] }
    for hash in hashes where !examination.sound.contains(hash) || !RunRepetition.isPossible(hash, in: store) {
      throw UsageError(
        description:
          "\(hash) is not a run of \(directory) that can be repeated\(suggestion(for: hash, among: examination.sound)); "
          + "name one that has ended, is sound and is not about a text")
    }
    if !hashes.isEmpty { return hashes }
    return Array(examination.sound.filter { RunRepetition.isPossible($0, in: store) }.shuffled().prefix(rerun ?? 1))
  }

  private func repeated(_ hash: String) throws -> RunRepetition {
    let machine = Machine.this
    let stop = StopSignal()
    stop.catchSignals()
    defer { stop.releaseSignals() }
    let store = store
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
  let machine: MachineExamination
  let directory: String
  /// Nil where there is none yet.
  var store: StoreExamination?
  var repetitions: [RunRepetition] = []
  /// Runs that could not be repeated, and why.
  var failures: [Finding] = []

  /// Nothing wrong was found.
  var isSound: Bool { store?.problems.isEmpty ?? true && repetitions.allSatisfy(\.different.isEmpty) }

  /// The machine has all that is needed, everything could be looked at, and what was to be repeated was.
  /// Where results are there, whether more of them could be written is not what is asked.
  var isComplete: Bool {
    machine.problems.isEmpty && store?.unread.isEmpty ?? machine.obstacles.isEmpty && failures.isEmpty
  }

  /// What is in the store, and what is wrong with it.
  var findings: String {
    guard let store else { return "\(directory) holds no results yet." }
    var lines = [
      "\(counted(store.finished, "finished run")), \(store.diverged) diverged, \(store.partial) not ended; "
        + "\(counted(store.verdicts, "verdict"))"
    ]
    lines += store.problems.map { "WRONG  \($0.subject): \($0.problem)" }
    lines += store.unread.map { "UNREAD \($0.subject): \($0.problem)" }
    lines += store.notes.map { "note   \($0.subject): \($0.problem)" }
    return lines.joined(separator: "\n")
  }

  /// The outcome of the repetitions, and the overall result.
  var conclusion: String {
    var lines = repetitions.map { repetition in
      let bits =
        repetition.different.isEmpty
        ? "the same bits in metrics, items and weights"
        : "DIFFERENT BITS in \(repetition.different.joined(separator: ", "))"
      let machine = repetition.otherMachine.map { "; stored by another machine: \($0)" } ?? ""
      return
        "repeated \(repetition.hash) (\(repetition.summary)) in \(rounded(repetition.seconds, 0)) s: \(bits)\(machine)"
    }
    lines += failures.map { "NOT REPEATED  \($0.subject): \($0.problem)" }
    guard let store else {
      return machine.lacksSomething ? machine.conclusion : "The machine has all that is needed."
    }
    switch (isSound, store.unread.isEmpty) {
    case (true, true): lines.append("The store is sound.")
    case (true, false): lines.append("Not everything could be read; what could is sound.")
    case (false, _): lines.append("The store is NOT sound.")
    }
    if machine.lacksSomething { lines.append(machine.conclusion) }
    return lines.joined(separator: "\n")
  }
}

extension MachineExamination {
  fileprivate var lacksSomething: Bool { !problems.isEmpty || !obstacles.isEmpty }
  fileprivate var conclusion: String { "The machine LACKS something: see above." }
}
