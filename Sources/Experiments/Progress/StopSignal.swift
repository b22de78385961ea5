// How a user or a batch system asks the program to stop: a flag that training looks at between steps.

import Foundation
import Synchronization

/// The first signal that the handler has seen; 0 while there is none. A handler may touch nothing but such a number.
private let caughtSignal = Atomic<Int32>(0)

/// Whether the program was asked to stop, and by what. Whoever works looks at `isRequested` often and ends in order.
public final class StopSignal: Sendable {
  private let requested = Atomic<Int32>(0)
  private let catchesSignals = Atomic<Bool>(false)

  public init() {}

  public var isRequested: Bool { signalNumber != 0 }

  /// The exit status that tells the shell about the signal, nil while there is none.
  public var exitStatus: ExitStatus? {
    switch signalNumber {
    case 0: nil
    case SIGTERM: .terminated
    default: .interrupted
    }
  }

  /// Asks for the stop; the first request counts.
  public func request(_ signal: Int32 = SIGINT) {
    _ = requested.compareExchange(expected: 0, desired: signal, ordering: .relaxed)
  }

  /// From now on SIGINT and SIGTERM ask for the stop instead of killing the program; a second one ends it at once.
  public func catchSignals() {
    caughtSignal.store(0, ordering: .relaxed)
    catchesSignals.store(true, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        let isFirst = caughtSignal.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged
        if !isFirst { _exit(128 + number) }
      }
    }
  }

  /// Gives SIGINT and SIGTERM their ordinary meaning again; a stop that they have asked for remains.
  public func releaseSignals() {
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    request(caughtSignal.load(ordering: .relaxed))
    catchesSignals.store(false, ordering: .relaxed)
  }

  private var signalNumber: Int32 {
    let own = requested.load(ordering: .relaxed)
    if own != 0 || !catchesSignals.load(ordering: .relaxed) { return own }
    return caughtSignal.load(ordering: .relaxed)
  }
}

/// Why a job has no result: the stop came before it was begun.
public struct NotStarted: Error, CustomStringConvertible {
  public let description = "not begun: the program was asked to stop; call it again to continue"

  public init() {}
}
