// `replicate sample`: what a stored model writes.

import ArgumentParser
import Objectives
import Reporting
import SingleModels
import Specification
import Wording

extension DenoisingOrder: ExpressibleByArgument {}

/// `replicate sample HASH`.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Generates text with a stored model: token by token, or by denoising step by step.",
    discussion: """
      A DLM fills in a canvas of masks; --show-steps prints it after every forward pass. For documents of the world \
      corpus it counts the sentences that are well formed and those that are true in that world.

        replicate sample 0123456789abcdef
        replicate sample 0123 --count 1 --steps 8 --show-steps
        replicate sample 0123 --prompt "this is a story about" --temperature 0.5
      """)

  @OptionGroup var options: ModelOptions
  @Option(help: ArgumentHelp("Number of documents.", valueName: "n")) var count = 3
  @Option(help: ArgumentHelp("Sampling temperature; 0 always takes the most likely token.", valueName: "t"))
  var temperature = 1.0
  @Option(help: ArgumentHelp("A DLM's forward passes per document (default: one per token).", valueName: "n"))
  var steps: Int?
  @Option(help: "The order in which a DLM fills in tokens: random, confidence or left-to-right.")
  var order: DenoisingOrder?
  @Option(help: "Text that each document begins with.") var prompt = ""
  @Option(help: ArgumentHelp("Tokens per document (default: as in training).", valueName: "n")) var length: Int?
  @Option(help: ArgumentHelp("Seed of the sampling.", valueName: "n")) var seed: UInt64 = 1
  @Flag(help: "Print a DLM's canvas after every forward pass.") var showSteps = false

  mutating func validate() throws {
    try options.requireHash()
    guard (1...10_000).contains(count) else { throw ValidationError("--count \(count): give a number from 1 to 10000") }
    guard temperature.isFinite, temperature >= 0 else {
      throw ValidationError("--temperature \(temperature): give 0 or more")
    }
    if let steps, steps < 1 { throw ValidationError("--steps \(steps): give 1 or more") }
    if let length, length < 1 { throw ValidationError("--length \(length): give 1 or more") }
  }

  func run() throws {
    let model = try options.model(accept: { specification in
      if specification.objective.maskings == .none, steps != nil || order != nil || showSteps {
        throw UsageError(
          description: "--steps, --order, --show-steps: an AR model writes token by token; name a DLM's run")
      }
    })
    var rule = DrawingRule()
    (rule.temperature, rule.steps, rule.order, rule.prompt) = (temperature, steps, order, prompt)
    (rule.length, rule.seed) = (length, seed)
    let documents = try model.draw(count, rule)
    if options.json {
      try printJSON(.documents, documents)
      return
    }
    print(shownLines(model.specification.summary))
    for document in documents { print(document.text(showingSteps: showSteps)) }
  }
}

extension DrawnDocument {
  /// For people; a model writes whatever it has learnt, also what a terminal would obey.
  fileprivate func text(showingSteps: Bool) -> String {
    var lines = [""]
    if showingSteps { lines += steps.enumerated().map { "\($0 + 1)  \(visible($1))" } }
    lines.append(visible(text))
    var facts = "\(counted(tokens, "token")), \(passes) forward passes"
    if let sentences, let wellFormed, let truthful {
      facts += "; of \(counted(sentences, "sentence")) \(wellFormed) well formed, \(truthful) true"
    }
    return (lines + [shownLines("(\(facts))", rest: " ")]).joined(separator: "\n")
  }
}
