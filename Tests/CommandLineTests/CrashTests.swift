// Ended at any moment, the same command continues to the same bytes: killed at each operation that changes a file, killed
// at random times, killed while a figure is drawn.

import Foundation
import Testing

/// How often a test ends the program: often where there is time, seldom in continuous integration.
private let endings: Int = {
  let environment = ProcessInfo.processInfo.environment
  return environment["REPLICATE_ENDINGS"].flatMap { Int($0) } ?? (environment["CI"] == nil ? 100 : 25)
}()

@Suite struct CrashTests {
  /// One run with a stretch between its checkpoints; its hash, and the files that must come out the same.
  private static func space(epochs: Int = 4) throws -> (Workspace, hash: String) {
    let space = try Workspace(Workspace.configuration(epochs: epochs, checkpoints: 3, items: 4, seeds: 1))
    let plan = try space.run("plan", "crossover", "--json").results
    return (space, try #require(plan.first { $0["label"] as? String == "DLM, seed 1" }?["hash"] as? String))
  }

  private static func expectSame(_ space: Workspace, _ hash: String, _ one: String, _ two: String, _ comment: String)
    throws
  {
    #expect(space.differences(of: hash, one, two) == [], "\(comment)")
    let left = try FileManager.default.contentsOfDirectory(atPath: space.file("\(two)/runs/\(hash)")).sorted()
    #expect(Set(left).subtracting(["modeling_replicate.py"]) == Workspace.filesOfEveryRun, "\(comment)")
  }

  /// Every operation on files in turn (in continuous integration, evenly spread ones): before it, or in the middle of it
  /// where it writes.
  @Test(.enabled(if: Workspace.faultInjection != nil)) func endedAtAnyFileOperation() throws {
    let (space, hash) = try Self.space()
    let library = try #require(Workspace.faultInjection)
    func run(_ out: String, _ fault: String? = nil) throws -> Invocation {
      try space.run(
        "run", hash, "--out", out,
        environment: fault.map { ["FAULT": $0, "FAULT_COUNT": space.file("count"), "LD_PRELOAD": library] } ?? [:])
    }
    #expect(try run("whole", "count 0").status == 0)
    let operations = try #require(Int(try space.read("count").trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(operations > 40, "the library sees what the program does")
    for ending in 1...endings {
      let place = 1 + (ending - 1) * operations / endings
      let kind = ending % 2 == 0 ? "kill" : "tear"
      let out = "killed-\(ending)"
      #expect(try run(out, "\(kind) \(place)").status == 1009, "\(kind) \(place)")
      try expectLittleLost(space, "\(out)/runs/\(hash)", "\(kind) \(place) of \(operations)")
      let next = try run(out)
      #expect(next.status == 0, "\(kind) \(place): \(next.errors)")
      try Self.expectSame(space, hash, "whole", out, "\(kind) \(place) of \(operations)")
      try FileManager.default.removeItem(atPath: space.file(out))
    }
  }

  /// A run that has not ended has a state that is at most one checkpoint older than its lines.
  private func expectLittleLost(_ space: Workspace, _ folder: String, _ comment: String) throws {
    if space.exists(folder + "/record.json") || !space.exists(folder + "/metrics.jsonl") { return }
    let lines = try space.read(folder + "/metrics.jsonl").split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast()
    let steps = lines.compactMap { $0.firstMatch(of: /"step":(\d+)/).flatMap { Int($0.1) } }
    if steps.count < 2 { return }
    let state = try Data(contentsOf: URL(fileURLWithPath: space.file(folder + "/state"))).prefix(4000)
    let saved = String(decoding: state, as: UTF8.self).firstMatch(of: /"step":"(\d+)"/).flatMap { Int($0.1) }
    #expect(try #require(saved) >= steps[steps.count - 2], "\(comment)")
  }

  /// The same store is killed again and again until the run has ended, then another one begins.
  @Test func endedAtRandomTimes() throws {
    let (space, hash) = try Self.space(epochs: 60)
    #expect(try space.run("run", hash, "--out", "whole").status == 0)
    var generator = SplitMix(state: 7)
    var kills = 0
    var store = 0
    while kills < endings {
      store += 1
      var longest: UInt64 = 400_000
      while true {
        let running = try space.start(["run", hash, "--out", "killed-\(store)"])
        usleep(UInt32(20_000 + generator.next() % longest))
        longest += 100_000  // so that it comes to a checkpoint also where everything is slow
        kill(running.process.processIdentifier, SIGKILL)
        let result = try running.finish()
        if result.status != 1009 {
          #expect(result.status == 0, "\(result.errors)")
          break
        }
        kills += 1
        try expectLittleLost(space, "killed-\(store)/runs/\(hash)", "killed \(kills) times")
      }
      try Self.expectSame(space, hash, "whole", "killed-\(store)", "killed \(kills) times")
    }
  }

  /// A gnuplot that ends the program that started it, in the middle of a drawing.
  @Test func endedWhileAFigureIsDrawn() throws {
    let space = try Workspace()
    #expect(try space.run("crossover", "--preset", "smoke").status == 0)
    let drawn = try ["crossover.gp", "crossover.svg"].map { try space.read("results/crossover/\($0)") }
    try space.write("bin/gnuplot", "#!/bin/sh\necho half > crossover.svg\nkill -9 $PPID\n")
    _ = try space.shell("chmod +x bin/gnuplot")
    let killed = try space.run(
      "crossover", "--preset", "smoke",
      environment: ["PATH": space.file("bin") + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")])
    #expect(killed.status == 1009)
    func leftovers() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: space.file("results/crossover")).filter { $0.hasPrefix(".") }
    }
    #expect(try leftovers().count == 1)
    sleep(2)  // a younger one might be another process's that has not locked it yet
    #expect(try ["crossover.gp", "crossover.svg"].map { try space.read("results/crossover/\($0)") } == drawn)
    #expect(try space.run("crossover", "--preset", "smoke").status == 0)
    #expect(try leftovers().isEmpty)
    #expect(try ["crossover.gp", "crossover.svg"].map { try space.read("results/crossover/\($0)") } == drawn)
  }
}

/// Numbers that are the same in every run of a test.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
