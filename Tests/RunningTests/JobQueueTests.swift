// Tests of running jobs in parallel and of asking them to stop.

import Basics
import Foundation
import Synchronization
import Testing
@testable import Running

private struct Broken: Error {}

@Suite struct JobQueueTests {
  @Test(arguments: [1, 2, 3, 16])
  func resultsAreInTheOrderOfTheJobs(_ workers: Int) throws {
    let running = Mutex((now: 0, most: 0))
    let results = try runInParallel(Array(0..<12), workers: workers) { job in
      running.withLock { running in
        running.now += 1
        running.most = max(running.most, running.now)
      }
      // Later jobs are shorter, so that they end out of order.
      usleep(UInt32(12 - job) * 500)
      running.withLock { $0.now -= 1 }
      return job * job
    }
    #expect(try results.map { try $0.get() } == (0..<12).map { $0 * $0 })
    #expect(running.withLock { $0.most } <= workers)
    #expect(workers == 1 || running.withLock { $0.most } > 1)
  }

  @Test func aFailingJobDoesNotStopTheOthers() throws {
    let results = try runInParallel(Array(0..<6), workers: 2) { job in
      if job == 2 { throw Broken() }
      return job
    }
    #expect(results.map { (try? $0.get()) ?? -1 } == [0, 1, -1, 3, 4, 5])
    #expect(throws: Broken.self) { try results[2].get() }
  }

  @Test func afterAStopNothingMoreIsBegun() throws {
    let stop = StopSignal()
    let begun = Mutex(0)
    let results = try runInParallel(Array(0..<50), workers: 2, stop: stop) { job in
      begun.withLock { $0 += 1 }
      if job == 3 { stop.request(SIGTERM) }
      return job
    }
    let count = begun.withLock { $0 }
    #expect(count >= 4 && count <= 6)
    #expect((try? results[3].get()) == 3)
    #expect(results.count == 50)
    #expect(throws: NotStarted.self) { try results[49].get() }
    #expect(stop.exitStatus == .terminated)
  }

  @Test func noJobs() throws {
    #expect(try runInParallel([Int](), workers: 4) { $0 }.isEmpty)
    #expect(try runInParallel([1], workers: 0) { $0 }.count == 1)
  }

  /// About 11 MB of frames: more than the 8 MB that a thread has by default.
  @Test func threadsHaveDeepStacks() throws {
    @Sendable func descend(_ depth: Int) -> Int {
      withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { buffer in
        buffer[0] = UInt8(truncatingIfNeeded: depth)
        return depth == 0 ? 0 : descend(depth - 1) + (buffer[0] == UInt8(truncatingIfNeeded: depth) ? 1 : 0)
      }
    }
    let results = try runInParallel([2600], workers: 1) { descend($0) }
    #expect(try results[0].get() == 2600)
  }
}

/// Raises a signal in this thread, which may have it blocked, so that it has been handled when the call returns.
private func handle(_ signal: Int32) {
  var (own, before) = (sigset_t(), sigset_t())
  sigemptyset(&own)
  sigaddset(&own, signal)
  pthread_sigmask(SIG_UNBLOCK, &own, &before)
  raise(signal)
  pthread_sigmask(SIG_SETMASK, &before, nil)
}

@Suite(.serialized) struct StopSignalTests {
  @Test func theFirstRequestCounts() {
    let stop = StopSignal()
    #expect(!stop.isRequested && stop.exitStatus == nil)
    stop.request()
    stop.request(SIGTERM)
    #expect(stop.isRequested && stop.exitStatus == .interrupted)
  }

  @Test(arguments: [
    (SIGINT, Basics.ExitStatus.interrupted), (SIGTERM, .terminated), (SIGHUP, .hungUp), (SIGXCPU, .outOfProcessorTime),
  ])
  func signalsAskForTheStop(_ signal: Int32, _ status: Basics.ExitStatus) {
    let stop = StopSignal()
    stop.catchSignals()
    #expect(!stop.isRequested)
    handle(signal)
    #expect(stop.exitStatus == status)
    stop.releaseSignals()
    #expect(stop.exitStatus == status)
    #expect(!StopSignal().isRequested)
  }

  /// A terminal that is closed says so more than once, a limit of processor time every second: the save goes on.
  @Test(arguments: [SIGHUP, SIGXCPU]) func whatIsRepeatedDoesNotEndTheProgram(_ signal: Int32) {
    let stop = StopSignal()
    stop.catchSignals()
    for _ in 0..<3 { handle(signal) }
    handle(SIGTERM)
    stop.releaseSignals()
    #expect(stop.exitStatus == (signal == SIGHUP ? .hungUp : .outOfProcessorTime))
  }

  /// As nohup, or a shell that puts the program into the background of a script, leaves it.
  @Test(arguments: [SIGHUP, SIGINT]) func whatIsIgnoredStaysIgnored(_ number: Int32) {
    let before = signal(number, SIG_IGN)
    defer { signal(number, before) }
    let stop = StopSignal()
    stop.catchSignals()
    for _ in 0..<2 { handle(number) }
    #expect(!stop.isRequested)
    stop.releaseSignals()
    handle(number)
  }
}
