// Standard output: every byte is either written or known not to be. What is printed is decided by the commands.

import Experiments
import Foundation
import Synchronization
import SystemPackage

/// The first error that writing to standard output gave; nothing is written after it.
private let failure = Mutex<Errno?>(nil)

/// Writes to standard output in place of Swift's own function, which does not tell when nothing arrives.
func print(_ text: String, terminator: String = "\n") {
  failure.withLock { failure in
    if failure != nil { return }
    do {
      try FileDescriptor.standardOutput.writeAll((text + terminator).utf8)
    } catch {
      failure = error as? Errno ?? .ioError
    }
  }
}

/// The complaint about output that was lost. A reader that has closed its end (`| head`) has what it wanted: that is none.
var outputComplaint: String? {
  failure.withLock { $0 == nil || $0 == .brokenPipe ? nil : $0 }.map {
    "cannot write to standard output: \($0.description.lowercased()); what was computed is stored: run the same command again"
  }
}
