// Standard output: every byte is either written or known not to be. What is printed is decided by the commands.

import ArgumentParser
import Basics
import Foundation
import Reporting
import Running
import Synchronization
import SystemPackage
import Wording

/// The first error that writing to standard output gave; nothing is written after it.
private let failure = Mutex<Errno?>(nil)

/// Whether standard output is shown to a person as it is written.
private let isTerminal = isatty(1) == 1

/// Writes to standard output in place of Swift's own function, which does not tell when nothing arrives. On a terminal
/// nothing of the text is a command, wherever it comes from; into files and pipes it goes as it is.
func print(_ text: String, terminator: String = "\n") {
  failure.withLock { failure in
    if failure != nil { return }
    do {
      try FileDescriptor.standardOutput.writeAll((isTerminal ? visible(text + terminator) : text + terminator).utf8)
    } catch {
      failure = error as? Errno ?? .ioError
    }
  }
}

/// A table as standard output takes it: fitted to a terminal, with every row as one line into files and pipes.
func shownTable(columns: [String], rows: [[String]]) -> String {
  textTable(columns: columns, rows: rows, width: tableWidth)
}

/// Lines of words likewise: broken at a terminal's edge, and otherwise as they are.
func shownLines(_ text: String, rest: String = "  ") -> String {
  guard let width = tableWidth else { return text }
  return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    displayWidth(String(line)) <= width ? String(line) : wrapped(String(line), width: width, rest: rest)
  }.joined(separator: "\n")
}

/// Prints a result as one JSON document, in the envelope that all of them have.
func printJSON(_ kind: DocumentKind, _ result: some Encodable) throws {
  print(try jsonText(Document(kind, result, version: replicateVersion)))
}

/// The complaint about output that was lost. A reader that has closed its end (`| head`) has what it wanted: that is none.
var outputComplaint: String? {
  failure.withLock { $0 == nil || $0 == .brokenPipe ? nil : $0 }.map {
    "cannot write to standard output: \($0.description.lowercased()); what was computed is stored: run the same command again"
  }
}

/// The same lines, very long ones shortened.
private func shortened(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { readable(String($0)) }.joined(separator: "\n")
}

extension Replicate {
  /// Prints what the argument parser has to say, help or a complaint, and exits with its status. The complaint quotes
  /// arguments, which may be names of files.
  static func exit(saying error: any Error) -> Never {
    let code = exitCode(for: error)
    var message = fullMessage(for: error)
    // The parser asks for the text at every start; what takes a moment to find out is added when it is asked for.
    if code.isSuccess && message == configuration.version { message = versionText }
    if code.isSuccess {
      if !message.isEmpty { print(message) }
      if let outputComplaint {
        complain(outputComplaint)
        Foundation.exit(Basics.ExitStatus.io.rawValue)
      }
    } else if !message.isEmpty {
      _ = try? FileDescriptor.standardError.writeAll((shortened(visible(withSettingHint(message))) + "\n").utf8)
    }
    Foundation.exit(code.rawValue)
  }
}
