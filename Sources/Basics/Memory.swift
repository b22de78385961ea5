// Memory that the system can refuse. What Swift allocates for itself is looked after in AllocationMeter.

import Foundation

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
