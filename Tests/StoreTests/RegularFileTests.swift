// Links, pipes, devices and endless files in the places of the store: nothing follows them, waits for them or grows.

import Foundation
import TestSupport
import Testing
@testable import Files
@testable import Running
@testable import Store

@Suite struct RegularFileTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func path(_ name: String) -> String { directory.path + "/" + name }

  private func said(_ path: String, namedBy origin: NamedBy) -> String? {
    message { () throws(StoreError) in _ = try readFile(path, namedBy: origin) }
  }

  /// A pipe would wait for somebody who writes, a device would never end.
  @Test(arguments: [NamedBy.user, .program]) func onlyRegularFilesAreRead(_ origin: NamedBy) throws {
    mkfifo(path("pipe"), 0o600)
    try makeDirectory(path("folder"))
    symlink("/dev/zero", path("zero"))
    #expect(said(path("pipe"), namedBy: origin)?.contains("it is a pipe and not a file; remove it") == true)
    #expect(said(path("folder"), namedBy: origin)?.contains("it is a directory; ") == true)
    #expect(said("/dev/zero", namedBy: origin)?.contains("it is a device and not a file; ") == true)
    let link = origin == .user ? "it is a device and not a file; " : "it is a link to somewhere else; "
    #expect(said(path("zero"), namedBy: origin)?.contains(link) == true)
    #expect(throws: StoreError.self) { try sha256(ofFile: path("pipe")) }
    #expect(throws: StoreError.self) { try RunLock.acquire(path("pipe")) }
    #expect(throws: StoreError.self) { try RunLock.holder(of: path("pipe")) }
  }

  @Test func aLinkIsFollowedWhereAUserNamedIt() throws {
    try writeAtomically("text", to: path("file"))
    symlink("file", path("link"))
    #expect(try readFile(path("link"), namedBy: .user) == Data("text".utf8))
    let error = #expect(throws: StoreError.self) { try readFile(path("link")) }
    #expect(error?.kind == .io)
  }

  /// A sparse file of a terabyte is refused by its length, one that has none while it is read.
  @Test func whatIsReadIsBounded() throws {
    try writeAtomically("12345", to: path("file"))
    #expect(try readFile(path("file"), limit: 5).count == 5)
    #expect(
      message { () throws(StoreError) in _ = try readFile(path("file"), limit: 4) }?
        .contains("it is longer than 4 bytes, which no such file should be") == true)
    truncate(path("file"), 1 << 40)
    #expect(said(path("file"), namedBy: .program)?.contains("it is longer than 67108864 bytes") == true)
    #expect(throws: StoreError.self) { try readFile("/proc/self/maps", limit: 10) }
  }

  /// Only ENOENT means that a file is not there.
  @Test func notThereIsNotTheSameAsUnreadable() throws {
    try writeAtomically("", to: path("file"))
    symlink("loop", path("loop"))
    #expect(try readFileIfThere(path("none")) == nil)
    #expect(try readFileIfThere(path("none/none")) == nil)
    #expect(try !isThere(path("none")) && isThere(path("loop")))
    #expect(try sha256(ofFileIfThere: path("none")) == nil)
    let long = path(String(repeating: "x", count: 300))
    for unreadable in [path("file/inside"), path("loop/inside"), long] {
      let reads: [(String) throws -> Void] = [
        { _ = try readFileIfThere($0) }, { _ = try isThere($0) }, { _ = try fileNames(in: $0) },
      ]
      for read in reads {
        let error = #expect(throws: StoreError.self) { try read(unreadable) }
        #expect(error?.kind == .io && error?.exitStatus == .io, "\(unreadable)")
      }
    }
  }

  @Test func aLinkInTheProgramsPlaceIsReplacedAndNotFollowed() throws {
    try writeAtomically("precious", to: path("precious"))
    symlink("precious", path("record.json"))
    try writeAtomically("new", to: path("record.json"))
    #expect(try readFile(path("record.json")) == Data("new".utf8))
    #expect(try readFile(path("precious")) == Data("precious".utf8))
  }

  @Test func aUsersLinkLeadsToWhatIsWritten() throws {
    try makeDirectory(path("folder"))
    try writeAtomically("old", to: path("folder/page"))
    symlink("folder/page", path("link"))
    try writeAtomically("new", to: path("link"), namedBy: .user)
    #expect(kind(of: path("link")) == .link)
    #expect(try readFile(path("folder/page")) == Data("new".utf8))
    #expect(try fileNames(in: path("folder")) == ["page"])
    #expect(
      message { () throws(StoreError) in try writeAtomically("x", to: "/dev/null", namedBy: .user) }
        == "cannot write /dev/null: it is a device and not a file; remove it or give another name")
    #expect(kind(of: "/dev/null") == .device)
  }

  @Test(arguments: [NamedBy.user, .program]) func pipesAreNotReplaced(_ origin: NamedBy) throws {
    mkfifo(path("pipe"), 0o600)
    #expect(throws: StoreError.self) { try writeAtomically("x", to: path("pipe"), namedBy: origin) }
    #expect(kind(of: path("pipe")) == .pipe)
    #expect(try fileNames(in: directory.path) == ["pipe"])
  }

  @Test func aLockThatIsALinkIsNotTaken() throws {
    try writeAtomically("precious", to: path("precious"))
    symlink("precious", path("lock"))
    let error = #expect(throws: StoreError.self) { try RunLock.acquire(path("lock")) }
    #expect(error?.kind == .io && error?.description.contains("it is a link to somewhere else") == true)
    #expect(try readFile(path("precious")) == Data("precious".utf8))
  }

  /// A copy of a store by hard links has the same lock file; taking one copy's lock is not taking the other's.
  @Test func aLockIsNoOtherFoldersToo() throws {
    try writeAtomically(jsonLines([LockOwner(pid: 1, host: LockOwner.thisHost, since: "x")]), to: path("lock"))
    link(path("lock"), path("copy"))
    let before = try readFile(path("copy"))
    let lock = try RunLock.acquire(path("lock"))
    #expect(lock.predecessor?.pid == 1)
    #expect(try readFile(path("copy")) == before)
    _ = try RunLock.acquire(path("copy"))
  }

  /// Whoever asks about a lock must not keep anybody from taking it.
  @Test func lookingAtALockDoesNotTakeIt() throws {
    let path = path("lock")
    let results = try runInParallel(Array(0..<4), workers: 4) { worker in
      for _ in 0..<300 {
        if worker > 0 {
          _ = try RunLock.holder(of: path)
        } else {
          let lock = try RunLock.acquire(path)
          if try RunLock.holder(of: path)?.owner?.pid != getpid() { throw StoreError(.badData, "not seen") }
          lock.release()
        }
      }
    }
    for result in results { #expect(throws: Never.self) { try result.get() } }
  }

  @Test func everyFreshDirectoryIsAnother() throws {
    #expect(try makeFreshDirectory(path("damaged")) == path("damaged-1"))
    symlink("nowhere", path("damaged-2"))
    #expect(try makeFreshDirectory(path("damaged")) == path("damaged-3"))
    #expect(try directoryNames(in: directory.path) == ["damaged-1", "damaged-3"])
  }
}

