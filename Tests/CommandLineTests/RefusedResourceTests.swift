// What the system refuses besides the disk: threads, memory, descriptors, processes. Always one line and status 74, or the
// verdict's where only its figure was refused, and what was finished by then is kept.

import Foundation
import Testing

@Suite struct RefusedResourceTests {
  private func expectRefusal(_ result: Invocation, _ reason: String?) {
    let isJudged = result.output.contains("Verdict: inconclusive.")
    #expect(result.status == 74 || isJudged && result.status == 2, "\(result.errors)")
    let complaints = result.errorLines.filter { $0.hasPrefix("replicate: ") }
    #expect(complaints.count == 1, "\(result.errors)")
    if let reason { #expect(complaints.first?.contains(reason) == true, "\(result.errors)") }
  }

  /// None of four threads, or not all of them: nothing is begun.
  @Test(.enabled(if: Workspace.faultInjection != nil), arguments: [0, 3])
  func threadsForRuns(_ threads: Int) throws {
    let space = try Workspace()
    let library = try #require(Workspace.faultInjection)
    let result = try space.run(
      "crossover", "--jobs", "4", environment: ["LD_PRELOAD": library, "FAULT_THREADS": "\(threads)"])
    let remedy = threads == 0 ? "raise the limits" : "give --jobs 3 or raise the limits"
    expectRefusal(result, "cannot start thread \(threads + 1) of 4: resource temporarily unavailable; \(remedy)")
    #expect(result.errorLines.count == 1 && result.output.isEmpty)
    #expect(try space.runs().isEmpty)
  }

  /// Enough for the runs and not for gnuplot: numbers and verdict are there, and with threads again the figure follows.
  @Test(.enabled(if: Workspace.faultInjection != nil)) func threadsForTheFigure() throws {
    let space = try Workspace(Workspace.configuration(seeds: 1))
    let library = try #require(Workspace.faultInjection)
    let arguments = ["crossover", "--preset", "smoke", "--jobs", "2"]
    let result = try space.start(arguments, environment: ["LD_PRELOAD": library, "FAULT_THREADS": "5"]).finish()
    expectRefusal(result, "cannot start thread 4 of 8: resource temporarily unavailable; raise the limits")
    #expect(result.output.contains("Numbers: results/crossover/data.csv, verdict.json"))
    #expect(space.exists("results/crossover/verdict.json") && !space.exists("results/crossover/crossover.png"))
    let again = try space.start(arguments).finish()
    #expect(
      again.status == 0 && again.output.hasPrefix(result.output) && space.exists("results/crossover/crossover.png"))
  }

  /// Where a limit of the address space makes something fail depends on the build; what must not happen is a trap or a wait.
  @Test(
    .enabled(if: Workspace.faultInjection != nil),
    arguments: [120_000, 150_000, 200_000, 250_000])
  func memory(_ kibibytes: Int) throws {
    let space = try Workspace()
    let result = try space.shell("timeout 120 prlimit --as=\(kibibytes)000 $REPLICATE crossover --jobs 4")
    if [0, 1, 2].contains(result.status) { return }
    expectRefusal(result, nil)
    #expect(try space.run("crossover").status <= 2, "\(result.errors)")
    #expect(try space.run("doctor", "--rerun", "0").status == 0, "what was finished is whole")
  }

  @Test(arguments: [5, 8, 16]) func descriptors(_ count: Int) throws {
    let space = try Workspace()
    let result = try space.shell("timeout 120 prlimit --nofile=\(count) $REPLICATE crossover --jobs 4")
    expectRefusal(result, "too many open files")
    #expect(try space.run("crossover").status <= 2, "\(result.errors)")
    #expect(try space.run("doctor", "--rerun", "0").status == 0, "what was finished is whole")
  }

  /// `ulimit -u` binds no user who may override it.
  @Test(.enabled(if: geteuid() == 0), arguments: [1, 3, 8])
  func processesOfAnOrdinaryUser(_ count: Int) throws {
    let space = try Workspace()
    chmod(space.path, 0o777)
    // A user whom no other test is.
    let result = try space.shell(
      "timeout 120 prlimit --nproc=\(count) setpriv --reuid=\(61_000 + count) --regid=61000 --clear-groups "
        + "$REPLICATE crossover --jobs 4")
    if result.status == 126 { return }  // that user cannot reach the program
    expectRefusal(result, "resource temporarily unavailable")
  }
}
