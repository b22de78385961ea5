import ArgumentParser
import Experiments

/// `replicate crossover`.
struct CrossoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Crossover.name,
    abstract: "With limited unique data the DLM overtakes AR by training for more epochs.",
    discussion: """
      Trains AR and DLM models of the same architecture on the same few unique tokens for the same many epochs, several
      seeds of each, and compares the DLM's last checkpoint with AR's best. Finished runs are never trained again.

        replicate crossover
        replicate crossover --preset smoke
        replicate crossover --text ~/notes --text book.txt
      """)

  @OptionGroup var options: ClaimOptions

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("UTF-8 files or directories to learn from instead of the built-in world.", valueName: "path"))
  var text: [String] = []

  func run() async throws {
    let settings = try options.settings(Crossover.name)
    if text.isEmpty {
      let claim = try Crossover(
        settings: settings, corpus: .world(settings.world), tasks: settings.tasks, backend: options.backend)
      try await carryOut(claim, options)
    } else {
      let question = try await onPlainThread { [backend = options.backend, text] in
        Result { try TextQuestion(settings: settings, paths: text, backend: backend) }
      }.get()
      Replicate.note(question.description, unless: options.json)
      try await carryOut(question, options)
    }
  }
}
