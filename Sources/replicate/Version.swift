// `replicate --version`: the version, and what else a report of a problem should say.

import BuildDescription
import Running
import TensorEngine
import Wording

extension Replicate {
  /// What `--version` prints: the version on the first line, then one line each for what else decides what the program does.
  static var versionText: String {
    let instructions =
      (try? KernelChoice.requireUsableKernels()).map { KernelChoice.current.instructionSet.rawValue }
      ?? "none that replicate can use"
    let lines = [
      ("commit", buildCommit() ?? "not known: built outside Git"),
      ("compiler", buildCompiler() ?? "not known"),
      ("instruction set", instructions),
      ("BLAS", ProductBackend.blasDescription),
    ]
    return (["replicate \(replicateVersion)"] + lines.map { "\($0): \($1)" }).joined(separator: "\n")
  }
}
