// `replicate study`: a question of the user's own, from the configuration.

import ArgumentParser
import Claims

/// `replicate study NAME`.
struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study", abstract: "Answers a question of your own, defined in the configuration as [study.NAME].",
    discussion: """
      Trains, judges and draws the study like a claim, and shares runs with claims and other studies. A study names \
      arms (what is trained), conditions (under which settings) and questions (what is compared, or how it changes \
      along the conditions). The commands plan, submit, status, judge and check accept its name too; list and report show it.

        replicate study learning-rate --config my.toml
        replicate plan learning-rate --config my.toml --preset full
        replicate study learning-rate --config my.toml --set training.epochs=50
        replicate study learning-rate --config my.toml --text book.txt

      A study that my.toml could define (every key is explained in Documentation/studies.md):

        [study.learning-rate]
        statement = "twice the learning rate helps the DLM"
        questions = [{ compare = ["doubled", "DLM"], against = "final" }]
        [[study.learning-rate.arms]]
        name = "DLM"
        objective = "masked-diffusion"
        [[study.learning-rate.arms]]
        name = "doubled"
        objective = "masked-diffusion"
        training = { learning_rate = 4e-3 }
      """)

  @Argument(help: "The study's name.", transform: nonEmpty) var name: String
  @OptionGroup var options: ClaimOptions
  @OptionGroup var figures: FigureOptions
  @OptionGroup var text: TextOptions

  mutating func run() throws {
    let studies = try options.catalogue().file.studies
    if !studies.contains(name) {
      if Claim.named(name) != nil { throw UsageError(description: "\(name) is a claim: run `replicate \(name)`") }
      if studies.isEmpty {
        throw UsageError(
          description: "the configuration defines no study; write [study.\(name)] into a file and name it with --config"
        )
      }
    }
    try carryOut(try options.study(name, text: try text.readForRuns(options)), options, figures)
  }
}
