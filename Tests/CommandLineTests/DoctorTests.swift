// `replicate doctor`: a sound store, and one with every kind of damage in it.

import Foundation
import Testing

@Suite struct DoctorTests {
  @Test func aSoundStore() throws {
    let space = try Workspace()
    #expect(try space.run("crossover").status == 2)
    let result = try space.run("doctor")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.lines.first == "6 finished runs, 0 diverged, 0 not ended; 1 verdict")
    #expect(result.output.contains("the same bits in metrics, items and weights"))
    #expect(result.output.hasSuffix("The store is sound.\n"))
    let runs = try space.runs()
    let named = try space.run("doctor", runs[1], runs[3], "--json").json
    #expect((named["repetitions"] as? [[String: Any]])?.map { $0["hash"] as? String } == [runs[1], runs[3]])
    #expect((named["store"] as? [String: Any])?["finished"] as? Double == 6)
    #expect(
      try space.run("doctor", "--out", "nothing").lines.first == "0 finished runs, 0 diverged, 0 not ended; 0 verdicts")
    let unknown = try space.run("doctor", "0123456789abcdef")
    #expect(unknown.status == 64 && unknown.errors.contains("is not a run of results that can be repeated"))
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

  /// Alters a file and its check sum in a record of the first format, which has no seal, as no accident would.
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
