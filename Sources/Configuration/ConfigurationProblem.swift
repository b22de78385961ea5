// What can be wrong with a configuration file, and the path by which a problem names its place.
// Nothing here reads a file.

import Basics
import Wording

/// One step from a table or an array to what it contains.
package enum PathElement: Sendable, Hashable {
  case key(String)
  case index(Int)
}

/// A place in a TOML document, written `crossover.preset.ci.seeds` or `levels[2].width`.
package struct ConfigurationPath: Sendable, Hashable, CustomStringConvertible {
  package let elements: [PathElement]

  package init(_ elements: [PathElement] = []) {
    self.elements = elements
  }

  package func appending(_ key: String) -> ConfigurationPath {
    ConfigurationPath(elements + [.key(key)])
  }

  package func appending(_ index: Int) -> ConfigurationPath {
    ConfigurationPath(elements + [.index(index)])
  }

  package var description: String {
    var text = ""
    for element in elements {
      switch element {
      case .key(let key):
        if !text.isEmpty { text += "." }
        text += Self.isBare(key) ? key : "\"\(key)\""
      case .index(let index):
        text += "[\(index)]"
      }
    }
    return text
  }

  /// Whether TOML allows the key without quotes.
  private static func isBare(_ key: String) -> Bool {
    !key.isEmpty
      && key.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}

/// One thing that is wrong in a configuration file.
///
/// Its description is one line: `experiments.toml:12: crossover.seedz: unknown key (did you mean `seeds`?)`.
package struct ConfigurationProblem: Sendable, Hashable, CustomStringConvertible {
  /// The file as the user named it.
  package let file: String
  /// Counted from 1; nil where the problem has no line (a missing file).
  package let line: Int?
  /// Counted from 1; only syntax errors have one.
  package let column: Int?
  /// The dotted path; empty for problems of the whole file.
  package let path: String
  package let message: String

  package init(file: String, line: Int? = nil, column: Int? = nil, path: String = "", message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.path = path
    self.message = message
  }

  package var description: String {
    var place = file
    if let line { place += ":\(line)" }
    if let column { place += ":\(column)" }
    return oneLine(path.isEmpty ? "\(place): \(message)" : "\(place): \(path): \(message)")
  }
}

/// Everything that is wrong in a configuration, one line per problem.
package struct ConfigurationError: ExitStatusProviding {
  package let problems: [ConfigurationProblem]
  /// `.io` where the system refused to read the file, else `.usage`.
  package let exitStatus: ExitStatus

  package init(_ problems: [ConfigurationProblem], exitStatus: ExitStatus = .usage) {
    self.problems = problems
    self.exitStatus = exitStatus
  }

  package var description: String {
    problems.map(\.description).joined(separator: "\n")
  }
}

/// The problems found so far, shared by all readers of one configuration. Each is kept once, because a table of
/// defaults is read again for every claim that builds on it.
final class ProblemList {
  private var seen: Set<ConfigurationProblem> = []
  private var found: [ConfigurationProblem] = []

  func add(_ problem: ConfigurationProblem) {
    if seen.insert(problem).inserted { found.append(problem) }
  }

  /// By file, line and path; those without a line first. The order does not depend on the order of reading.
  var sorted: [ConfigurationProblem] {
    found.sorted { ($0.file, $0.line ?? 0, $0.path, $0.message) < ($1.file, $1.line ?? 0, $1.path, $1.message) }
  }
}
