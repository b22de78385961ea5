// `replicate crossover`: the paper's central claim, or the same question about a user's own text.

import ArgumentParser

/// `replicate crossover`.
struct CrossoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crossover",
    abstract: "With limited unique data the DLM overtakes AR by training for more epochs.",
    discussion: """
      Trains AR and DLM models of the same architecture on the same few unique tokens for the same large number of \
      epochs, with several seeds, and compares the DLM's last checkpoint with AR's best. Finished runs are never \
      trained again.

      With --text it does the same on your own files and says which objective wins, from how many epochs on, and how \
      sure that is. That is a question, not a claim, so the exit status is 0 whatever the answer.

        replicate crossover
        replicate crossover --preset smoke
        replicate crossover --text book.txt
        replicate crossover --text notes/ src/ --include '*.md' --include '*.py'
        pdftotext paper.pdf - | replicate crossover --text -
      """)

  @OptionGroup var options: ClaimOptions
  @OptionGroup var figures: FigureOptions
  @OptionGroup var text: TextOptions

  mutating func run() throws {
    let own = try text.readForRuns(options)
    if own != nil {
      Replicate.note("splitting the text for every seed …", unless: options.json)
    }
    try carryOut(try options.study("crossover", text: own), options, figures)
  }
}
