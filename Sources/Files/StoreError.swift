// What goes wrong in the store, always as one line that ends with the remedy.

import Basics
import SystemPackage

/// A failure to read or write records.
package struct StoreError: ExitStatusProviding, Equatable {
  package enum Kind: Sendable {
    /// The operating system refused, or something else than a file is there, so nothing is known of the contents:
    /// nothing is moved or made again for it; exit status 74.
    case io
    /// What was read is not what should be there; exit status 65.
    case badData
    /// Another process is working on the run; exit status 74.
    case locked
  }

  package let kind: Kind
  package let description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  package var exitStatus: ExitStatus {
    switch kind {
    case .io, .locked: .io
    case .badData: .badData
    }
  }

  /// What helps where the place cannot be written.
  package static let anotherDirectory = "give another directory with --out"

  /// `cannot write results/runs/x/state: no space left on the device; free some space …`
  /// - Parameter elsewhere: how the command is told another place.
  package init(cannot verb: String, _ path: String, _ error: any Error, elsewhere: String = Self.anotherDirectory) {
    let reason: String
    if let refusal = error as? FileRefusal {
      self.init(.io, "cannot \(verb) \(path): \(refusal.reason(elsewhere: elsewhere))")
      return
    }
    switch error as? Errno {
    case Errno.noSpace: reason = "no space left on the device; free some space, or \(elsewhere)"
    case Errno.diskQuotaExceeded: reason = "the disk quota is exceeded; free some space, or \(elsewhere)"
    case Errno.readOnlyFileSystem: reason = "the file system is read-only; \(elsewhere)"
    case Errno.permissionDenied, Errno.notPermitted:
      reason = "permission denied; check the owner and mode, or \(elsewhere)"
    case Errno.noSuchFileOrDirectory: reason = "no such file or directory; check the path"
    case Errno.notDirectory: reason = "a part of the path is not a directory; check the path, or \(elsewhere)"
    case Errno.isDirectory: reason = "it is a directory; remove it, or \(elsewhere)"
    case Errno.tooManyOpenFiles, Errno.tooManyOpenFilesInSystem:
      reason = "too many open files; raise the limit (ulimit -n), or give fewer --jobs"
    case Errno.noMemory: reason = "no memory; raise the limit (ulimit -v), or give fewer --jobs"
    case let errno?:
      reason = "\(errno.description.lowercased()); check the path and the disk, then run the same command again"
    case nil: reason = "\(error)"
    }
    self.init(.io, "cannot \(verb) \(path): \(reason)")
  }
}

extension FileRefusal {
  func reason(elsewhere: String = StoreError.anotherDirectory) -> String {
    switch self {
    case .notRegular(.directory): "it is a directory; remove it, or \(elsewhere)"
    case .notRegular(.link): "it is a link to somewhere else; put the file itself in its place, or remove the link"
    case .notRegular(.pipe): "it is a pipe and not a file; remove it or give another name"
    case .notRegular(.socket): "it is a socket and not a file; remove it or give another name"
    case .notRegular(.device), .notRegular(.regular): "it is a device and not a file; remove it or give another name"
    case .tooLong(let limit):
      "it is longer than \(limit) bytes, which no such file should be; look at it, then remove it"
    }
  }
}
