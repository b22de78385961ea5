// Threads, and descriptors for child processes, that the system can refuse. Foundation's `Thread` cannot report that,
// and the runtime's pool waits for ever, so commands run on the main thread, runs on threads that are started here, and
// asynchronous code only where it must.

import Foundation
import Synchronization

/// The system refused something that the program needs; exit status 74.
public struct RefusedResource: ExitStatusProviding, Equatable {
  public let description: String
  public var exitStatus: ExitStatus { .io }

  public init(_ description: String) { self.description = description }
}

/// Runs `work` on the given number of threads and waits until all have ended. Either all of them begin, or none.
///
/// Each has a stack of 16 MiB: the interpreter's deepest sources need 2 MiB in debug builds.
/// - Throws: ``RefusedResource`` if one of the threads cannot be started.
public func onThreads(_ count: Int, _ work: @escaping @Sendable () -> Void) throws(RefusedResource) {
  try onThreads(count, stack: 16 << 20, work) { started in
    started > 0 ? "give --jobs \(started) or raise the limits" : "raise the limits"
  }
}

/// Runs `work` on a thread of its own and waits for it.
/// - Throws: ``RefusedResource`` if the thread cannot be started.
public func onPlainThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) throws(RefusedResource) -> Value {
  let box = Box<Value>()
  try onThreads(1) { box.value.withLock { $0 = work() } }
  guard let value = box.value.withLock({ $0 }) else { throw RefusedResource("a thread ended without a result") }
  return value
}

/// Runs asynchronous work, which may start a child process, while this thread waits for it.
///
/// The runtime's pool waits for ever where the system has no thread for it, and the library that starts children traps
/// where it has no descriptor. So it is made sure first that there are as many as the pool, what watches the child, and the
/// child itself take.
/// - Throws: ``RefusedResource`` if there are not, else what `work` throws.
public func completed<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
  try onThreads(8, stack: 1 << 20, {}) { _ in "raise the limits" }
  try requireDescriptors(20)
  let box = Box<Result<Value, any Error>>()
  let done = DispatchSemaphore(value: 0)
  Task.detached {
    let result: Result<Value, any Error>
    do {
      result = .success(try await work())
    } catch {
      result = .failure(error)
    }
    box.value.withLock { $0 = result }
    done.signal()
  }
  done.wait()
  guard let result = box.value.withLock({ $0 }) else { throw RefusedResource("a task ended without a result") }
  return try result.get()
}

/// Makes sure that this many files can be opened now.
func requireDescriptors(_ count: Int) throws(RefusedResource) {
  var open: [Int32] = []
  var refusal: RefusedResource?
  while open.count < count, refusal == nil {
    let file = dup(STDERR_FILENO)
    if file >= 0 {
      open.append(file)
    } else {
      refusal = RefusedResource(
        "cannot open \(count) more files: \(systemMessage(errno)); close some or raise the limit (ulimit -n)")
    }
  }
  for file in open { close(file) }
  if let refusal { throw refusal }
}

/// What one thread leaves for another.
private final class Box<Value: Sendable>: Sendable {
  let value = Mutex<Value?>(nil)
}

/// Holds threads back until it is known whether there are all of them.
private final class Gate: Sendable {
  let opened = DispatchSemaphore(value: 0)
  let isClosedForGood = Atomic<Bool>(false)
}

private func onThreads(
  _ count: Int, stack: Int, _ work: @escaping @Sendable () -> Void, remedy: (_ started: Int) -> String
) throws(RefusedResource) {
  let gate = Gate()
  var threads: [pthread_t] = []
  var refusal: RefusedResource?
  while threads.count < count, refusal == nil {
    do {
      threads.append(
        try startThread(stack: stack) {
          gate.opened.wait()
          if !gate.isClosedForGood.load(ordering: .acquiring) { work() }
        })
    } catch {
      refusal = RefusedResource(
        "cannot start thread \(threads.count + 1) of \(count): \(error); \(remedy(threads.count)) (ulimit -u, ulimit -v)"
      )
      gate.isClosedForGood.store(true, ordering: .releasing)
    }
  }
  for _ in threads { gate.opened.signal() }
  for thread in threads { pthread_join(thread, nil) }
  if let refusal { throw refusal }
}

/// Begins `body` on a thread of its own, which the caller has to join.
/// - Throws: `SystemError` if the system has no thread, or no memory for its stack.
private func startThread(stack: Int, _ body: @escaping @Sendable () -> Void) throws(SystemError) -> pthread_t {
  final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setstacksize(&attributes, stack)
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
    throw SystemError(number)
  }
  return thread
}
