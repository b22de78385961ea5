// What the machine refuses: a full disk, a read-only one, a directory that vanishes, an output that nobody reads. Always
// one clear line and the right status, and the records that are there stay whole.

import Foundation
import Testing

@Suite struct FailingDiskTests {
  /// A directory on a file system of its own, as small as asked for; nil where mounting is not allowed.
  private func mounted(_ space: Workspace, options: String) throws -> String? {
    let path = space.file("disk")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return try space.shell("mount -t tmpfs -o \(options) tmpfs disk").status == 0 ? path : nil
  }

  private func unmount(_ space: Workspace) { _ = try? space.shell("umount disk") }

  /// A real file system of 60 kB: the first runs do not fit. With more room the same command ends well.
  @Test func aFullDisk() throws {
    let space = try Workspace(Workspace.configuration(seeds: 1))
    guard try mounted(space, options: "size=60k") != nil else { return }
    defer { unmount(space) }
    let full = try space.run("crossover", "--preset", "smoke", "--out", "disk/results", "--jobs", "1")
    #expect(full.status == 74)
    let complaint = "no space left on the device; free some space, or give another directory with --out"
    #expect(full.errorLines.last?.hasPrefix("replicate: cannot write disk/results/") == true, "\(full.errors)")
    #expect(full.errorLines.last?.hasSuffix(complaint) == true)
    #expect(try space.run("doctor", "--out", "disk/results", "--rerun", "0").status == 0, "what is there is whole")
    #expect(try space.shell("mount -o remount,size=10m disk").status == 0)
    let roomy = try space.run("crossover", "--preset", "smoke", "--out", "disk/results", "--jobs", "1")
    #expect(roomy.status == 0)
    let elsewhere = try space.run("crossover", "--preset", "smoke", "--out", "disk/other", "--jobs", "1")
    #expect(
      roomy.output.replacing("disk/results", with: "X") == elsewhere.output.replacing("disk/other", with: "X"))
    #expect(try space.run("doctor", "--out", "disk/results", "--rerun", "1").status == 0)
  }

  /// From some operation on the disk refuses (5: broken, 28: full, 30: read-only, 122: over quota); afterwards the same
  /// command ends well, with the same bytes.
  @Test(.enabled(if: Workspace.faultInjection != nil), arguments: [28, 5, 122, 30])
  func aDiskThatRefusesFromSomeMomentOn(_ errno: Int) throws {
    let library = try #require(Workspace.faultInjection)
    let space = try Workspace(Workspace.configuration(seeds: 1))
    #expect(try space.run("crossover", "--preset", "smoke", "--out", "whole").status == 0)
    for place in stride(from: 1 + errno % 10, to: 100, by: 30) {
      let out = "out-\(place)"
      let refused = try space.run(
        "crossover", "--preset", "smoke", "--out", out, "--jobs", "1",
        environment: ["FAULT": "\(errno) \(place)", "LD_PRELOAD": library])
      #expect(refused.status == 74, "\(place): \(refused.errors)")
      let complaints = refused.errorLines.filter { $0.hasPrefix("replicate: ") }
      #expect(complaints.count == 1 && complaints[0].contains("; "), "\(place): \(refused.errors)")
      #expect(try space.run("crossover", "--preset", "smoke", "--out", out).status == 0)
      for run in try space.runs(out) {
        #expect(space.differences(of: run, out, "whole") == [], "\(place)")
      }
    }
  }

  @Test func aReadOnlyDirectory() throws {
    let space = try Workspace(Workspace.configuration(seeds: 1))
    guard try mounted(space, options: "size=10m") != nil else { return }
    defer { unmount(space) }
    #expect(try space.run("crossover", "--preset", "smoke", "--out", "disk/results").status == 0)
    #expect(try space.shell("mount -o remount,ro disk").status == 0)
    let refused = try space.run("crossover", "--out", "disk/results")
    #expect(refused.status == 74)
    #expect(
      refused.errorLines.count == 1 && refused.errors.contains("read-only"),
      "before anything is trained: \(refused.errors)")
    #expect(
      try space.run("plan", "crossover", "--preset", "smoke", "--out", "disk/results").output.contains("have ended"))
    #expect(try space.run("doctor", "--out", "disk/results").status == 0, "reading and repeating need no writing there")
  }

  @Test func aDirectoryThatVanishes() throws {
    let space = try Workspace(Workspace.configuration(epochs: 300, seeds: 1))
    let running = try space.start(["crossover", "--jobs", "1"])
    space.awaitState()
    try FileManager.default.removeItem(atPath: space.file("results"))
    let result = try running.finish()
    #expect(result.status == 74)
    #expect(result.errorLines.last?.hasPrefix("replicate: ") == true)
    #expect(result.errors.contains("/lock: was removed, so this process writes no more; run the same command again"))
  }

  /// Everything is trained and drawn although nobody reads the output, and the status says what came out.
  @Test func anOutputThatIsClosed() throws {
    let space = try Workspace(Workspace.configuration(seeds: 1))
    let full = try space.shell("$REPLICATE crossover --preset smoke > /dev/full")
    #expect(full.status == 74)
    let complaint = "what was computed is stored: run the same command again"
    #expect(full.errorLines.last == "replicate: cannot write to standard output: no space left on device; \(complaint)")
    for name in ["verdict.json", "data.csv", "crossover.svg"] { #expect(space.exists("results/crossover/\(name)")) }
    let closed = try space.shell("$REPLICATE crossover --preset smoke >&-")
    #expect(closed.status == 74)
    #expect(closed.errorLines == ["replicate: cannot write to standard output: bad file descriptor; \(complaint)"])
    #expect(try space.shell("$REPLICATE crossover --preset smoke | head -c 3").output == "cro")
    #expect(try space.shell("set -o pipefail; $REPLICATE crossover --preset smoke | true").status == 0)
    #expect(
      try space.shell("set -o pipefail; $REPLICATE crossover --preset ci | true").status == 2, "the verdict's status")
    // A closed standard error is no file of the store's either.
    #expect(try space.shell("$REPLICATE crossover --out nothing 2>&- >&- <&-").status == 74)
    #expect(try space.run("doctor", "--out", "nothing").status == 0)
  }

  /// The second signal ends the program at once; what the last checkpoint had is kept.
  @Test func aSecondSignalEndsAtOnce() throws {
    let space = try Workspace(Workspace.configuration(epochs: 4000, items: 400, seeds: 1))
    let running = try space.start(["crossover", "--jobs", "1"])
    space.awaitState()
    kill(running.process.processIdentifier, SIGINT)
    usleep(1000)
    kill(running.process.processIdentifier, SIGINT)
    #expect(try running.finish().status == 130)
    let begun = try #require(try space.runs().first)
    #expect(try space.run("run", begun).status == 0)
    #expect(try space.run("run", begun, "--out", "whole").status == 0)
    #expect(space.differences(of: begun, "results", "whole") == [])
  }
}
