// What reaches a terminal: nothing that comes from data is a command there, and progress keeps to what the terminal can.

import Foundation
import Testing

/// A pseudo-terminal of a given size, and what was written to it.
private struct Terminal {
  private let control: FileHandle
  let device: FileHandle

  init(columns: Int = 80, rows: Int = 24) throws {
    let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
    // TIOCGPTN and TIOCSPTLCK: the number of the other side, and leave to open it.
    var (number, isLocked): (Int32, Int32) = (0, 0)
    guard descriptor >= 0, ioctl(descriptor, 0x8004_5430, &number) == 0, ioctl(descriptor, 0x4004_5431, &isLocked) == 0
    else { throw CocoaError(.fileNoSuchFile) }
    let name = "/dev/pts/\(number)"
    let other = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard other >= 0, ioctl(other, UInt(TIOCSWINSZ), &size) == 0 else { throw CocoaError(.fileNoSuchFile) }
    (control, device) = (
      FileHandle(fileDescriptor: descriptor), FileHandle(fileDescriptor: other, closeOnDealloc: true)
    )
  }

  /// Runs a program with all its output to the terminal.
  func run(
    _ arguments: [String], in space: Workspace, environment: [String: String] = [:]
  ) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Workspace.binary)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: space.path)
    process.environment = ProcessInfo.processInfo.environment.merging(["TERM": "xterm"]) { $1 }.merging(environment) {
      $1
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = device
    process.standardError = device
    try process.run()
    try device.close()
    var text = Data()
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      let isRunning = process.isRunning
      let count = read(control.fileDescriptor, &piece, piece.count)
      if count > 0 { text += piece[..<count] } else if isRunning { usleep(5000) } else { break }
    }
    process.waitUntilExit()
    try control.close()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }
}

