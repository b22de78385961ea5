// `replicate doctor`: a sound store, and one with every kind of damage in it.

import Foundation
import Testing

@Suite struct DoctorTests {
  @Test func aSoundStore() throws {
    let space = try Workspace()
    #expect(try space.run("crossover").status == 2)
    let result = try space.run("doctor")
    #expect(result.status == 0, "\(result.errors)")
    let found = "6 finished runs, 0 diverged, 0 not ended; 1 verdict"
    #expect(result.lines.contains(found))
    #expect(result.output.contains("the same bits in metrics, items and weights"))
    #expect(result.output.hasSuffix("The store is sound.\n"))
    let runs = try space.runs()
    let named = try space.run("doctor", runs[1], runs[3], "--json").json
    #expect((named["repetitions"] as? [[String: Any]])?.map { $0["hash"] as? String } == [runs[1], runs[3]])
    #expect((named["store"] as? [String: Any])?["finished"] as? Double == 6)
    let unknown = try space.run("doctor", "0123456789abcdef")
    #expect(unknown.status == 64 && unknown.errors.contains("is not a run of results that can be repeated"))
    #expect(unknown.lines.contains(found), "what was found is printed all the same")
    #expect(try space.run("doctor", runs[1], "--rerun", "2").status == 64)
  }

  @Test func aFolderThatIsNoStoreIsNotSound() throws {
    let space = try Workspace()
    let nothing = try space.run("doctor", "--out", "typo")
    #expect(nothing.status == 65)
    #expect(nothing.errorLines == ["replicate: typo: no such directory; name a folder of results with --out"])
    try space.write("figures/crossover/verdict.json", "{}")
    let other = try space.run("doctor", "--out", "figures")
    #expect(other.status == 65)
    #expect(other.errorLines == ["replicate: figures: holds no runs; name a folder of results with --out"])
  }

  /// What a fresh machine has, and what it lacks; the store comes after it.
  @Test func theMachineIsLookedAtFirst() throws {
    let space = try Workspace()
    let fresh = try space.run("doctor")
    #expect(fresh.status == 0, "\(fresh.output)")
    for name in ["processor", "instructions", "engine", "system", "memory", "disk", "BLAS", "gnuplot"] {
      #expect(fresh.lines.contains { $0.hasPrefix(name + " ") }, "\(name): \(fresh.output)")
    }
    #expect(fresh.output.hasSuffix("results holds no results yet.\nThe machine has all that is needed.\n"))
    let machine = try #require(try space.run("doctor", "--json").json["machine"] as? [String: Any])
    #expect((machine["memory"] as? Double ?? 0) > 1e8 && (machine["freeDisk"] as? Double ?? 0) > 1e6)

    let nowhere = ["PATH": "/nonexistent"]
    let lacking = try space.run("doctor", environment: nowhere)
    #expect(lacking.status == 74)
    #expect(lacking.output.contains("LACKS  figures: gnuplot is not on the PATH; install it with \"apt-get install"))
    #expect(lacking.output.hasSuffix("The machine LACKS something: see above.\n"))
    #expect(try space.run("doctor", "--no-figures", environment: nowhere).status == 0)
    try space.write("bin/gnuplot", "#!/bin/sh\necho '5.4 patchlevel 9'; echo ' dumb svg '\n")
    _ = try space.shell("chmod +x bin/gnuplot")
    let poor = try space.run("doctor", environment: ["PATH": space.file("bin")])
    #expect(poor.status == 74 && poor.output.contains("LACKS  figures: this gnuplot cannot draw pngcairo; install"))
  }

  /// A store that came from elsewhere, say a cache, with the numbers of another engine in it.
  @Test func runsOfAnotherEngineAreNoticed() throws {
    let space = try Workspace(Workspace.configuration(seeds: 1))
    let own = try space.run("doctor", "--fingerprint").lines[0]
    #expect(own.wholeMatch(of: /[0-9a-f]{16}/) != nil)
    #expect(try space.run("crossover").status == 2)
    let runs = try space.runs()
    for run in runs {
      let path = "results/runs/\(run)/record.json"
      let record = try space.read(path)
      #expect(record.contains("\"engine\": \"\(own)\""))
      // Of the first format, which has no seal: what no accident would do.
      let other = Workspace.withoutSeal(record)
        .replacing(own, with: run == runs[0] ? "fedcba9876543210" : own)
      try space.write(path, run == runs[1] ? other.replacing(/,\s*"engine": "[^"]*"/, with: "") : other)
    }
    let again = try space.run("crossover")
    #expect(again.status == 2)
    #expect(
      again.errors.contains("replicate: 1 run of results was computed by another engine, which gives other numbers"))
    #expect(again.words.contains("records of several engines, which give different numbers"))
    let doctor = try space.run("doctor", "--rerun", "0")
    #expect(doctor.status == 65)
    #expect(doctor.output.contains("WRONG  engine fedcba9876543210: computed 1 run, \(runs[0]) among them"))
    #expect(doctor.lines.count { $0.hasPrefix("WRONG") } == 1, "a record that does not say is of no other engine")
  }

