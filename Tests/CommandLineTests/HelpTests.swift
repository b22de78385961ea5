// Help and mistyped words. What the commands do is tested elsewhere.

import Testing

@Suite struct HelpTests {
  static let commands = [
    "crossover", "sparsity", "tuned-baseline", "all", "check", "report", "list", "plan", "run", "figures", "export",
    "doctor", "train", "advise",
    "submit", "status", "judge", "evaluate", "sample", "compare", "corpus", "verify", "bench",
  ]

  @Test func theRootListsEverySubcommandAndExitStatus() throws {
    let help = try Workspace().run("--help")
    #expect(help.status == 0)
    for command in Self.commands { #expect(help.output.contains("\n  \(command) "), "\(command)") }
    #expect(help.output.contains("replicate crossover --text book.txt"))
    #expect(help.words.contains("64 usage, 65 bad data, 70 a fault of the program, 74 input/output"))
  }

  @Test(arguments: commands) func everySubcommandHasHelpWithAnExample(_ command: String) throws {
    let help = try Workspace().run(command, "--help")
    #expect(help.status == 0)
    #expect(help.output.contains("\n  replicate \(command)"), "no example")
    #expect(help.output.contains("USAGE: replicate \(command)"))
    #expect(try Workspace().run("help", command).output == help.output)
    let long = help.lines.filter { $0.count > 80 && !$0.hasPrefix("USAGE") }
    #expect(long.isEmpty, "wider than 80 columns")
  }

  @Test(arguments: [
    (["crosover"], "unknown subcommand 'crosover' (did you mean `crossover`?); see `replicate --help`"),
    (["help", "plann"], "unknown subcommand 'plann' (did you mean `plan`?); see `replicate --help`"),
    (["xyz"], "unknown subcommand 'xyz'; see `replicate --help`"),
    (["corpus", "wrld"], "unknown subcommand 'wrld' (did you mean `world`?); see `replicate corpus --help`"),
    (
      ["plan", "crosover"], "unknown claim or study 'crosover' (did you mean `crossover`?); `replicate list` lists them"
    ),
  ])
  func mistypedWordsGetOneLineAndASuggestion(_ arguments: [String], _ expected: String) throws {
    let result = try Workspace().start(arguments).finish()
    #expect(result.status == 64)
    #expect(result.errorLines == ["replicate: " + expected])
    #expect(result.output.isEmpty)
  }

  @Test(arguments: [
    (["crossover", "--presett", "ci"], "Error: Unknown option '--presett'. Did you mean '--preset'?"),
    (
      ["crossover", "--epochs", "3"], "Error: Unknown option '--epochs'; it is a setting: give --set training.epochs=…"
    ),
    (["plan", "all", "--width=3"], "Error: Unknown option '--width'; it is a setting: give --set model.width=…"),
    (["doctor", "--epochs", "3"], "Error: Unknown option '--epochs'"),
    (["crossover", "--preset", "tiny"], "Error: The value 'tiny' is invalid for '--preset <preset>'."),
    (["crossover", "--seeds", "0"], "Error: --seeds 0: give a number from 1 to 100"),
    (["crossover", "--jobs", "-1"], "Error: "),
    (["crossover", "--text"], "Error: Missing value for '--text <path>'"),
    (
      ["crossover", "--text", ""],
      "Error: The value '' is invalid for '--text <path>': give a path or a name, not an empty string"
    ),
    (["verify"], "Error: Missing expected argument '<fixture>'"),
    (["corpus", "world", "--items", "-3"], "Error: "),
  ])
  func wrongOptionsAreUsageErrors(_ arguments: [String], _ expected: String) throws {
    let result = try Workspace().start(arguments).finish()
    #expect(result.status == 64)
    #expect(result.errorLines.first?.hasPrefix(expected) == true, "\(result.errors)")
    #expect(result.output.isEmpty)
  }
}