@Suite struct TerminalTests {
  /// The controls of a text that are neither line ends nor tabs, nor the progress display's own.
  private func commands(in text: String) -> [Unicode.Scalar] {
    text.replacing(/\u{1B}\[\d+A\u{1B}\[J/, with: "").unicodeScalars.filter {
      $0.properties.generalCategory == .control && !["\n", "\r", "\t"].contains($0)
    }
  }

  private static let escape = "\u{1B}]0;owned\u{7}\u{1B}[31m"

  /// A text full of escape sequences, which a model learns by heart.
  private func spaceWithEscapes() throws -> Workspace {
    let space = try Workspace(Workspace.configuration(width: 16, epochs: 60, learningRate: "1e-2", textTokens: 0))
    let line = Self.escape + "red\u{9B}0m\u{8}\u{8} words \u{202E}here\r\n"
    try space.write("log.txt", (0..<120).map { "\($0 * 7919 % 101)" + line }.joined())
    return space
  }

  @Test(arguments: [["ar"], ["dlm"]]) func whatAModelWrites(_ objective: [String]) throws {
    let space = try spaceWithEscapes()
    let trained = try space.start(["train"] + objective + ["--json", "--text", "log.txt"]).finish()
    let hash = try #require(trained.json["hash"] as? String, "\(trained.errors)")
    let options = objective == ["dlm"] ? ["--show-steps"] : []
    let arguments = ["sample", hash, "--count", "4"] + options + ["--text", "log.txt"]
    let exact = try space.start(arguments.filter { $0 != "--show-steps" } + ["--json"]).finish()
    #expect(exact.output.contains("\\u001"), "it has learnt escapes: \(exact.output)")
    let piped = try space.start(arguments).finish()
    #expect(piped.output.contains("␛") && commands(in: piped.output).isEmpty)
    let shown = try Terminal().run(arguments, in: space)
    #expect(shown.status == 0 && shown.text.contains("␛") && commands(in: shown.text).isEmpty)
  }

  @Test func whatATextSays() throws {
    let space = try spaceWithEscapes()
    for arguments in [["corpus", "text", "log.txt"], ["corpus", "text", "log.txt", "--json"]] {
      let shown = try Terminal().run(arguments, in: space)
      #expect(shown.status == 0 && commands(in: shown.text).isEmpty, "\(shown.text.debugDescription)")
    }
  }

  /// Names of files and directories, and what stored files say of themselves.
  @Test func namesAndStoredVerdicts() throws {
    let space = try Workspace()
    let name = "a\(Self.escape)"
    #expect(try space.run("crossover", "--preset", "smoke", "--out", name).status == 0)
    let stored = "\(name)/crossover/verdict.json"
    try space.write(
      stored, try space.read(stored).replacing("\"sentence\":\"", with: "\"sentence\":\"\\u001b[31m\\u009b"))
    for arguments in [
      ["report", "--markdown", "--directory", name], ["compare", name, name], ["status", "crossover", "--out", name],
      ["evaluate", name], ["compare", name, "b"], ["crossover", name], ["crossover", "--\(name)"], [name],
      ["--help", name], ["figures", "--directory", name], ["train", "ar", "--config", name], ["list", "--out", name],
      ["verify", name], ["corpus", "text", name], ["doctor", "--rerun", "0", "--out", name],
    ] {
      let shown = try Terminal().run(arguments, in: space)
      #expect(!shown.text.isEmpty && commands(in: shown.text).isEmpty, "\(arguments): \(shown.text.debugDescription)")
      let piped = try space.start(arguments).finish()
      #expect(commands(in: piped.errors).isEmpty, "\(arguments): \(piped.errors.debugDescription)")
    }
  }

  @Test func aDumbTerminalGetsLines() throws {
    let space = try Workspace()
    for terminal in ["dumb", ""] {
      let arguments = ["crossover", "--out", "lines\(terminal)"]
      let result = try Terminal().run(arguments, in: space, environment: ["TERM": terminal])
      #expect(!result.text.contains("\u{1B}") && result.text.contains("finished: endings"))
    }
    let able = try Terminal().run(["crossover", "--out", "bars"], in: space)
    #expect(able.text.contains("\u{1B}["))
    #expect(!able.text.contains(/\u{1B}\[[0-9;]*m/), "no colour, so NO_COLOR has nothing to turn off")
  }

  /// Nothing is wider than the terminal, whichever table it is; and no colour is used, with or without NO_COLOR.
  @Test(arguments: [60, 80]) func tablesFitTheTerminal(_ columns: Int) throws {
    let space = try Workspace(SuiteCommandTests.configuration)
    #expect(try space.run("all").status == 2)
    let runs = try ["ar", "dlm"].map { try #require(try space.run("train", $0, "--json").json["hash"] as? String) }
    for arguments in [
      ["list"], ["plan", "all"], ["check"], ["crossover"], ["sparsity"], ["status", "all"], ["judge", "all"],
      ["train", "dlm"], ["evaluate", runs[1]], ["evaluate", runs[1], "--samples-table"], ["compare", runs[0], runs[1]],
      ["compare", "results", "results"], ["doctor"], ["verify", VerifyCommandTests.fixture], ["corpus", "world"],
      ["bench", "--task", "score", "--shape", "micro", "--seconds", "0.01"], ["submit", "all", "--dry-run"],
      ["crossover", "--out", "again"], ["crossover", "--set", "training.epochs=1"],
    ] {
      let shown = try Terminal(columns: columns).run(arguments, in: space, environment: ["NO_COLOR": "1"]).text
      let lines = shown.replacing(/\u{1B}\[\d+A\u{1B}\[J/, with: "\n").split(whereSeparator: \.isNewline)
      // Names, of files and of parameters, are not broken.
      let wide = lines.filter {
        $0.count > columns && $0.contains(" ") && !$0.hasPrefix("Figure") && !$0.hasPrefix("Numbers")
      }
      #expect(!lines.isEmpty && wide.isEmpty, "\(arguments): \(wide)")
      #expect(!lines.joined().contains("\u{1B}"))
    }
  }

  /// A terminal of four rows with six jobs: what a line scrolls out can never be erased again.
  @Test func aLowTerminal() throws {
    let space = try Workspace(Workspace.configuration(seeds: 3))
    let result = try Terminal(rows: 4).run(["crossover", "--jobs", "6"], in: space)
    let moves = result.text.matches(of: /\u{1B}\[(\d+)A/).compactMap { Int($0.1) }
    #expect(!moves.isEmpty && moves.allSatisfy { $0 <= 3 }, "\(moves)")
  }
}

@Suite struct CoreTests {
  /// The default of --jobs is what the affinity mask leaves, and submit names one default only.
  @Test func jobs() throws {
    let space = try Workspace()
    let one = try space.start(["-c", "0", Workspace.binary, "plan", "crossover"], executable: "/usr/bin/taskset")
      .finish()
    #expect(one.words.contains("with 1 job."), "\(one.output) \(one.errors)")
    let help = try space.run("submit", "--help").words
    #expect(help.components(separatedBy: "default: ").count { $0.hasPrefix("the available cores") } == 1)
    #expect(help.contains("for `submit`, 1 per task"))
  }
}
