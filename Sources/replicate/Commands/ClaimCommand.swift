// `replicate CLAIM`: one command a claim, all alike. `crossover`, which can also be asked about a text, has its own.

import ArgumentParser
import Experiments

/// The command of a claim.
struct ClaimCommand<C: Claim>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: C.name, abstract: C.statement.prefix(1).uppercased() + C.statement.dropFirst() + ".",
      discussion: """
        \(C.explanation) Finished runs are never trained again, and claims share runs.

        In the paper: \(C.paper).

          replicate \(C.name)
          replicate \(C.name) --preset smoke
          replicate \(C.name) --preset full --json
        """)
  }

  @OptionGroup var options: ClaimOptions

  func run() async throws { try await carryOut(try options.study(C.self), options) }
}

/// The commands of all claims, in their order.
let claimCommands: [any ParsableCommand.Type] = claims.map { command(of: $0) }

private func command<C: Claim>(of claim: C.Type) -> any ParsableCommand.Type {
  claim == Crossover.self ? CrossoverCommand.self : ClaimCommand<C>.self
}
