// What this machine has of what the program needs: processor, memory, disk, gnuplot. What is stored is examined in
// StoreExamination.swift.

import Basics
import Figures
import Foundation
import Specification
import TensorEngine
import Wording

/// What was found out about the machine.
package struct MachineExamination: Codable, Sendable {
  /// Processor, cores that the program may use, BLAS, version and the engine's fingerprint, as records have them.
  package let machine: Machine
  /// Logical processors of the machine, of which the program may be allowed fewer.
  package let processors: Int
  /// Instruction sets that there are kernels for here, the one in use first.
  package let instructionSets: [String]
  /// Bytes that the program can have at most, and those that are free now; nil where the system does not tell.
  package let memory: Int
  package let freeMemory: Int?
  /// Bytes that can be written where results are to be; nil where the system does not tell.
  package let freeDisk: Int?
  /// gnuplot's version; nil without one, or if it was not to be looked for.
  package let gnuplot: String?
  /// The family of the figures' text.
  package let font: String?
  /// What is missing, with what helps.
  package private(set) var problems: [Finding] = []
  /// What keeps new results from being written, with what helps; results that are there can be read and repeated all the
  /// same.
  package private(set) var obstacles: [Finding] = []

  /// - Parameters:
  ///   - directory: where results are or will be.
  ///   - drawing: what there is to draw with; nil if no figures are wanted.
  package init(machine: Machine, directory: String, drawing: DrawingTools?) {
    self.machine = machine
    processors = ProcessInfo.processInfo.processorCount
    let inUse = KernelChoice.current.instructionSet.rawValue
    instructionSets = [inUse] + KernelChoice.usable.map(\.instructionSet.rawValue).filter { $0 != inUse }
    memory = memoryLimit()
    freeMemory = Self.availableMemory()
    let folder = Self.existing(directory)
    freeDisk = Self.freeBytes(in: folder)
    gnuplot = drawing?.gnuplot
    font = drawing?.font
    if let obstacle = drawing?.obstacle {
      problems.append(
        Finding(subject: "figures", problem: "\(obstacle); or go without with --no-figures, the numbers are the same"))
    }
    if access(folder, W_OK | X_OK) != 0 {
      obstacles.append(
        Finding(
          subject: "disk",
          problem: "\(folder) cannot be written (\(systemMessage(errno))); name another place with --out"))
    }
    if let freeDisk, freeDisk < Self.leastDisk {
      obstacles.append(
        Finding(
          subject: "disk",
          problem: "only \(Self.size(freeDisk)) are free in \(folder), where all claims need some hundred "
            + "MiB; make room, or name another place with --out"))
    }
    if memory < Self.leastMemory {
      problems.append(
        Finding(
          subject: "memory",
          problem: "only \(Self.size(memory)) are allowed, where a run needs some hundred MiB; raise "
            + "the limit (ulimit -v, or that of the container)"))
    }
  }

  /// What the claims' default grids may fill.
  private static let leastDisk = 200 << 20
  private static let leastMemory = 256 << 20

  /// One line each, the names first.
  /// - Parameter lineWidth: what no line is to exceed; nil for no limit.
  package func text(width lineWidth: Int?) -> String {
    let cores = counted(machine.cores, "core") + (machine.cores < processors ? " allowed of \(processors)" : "")
    var lines = [
      ("processor", "\(machine.processor); \(cores)"),
      ("instructions", instructionSets.joined(separator: " in use; also ")),
      ("engine", "fingerprint \(machine.engine ?? "unknown"), replicate \(machine.version)"),
      ("system", machine.kernel),
      ("memory", (memory == .max ? "no limit" : "\(Self.size(memory)) at most") + free(freeMemory, "now")),
      ("disk", freeDisk.map { Self.size($0) + " free" } ?? "unknown"),
      ("BLAS", machine.blas),
    ]
    if let gnuplot { lines.append(("gnuplot", gnuplot + (font.map { ", text in \($0)" } ?? ""))) }
    let width = lines.map(\.0.count).max() ?? 0
    let entries =
      lines.map { ($0 + String(repeating: " ", count: width + 2 - $0.count), $1) }
      + (problems + obstacles).map { ("LACKS  ", "\($0.subject): \($0.problem)") }
    return entries.map { name, text in
      let rest = String(repeating: " ", count: name.count)
      return lineWidth.map { wrapped(text, width: $0, first: name, rest: rest) } ?? name + text
    }.joined(separator: "\n")
  }

  private func free(_ bytes: Int?, _ when: String) -> String { bytes.map { ", \(Self.size($0)) free \(when)" } ?? "" }

  /// The folder itself, or the nearest one above it that is there already.
  private static func existing(_ path: String) -> String {
    var url = URL(fileURLWithPath: path).standardizedFileURL
    while url.path != "/" && !FileManager.default.fileExists(atPath: url.path) { url.deleteLastPathComponent() }
    return url.path
  }

  private static func freeBytes(in folder: String) -> Int? {
    var information = statvfs()
    guard statvfs(folder, &information) == 0 else { return nil }
    return Int(
      clamping: UInt64(information.f_bavail).multipliedReportingOverflow(by: UInt64(information.f_frsize)).partialValue)
  }

  /// `MemAvailable` of `/proc/meminfo`.
  private static func availableMemory() -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
  }

  /// "1.5 GiB", or below one "12 MiB".
  private static func size(_ bytes: Int) -> String {
    bytes < 1 << 30 ? "\(bytes >> 20) MiB" : String(format: "%.1f GiB", Double(bytes) / 0x1p30)
  }
}