  /// Whatever keeps a run from being repeated, what was found is said.
  @Test func nothingHidesTheFindings() throws {
    let space = try Workspace(Workspace.configuration(epochs: 40, learningRate: "10", weightDecay: "100", seeds: 1))
    #expect(try space.run("crossover").status == 2)
    let runs = try space.runs()
    // Diverged, some of them before any checkpoint.
    for run in runs {
      let repeated = try space.run("doctor", run)
      #expect(repeated.status == 0, "\(repeated.output)\(repeated.errors)")
      #expect(repeated.output.contains("the same bits"))
    }
    let words = "0 finished runs, 3 diverged, 0 not ended; 1 verdict"
    for (temporary, arguments) in [("/nonexistent", [String]()), ("/nonexistent", ["--json"])] {
      let result = try space.start(["doctor"] + arguments, environment: ["TMPDIR": temporary]).finish()
      #expect(result.status == 74)
      #expect(result.output.contains(arguments.isEmpty ? words : "\"diverged\":3"))
      #expect(
        result.output.contains(
          "cannot make a temporary folder in /nonexistent: no such file or directory; name another"))
    }
    try space.write("results/runs/\(runs[0])/spec.json", "{}")
    let both = try space.start(["doctor", runs[0]], environment: ["TMPDIR": "/nonexistent"]).finish()
    #expect(both.status == 64 && both.output.contains("WRONG  \(runs[0])") && both.output.contains("NOT sound"))
  }

  /// One that is killed leaves its folder, and the next one removes it.
  @Test func aKilledDoctorsFolderIsRemoved() throws {
    let space = try Workspace(Workspace.configuration(epochs: 60, items: 100, seeds: 1))
    #expect(try space.run("crossover").status == 2)
    try FileManager.default.createDirectory(atPath: space.file("tmp"), withIntermediateDirectories: true)
    let environment = ["TMPDIR": space.file("tmp")]
    func folders() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: space.file("tmp")) }
    let killed = try space.start(["doctor"], environment: environment)
    let deadline = Date().addingTimeInterval(30)
    while Date() < deadline, try folders().isEmpty { usleep(2000) }
    kill(killed.process.processIdentifier, SIGKILL)
    _ = try killed.finish()
    #expect(try folders().count == 1)
    sleep(2)  // a younger one might be another process's that has not locked it yet
    #expect(try space.start(["doctor", "--rerun", "1"], environment: environment).finish().status == 0)
    #expect(try folders().isEmpty)
  }

  /// Folders that somebody else made, each consistent in itself, beside a sound one.
  @Test func foreignSpecificationsTrapNothing() throws {
    let space = try Workspace()
    let trained = try space.run("train", "dlm", "--json")
    let run = try #require(trained.json["hash"] as? String)
    let text = try space.read("results/runs/\(run)/spec.json")
    var foreign: [String] = []
    for (field, value) in [
      ("checkpoints", "9223372036854775807"), ("decay", "1e300"), ("warmup", "-5"), ("context", "1000000000000"),
      ("batch", "9223372036854775807"), ("epochs", "0"), ("width", "9223372036854775806"),
      ("validationSequences", "1e15"),
      ("uniqueTokens", "4611686018427387904"), ("agents", "2"), ("heads", "0"), ("layers", "-1"), ("items", "-4"),
    ] {
      let altered = text.replacing(try Regex("\"\(field)\": [^,\n]*"), with: "\"\(field)\": \(value)")
      #expect(altered != text, "\(field)")
      try space.write("foreign.json", altered)
      // The program says what the folder would have to be called.
      try space.write("results/runs/\(run)/spec.json", altered)
      let complaint = try space.run("doctor", "--rerun", "0").output
      let hash = try #require(complaint.firstMatch(of: /describes run ([0-9a-f]{16}), not/)?.1, "\(complaint)")
      try space.write("results/runs/\(run)/spec.json", text)
      _ = try space.shell("cp -r results/runs/\(run) results/runs/\(hash)")
      try space.write("results/runs/\(hash)/spec.json", altered)
      let record = try space.read("results/runs/\(hash)/record.json").replacing(run, with: String(hash))
      let digest = try space.shell("sha256sum results/runs/\(hash)/spec.json").output.prefix(64)
      let before = try space.shell("sha256sum results/runs/\(run)/spec.json").output.prefix(64)
      try space.write("results/runs/\(hash)/record.json", record.replacing(before, with: digest))
      foreign.append(String(hash))
    }
    let result = try space.run("doctor", run)
    #expect(result.status == 65, "\(result.errors)")
    #expect(result.lines.count { $0.hasPrefix("WRONG") } == foreign.count, "\(result.output)")
    #expect(result.output.contains("the same bits"), "the sound run is repeated")
    for hash in foreign {
      for command in ["evaluate", "sample"] {
        let asked = try space.run(command, hash)
        #expect(asked.status == 65 && asked.errorLines.count == 1, "\(command) \(hash): \(asked.errors)")
      }
    }
  }

  /// A flipped bit, a lost file, a missing line, and bits that another program would not give.
  @Test func everyDamageIsNamed() throws {
    let space = try Workspace(Workspace.configuration(checkpoints: 3, seeds: 2))
    #expect(try space.run("crossover").status == 2)
    let runs = try space.runs().map { "results/runs/\($0)" }
    var model = try Data(contentsOf: URL(fileURLWithPath: space.file(runs[0] + "/model.safetensors")))
    model[model.count - 5] ^= 1
    try space.write(runs[0] + "/model.safetensors", model)
    try FileManager.default.removeItem(atPath: space.file(runs[1] + "/items.jsonl"))
    try reseal(space, runs[2], "metrics.jsonl") { $0.split(separator: "\n").dropFirst().map { $0 + "\n" }.joined() }
    try reseal(space, runs[3], "metrics.jsonl") { $0.replacing(/"trainingLoss":\d/, with: "\"trainingLoss\":9") }
    try space.write(runs[4] + "/spec.json", try space.read(runs[5] + "/spec.json"))
    let record = try space.read(runs[5] + "/record.json")
    try space.write(runs[5] + "/record.json", record.replacing(/"seconds": ./, with: "\"seconds\": 9"))

    let result = try space.run("doctor", String(runs[3].suffix(16)))
    #expect(result.status == 65)
    let wrong = result.lines.filter { $0.hasPrefix("WRONG") }
    #expect(wrong.count == 5, "\(result.output)")
    for (run, words) in zip(
      [runs[0], runs[1], runs[2], runs[4], runs[5]],
      [
        "model.safetensors: was altered", "items.jsonl is lost", "checkpoints at steps", "spec.json: describes run",
        "record.json: was altered (its seal",
      ])
    {
      #expect(wrong.contains { $0.contains(run.suffix(16)) && $0.contains(words) }, "\(words): \(result.output)")
    }
    #expect(result.output.contains("DIFFERENT BITS in metrics.jsonl"))
    #expect(result.output.hasSuffix("The store is NOT sound.\n"))
    #expect(result.errors.isEmpty == false)
  }

  /// A run that was stopped: its state, and the lines that the state was saved with.
  @Test func aStoppedRunIsExamined() throws {
    let space = try Workspace(Workspace.configuration(epochs: 200, seeds: 1))
    let running = try space.start(["crossover", "--jobs", "1"])
    space.awaitState()
    kill(running.process.processIdentifier, SIGKILL)  // the lock of a dead process hides nothing
    #expect(try running.finish().status == 1009)
    let run = try #require(try space.runs().first)
    #expect(try space.run("doctor").status == 0)
    for name in ["metrics.jsonl", "items.jsonl", "state"] {
      let path = "results/runs/\(run)/\(name)"
      let whole = try Data(contentsOf: URL(fileURLWithPath: space.file(path)))
      var altered = whole
      altered[whole.count > 1000 ? 900 : 20] ^= 1
      try space.write(path, altered)
      let result = try space.run("doctor", "--rerun", "0")
      #expect(result.status == 65 && result.output.contains("WRONG  \(run): \(path): "), "\(name): \(result.output)")
      try space.write(path, whole)
    }
  }

  /// Alters a file and its checksum in a record of the first format, which has no seal, as no accident would.
  private func reseal(_ space: Workspace, _ run: String, _ name: String, _ change: (String) -> String) throws {
    func digest() throws -> String {
      String(try space.shell("sha256sum \(run)/\(name)").output.prefix(64))
    }
    let before = try digest()
    try space.write(run + "/" + name, change(try space.read(run + "/" + name)))
    let record = Workspace.withoutSeal(try space.read(run + "/record.json"))
    try space.write(run + "/record.json", record.replacing(before, with: try digest()))
  }
}
