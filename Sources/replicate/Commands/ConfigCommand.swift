// `replicate config`: the settings that are inside the program, for people to read and to start from.

import ArgumentParser
import Configuration
import Files

/// `replicate config show` and `replicate config init`.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Prints the built-in configuration, or writes it to a file to start from.",
    discussion: """
      The program carries its own experiments.toml. A file named by --config, or an experiments.toml in the working \
      directory, is laid over it key by key, so it need only say what differs.

        replicate config show
        replicate config init
        replicate config init my.toml
      """,
    subcommands: [ShowCommand.self, InitCommand.self])

  struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Prints the built-in configuration.")

    func run() { print(ConfigurationSources.defaults, terminator: "") }
  }

  struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "init", abstract: "Writes the built-in configuration to a new file.")

    @Argument(help: "The file.", transform: nonEmpty) var file = ConfigurationSources.usualFile

    func run() throws {
      // What cannot be looked at cannot be written either, and is told so.
      if (try? isThere(file)) == true {
        throw UsageError(description: "\(file) exists already; name another file, or remove it first")
      }
      try writeAtomically(ConfigurationSources.defaults, to: file, namedBy: .user, elsewhere: "name another file")
      print(file)
    }
  }
}
