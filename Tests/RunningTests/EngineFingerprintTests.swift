// What the engine's fingerprint depends on, and what it does not.

import Foundation
import Specification
import Testing

@testable import Running

@Suite struct EngineFingerprintTests {
  /// Code that computes other numbers changes it. If that was meant, raise `RunSpecification.currentFormatVersion`, because
  /// stored runs would not repeat, and write the new fingerprint here; if not, look for the change. Another C library may
  /// change it too: this is Debian 12's on x86-64.
  @Test func theEngineComputesWhatItDid() {
    #expect(RunSpecification.currentFormatVersion == 4)
    #expect(engineFingerprint == "3763dbe3467fa343")
  }

  @Test func itIsTheSameAgainAndWithThreads() throws {
    #expect(try fingerprint(of: fingerprintedRuns) == engineFingerprint)
    #expect(try fingerprint(of: fingerprintedRuns, threads: 4) == engineFingerprint)
  }

  /// Every one of the runs counts, and so does a difference in the last bits of a number.
  @Test(arguments: 0..<3) func everyRunCounts(_ index: Int) throws {
    var runs = fingerprintedRuns
    runs[index].training.learningRate *= 1 + 1e-6
    #expect(try fingerprint(of: runs) != engineFingerprint)
  }

  @Test func theRunsAreOfAllKinds() {
    let runs = fingerprintedRuns
    #expect(Set(runs.map { $0.corpus.name }) == ["world", "text", "python"])
    #expect(runs.contains { $0.model.experts != nil } && runs.contains { $0.model.dropout > 0 })
    #expect(
      runs.contains { $0.objective.shortName.hasPrefix("AR") } && runs.contains { $0.objective == .maskedDiffusion })
  }
}
