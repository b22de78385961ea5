// The command tree of `replicate`. Commands parse, validate and call; what they call is in Experiments.

import ArgumentParser
import Basics
import Experiments
import Foundation

@main
struct Replicate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replicate",
    abstract: "Replicates the claims of \"Diffusion Language Models are Super Data Learners\" on an ordinary machine.",
    discussion: """
      AR is an autoregressive language model, a DLM one trained by masked diffusion. Each claim is a subcommand that trains \
      what is missing, judges and draws; finished runs are never trained again, and Ctrl-C loses nothing.

        replicate crossover                     the paper's central claim, preset ci
        replicate crossover --preset full       the repository's own figure
        replicate crossover --text book.txt     would diffusion beat AR on your text?

      Exit status: 0 done, 1 a claim fails, 2 inconclusive, 64 usage, 65 bad data, 70 a fault of the program, 74 \
      input/output or something else that the system refused, 130 interrupted.
      """,
    version: replicateVersion,
    groupedSubcommands: [
      CommandGroup(name: "Claim", subcommands: claimCommands),
      CommandGroup(name: "All claims", subcommands: [AllCommand.self, CheckCommand.self, ReportCommand.self]),
      CommandGroup(
        name: "Store",
        subcommands: [ListCommand.self, PlanCommand.self, RunCommand.self, FiguresCommand.self, DoctorCommand.self]),
      CommandGroup(
        name: "Single models",
        subcommands: [TrainCommand.self, EvaluateCommand.self, SampleCommand.self, CompareCommand.self]),
      CommandGroup(name: "Cluster", subcommands: [SubmitCommand.self, StatusCommand.self, JudgeCommand.self]),
      CommandGroup(name: "Corpus and engine", subcommands: [CorpusCommand.self, VerifyCommand.self, BenchCommand.self]),
    ])

  static func main() {
    prepareProcess()
    do {
      var command = try parseAsRoot()
      if let asynchronous = command as? any AsyncParsableCommand {
        try wait(for: asynchronous)
      } else {
        try command.run()
      }
      if let outputComplaint { throw LostOutput(description: outputComplaint) }
    } catch {
      exit(reporting: error)
    }
  }

  /// Runs a command on the runtime's pool while this thread waits. An `async` main would begin on the pool, which waits
  /// for ever, and says nothing, where the system refuses a thread.
  private static func wait(for command: any AsyncParsableCommand) throws {
    try requireThread()
    let errand = Errand(command)
    Task.detached { await errand.run() }
    try errand.wait()
  }
}

/// A command that one thread runs while another waits for it: neither touches it while the other does.
private final class Errand: @unchecked Sendable {
  private var command: any AsyncParsableCommand
  private var failure: (any Error)?
  private let done = DispatchSemaphore(value: 0)

  init(_ command: any AsyncParsableCommand) { self.command = command }

  func run() async {
    do {
      try await command.run()
    } catch {
      failure = error
    }
    done.signal()
  }

  func wait() throws {
    done.wait()
    if let failure { throw failure }
  }
}
