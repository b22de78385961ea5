// Names that contain anything, and inputs that are not what they should be.

import Foundation
import Testing

@Suite struct HostilePathTests {
  static let names = [
    "with space", "it's", "say \"so\"", "new\nline", "back\\slash", "$HOME `touch pwned`", "100 %d %41", "-dash", "~",
    "ünï 漢字 🌍", "{brace} ^_@&", "#; |touch pwned", "end\\", "\u{0600}'; touch pwned; '\u{0301}",
    "\u{0600}\"\u{0301}<\u{0301}|",
  ]

  /// Configuration, text, results, figures and report all below a directory of that name, in files of that name.
  @Test(arguments: names) func everyFileMayHaveAnyName(_ name: String) throws {
    let space = try Workspace()
    try space.write("\(name)/\(name).toml", Workspace.configuration())
    try space.write("\(name)/\(name).txt", Workspace.prose(80))
    let (configuration, out) = ("--config=\(name)/\(name).toml", "\(name)/out \(name)")
    let answer = try space.run(
      "crossover", "--preset", "smoke", "--text=\(name)/\(name).txt", configuration, "--out=\(out)")
    #expect(answer.status == 0, "\(answer.errors)")
    let claim = try space.run("crossover", "--preset", "smoke", configuration, "--out=\(out)")
    #expect(claim.status == 0, "\(claim.errors)")
    let folders = try FileManager.default.contentsOfDirectory(atPath: space.file(out)).filter { $0 != "runs" }
    #expect(folders.count == 2)
    for folder in folders {
      for suffix in ["gp", "svg", "png"] { #expect(space.exists("\(out)/\(folder)/\(folder).\(suffix)")) }
    }
    let figures = try space.run("figures", "--directory=\(out)")
    #expect(figures.status == 0, "\(figures.errors)")
    let report = try space.run("report", "--directory=\(out)", "--to=\(name)/\(name).html", configuration)
    #expect(report.status == 0, "\(report.errors)")
    #expect(try space.read("\(name)/\(name).html").contains("data:image/svg+xml,"))
    let corpus = try space.run("corpus", "text", configuration, "--", "\(name)/\(name).txt")
    #expect(corpus.status == 0, "\(corpus.errors)")
    let all = try FileManager.default.contentsOfDirectory(atPath: space.path)
    #expect(all.sorted() == ["experiments.toml", name].sorted(), "nothing was run or written elsewhere")
  }

  /// What a submission hands to Slurm is run, by a Slurm that is played here: every task of every script, with bash.
  @Test(arguments: names) func aBatchScriptMayNameAnyFile(_ name: String) throws {
    let space = try Workspace()
    try space.write("\(name)/\(name).toml", Workspace.configuration())
    try space.write("\(name)/\(name).txt", Workspace.prose(80))
    try space.write("slurm/squeue", "#!/bin/bash\n")
    try space.write(
      "slurm/sbatch",
      """
      #!/bin/bash
      script="${@: -1}"
      last=$(sed -n 's/^#SBATCH --array=0-//p' "$script")
      for ((i = 0; i <= ${last:-0}; i += 1)); do
        SLURM_ARRAY_TASK_ID=$i bash "$script" >>log 2>&1
        echo "$(basename "$script") $?" >>statuses
      done
      wc -l <statuses
      """)
    for command in ["squeue", "sbatch"] { chmod(space.file("slurm/\(command)"), 0o755) }
    let result = try space.start(
      [
        "submit", "crossover", "--preset=smoke", "--minutes=1e-9", "--config=\(name)/\(name).toml",
        "--text=\(name)/\(name).txt", "--out=\(name)/out \(name)",
      ], environment: ["PATH": space.file("slurm") + ":/usr/bin:/bin"]
    ).finish()
    if name.contains("\n") {
      #expect(result.status == 64 && result.errors.contains("--out: no Slurm script can name a directory"))
      return
    }
    #expect(result.status == 0, "\(result.errors)")
    let log = try space.read("log")
    let statuses = try space.read("statuses").split(separator: "\n").map(String.init)
    #expect(statuses == Array(repeating: "runs-0.sh 0", count: 3) + ["judge.sh 0"], "\(log)")
    #expect(try space.runs("\(name)/out \(name)").count == 3)
    #expect(log.contains("Figure:  \(name)/out \(name)/"))
    let all = try FileManager.default.contentsOfDirectory(atPath: space.path)
    #expect(all.sorted() == ["experiments.toml", "log", "slurm", "statuses", name].sorted(), "nothing else was run")
  }

  @Test(arguments: ["new\nline", "return\r\nfeed", "\u{1B}[31m red", "a\u{2028}b"])
  func complaintsStayOneLine(_ name: String) throws {
    let space = try Workspace()
    for arguments in [["--text=\(name)"], ["--config=\(name)"]] {
      let result = try space.start(["crossover"] + arguments).finish()
      #expect([64, 74].contains(result.status))
      let complaint = result.errors.components(separatedBy: "replicate: ").last ?? ""
      #expect(complaint.count { $0.isNewline } == 1 && !complaint.contains("\u{1B}"), "\(result.errors)")
    }
  }
}

@Suite struct HostileTextTests {
  /// - Returns: the outcome of asking about the text there.
  private func ask(_ space: Workspace, _ path: String) throws -> Invocation {
    try space.run("crossover", "--preset", "smoke", "--text", path)
  }

