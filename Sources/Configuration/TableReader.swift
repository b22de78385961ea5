// A checked view of a TOML table, or of several layered ones: every mistake is recorded with its place, none stops the
// reading, and no value is invented unless the caller gives a default. The typed accessors are in TableReader+Values.

import Wording

/// One table of the document: its entries, where they stand, and which of them have been asked for.
final class TableSource {
  let path: ConfigurationPath
  let entries: [String: TOMLEntry]
  let place: TOMLPlace
  let problems: ProblemList
  private var known: Set<String> = []
  /// The tables inside this one that were opened, so that each exists once however often it is opened.
  private var children: [ConfigurationPath: TableSource] = [:]

  init(path: ConfigurationPath, entries: [String: TOMLEntry], place: TOMLPlace, problems: ProblemList) {
    self.path = path
    self.entries = entries
    self.place = place
    self.problems = problems
  }

  func markKnown(_ key: String) { known.insert(key) }

  func report(_ message: String, at path: ConfigurationPath) {
    let place = place(of: path)
    problems.add(
      ConfigurationProblem(file: place.file, line: place.line, path: path.description, message: message))
  }

  /// Where the value at the path, in or below this table, stands; of what is not there, the table that lacks it.
  private func place(of path: ConfigurationPath) -> TOMLPlace {
    var place = place
    var node = TOMLNode.table(entries)
    for element in path.elements.dropFirst(self.path.elements.count) {
      let next: TOMLEntry? =
        switch (element, node) {
        case (.key(let key), .table(let entries)): entries[key]
        case (.index(let index), .array(let elements)) where elements.indices.contains(index): elements[index]
        default: nil
        }
      guard let next else { return place }
      (place, node) = (next.place, next.node)
    }
    return place
  }

  /// The table under the key, or the one at `index` in the array of tables under the key (`index` nil: no array).
  func child(_ key: String, index: Int? = nil, entries: [String: TOMLEntry], at place: TOMLPlace) -> TableSource {
    let path = index.map { self.path.appending(key).appending($0) } ?? self.path.appending(key)
    if let child = children[path] { return child }
    let child = TableSource(path: path, entries: entries, place: place, problems: problems)
    children[path] = child
    return child
  }

  /// Reports the keys that were not asked for, here and in every opened table inside.
  func reportUnknownKeys() {
    for key in entries.keys.sorted() where !known.contains(key) {
      report("unknown key\(suggestion(for: key, among: known))", at: path.appending(key))
    }
    for child in children.values { child.reportUnknownKeys() }
  }
}

/// Reads one TOML table, or several layered ones in which later layers win key by key.
///
/// Each accessor marks its key as known and records a problem if the value is missing, of the wrong type or out of
/// range; it then returns a harmless value, so that reading goes on and `finish()` can report everything at once.
package final class TableReader {
  /// From the most general to the most specific; never empty except for a table that no layer has.
  let sources: [TableSource]

  init(_ sources: [TableSource]) {
    self.sources = sources
  }

  /// A reader in which a key may be in any of the layers and the last one that has it wins, for example
  /// `[defaults, claim, claim.preset.ci]`. Tables of the same name are merged key by key, arrays are replaced.
  ///
  /// Every layer's value is checked, also where a later layer overrides it; problems name the layer where the key
  /// stands.
  /// - Parameter layers: from general to specific; nil layers (absent tables) are left out.
  package static func layered(_ layers: [TableReader?]) -> TableReader {
    TableReader(layers.flatMap { $0?.sources ?? [] })
  }

  /// The dotted path of the most specific layer; empty for the root.
  package var path: String { sources.last?.path.description ?? "" }

  /// All keys of the table in alphabetical order, for tables whose keys are names chosen by the user.
  package var keys: [String] {
    Set(sources.flatMap(\.entries.keys)).sorted()
  }

  package func contains(_ key: String) -> Bool {
    sources.contains { $0.entries[key] != nil }
  }

  /// Marks keys as valid without reading them.
  package func accept(_ keys: String...) {
    for key in keys { markKnown(key) }
  }

  /// Records a problem of the caller's own, for example two values that contradict each other, at the key's line.
  package func report(_ message: String, at key: String) {
    guard let source = sources.last(where: { $0.entries[key] != nil }) ?? sources.last else { return }
    source.report(message, at: source.path.appending(key))
  }

  /// Reports a key that would have no effect, wherever a layer has it.
  package func refuse(_ key: String, because reason: String) {
    for source in sources where source.entries[key] != nil {
      source.markKnown(key)
      source.report("has no effect: \(reason); remove it", at: source.path.appending(key))
    }
  }

  /// Reports the keys that no accessor has asked for, here and in all tables opened from here, and throws everything
  /// that was recorded in the whole document so far. Call it once, on the root, when all has been read.
  package func finish() throws(ConfigurationError) {
    for source in sources { source.reportUnknownKeys() }
    let problems = sources.first?.problems.sorted ?? []
    if !problems.isEmpty { throw ConfigurationError(problems) }
  }

  /// The table under the key, nil if no layer has one.
  package func table(_ key: String) -> TableReader? {
    markKnown(key)
    let tables: [TableSource] = sources.compactMap { source in
      guard let entry = source.entries[key] else { return nil }
      if case .table(let entries) = entry.node { return source.child(key, entries: entries, at: entry.place) }
      source.report("expected a table, found \(entry.node.found)", at: source.path.appending(key))
      return nil
    }
    return tables.isEmpty ? nil : TableReader(tables)
  }

  /// The table under the key; a missing one is a problem, and an empty reader is returned that records nothing further.
  package func requiredTable(_ key: String) -> TableReader {
    if let table = table(key) { return table }
    if !contains(key) { reportMissing(key, expected: "a table") }
    return TableReader([])
  }

  /// The array of tables (`[[key]]`) under the key; empty if no layer has one.
  package func tables(_ key: String) -> [TableReader] {
    markKnown(key)
    var tables: [TableReader] = []
    for source in sources {
      guard let node = source.entries[key]?.node else { continue }
      guard case .array(let elements) = node else {
        source.report("expected an array of tables, found \(node.found)", at: source.path.appending(key))
        continue
      }
      tables = []
      for (index, element) in elements.enumerated() {
        if case .table(let entries) = element.node {
          tables.append(TableReader([source.child(key, index: index, entries: entries, at: element.place)]))
        } else {
          source.report(
            "expected a table, found \(element.node.found)", at: source.path.appending(key).appending(index))
        }
      }
    }
    return tables
  }

  func markKnown(_ key: String) {
    for source in sources { source.markKnown(key) }
  }

  /// Records that no layer has the key, at the most specific layer.
  func reportMissing(_ key: String, expected: String) {
    guard let source = sources.last else { return }
    var message = "missing; expected \(expected)"
    let places = sources.dropLast().map(\.path.description).filter { !$0.isEmpty }
    if !places.isEmpty {
      message += ", here or in " + places.map { "[\($0)]" }.joined(separator: " or ")
    }
    source.report(message, at: source.path.appending(key))
  }
}
