// What the operating system can refuse at any time: threads and memory. Files and processes are refused where they are
// opened and started, with the errors of those places.

import Foundation
import Synchronization

/// The system refused something that the program needs; exit status 74.
public struct RefusedResource: ExitStatusProviding, Equatable {
  public let description: String
  public var exitStatus: ExitStatus { .io }

  public init(_ description: String) { self.description = description }
}

/// Bytes of stack of every thread that is started here: the interpreter's deepest sources need 2 MiB in debug builds.
private let stackSize = 16 << 20

/// Begins `body` on a thread of its own, which somebody has to join.
/// - Throws: ``RefusedResource`` if the system has no thread, or no memory for its stack.
private func startThread(_ body: @escaping @Sendable () -> Void) throws(RefusedResource) -> pthread_t {
  final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setstacksize(&attributes, stackSize)
  let boxed = Unmanaged.passRetained(Body(body))
  var thread = pthread_t()
  let number = pthread_create(
    &thread, &attributes,
    { argument in
      if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
      return nil
    }, boxed.toOpaque())
  if number != 0 {
    boxed.release()
    throw RefusedResource(systemMessage(number))
  }
  return thread
}

/// Runs `work` on so many threads at once and waits until all have ended. Either all begin with it, or none.
/// - Throws: ``RefusedResource`` if one of the threads cannot be started.
public func onThreads(_ count: Int, _ work: @escaping @Sendable () -> Void) throws(RefusedResource) {
  /// Holds the threads back until it is known whether there are all of them.
  final class Gate: Sendable {
    let opened = DispatchSemaphore(value: 0)
    let isClosedForGood = Atomic<Bool>(false)
  }
  let gate = Gate()
  var threads: [pthread_t] = []
  var refusal: RefusedResource?
  while threads.count < count, refusal == nil {
    do {
      threads.append(
        try startThread {
          gate.opened.wait()
          if !gate.isClosedForGood.load(ordering: .acquiring) { work() }
        })
    } catch {
      let fewer = threads.isEmpty ? "raise the limits" : "give --jobs \(threads.count) or raise the limits"
      refusal = RefusedResource(
        "cannot start thread \(threads.count + 1) of \(count): \(error); \(fewer) (ulimit -u, ulimit -v)")
      gate.isClosedForGood.store(true, ordering: .releasing)
    }
  }
  for _ in threads { gate.opened.signal() }
  for thread in threads { pthread_join(thread, nil) }
  if let refusal { throw refusal }
}

/// Makes sure that a thread can be started now. The runtime's own pool waits for ever where none can.
public func requireThread() throws(RefusedResource) { try onThreads(1) {} }

/// Runs `work` on a thread of its own, without holding the one that awaits it.
/// - Throws: ``RefusedResource`` if the thread cannot be started.
public func onPlainThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    do {
      pthread_detach(try startThread { continuation.resume(returning: work()) })
    } catch {
      continuation.resume(
        throwing: RefusedResource("cannot start a thread: \(error); raise the limits (ulimit -u, ulimit -v)"))
    }
  }
}

/// Makes sure that so much memory can be had now, before work is begun that would fail in the middle for want of it.
public func requireMemory(_ bytes: Int, for what: String) throws(RefusedResource) {
  let block = mmap(nil, max(bytes, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
  guard let block, block != MAP_FAILED else {
    throw RefusedResource(
      "no memory for \(what), which needs about \(mebibytes(bytes)): run less at once (--jobs), on a machine with more, "
        + "or raise the limit (ulimit -v)")
  }
  munmap(block, max(bytes, 1))
}

/// Memory that is owned until it is given to `free`, aligned to `alignment` bytes. Where there is none the program ends
/// with a line and status 74: what is stored survives that, as it survives a kill.
public func allocated(_ bytes: Int, alignment: Int) -> UnsafeMutableRawPointer {
  var block: UnsafeMutableRawPointer?
  guard posix_memalign(&block, alignment, bytes) == 0, let block else {
    endProgram(
      "no memory for another \(mebibytes(bytes)); run less at once (--jobs), on a machine with more, or raise the limit "
        + "(ulimit -v); everything finished so far is kept")
  }
  return block
}

/// Says why on standard error and ends the program with status 74, without memory of its own.
private func endProgram(_ reason: String) -> Never {
  let line = "replicate: \(reason)\n"
  _ = line.utf8.withContiguousStorageIfAvailable { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  _exit(ExitStatus.io.rawValue)
}

private func mebibytes(_ bytes: Int) -> String { "\(max(bytes >> 20, 1)) MiB" }
