// How errors leave the program: one clear line on standard error and the right exit status.

import ArgumentParser
import Corpora
import Experiments
import Figures
import Foundation
import Training
import Transformer

/// Ends a command with a status, after what it had to say has been printed.
struct Finish: Error {
  let status: Experiments.ExitStatus
}

/// A usage error of our own.
struct UsageError: Error, CustomStringConvertible {
  let description: String
}

extension Replicate {
  /// Prints the error as one line and exits.
  static func exit(reporting error: any Error) -> Never {
    if let finish = error as? Finish { Foundation.exit(finish.status.rawValue) }
    let status: Experiments.ExitStatus
    switch error {
    case is ConfigurationError, is UsageError: status = .usage
    case is CorpusError, is SafetensorsError, is TextTooSmall, is TrainingError: status = .badData
    case let error as StoreError: status = error.exitStatus
    case is FigureError: status = .io
    default:
      if let command = mistypedCommand() {
        complain("unknown subcommand '\(command)'\(suggestion(for: command, among: subcommandNames)); see `replicate --help`")
        Foundation.exit(Experiments.ExitStatus.usage.rawValue)
      }
      exit(withError: error)
    }
    complain("\(error)")
    Foundation.exit(status.rawValue)
  }

  static func complain(_ message: String) {
    FileHandle.standardError.write(Data("replicate: \(message)\n".utf8))
  }

  private static var subcommandNames: [String] {
    configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
  }

  /// The first argument, if it looks like a subcommand and is none.
  private static func mistypedCommand() -> String? {
    guard CommandLine.arguments.count > 1 else { return nil }
    let first = CommandLine.arguments[1]
    return first.hasPrefix("-") || subcommandNames.contains(first) ? nil : first
  }
}
