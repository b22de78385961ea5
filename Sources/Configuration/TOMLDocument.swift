// From a configuration file to the reader of its root table. The parsing is in TOMLParser.swift; what the values must be is
// `TableReader`'s concern.

import Basics
import Foundation

/// Parses a configuration file.
///
/// - Returns: the reader of the document's root table. Read everything that may stand there, then call `finish()`.
/// - Throws: `ConfigurationError` with one problem if the file cannot be read or is not TOML. A key that is given twice
///   is not TOML.
package func parseTOML(path: String) throws(ConfigurationError) -> TableReader {
  var status = stat()
  if stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
    // It is read more than once, and a device may never end.
    throw ConfigurationError([
      ConfigurationProblem(file: path, message: "is a pipe or a device; save the configuration in a file")
    ])
  }
  let data: [UInt8]
  do {
    data = try contents(ofFile: path, limit: 1 << 24)
  } catch {
    let isUsage = [ENOENT, ENOTDIR, EACCES, EISDIR, ENAMETOOLONG, ELOOP, EFBIG].contains(error.number)
    let message = error.number == ENOENT
      ? "no such file; give the experiments' configuration by --config"
      : "cannot be read (\(error)); \(isUsage ? "give a readable file by --config" : "run the same command again")"
    throw ConfigurationError([ConfigurationProblem(file: path, message: message)], exitStatus: isUsage ? .usage : .io)
  }
  guard let text = String(validating: data, as: UTF8.self) else {
    throw ConfigurationError([ConfigurationProblem(file: path, message: "is not UTF-8; save it as UTF-8 text")])
  }
  return try parseTOML(text: text, file: path)
}

/// Parses the text of a configuration file; `file` is the name that its problems bear.
package func parseTOML(text: String, file: String) throws(ConfigurationError) -> TableReader {
  TableReader(root: try TOMLParser.parse(text, file: file))
}

extension TableReader {
  /// The reader of a document, or of several laid over each other.
  convenience init(root: TOMLEntry) {
    var entries: [String: TOMLEntry] = [:]
    if case .table(let table) = root.node { entries = table }
    // Nothing stands at the root itself, so what it lacks has no line.
    let place = TOMLPlace(file: root.place.file, line: nil)
    self.init([TableSource(path: ConfigurationPath(), entries: entries, place: place, problems: ProblemList())])
  }
}
