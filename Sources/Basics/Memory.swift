// Memory that the system can refuse: requested before work begins that would fail midway for lack of it, and allocated.
// How much a run needs is estimated elsewhere; what Swift allocates for itself is counted in AllocationMeter.

import Foundation

/// Refuses work that needs more memory than this process may ever have, or than can be had now. A system that promises
/// more than it has would end the process in the middle.
/// - Parameters:
///   - bytes: what the work needs.
///   - program: what the program itself needs beside it, and has already.
///   - what: what is refused, with which the complaint begins.
///   - limit: the bytes that this process can have at most.
/// - Throws: ``RefusedResource`` saying how much is needed and what helps.
public func requireMemory(
  _ bytes: Int, beside program: Int = 0, for what: String, limit: Int = memoryLimit()
) throws(RefusedResource) {
  let more = "use a machine with more, or raise the limit (ulimit -v)"
  let (needed, overflow) = bytes.addingReportingOverflow(program)
  if overflow || needed > limit {
    throw RefusedResource(
      "\(what): needs about \(binary(overflow ? .max : needed)) of memory, but this process can have \(binary(limit)); "
        + "make it smaller, \(more)")
  }
  let block = mmap(nil, max(bytes, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
  guard let block, block != MAP_FAILED else {
    throw RefusedResource(
      "\(what): needs about \(binary(bytes)) of memory, which the system refuses now; run fewer at once (--jobs), \(more)"
    )
  }
  munmap(block, max(bytes, 1))
}

/// Memory that is owned until it is given to `free`, aligned to `alignment` bytes. Where there is none the program ends
/// with one line and status 74: what is stored survives that, as it survives a kill.
public func allocated(_ bytes: Int, alignment: Int) -> UnsafeMutableRawPointer {
  var block: UnsafeMutableRawPointer?
  guard posix_memalign(&block, alignment, bytes) == 0, let block else {
    endProgram(
      "no memory for another \(binary(bytes)); run fewer at once (--jobs), on a machine with more, or raise the limit "
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

/// "1.5 GiB", or below one "12 MiB".
private func binary(_ bytes: Int) -> String {
  bytes < 1 << 30 ? "\(max(bytes >> 20, 1)) MiB" : String(format: "%.1f GiB", Double(bytes) / 0x1p30)
}
