// What must be settled before anything is computed.

import Files
import Foundation

/// The version of the program, which records carry.
package let replicateVersion = "0.1.0"

/// Names the kernel family of this processor to OpenBLAS, which is not loaded yet, lets every signal through, whatever the
/// parent has blocked, and ignores broken pipes (a closed standard output is an error like others).
///
/// OpenBLAS 0.3.21 does not know recent processors and falls back to AVX2 kernels on machines with AVX-512, at half the
/// speed.
package func prepareProcess() {
  occupyStandardDescriptors()
  if CommandLine.arguments.contains("--portable") {
    setenv("OPENBLAS_CORETYPE", portableCore, 1)
  } else if let openBLASCore {
    setenv("OPENBLAS_CORETYPE", openBLASCore, 0)
  }
  var none = sigset_t()
  sigemptyset(&none)
  sigprocmask(SIG_SETMASK, &none, nil)
  signal(SIGPIPE, SIG_IGN)
}

/// A closed standard input, output or error would be the number of the next file that is opened, and what is meant for
/// the user would end up in it. Opened for reading, it refuses to be written to, as a closed one should.
private func occupyStandardDescriptors() {
  while true {
    let descriptor = open("/dev/null", O_RDONLY)
    if descriptor > 2 { close(descriptor) }
    if descriptor > 2 || descriptor < 0 { return }
  }
}

/// The kernel family that `--portable` pins: every x86-64 processor with AVX2 and FMA runs it.
private let portableCore = "Haswell"

/// The OpenBLAS kernel family for this processor, nil where its own choice is right.
private var openBLASCore: String? {
  guard let data = try? readFile("/proc/cpuinfo"),
    let flags = String(decoding: data, as: UTF8.self).split(separator: "\n").first(where: { $0.hasPrefix("flags") })
  else { return nil }
  let features = Set(flags.split(separator: " "))
  if features.contains("avx512f") && features.contains("avx512vl") && features.contains("avx512dq") {
    return "SkylakeX"
  }
  return features.contains("avx2") ? "Haswell" : nil
}
