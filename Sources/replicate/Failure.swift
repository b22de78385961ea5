// How errors leave the program: one clear line on standard error and the right exit status.

import ArgumentParser
import Corpora
import Experiments
import Figures
import Foundation
import SystemPackage
import TensorEngine
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

/// What was printed did not arrive.
struct LostOutput: Error, CustomStringConvertible {
  let description: String
}

extension Replicate {
  /// Prints the error as one line and exits.
  static func exit(reporting error: any Error) -> Never {
    if let finish = error as? Finish {
      guard let outputComplaint else { Foundation.exit(finish.status.rawValue) }
      complain(outputComplaint)
      Foundation.exit(Experiments.ExitStatus.io.rawValue)
    }
    let status: Experiments.ExitStatus
    switch error {
    case is ConfigurationError, is KernelError, is UsageError, CorpusError.invalidSpecification,
      CorpusError.contextTooShort:
      status = .usage
    case let error as CorpusError where error.isRefusal: status = .io
    case let error as SafetensorsError where error.kind == .unreadable: status = .io
    case is CorpusError, is LeakedItems, is SafetensorsError, is TextTooSmall, is TrainingError: status = .badData
    case let error as StoreError: status = error.exitStatus
    case is FigureError, is LostOutput, is SlurmError: status = .io
    default:
      if let (word, names, parent) = mistypedCommand() {
        complain("unknown subcommand '\(word)'\(suggestion(for: word, among: names)); see `\(parent) --help`")
        Foundation.exit(Experiments.ExitStatus.usage.rawValue)
      }
      exit(withError: error)
    }
    if let error = error as? ConfigurationError {
      write(error.description)
    } else {
      complain("\(error)")
    }
    Foundation.exit(status.rawValue)
  }

  /// A line on standard error, whatever characters names and files put into it.
  static func complain(_ message: String) { write(oneLine(message)) }

  private static func write(_ message: String) {
    _ = try? FileDescriptor.standardError.writeAll("replicate: \(message)\n".utf8)
  }

  /// The first argument that stands where a subcommand should and is none, with the names that would do.
  private static func mistypedCommand() -> (word: String, names: [String], parent: String)? {
    var parent = "replicate"
    var commands = configuration.subcommands
    for word in CommandLine.arguments.dropFirst() {
      if commands.isEmpty || word.hasPrefix("-") { return nil }
      if parent == "replicate" && word == "help" { continue }
      let names = commands.compactMap { $0.configuration.commandName }
      guard let command = commands.first(where: { $0.configuration.commandName == word }) else {
        return (word, parent == "replicate" ? names + ["help"] : names, parent)
      }
      parent += " " + word
      commands = command.configuration.subcommands
    }
    return nil
  }
}
