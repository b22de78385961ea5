// Tests of the locks on runs.

import Foundation
import Files
import TestSupport
import Testing
@testable import Store

@Suite struct RunLockTests {
  @Test func oneOwnerAtATime() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/lock"
    let first = try RunLock.acquire(path)
    #expect(first.predecessor == nil)
    let refused = #expect(throws: StoreError.self) { try RunLock.acquire(path) }
    #expect(refused?.kind == .locked)
    #expect(refused?.description.contains("held by process \(getpid()) on ") == true)
    first.refresh()
    first.release()
    first.release()
    #expect(!fileExists(path))
    let second = try RunLock.acquire(path)
    #expect(second.predecessor == nil)
  }

  @Test func theLockOfADeadOwnerIsTakenOver() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/lock"
    let dead = LockOwner(pid: 999_999, host: LockOwner.current().host, since: "2026-01-01T00:00:00Z")
    try writeAtomically(jsonLines([dead]), to: path)
    let lock = try RunLock.acquire(path)
    #expect(lock.predecessor == dead)
    #expect(try RunLock.holder(of: path)?.owner?.pid == getpid())
  }

  @Test func ownersOnOtherHostsLiveWhileTheyRefresh() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/lock"
    try writeAtomically(jsonLines([LockOwner(pid: 1, host: "elsewhere.invalid", since: "x")]), to: path)
    let refused = #expect(throws: StoreError.self) { try RunLock.acquire(path) }
    #expect(refused?.description.contains("held by process 1 on elsewhere.invalid") == true)
    #expect(fileExists(path))
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: path)
    #expect(try RunLock.acquire(path).predecessor?.host == "elsewhere.invalid")
  }
}