@Suite struct GrowingFileTests {
  private let directory: TemporaryDirectory
  private let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.path + "/lines"
  }

  @Test func theMarkIsThatOfTheContents() throws {
    var file = GrowingFile(path: path)
    #expect(file.mark == .start)
    for text in ["one\n", "", "two\n"] { try file.append(Data(text.utf8)) }
    #expect(try file.mark == LineMark(of: readFile(path)))
    try file.verify()
  }

  /// What stands there was put there by the writer, or nothing is added and nothing sealed.
  @Test func strangersAreNoticed() throws {
    var file = GrowingFile(path: path)
    try file.append(Data("one\n".utf8))
    try append(Data("more\n".utf8), to: path)
    let said = message { () throws(StoreError) in try file.append(Data("two\n".utf8)) }
    #expect(
      said
        == "\(path): was changed by another program while the run was at work: it has 9 bytes, 4 were written; run the "
        + "same command again, which sets aside what cannot be used")
    try writeAtomically("One\n", to: path)
    #expect(throws: StoreError.self) { try file.verify() }
    unlink(path)
    #expect(throws: StoreError.self) { try file.append(Data("two\n".utf8)) }
    #expect(throws: StoreError.self) { try file.verify() }
  }

  @Test func aLinkIsNotFollowed() throws {
    try writeAtomically("", to: directory.path + "/precious")
    symlink("precious", path)
    var file = GrowingFile(path: path)
    let error = #expect(throws: StoreError.self) { try file.append(Data("one\n".utf8)) }
    #expect(error?.kind == .io)
    #expect(try readFile(directory.path + "/precious").isEmpty)
  }

  /// `cp -al` at any moment: the copy keeps what it has.
  @Test func aCopyByHardLinksIsLeftAlone() throws {
    var file = GrowingFile(path: path)
    try file.append(Data("one\n".utf8))
    let copies = ["a", "b"].map { directory.path + "/" + $0 }
    link(path, copies[0])
    try file.append(Data("two\n".utf8))
    link(path, copies[1])
    try file.rewind(to: file.mark, of: file.contents(upTo: file.mark))
    try file.append(Data("three\n".utf8))
    try file.verify()
    #expect(try readFile(path) == Data("one\ntwo\nthree\n".utf8))
    #expect(try copies.map { try readFile($0) } == [Data("one\n".utf8), Data("one\ntwo\n".utf8)])
  }
}
