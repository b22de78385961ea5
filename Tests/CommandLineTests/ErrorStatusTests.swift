// How errors end the program: each type says it, what does not is a fault of the program, and no message has a number of
// Foundation's.

import Basics
import Corpora
import Foundation
import Testing
import Transformer
@testable import Files
@testable import replicate

private struct Unknown: Error {}

@Suite struct ErrorStatusTests {
  @Test func whatSaysNothingIsAFault() {
    #expect(Replicate.status(of: Unknown()) == .fault)
    #expect(Replicate.status(of: CocoaError(.fileReadUnknown)) == .fault)
    #expect(Replicate.status(of: StoreError(.badData, "x")) == .badData)
    #expect(Replicate.status(of: CorpusError.contextTooShort(context: 1, minimum: 2)) == .usage)
    #expect(Replicate.status(of: SafetensorsError(file: "x", kind: .unreadable, detail: "y")) == .io)
    #expect(Replicate.status(of: RefusedResource("x")) == .io)
  }

  @Test func aFaultEndsTheProgramWith70() async {
    let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
      Replicate.exit(reporting: Unknown())
    }
    let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      errors == "replicate: a fault of the program: Unknown(); please report it with the command that led to it\n")
  }

  /// Every type in the sources that is an error conforms to the protocol.
  @Test func everyErrorSaysItsStatus() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources")
    var found = 0
    for path in try FileManager.default.subpathsOfDirectory(atPath: sources.path) where path.hasSuffix(".swift") {
      let text = try String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8)
      for line in text.split(separator: "\n") {
        guard let match = line.firstMatch(of: /\b(?:struct|enum|class|extension) (\w+)[^:{]*: ([^{]*)\{/) else {
          continue
        }
        let conformances = match.2.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(!conformances.contains("Error") && !conformances.contains("LocalizedError"), "\(path): \(match.1)")
        if conformances.contains("ExitStatusProviding") { found += 1 }
      }
    }
    #expect(found >= 15)
  }

  @Test(arguments: [
    (["verify", "."], 74, ".: cannot be read (is a directory); check the path and its permissions"),
    (
      ["verify", "missing"], 74,
      "missing: cannot be read (no such file or directory); check the path and its permissions"
    ),
    (["crossover", "--config", "."], 64, ".: cannot be read (is a directory); give a readable file with --config"),
    (
      ["crossover", "--config", "missing"], 64,
      "missing: no such file; check the path after --config"
    ),
    (
      ["figures", "--directory", "missing"], 64,
      "there is no directory missing; name another one with --directory"
    ),
  ])
  func messagesAreTheSystemsOwn(_ arguments: [String], _ status: Int32, _ message: String) throws {
    let result = try Workspace().start(arguments).finish()
    #expect(result.status == status)
    #expect(result.errorLines == ["replicate: " + message])
  }
}

@Suite struct EmptyNameTests {
  /// Every option and argument that takes a value, of every command, is given an empty one.
  @Test func emptyPathsAndNamesAreUsageErrors() throws {
    let help = try JSONDecoder().decode(ToolHelp.self, from: Data(message(["--experimental-dump-help"]).utf8))
    var seen: Set<String> = []
    for (words, command) in help.command.all(after: []) {
      for argument in command.arguments ?? [] where argument.kind != "flag" && argument.valueName != "subcommands" {
        let others = (command.arguments ?? []).filter {
          $0.kind == "positional" && $0.valueName != argument.valueName && $0.isOptional == false
        }
        let name = argument.preferredName.map { "--" + $0.name }
        // Commands share groups of options.
        guard seen.insert("\(name ?? argument.valueName ?? ""): \(argument.abstract ?? "")").inserted else { continue }
        let line = words + others.map { $0.allValues?.first ?? "x" } + (name.map { [$0] } ?? []) + [""]
        if name == "--prompt" { continue }  // a document may begin with nothing
        #expect(message(line).hasPrefix("The value '' is invalid for "), "\(line): \(message(line))")
      }
    }
    #expect(seen.count > 60)
  }

  private func message(_ arguments: [String]) -> String {
    do {
      _ = try Replicate.parseAsRoot(arguments)
      return ""
    } catch {
      return Replicate.message(for: error)
    }
  }

  @Test(arguments: [["crossover", "--out", ""], ["report", "--to", ""], ["verify", ""]])
  func nothingIsWrittenElsewhere(_ arguments: [String]) throws {
    let space = try Workspace()
    let result = try space.start(arguments).finish()
    #expect(result.status == 64, "\(result.errors)")
    #expect(result.errors.contains("give a path or a name, not an empty string"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: space.path) == ["experiments.toml"])
    #expect(!FileManager.default.fileExists(atPath: "/runs") && !FileManager.default.fileExists(atPath: "/crossover"))
  }
}

/// What `--experimental-dump-help` says.
private struct ToolHelp: Decodable {
  struct Name: Decodable {
    let name: String
  }
  struct Argument: Decodable {
    let kind: String
    let isOptional: Bool
    let preferredName: Name?
    let valueName: String?
    let abstract: String?
    let allValues: [String]?
  }
  struct Command: Decodable {
    let commandName: String
    let arguments: [Argument]?
    let subcommands: [Command]?

    /// This command and those below it, with the words that lead to each.
    func all(after words: [String]) -> [(words: [String], command: Command)] {
      [(words, self)]
        + (subcommands ?? []).filter { $0.commandName != "help" }.flatMap { $0.all(after: words + [$0.commandName]) }
    }
  }
  let command: Command
}
