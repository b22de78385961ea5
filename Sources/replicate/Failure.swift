// How errors leave the program: one clear line on standard error and the right exit status. Which status that is, each
// error says itself.

import ArgumentParser
import Basics
import Configuration
import Foundation
import SystemPackage
import Wording

/// Ends a command with a status, after what it had to say has been printed.
struct Finish: ExitStatusProviding {
  let status: ExitStatus
  var exitStatus: ExitStatus { status }
  var description: String { "" }
}

/// A usage error of our own.
struct UsageError: ExitStatusProviding {
  let description: String
  var exitStatus: ExitStatus { .usage }
}

/// What was printed did not arrive.
struct LostOutput: ExitStatusProviding {
  let description: String
  var exitStatus: ExitStatus { .io }
}

extension Replicate {
  /// Prints the error as one line and exits.
  static func exit(reporting error: any Error) -> Never {
    switch error {
    case let finish as Finish:
      guard let outputComplaint else { Foundation.exit(finish.status.rawValue) }
      complain(outputComplaint)
      Foundation.exit(ExitStatus.io.rawValue)
    case let error as ConfigurationError: write(error.problems.map { readable($0.description) }.joined(separator: "\n"))
    case let error as any ExitStatusProviding: complain(error.description)
    default:
      if isOfParser(error) {
        if let (word, names, parent) = mistypedCommand() {
          complain("unknown subcommand '\(word)'\(suggestion(for: word, among: names)); see `\(parent) --help`")
          Foundation.exit(ExitStatus.usage.rawValue)
        }
        exit(saying: error)
      }
      complain("a fault of the program: \(error); please report it with the command that led to it")
    }
    Foundation.exit(status(of: error).rawValue)
  }

  /// How the program ends because of an error of its own; one that does not say it is a fault of the program.
  static func status(of error: any Error) -> ExitStatus { (error as? any ExitStatusProviding)?.exitStatus ?? .fault }

  /// Whether the argument parser threw it: about usage, or for help that was asked for. It ends with 1, which means that a
  /// claim fails, whatever else it does not know.
  private static func isOfParser(_ error: any Error) -> Bool { exitCode(for: error) != .failure }

  /// A line on standard error, whatever characters names and files put into it.
  static func complain(_ message: String) { write(readable(oneLine(message))) }

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
