// The machine and the program that a record was made with.

import Foundation

/// What a record says about where it came from.
public struct Machine: Codable, Sendable, Equatable {
  /// The processor's model name.
  public var processor: String
  /// Logical processors' worth of time that the program may use.
  public var cores: Int
  /// Operating system and kernel release.
  public var kernel: String
  /// BLAS and the kernel it chose.
  public var blas: String
  /// The version of `replicate`.
  public var version: String

  public init(processor: String, cores: Int, kernel: String, blas: String, version: String) {
    self.processor = processor
    self.cores = cores
    self.kernel = kernel
    self.blas = blas
    self.version = version
  }

  /// This machine.
  public static func current(blas: String, version: String) -> Machine {
    let information = (try? readFile("/proc/cpuinfo")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let release = (try? readFile("/proc/sys/kernel/osrelease")).map { String(decoding: $0, as: UTF8.self) } ?? "unknown"
    return Machine(
      processor: processorName(inCPUInformation: information) ?? "unknown",
      cores: availableCores(),
      kernel: "Linux " + release.trimmingCharacters(in: .whitespacesAndNewlines), blas: blas, version: version)
  }

  /// The first `model name` of `/proc/cpuinfo`, or on processors that have none the implementer and part numbers.
  static func processorName(inCPUInformation text: String) -> String? {
    var fields: [String: String] = [:]
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[..<colon].trimmingCharacters(in: .whitespaces)
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      if fields[name] == nil { fields[name] = value }
    }
    if let model = fields["model name"], !model.isEmpty { return model }
    guard let implementer = fields["CPU implementer"], let part = fields["CPU part"] else { return nil }
    return "implementer \(implementer), part \(part)"
  }
}
