// From a TOML document to the reader of its root table. Where documents come from: ConfigurationSources.swift; what the
// values must be is `TableReader`'s concern.

/// Parses the text of a configuration file; `file` is the name that its problems bear.
package func parseTOML(text: String, file: String) throws(ConfigurationError) -> TableReader {
  TableReader(root: try TOMLParser.parse(text, file: file))
}

extension TableReader {
  /// The reader of a document, or of several laid over each other.
  convenience init(root: TOMLEntry, problems: ProblemList = ProblemList()) {
    var entries: [String: TOMLEntry] = [:]
    if case .table(let table) = root.node { entries = table }
    // Nothing is at the root itself, so what it lacks has no line.
    let place = TOMLPlace(file: root.place.file, line: nil)
    self.init([TableSource(path: ConfigurationPath(), entries: entries, place: place, problems: problems)])
  }
}
