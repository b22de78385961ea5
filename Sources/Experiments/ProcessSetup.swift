// What must be settled before anything is computed: BLAS on one thread, with a kernel chosen by the processor.

import Foundation
import TensorEngine

/// The version of the program, which records carry.
public let replicateVersion = "0.1.0"

/// Pins BLAS to one thread and to the kernel family of this processor, and ignores broken pipes (a closed standard output
/// is an error like others).
///
/// OpenBLAS 0.3.21 does not know recent processors and falls back to AVX2 kernels on machines with AVX-512, at half the
/// speed. It reads OPENBLAS_CORETYPE when it is loaded, so the program starts itself again with the variable set.
public func prepareProcess() {
  occupyStandardDescriptors()
  let isPortable = CommandLine.arguments.contains("--portable")
  let current = getenv("OPENBLAS_CORETYPE").map { String(cString: $0) }
  if let core = isPortable ? portableCore : current == nil ? openBLASCore : nil, core != current {
    setenv("OPENBLAS_CORETYPE", core, 1)
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    execv("/proc/self/exe", arguments)  // returns only if it fails; the program then goes on as it is
  }
  ProductBackend.useOneThread()
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
