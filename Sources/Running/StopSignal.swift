// How a user or a batch system asks the program to stop: a flag that training looks at between steps.

import Basics
import Foundation
import Synchronization

/// The first signal that the handler has seen; 0 while there is none. A handler may touch nothing but such a number.
private let caughtSignal = Atomic<Int32>(0)

/// How often somebody has asked by SIGINT or SIGTERM. A terminal that is closed sends SIGHUP more than once, and a
/// limit of processor time SIGXCPU every second, so those do not count.
private let insistence = Atomic<Int32>(0)

/// What asks for the stop.
private let stopping = [SIGINT, SIGTERM, SIGHUP, SIGXCPU]

/// Whether the program was asked to stop, and by what. Workers look at `isRequested` often and end in order.
package final class StopSignal: Sendable {
  private let requested = Atomic<Int32>(0)
  private let catchesSignals = Atomic<Bool>(false)
  /// What the signals that are caught meant before.
  private let earlier = Mutex<[(signal: Int32, action: sigaction)]>([])

  package init() {}

  package var isRequested: Bool { signalNumber != 0 }

  /// The exit status that tells the shell about the signal, nil while there is none.
  package var exitStatus: ExitStatus? {
    switch signalNumber {
    case 0: nil
    case SIGTERM: .terminated
    case SIGHUP: .hungUp
    case SIGXCPU: .outOfProcessorTime
    default: .interrupted
    }
  }

  /// Asks for the stop; the first request counts.
  package func request(_ signal: Int32 = SIGINT) {
    _ = requested.compareExchange(expected: 0, desired: signal, ordering: .relaxed)
  }

  /// From now on SIGINT, SIGTERM, SIGHUP and SIGXCPU ask for the stop instead of killing the program; a second SIGINT
  /// or SIGTERM ends it at once. Those that the program was started to ignore (by nohup, or in the background of a
  /// script) stay ignored.
  package func catchSignals() {
    caughtSignal.store(0, ordering: .relaxed)
    insistence.store(0, ordering: .relaxed)
    catchesSignals.store(true, ordering: .relaxed)
    var caught = sigaction()
    caught.sa_flags = SA_RESTART
    caught.__sigaction_handler.sa_handler = { number in
      _ = caughtSignal.compareExchange(expected: 0, desired: number, ordering: .relaxed)
      guard number == SIGINT || number == SIGTERM else { return }
      if insistence.wrappingAdd(1, ordering: .relaxed).oldValue > 0 { _exit(128 + number) }
    }
    earlier.withLock { earlier in
      for number in stopping {
        var before = sigaction()
        sigaction(number, nil, &before)
        if before.isIgnoring { continue }
        earlier.append((number, before))
        sigaction(number, &caught, nil)
      }
    }
  }

  /// Gives the signals the meaning back that they had; a stop that they have asked for remains.
  package func releaseSignals() {
    earlier.withLock { earlier in
      for (number, action) in earlier {
        var action = action
        sigaction(number, &action, nil)
      }
      earlier = []
    }
    request(caughtSignal.load(ordering: .relaxed))
    catchesSignals.store(false, ordering: .relaxed)
  }

  private var signalNumber: Int32 {
    let own = requested.load(ordering: .relaxed)
    if own != 0 || !catchesSignals.load(ordering: .relaxed) { return own }
    return caughtSignal.load(ordering: .relaxed)
  }
}

extension sigaction {
  fileprivate var isIgnoring: Bool {
    unsafeBitCast(__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

/// Why a job has no result: the stop came before it was begun.
package struct NotStarted: ExitStatusProviding {
  package var exitStatus: ExitStatus { .interrupted }
  package let description = "not begun: the program was asked to stop; run it again to continue"

  package init() {}
}
