// The configuration as a whole: which claims and studies it has settings for, all of them checked when it is read. How one
// of them is read: SettingsReader.swift and StudyReader.swift.

import Wording

/// A configuration, all claims, studies and presets of it checked.
package struct ExperimentFile: Sendable {
  /// What messages call it.
  package let path: String
  private let assigned: [String]
  private let root: TOMLEntry
  /// Settings laid over those of whatever is asked about.
  private let over: TOMLEntry?
  private let claims: [ClaimSchema]
  /// The names of its studies, in alphabetical order.
  package let studies: [String]

  /// - Throws: ``ConfigurationError`` with everything that is wrong anywhere in it.
  package init(_ sources: ConfigurationSources, claims: [ClaimSchema]) throws(ConfigurationError) {
    path = sources.name
    assigned = sources.assignments.filter(\.isSetting).map(\.words)
    self.claims = claims
    let tables = Set(claims.map(\.name) + ["study", "preset"])
    let document = try sources.document()
    let (inFile, over) = try sources.assigned { tables.contains($0) }
    let lost = inFile.map { document.lostTables(under: $0) } ?? []
    if !lost.isEmpty { throw ConfigurationError(lost) }
    root = inFile.map { document.overlaid(by: $0) } ?? document
    self.over = over
    let reader = TableReader(root: root)
    studies = reader.table("study")?.keys ?? []
    for claim in claims {
      readPresets(of: reader.table(claim.name), in: reader) { _ = $0.reader(claim, $1).settings() }
    }
    for name in studies {
      readPresets(of: Self.table(name, reader), in: reader) { _ = $0.studyReader(name, $1).study(name) }
    }
    refuseClashes(reader)
    try reader.finish()
  }

  /// A file that says everything itself.
  package init(path: String, claims: [ClaimSchema]) throws(ConfigurationError) {
    try self.init(ConfigurationSources(completeFile: path), claims: claims)
  }

  private static func table(_ study: String, _ root: TableReader) -> TableReader? { root.table("study")?.table(study) }

  /// A study's name is that of a folder, a figure and a word on the command line.
  private func refuseClashes(_ root: TableReader) {
    guard let table = root.table("study") else { return }
    for name in studies {
      if let own = table.table(name), !Preset.allCases.contains(where: { Self.has($0, own, root) }) {
        table.report("has no preset; write [study.\(name).preset.ci], or leave out `defaults = false`", at: name)
        for key in own.keys { own.accept(key) }
      }
      if claims.contains(where: { $0.name == name || name.hasPrefix($0.name + "-") }) || name.hasPrefix("text-") {
        table.report("is the name of a claim or text, or begins with one; give the study another", at: name)
      } else if name.count > 60 {
        table.report("has \(name.count) characters; give a study's name at most 60", at: name)
      } else if name.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) == nil
        || ["all", "runs", "texts", "slurm"].contains(name)
      {
        table.report(
          "is not a valid name for a study; use lower-case letters, digits and single hyphens, as in wide-and-shallow",
          at: name)
      }
    }
  }

  private func readPresets(of table: TableReader?, in root: TableReader, _ read: (PresetLayers, Preset) -> Void) {
    guard let table else { return }
    for preset in Preset.allCases where Self.has(preset, table, root) {
      read(PresetLayers(root: root, table: table, over: nil), preset)
    }
  }

  private static func has(_ preset: Preset, _ table: TableReader, _ root: TableReader) -> Bool {
    root.table("preset")?.table(preset.rawValue) != nil || table.table("preset")?.table(preset.rawValue) != nil
  }

  /// Whether the command line sets the epochs of training.
  package var setsEpochs: Bool {
    over.map { TableReader(root: $0).table("training")?.contains("epochs") == true } ?? false
  }

  /// Whether the file has a table for the claim.
  package func has(_ claim: String) -> Bool { TableReader(root: root).contains(claim) }

  /// The presets of a claim or study.
  package func presets(_ name: String) -> [Preset] {
    let root = TableReader(root: root)
    guard let table = studies.contains(name) ? Self.table(name, root) : root.table(name) else { return [] }
    return Preset.allCases.filter { Self.has($0, table, root) }
  }

  /// The settings of a claim.
  /// - Throws: ``ConfigurationError`` if the file has no table for it, or none for the preset, or a setting of the command
  ///   line cannot be laid over them.
  package func settings(_ claim: String, _ preset: Preset) throws(ConfigurationError) -> ClaimSettings {
    guard let schema = claims.first(where: { $0.name == claim }) else { throw missing(claim, preset) }
    var settings = try read(claim, preset, { $0.table(claim) }) { $0.reader(schema, preset).settings() }
    (settings.file, settings.assigned) = (path, assigned)
    return settings
  }

  /// The settings of a study.
  /// - Throws: as ``settings(_:_:)``.
  package func study(_ name: String, _ preset: Preset) throws(ConfigurationError) -> StudySettings {
    var settings = try read(name, preset, { Self.table(name, $0) }) { $0.studyReader(name, preset).study(name) }
    (settings.common.file, settings.common.assigned) = (path, assigned)
    return settings
  }

  private func read<Settings>(
    _ name: String, _ preset: Preset, _ table: (TableReader) -> TableReader?, _ read: (PresetLayers) -> Settings
  ) throws(ConfigurationError) -> Settings {
    let problems = ProblemList()
    let reader = TableReader(root: root, problems: problems)
    guard let table = table(reader), Self.has(preset, table, reader) else { throw missing(name, preset) }
    let over = over.map { TableReader(root: $0, problems: problems) }
    let settings = read(PresetLayers(root: reader, table: table, over: over))
    try (over ?? TableReader(root: TOMLEntry(node: .table([:]), place: TOMLPlace(file: path)), problems: problems))
      .finish()
    return settings
  }

  private func missing(_ name: String, _ preset: Preset) -> ConfigurationError {
    let isThere = !presets(name).isEmpty
    let table = isThere ? "\(name).preset.\(preset.rawValue)" : name
    return ConfigurationError([
      ConfigurationProblem(
        file: path, path: table, message: "missing; expected a table, as `replicate config show` prints them")
    ])
  }
}

/// The tables that decide the settings of one claim or study.
private struct PresetLayers {
  let root: TableReader
  let table: TableReader
  let over: TableReader?

  func reader(_ claim: ClaimSchema, _ preset: Preset) -> SettingsReader {
    SettingsReader(
      claim: claim, preset: preset, file: root, shared: root.table("preset")?.table(preset.rawValue),
      own: [table, table.table("preset")?.table(preset.rawValue)].compactMap { $0 }, over: over)
  }

  func studyReader(_ name: String, _ preset: Preset) -> SettingsReader {
    reader(ClaimSchema(name: "study.\(name)", uses: .study), preset)
  }
}
