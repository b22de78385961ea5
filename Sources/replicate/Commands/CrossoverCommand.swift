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

  func run() async throws {
    let settings = try options.settings(Crossover.name)
    let claim = try Crossover(
      settings: settings, corpus: .world(settings.world), tasks: settings.tasks, backend: options.backend)
    try await carryOut(claim, options)
  }
}
