// One run is computed by one process at a time: an advisory lock on a file that also names its owner.

import Files
import Foundation
import SystemPackage

/// Who holds a lock.
package struct LockOwner: Codable, Sendable, Equatable, CustomStringConvertible {
  package var pid: Int32
  package var host: String
  /// ISO 8601, UTC.
  package var since: String

  package var description: String { "process \(pid) on \(host) since \(since)" }

  static func current() -> LockOwner {
    LockOwner(pid: getpid(), host: thisHost, since: Date().ISO8601Format())
  }

  /// The name of this host.
  package static var thisHost: String { ProcessInfo.processInfo.hostName }
}

/// Who holds a lock now.
package struct LockHolder: Sendable, Equatable, CustomStringConvertible {
  /// As far as the file names it.
  package let owner: LockOwner?

  package var description: String { owner?.description ?? "another process" }
}

/// A lock that is held until `release()` or until the process ends, however it ends.
///
/// On one machine flock(2) decides, so the lock of a dead owner is simply free. Where a shared file system does not
/// carry flock to other machines, an owner named in the file counts as alive while the file is younger than `patience`;
/// the owner keeps it young by `refresh()`. An owner that slept longer than that finds out by `requireHeld()` before it
/// writes.
package final class RunLock: @unchecked Sendable {
  package let path: String
  /// The dead owner whose lock was taken over, if there was one.
  package let predecessor: LockOwner?
  private let mutex = NSLock()
  private var file: FileDescriptor?
  private var refreshed = ContinuousClock.now

  /// Seconds after which the lock of an owner on another machine, not refreshed since, counts as a dead one's.
  package static let patience = 600.0

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
  package static func acquire(
    _ path: String, patience: Double = RunLock.patience, owner: LockOwner? = nil
  ) throws(StoreError) -> RunLock {
    let owner = owner ?? .current()
    var predecessor: LockOwner?
    do {
      while true {
        let (file, _) = try openRegular(
          path, .readWrite, namedBy: .program, options: [.create], permissions: fileMode)
        do {
          guard try lockExclusively(file) else {
            let holder = LockHolder(owner: try namedOwner(in: file))
            throw StoreError(.locked, "\(path): held by \(holder); wait for it or stop it")
          }
          // The file may have been released, and so removed, between opening and locking it.
          guard try isSameFile(file, path) else {
            try file.close()
            continue
          }
          predecessor = try namedOwner(in: file) ?? predecessor
          if let predecessor, predecessor.host != owner.host, try age(of: file) < patience {
            throw StoreError(
              .locked, "\(path): held by \(predecessor); if that process is dead, remove the file")
          }
          if try information(of: file).st_nlink > 1 {
            // A copy of the folder by hard links has the same file: each gets its own.
            try removeFile(path)
            try file.close()
            continue
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

  /// Who holds the lock, nil if nobody does. The lock itself decides, not the process that the file names; one of
  /// another host is believed while the file is younger than `patience`.
  /// - Parameter host: the name of this host.
  /// - Throws: `StoreError` of kind `.io` if that cannot be told.
  package static func holder(
    of path: String, host: String = LockOwner.thisHost, patience: Double = RunLock.patience
  ) throws(StoreError) -> LockHolder? {
    do {
      let (file, _) = try openRegular(path, .readOnly, namedBy: .program)
      return try file.closeAfter {
        let owner = try namedOwner(in: file)
        guard try lock(file, LOCK_SH) else { return LockHolder(owner: owner) }
        guard let owner, owner.host != host, try age(of: file) < patience else { return nil }
        return LockHolder(owner: owner)
      }
    } catch Errno.noSuchFileOrDirectory {
      return nil
    } catch {
      throw StoreError(cannot: "look at the lock", path, error)
    }
  }

  /// Shows other machines that the owner lives. Call it as often as you like: most calls do nothing.
  package func refresh() {
    mutex.withLock {
      guard let file, ContinuousClock.now - refreshed >= Self.interval else { return }
      refreshed = .now
      _ = futimens(file.rawValue, nil)
    }
  }

  /// Makes sure that nobody has taken the lock over, or removed it, while this process was not looking.
  /// - Throws: `StoreError` of kind `.locked` if that has happened, `.io` if it cannot be told.
  package func requireHeld() throws(StoreError) {
    do {
      if try mutex.withLock({ try file.map { try Self.isSameFile($0, path) } ?? false }) { return }
    } catch {
      throw StoreError(cannot: "look at the lock", path, error)
    }
    if let successor = try? Self.holder(of: path) {
      throw StoreError(.locked, "\(path): was taken over by \(successor)")
    }
    throw StoreError(.io, "\(path): was removed, so this process writes no more; run the same command again")
  }

  /// Removes the file and lets the lock go; a second call does nothing.
  package func release() {
    mutex.withLock {
      guard let held = file else { return }
      if (try? Self.isSameFile(held, path)) == true { unlink(path) }
      try? held.close()
      file = nil
    }
  }

  /// Takes the lock if nobody else has it. A process that only looks shares it for a moment, which does not count.
  private static func lockExclusively(_ file: FileDescriptor) throws -> Bool {
    for _ in 0..<1000 {
      if try lock(file, LOCK_EX) { return true }
      guard try lock(file, LOCK_SH) else { return false }
      flock(file.rawValue, LOCK_UN)
      usleep(200)
    }
    return false
  }

  private static func lock(_ file: FileDescriptor, _ kind: CInt) throws(Errno) -> Bool {
    while flock(file.rawValue, kind | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      if errno != EINTR { throw Errno(rawValue: errno) }
    }
    return true
  }

  /// Who is named in the file; nil if nobody is, or not legibly.
  private static func namedOwner(in file: FileDescriptor) throws -> LockOwner? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = try bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
    guard let end = bytes[..<count].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    return try? JSONDecoder().decode(LockOwner.self, from: Data(bytes[..<end]))
  }

  /// - Throws: `Errno` unless it is certain that the path is the open file, or is not.
  private static func isSameFile(_ file: FileDescriptor, _ path: String) throws(Errno) -> Bool {
    let opened = try information(of: file)
    var named = stat()
    if lstat(path, &named) != 0 {
      if errno == ENOENT { return false }
      throw Errno(rawValue: errno)
    }
    return opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
  }

  /// Seconds since the file was last written or refreshed.
  private static func age(of file: FileDescriptor) throws(Errno) -> Double {
    Date().timeIntervalSince1970 - Double(try information(of: file).st_mtim.tv_sec)
  }

  private static func information(of file: FileDescriptor) throws(Errno) -> stat {
    var information = stat()
    try check(fstat(file.rawValue, &information))
    return information
  }
}
