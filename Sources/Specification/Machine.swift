// The machine and the program that a record was made with.

import Files
import Foundation
import TensorEngine

/// What a record says about where it came from.
package struct Machine: Codable, Sendable, Equatable {
  /// The processor's model name, and the numbers that tell models of one name apart.
  package var processor: String
  /// The instructions that the native kernels were compiled for, as x86-64 levels; nil in records that do not say.
  package var instructionSet: String?
  /// Logical processors' worth of time that the program may use.
  package var cores: Int
  /// Operating system and kernel release.
  package var kernel: String
  /// BLAS and the kernel it chose.
  package var blas: String
  /// The version of `replicate`.
  package var version: String
  /// The fingerprint of what the engine computes here; nil in records that do not say.
  package var engine: String?

  package init(
    processor: String, instructionSet: String? = nil, cores: Int, kernel: String, blas: String, version: String,
    engine: String? = nil
  ) {
    self.processor = processor
    self.instructionSet = instructionSet
    self.cores = cores
    self.kernel = kernel
    self.blas = blas
    self.version = version
    self.engine = engine
  }

  /// This machine.
  package static func current(blas: String, version: String, engine: String? = nil) -> Machine {
    let release = (try? readFile("/proc/sys/kernel/osrelease")).map { String(decoding: $0, as: UTF8.self) } ?? "unknown"
    return Machine(
      processor: processorDescription, instructionSet: KernelChoice.current.instructionSet.rawValue,
      cores: availableCores(),
      kernel: "Linux " + release.trimmingCharacters(in: .whitespacesAndNewlines), blas: blas, version: version,
      engine: engine)
  }

  /// "AMD EPYC, family 25, model 17, stepping 1": virtual machines often give many processors one name.
  package static let processorDescription: String = {
    let information = (try? readFile("/proc/cpuinfo")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return processorName(inCPUInformation: information) ?? "unknown"
  }()

  /// The first `model name` of `/proc/cpuinfo` with family, model and stepping where they are beside it, or on
  /// processors that have none the implementer and part numbers.
  static func processorName(inCPUInformation text: String) -> String? {
    var fields: [String: String] = [:]
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[..<colon].trimmingCharacters(in: .whitespaces)
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      if fields[name] == nil { fields[name] = value }
    }
    if let name = fields["model name"], !name.isEmpty {
      let numbers = [("family", "cpu family"), ("model", "model"), ("stepping", "stepping")].compactMap { word, field in
        fields[field].map { ", \(word) \($0)" }
      }
      return name + numbers.joined()
    }
    guard let implementer = fields["CPU implementer"], let part = fields["CPU part"] else { return nil }
    return "implementer \(implementer), part \(part)"
  }
}
