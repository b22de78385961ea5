// gnuplot as a child process: its exit status and its standard error decide, not the presence of files alone.

import Foundation
import Subprocess
import SystemPackage

/// The gnuplot found on the PATH.
struct Gnuplot: Sendable {
  /// Environment variables besides, or instead of, the process's own.
  var environment: [Environment.Key: String] = [:]

  /// Runs gnuplot on a script, in a working directory, with no user settings.
  func run(script: String, in directory: String, figure: String) async throws(FigureError) {
    let result = try await execute(["--default-settings", script], in: directory, figure: figure)
    if !result.isSuccess {
      throw .gnuplotFailed(figure: figure, status: result.status, message: Self.firstLine(of: result.errors))
    }
  }

  /// Without any font gnuplot draws a PNG without text and does not complain; a margin of no width gives it away.
  func checkFonts(in directory: String, figure: String) async throws(FigureError) {
    let probe =
      "set terminal pngcairo font 'sans-serif,18'; set output '/dev/null'; plot x; "
      + "set print '-'; print GPVAL_TERM_XMIN"
    let result = try await execute(["--default-settings", "-e", probe], in: directory, figure: figure)
    if !result.isSuccess {
      throw .gnuplotFailed(figure: figure, status: result.status, message: Self.firstLine(of: result.errors))
    }
    let margin = Double(result.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    if margin < 5 { throw .fontsMissing(figure: figure) }
  }

  /// What the installed fonts have; the least that they must if fontconfig's `fc-list` does not tell.
  func fontCoverage() async -> FontCoverage {
    let result = try? await Subprocess.run(
      .name("fc-list"), arguments: ["--format", "%{charset}\n"], environment: .inherit.updating(variables),
      output: .string(limit: 1 << 26), error: .discarded)
    guard let result, result.terminationStatus.isSuccess else { return .least }
    return FontCoverage(characterSets: result.standardOutput)
  }

  /// The family that fontconfig takes for the figures' font; nil if its `fc-match` does not tell.
  func fontFamily() async -> String? {
    let result = try? await Subprocess.run(
      .name("fc-match"), arguments: ["--format", "%{family[0]}", "sans-serif"],
      environment: .inherit.updating(variables), output: .string(limit: 1 << 16), error: .discarded)
    guard let result, result.terminationStatus.isSuccess, !result.standardOutput.isEmpty else { return nil }
    return result.standardOutput
  }

  /// gnuplot's version and the names of its terminals.
  func versionAndTerminals() async throws(FigureError) -> (version: String, terminals: [String]) {
    let probe =
      "set print '-'; print sprintf('%.1f patchlevel %s', GPVAL_VERSION, GPVAL_PATCHLEVEL); print GPVAL_TERMINALS"
    let result = try await execute(["--default-settings", "-e", probe], in: "/", figure: "test")
    let lines = result.output.split(separator: "\n")
    guard result.isSuccess, lines.count == 2 else {
      throw .gnuplotFailed(figure: "test", status: result.status, message: Self.firstLine(of: result.errors))
    }
    return (String(lines[0]), lines[1].split(separator: " ").map(String.init))
  }

  private var variables: [Environment.Key: String?] {
    let fixed: [Environment.Key: String?] = ["LC_ALL": "C.UTF-8", "GNUTERM": "unknown"]
    return fixed.merging(environment) { _, mine in mine }
  }

  private func execute(
    _ arguments: [String], in directory: String, figure: String
  ) async throws(FigureError) -> (isSuccess: Bool, status: String, output: String, errors: String) {
    do {
      let result = try await Subprocess.run(
        .name("gnuplot"), arguments: Arguments(arguments), environment: .inherit.updating(variables),
        workingDirectory: FilePath(directory), output: .string(limit: 1 << 16), error: .string(limit: 1 << 20))
      let status = result.terminationStatus
      return (status.isSuccess, "\(status)", result.standardOutput, result.standardError)
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw .gnuplotMissing
    } catch {
      throw .gnuplotFailed(figure: figure, status: "not started", message: Self.firstLine(of: "\(error)"))
    }
  }

  /// gnuplot repeats the failing line and points at it with a caret; the message is the line that says what is wrong.
  static func firstLine(of text: String) -> String {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
    return lines.first { $0.contains("line ") && $0.contains(":") } ?? lines.last ?? "no message"
  }
}