  private func expect(_ result: Invocation, _ status: Int32, _ message: String) {
    #expect(result.status == status)
    #expect(result.errorLines.last == "replicate: \(message)")
    #expect(result.errorLines.count { $0.hasPrefix("replicate: ") } == 1 && result.output.isEmpty, "\(result.errors)")
  }

  @Test func filesThatAreNoText() throws {
    let space = try Workspace()
    try space.write("latin", Data("na\u{EF}ve".unicodeScalars.map { UInt8($0.value) }))
    expect(
      try ask(space, "latin"), 65,
      "latin: not UTF-8 at byte 2, perhaps text in an older encoding; convert it from the encoding that it has, for "
        + "example `iconv -f LATIN1 -t UTF-8 FILE > NEW`")
    try space.write("empty", "")
    try space.write("blank", " \n\t\r\n")
    for name in ["empty", "blank"] {
      expect(try ask(space, name), 65, "no text in \(name); give at least one file with text")
    }
    try space.write("short", "two words\n\nand three more\n")
    #expect(try ask(space, "short").status == 65)
  }

  @Test func aPipeADeviceAndASocketAreRefusedAtOnce() throws {
    let space = try Workspace()
    #expect(mkfifo(space.file("pipe"), 0o644) == 0)
    for path in ["pipe", "/dev/zero", "/dev/null"] {
      let message =
        "\(path): neither a file nor a directory but a pipe or a device; save the text in a file, "
        + "or give it on standard input, which is named `-`"
      expect(try ask(space, path), 65, message)
      let configured = try space.run("crossover", "--config", path)
      expect(configured, 64, "\(path): is a pipe or a device; save the configuration in a file")
      let verified = try space.run("verify", path)
      expect(verified, 74, "\(path): is a pipe or a device, which may never end; give a file")
    }
  }

  @Test func aDirectoryMayContainAnything() throws {
    let space = try Workspace()
    for p in 0..<60 { try space.write("notes/\(p).txt", Workspace.prose(1, from: p)) }
    let plain = try space.run("corpus", "text", "notes")
    #expect(plain.status == 0, "\(plain.errors)")
    #expect(mkfifo(space.file("notes/pipe"), 0o644) == 0)
    for (link, target) in [("loop", "loop"), ("up", ".."), ("nowhere", "missing"), ("zero", "/dev/zero")] {
      try FileManager.default.createSymbolicLink(atPath: space.file("notes/" + link), withDestinationPath: target)
    }
    try space.write("notes/empty", "")
    let full = try space.run("corpus", "text", "notes")
    #expect(full.status == 0, "\(full.errors)")
    func facts(_ result: Invocation) -> [String] {
      result.lines.filter { $0.contains("  SHA-256 ") || $0.contains("  items ") }
    }
    #expect(facts(full) == facts(plain), "nothing more is read")
    #expect(
      full.words.contains(
        "left out 1 linked directory (notes/up), read where named by path; 2 links that lead nowhere (notes/loop, "
          + "notes/nowhere); 2 pipes or devices (notes/pipe, notes/zero); 1 empty file (notes/empty)"))
    expect(
      try ask(space, "notes/loop"), 74,
      "notes/loop: cannot be read: too many levels of symbolic links; its links form a loop: name what they "
        + "should lead to")
    expect(try ask(space, "notes/nowhere"), 74, "notes/nowhere: no such file or directory; check the path")
  }

  @Test func aNameThatIsNotUTF8IsRead() throws {
    let space = try Workspace()
    let made = try space.shell("mkdir notes; cp /dev/stdin notes/$'b\\xff.txt' <<'END'\n\(Workspace.prose(60))\nEND")
    #expect(made.status == 0)
    let answer = try ask(space, "notes")
    #expect(answer.status == 0 && answer.words.contains("On this text (b\u{FFFD}.txt, "), "\(answer.errors)")
  }

  @Test func whatCannotBeReadIsNamed() throws {
    let space = try Workspace()
    // A regular file whose first byte cannot be read, by root either.
    expect(
      try ask(space, "/proc/self/mem"), 74,
      "/proc/self/mem: cannot be read: input/output error; check the disk, or leave it out with --exclude")
    if geteuid() == 0 { return }
    try space.write("secret/a.txt", Workspace.prose(3))
    try space.write("secret/b.txt", Workspace.prose(3))
    for name in ["a", "b"] { chmod(space.file("secret/\(name).txt"), 0) }
    let remedy = "cannot be read: permission denied; change its permissions, or leave it out with --exclude"
    expect(try ask(space, "secret"), 74, "secret/a.txt, secret/b.txt: \(remedy)")
    chmod(space.file("secret"), 0)
    expect(try ask(space, "secret"), 74, "secret: \(remedy)")
    chmod(space.file("secret"), 0o700)
  }

  @Test func charactersOfEveryKindAreText() throws {
    let space = try Workspace()
    try space.write(
      "odd.txt", Workspace.prose(60) + "\n\nControls \u{1} and \u{1B}[31m, \u{FEFF}, e\u{301}, 👩‍👩‍👧‍👦, \u{10FFFF}\r\n")
    let result = try ask(space, "odd.txt")
    #expect(result.status == 0, "\(result.errors)")
  }
}
