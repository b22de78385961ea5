// Several processes asked for the same run: one trains it, the others wait, and a dead one's work is continued.

import Foundation
import Testing

@Suite struct TwoAtOnceTests {
  private func firstRun(_ space: Workspace) throws -> String {
    let plan = try space.run("plan", "crossover", "--json").lines
    return String(try #require(plan.first?.firstMatch(of: /"hash":"([0-9a-f]{16})"/)?.1))
  }

  @Test func aHundredStartsLeaveOneRecord() throws {
    let space = try Workspace(Workspace.configuration(epochs: 20, seeds: 1))
    let hash = try firstRun(space)
    #expect(try space.run("run", hash, "--out", "alone").status == 0)
    let all = try (0..<100).map { _ in try space.start(["run", hash]) }
    let results = try all.map { try $0.finish() }
    #expect(results.allSatisfy { $0.status == 0 && $0.output == "\(hash)  finished\n" })
    #expect(results.count { $0.errors.contains(": finished:") } >= 1)
    #expect(
      results.contains {
        $0.errors.contains("waiting for 1 run that other processes are at work on, among them process")
      })
    #expect(space.differences(of: hash, "results", "alone") == [])
    let files = try FileManager.default.contentsOfDirectory(atPath: space.file("results/runs/\(hash)")).sorted()
    #expect(Set(files).subtracting(["modeling_replicate.py"]) == Workspace.filesOfEveryRun)
  }

  /// A claim's runs are shared out: what one process holds, the other leaves for last.
  @Test func twoProcessesShareAClaim() throws {
    let space = try Workspace(Workspace.configuration(epochs: 20, seeds: 2))
    let both = try (0..<2).map { _ in try space.start(["crossover", "--jobs", "1", "--preset", "smoke"]) }
    let results = try both.map { try $0.finish() }
    #expect(results.allSatisfy { $0.status == 0 }, "\(results.map(\.errors))")
    #expect(results[0].output == results[1].output)
    #expect(try space.run("doctor", "--rerun", "0").status == 0)
  }

  /// Whoever waits takes over when the owner is killed, and continues from its last checkpoint.
  @Test func theWorkOfADeadOwnerIsContinued() throws {
    let space = try Workspace(Workspace.configuration(epochs: 600, seeds: 1))
    let hash = try firstRun(space)
    let owner = try space.start(["run", hash])
    space.awaitState()
    kill(owner.process.processIdentifier, SIGSTOP)  // so that it cannot end before the heir has come
    let heir = try space.start(["run", hash])
    heir.awaitError("waiting for 1 run")
    kill(owner.process.processIdentifier, SIGKILL)
    #expect(try owner.finish().status == 1009)
    let result = try heir.finish()
    #expect(result.status == 0)
    #expect(result.errors.contains("run \(hash): continues the work of process \(owner.process.processIdentifier) on "))
    #expect(try space.run("run", hash, "--out", "alone").status == 0)
    #expect(space.differences(of: hash, "results", "alone") == [])
  }
}
