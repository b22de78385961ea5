// Which of the kernels in this program the processor runs. The kernels themselves are in Sources/Kernels.

import Basics
import Foundation
@_exported import Tensors

#if arch(x86_64)
  import CProcessor
  import KernelsAVX2
  import KernelsAVX512
#else
  import KernelsGeneric
#endif

/// The choice among the kernels that the program contains.
public enum KernelChoice {
  /// The kernels of this process: those for the newest instructions that the processor has, or those that ``variable``
  /// names.
  public static let current: any Kernels = {
    do {
      return try kernels(named: override)
    } catch {
      preconditionFailure("\(error)")  // `requireUsableKernels` tells before it comes to this
    }
  }()

  /// The environment variable that names an instruction set to be used instead of the newest.
  public static let variable = "REPLICATE_X86_LEVEL"

  /// What it names; nil if it is not set or empty.
  static var override: String? {
    getenv(variable).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Kernels that this processor runs, the fastest first; empty on an x86-64 processor without AVX2.
  public static let usable: [any Kernels] = {
    #if arch(x86_64)
      var usable: [any Kernels] = []
      if processor_has_x86_64_v4() != 0 { usable.append(KernelsAVX512.KernelSet()) }
      if processor_has_x86_64_v3() != 0 { usable.append(KernelsAVX2.KernelSet()) }
      return usable
    #else
      return [KernelsGeneric.KernelSet()]
    #endif
  }()

  /// Throws if this process has no kernels to compute with. To be called before anything is computed.
  public static func requireUsableKernels() throws(KernelError) { _ = try kernels(named: override) }

  static func kernels(named name: String?) throws(KernelError) -> any Kernels {
    guard let best = usable.first else { throw .unsupportedProcessor }
    guard let name else { return best }
    guard let chosen = usable.first(where: { $0.instructionSet.rawValue == name }) else {
      throw .unusableChoice(name, usable: usable.map(\.instructionSet.rawValue))
    }
    return chosen
  }
}

/// Why a process has no kernels to compute with.
public enum KernelError: ExitStatusProviding, Equatable {
  case unsupportedProcessor
  case unusableChoice(String, usable: [String])

  public var exitStatus: ExitStatus { .usage }

  public var description: String {
    switch self {
    case .unsupportedProcessor:
      "this processor has no AVX2 and fused multiply-adds (x86-64-v3), which replicate needs: use one made since 2015"
    case .unusableChoice(let name, let usable):
      "\(KernelChoice.variable)=\(name): this processor runs \(usable.joined(separator: " and ")); give one of them or "
        + "unset the variable"
    }
  }
}

extension ParameterBuffer {
  /// ‖g‖₂ over all parameters.
  public var gradientNorm: Double { KernelChoice.current.gradientNorm(of: self, adding: []) }
}
