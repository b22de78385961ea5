// The command tree of `replicate`. Commands parse, validate and call; what they call is in the modules below.

import ArgumentParser
import Claims
import Running
import TensorEngine

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
        replicate advise book.txt               what should be trained on your text?

      Exit status: 0 done, 1 a claim fails, 2 inconclusive, 64 usage, 65 bad data, 70 a fault of the program, 74 \
      input/output or something else that the system refused, 130 interrupted.
      """,
    version: replicateVersion,
    groupedSubcommands: [
      CommandGroup(name: "Claim", subcommands: claimCommands),
      CommandGroup(name: "All claims", subcommands: [AllCommand.self, CheckCommand.self, ReportCommand.self]),
      CommandGroup(
        name: "Your own questions", subcommands: [AdviseCommand.self, StudyCommand.self, ConfigCommand.self]),
      CommandGroup(
        name: "Store",
        subcommands: [
          ListCommand.self, PlanCommand.self, RunCommand.self, FiguresCommand.self, ExportCommand.self,
          DoctorCommand.self,
        ]),
      CommandGroup(
        name: "Single models",
        subcommands: [TrainCommand.self, EvaluateCommand.self, SampleCommand.self, CompareCommand.self]),
      CommandGroup(name: "Cluster", subcommands: [SubmitCommand.self, StatusCommand.self, JudgeCommand.self]),
      CommandGroup(
        name: "Corpus and engine", subcommands: [CorpusCommand.self, VerifyCommand.self, BenchCommand.self]),
    ])

  static func main() {
    prepareProcess()
    do {
      var command = try parseAsRoot()
      try KernelChoice.requireUsableKernels()
      try command.run()
      if let outputComplaint { throw LostOutput(description: outputComplaint) }
    } catch {
      exit(reporting: error)
    }
  }
}
