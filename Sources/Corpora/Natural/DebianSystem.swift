// Asks the system which files a Debian package has installed, and what a program prints. What is made of it:
// NaturalTexts.swift.

import Basics
import Foundation

/// The programs and packages of a Debian system.
///
/// Programs run under coreutils' `timeout`, which also tells a missing program from one that fails: Foundation's
/// `Process` suffices, and this module needs no package for it.
struct DebianSystem: Sendable {
  /// Where programs are looked for; nil for `PATH`.
  var path: String?
  /// Seconds that a program may take.
  var timeLimit = 60

  /// The files that an installed package brought, in the order of its list; nil if it is not installed.
  /// - Parameter pattern: the package's name; where `*` stands for a version, the newest that is installed counts.
  func files(ofPackage pattern: String) throws(CorpusError) -> [String]? {
    let format = "${db:Status-Status} ${binary:Package}\\n"
    // The status is 1 where no package has such a name.
    let known = try run("dpkg-query", ["--show", "--showformat", format, pattern], accepting: [0, 1])
    let installed = lines(known).filter { $0.hasPrefix("installed ") }.map { String($0.dropFirst("installed ".count)) }
    guard let newest = installed.max(by: { $0.compare($1, options: .numeric) == .orderedAscending }) else { return nil }
    return lines(try run("dpkg-query", ["--listfiles", newest])).filter { $0.hasPrefix("/") }
  }

  /// What a program prints on its standard output.
  /// - Throws: `programFailed` if it is not there, takes longer than the time limit, or fails.
  func run(
    _ program: String, _ arguments: [String], accepting statuses: Set<Int32> = [0]
  ) throws(CorpusError) -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["timeout", "--kill-after=1", "\(timeLimit)", program] + arguments
    var environment = ProcessInfo.processInfo.environment
    environment["LC_ALL"] = "C.UTF-8"
    if let path { environment["PATH"] = path }
    process.environment = environment
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let bytes: Data
    do {
      try process.run()
      bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    } catch {
      throw .programFailed(program: program, reason: "cannot be run: \(error.localizedDescription)")
    }
    process.waitUntilExit()
    let status = process.terminationStatus
    if process.terminationReason == .exit && statuses.contains(status) { return Array(bytes) }
    switch status {
    case 124, 137: throw .programFailed(program: program, reason: "took longer than \(timeLimit) seconds")
    case 127: throw .programFailed(program: program, reason: "is not there")
    default: throw .programFailed(program: program, reason: "ended with status \(status)")
    }
  }

  private func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
