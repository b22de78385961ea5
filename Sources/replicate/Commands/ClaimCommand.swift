// `replicate CLAIM`: one command per claim, all alike. `crossover`, which can also be asked about a text, has its own.

import ArgumentParser
import Claims
import Wording

/// The place of a claim among all claims, as a type: the argument parser tells commands apart by their types.
protocol Place {
  static var index: Int { get }
}

/// The first place.
enum First: Place {
  static var index: Int { 0 }
}

/// The place after another.
enum After<Before: Place>: Place {
  static var index: Int { Before.index + 1 }
}

/// The command of the claim at a place.
struct ClaimCommand<At: Place>: ParsableCommand {
  static var claim: Claim { Claim.all[At.index] }

  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: claim.name, abstract: sentenceCase(claim.statement) + ".",
      discussion: """
        \(claim.explanation) Finished runs are never trained again, and claims share runs.

        In the paper: \(claim.paper).

          replicate \(claim.name)
          replicate \(claim.name) --preset smoke
          replicate \(claim.name) --preset full --json
        """)
  }

  @OptionGroup var options: ClaimOptions
  @OptionGroup var figures: FigureOptions

  func run() throws { try carryOut(try options.study(Self.claim.name), options, figures) }
}

/// The commands of all claims, in their order.
let claimCommands: [any ParsableCommand.Type] = commands(from: First.self)

private func commands<At: Place>(from place: At.Type) -> [any ParsableCommand.Type] {
  guard At.index < Claim.all.count else { return [] }
  let isCrossover = Claim.all[At.index].name == CrossoverCommand.configuration.commandName
  return [isCrossover ? CrossoverCommand.self : ClaimCommand<At>.self] + commands(from: After<At>.self)
}
