// One run is computed by one process at a time: an advisory lock on a file that also names its owner.

import Foundation
import SystemPackage

/// Who holds a lock.
public struct LockOwner: Codable, Sendable, Equatable, CustomStringConvertible {
  public var pid: Int32
  public var host: String
  /// ISO 8601, UTC.
  public var since: String

  public var description: String { "process \(pid) on \(host) since \(since)" }

  static func current() -> LockOwner {
    LockOwner(pid: getpid(), host: ProcessInfo.processInfo.hostName, since: Date().ISO8601Format())
  }
}

/// A lock that is held until `release()` or until the process ends, however it ends.
///
/// On one machine flock(2) decides, so the lock of a dead owner is simply free. Where a shared file system does not
/// carry flock to other machines, an owner named in the file counts as alive while the file is younger than
/// `patience`; the owner keeps it young by `refresh()`. An owner that slept longer than that finds out by `requireHeld()`
/// before it writes.
public final class RunLock: @unchecked Sendable {
  public let path: String
  /// The dead owner whose lock was taken over, if there was one.
  public let predecessor: LockOwner?
  private let mutex = NSLock()
  private var file: FileDescriptor?
  private var refreshed = ContinuousClock.now

  /// Seconds after which the lock of an owner on another machine, not refreshed since, counts as a dead one's.
  public static let patience = 600.0

  /// How often the file's time is renewed.
  private static let interval = Duration.seconds(20)

  private init(path: String, file: FileDescriptor, predecessor: LockOwner?) {
    self.path = path
    self.file = file
    self.predecessor = predecessor
  }

  deinit { release() }

  /// Takes the lock or throws without waiting.
  /// - Parameters:
  ///   - patience: seconds after which a lock from another host, not refreshed since, counts as dead: more than the
  ///     evaluation of a checkpoint takes, and than the clocks of two machines differ.
  ///   - owner: who takes it; given only by tests.
  /// - Throws: `StoreError` of kind `.locked` naming the owner, or `.io`.
  public static func acquire(
    _ path: String, patience: Double = RunLock.patience, owner: LockOwner? = nil
  ) throws(StoreError) -> RunLock {
    let owner = owner ?? .current()
    do {
      while true {
        let file = try FileDescriptor.open(
          FilePath(path), .readWrite, options: [.create, .closeOnExec],
          permissions: [.ownerReadWrite, .groupRead, .otherRead])
        do {
          guard try lockWithoutWaiting(file) else {
            throw StoreError(
              .locked, "\(path): held by \(readOwner(path)?.description ?? "another process"); wait for it or stop it")
          }
          // The file may have been released, and so removed, between opening and locking it.
          guard isSameFile(file, path) else {
            try file.close()
            continue
          }
          let predecessor = readOwner(path)
          if let predecessor, predecessor.host != owner.host, age(of: file) < patience {
            throw StoreError(
              .locked, "\(path): held by \(predecessor); if that process is dead, remove the file")
          }
          try file.resize(to: 0)
          try file.writeAll(toAbsoluteOffset: 0, jsonLines([owner]))
          try check(fsync(file.rawValue))
          return RunLock(path: path, file: file, predecessor: predecessor)
        } catch {
          try? file.close()
          throw error
        }
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(cannot: "lock", path, error)
    }
  }

  /// Who is named in the lock file; nil if there is none or it is damaged. The owner may be dead.
  public static func readOwner(_ path: String) -> LockOwner? {
    (try? readJSONLines(path, as: LockOwner.self))?.records.first
  }

  /// Shows other machines that the owner lives. Call it as often as you like: most calls do nothing.
  public func refresh() {
    mutex.withLock {
      guard let file, ContinuousClock.now - refreshed >= Self.interval else { return }
      refreshed = .now
      _ = futimens(file.rawValue, nil)
    }
  }

  /// Makes sure that nobody has taken the lock over, or removed it, while this process was not looking.
  /// - Throws: `StoreError` of kind `.locked`.
  public func requireHeld() throws(StoreError) {
    if mutex.withLock({ file.map { Self.isSameFile($0, path) } ?? false }) { return }
    if let successor = Self.readOwner(path) { throw StoreError(.locked, "\(path): was taken over by \(successor)") }
    throw StoreError(.io, "\(path): was removed, so this process writes no more; run the same command again")
  }

  /// Removes the file and lets the lock go; a second call does nothing.
  public func release() {
    mutex.withLock {
      guard let held = file else { return }
      if Self.isSameFile(held, path) { unlink(path) }
      try? held.close()
      file = nil
    }
  }

  private static func lockWithoutWaiting(_ file: FileDescriptor) throws -> Bool {
    while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      if errno != EINTR { throw Errno(rawValue: errno) }
    }
    return true
  }

  private static func isSameFile(_ file: FileDescriptor, _ path: String) -> Bool {
    var opened = stat()
    var named = stat()
    guard fstat(file.rawValue, &opened) == 0, stat(path, &named) == 0 else { return false }
    return opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
  }

  /// Seconds since the file was last written or refreshed.
  private static func age(of file: FileDescriptor) -> Double {
    var information = stat()
    guard fstat(file.rawValue, &information) == 0 else { return 0 }
    return Date().timeIntervalSince1970 - Double(information.st_mtim.tv_sec)
  }
}
