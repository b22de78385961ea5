// A store that cannot be read for a while, or that has pipes and links where files belong: one line, status 74, and
// everything stays where it is.

import Foundation
import Testing

@Suite struct UnreadableStoreTests {
  /// A passing error (116: a stale file handle, 5: input/output, 24: too many files, 13: not allowed) is no damage:
  /// nothing is set aside or trained again, no verdict is written without the run, and afterwards all is as before.
  @Test(
    .enabled(if: Workspace.faultInjection != nil),
    arguments: [
      "open 116 metrics.jsonl", "read 5 metrics.jsonl", "open 24 record.json", "read 116 record.json",
      "open 13 spec.json", "look 5 model.safetensors",
    ])
  func aPassingErrorIsNotTakenForDamage(_ fault: String) throws {
    let library = try #require(Workspace.faultInjection)
    let space = try Workspace(Workspace.configuration(seeds: 1))
    let whole = try space.run("crossover", "--preset", "smoke")
    #expect(whole.status == 0)
    let before = try space.modificationTimes("results")
    let name = try #require(fault.split(separator: " ").last.map(String.init))
    for command in [["crossover", "--preset", "smoke"], ["judge", "crossover", "--preset", "smoke"]] {
      let failed = try space.start(command, environment: ["FAULT_READ": fault, "LD_PRELOAD": library]).finish()
      #expect(failed.status == 74, "\(command): \(failed.errors)")
      #expect(failed.errorLines.last?.contains(name + ": ") == true, "\(failed.errors)")
      #expect(try space.modificationTimes("results") == before, "\(command)")
    }
    let doctor = try space.run(
      "doctor", "--rerun", "0", environment: ["FAULT_READ": fault, "LD_PRELOAD": library])
    #expect(doctor.status == 74)
    #expect(doctor.lines.count { $0.hasPrefix("UNREAD ") && $0.contains(name + ": ") } == 4, "\(doctor.output)")
    #expect(doctor.output.hasSuffix("Not everything could be read; what could is sound.\n"))
    let again = try space.run("crossover", "--preset", "smoke")
    #expect(again.status == 0 && again.output == whole.output)
    #expect(again.errors.isEmpty, "nothing is trained: \(again.errors)")
  }

  /// A run that is under way and whose state cannot be read waits for better times.
  @Test(.enabled(if: Workspace.faultInjection != nil), arguments: ["open 5 /state", "read 5 /items.jsonl"])
  func aStateThatCannotBeReadIsKept(_ fault: String) throws {
    let library = try #require(Workspace.faultInjection)
    let space = try Workspace(Workspace.configuration(epochs: 2000, seeds: 1))
    let running = try space.start(["crossover", "--jobs", "1"])
    space.awaitState()
    kill(running.process.processIdentifier, SIGTERM)
    #expect(try running.finish().status == 143)
    let run = try #require(try space.runs().first)
    let state = try Data(contentsOf: URL(fileURLWithPath: space.file("results/runs/\(run)/state")))
    let failed = try space.run("run", run, environment: ["FAULT_READ": fault, "LD_PRELOAD": library])
    #expect(failed.status == 74, "\(failed.errors)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: space.file("results/runs/\(run)/state"))) == state)
    #expect(!space.exists("results/runs/\(run)/damaged-1"))
    #expect(try space.run("run", run).status == 0)
    #expect(try space.run("run", run, "--out", "whole").status == 0)
    #expect(space.differences(of: run, "results", "whole") == [])
  }

  /// No command waits for the other end of a pipe, or reads a device to its end.
  @Test(arguments: ["spec.json", "record.json", "metrics.jsonl", "items.jsonl", "model.safetensors", "lock"])
  func pipesAndLinksHangNobody(_ name: String) throws {
    let space = try Workspace(Workspace.configuration(seeds: 1))
    #expect(try space.run("crossover", "--preset", "smoke").status == 0)
    let run = try #require(try space.runs().first)
    let path = space.file("results/runs/\(run)/\(name)")
    for make in [{ mkfifo($0, 0o600) }, { symlink("/dev/zero", $0) }] as [(String) -> Int32] {
      unlink(path)
      #expect(make(path) == 0)
      for command in [
        ["doctor", "--rerun", "0"], ["status", "crossover"], ["plan", "crossover"], ["list"],
        ["crossover", "--preset", "smoke"], ["sample", run, "--count", "1"], ["evaluate", run], ["compare", run, run],
      ] {
        let result = try space.start(command).finish()
        #expect([0, 65, 74].contains(result.status), "\(command): \(result.status) \(result.errors)")
      }
      #expect(!space.exists("results/runs/\(run)/damaged-1"))
    }
    if ["spec.json", "record.json", "metrics.jsonl"].contains(name) {
      let result = try space.run("crossover", "--preset", "smoke")
      #expect(result.status == 74)
      #expect(result.errors.contains("\(name): it is a link to somewhere else; "), "\(result.errors)")
    }
  }

  /// A page goes into a file, be it by a link, and into nothing else.
  @Test func aReportReplacesNoDevice() throws {
    let space = try Workspace(Workspace.configuration(seeds: 1))
    #expect(try space.run("crossover", "--preset", "smoke").status == 0)
    #expect(mkfifo(space.file("pipe"), 0o600) == 0)
    let isDeviceMade = mknod(space.file("null"), S_IFCHR | 0o666, makedev(1, 3)) == 0
    for name in ["pipe"] + (isDeviceMade ? ["null"] : []) {
      let refused = try space.run("report", "--to", name)
      #expect(refused.status == 74)
      let what = name == "pipe" ? "pipe" : "device"
      let remedy = "remove it or give another name"
      #expect(
        refused.errorLines == ["replicate: cannot write \(name): it is a \(what) and not a file; \(remedy)"])
    }
    try space.write("elsewhere/page.html", "old")
    symlink("elsewhere/page.html", space.file("link.html"))
    #expect(try space.run("report", "--to", "link.html").status == 0)
    #expect(try space.read("elsewhere/page.html").hasPrefix("<!DOCTYPE html>"))
    #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: space.file("link.html"))) != nil)
  }

  /// As nohup, or a shell that starts the program in the background of a script: what is ignored stays ignored.
  @Test(arguments: ["HUP", "INT"]) func anIgnoredSignalStopsNothing(_ signal: String) throws {
    let space = try Workspace(Workspace.configuration(epochs: 100, seeds: 1))
    let result = try space.shell(
      """
      trap '' \(signal)
      $REPLICATE crossover --jobs 1 & child=$!
      until compgen -G 'results/runs/*/state' > /dev/null; do sleep 0.01; done
      kill -\(signal) $child; kill -\(signal) $child
      wait $child; echo "status $?"
      """)
    #expect(result.output.hasSuffix("status 2\n"), "\(result.output) \(result.errors)")
  }
}

private func makedev(_ major: UInt64, _ minor: UInt64) -> dev_t { dev_t(major << 8 | minor) }
