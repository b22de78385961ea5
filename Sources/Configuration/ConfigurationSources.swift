// Where settings come from: the defaults inside the program, a file laid over them key by key, and single settings laid over
// both. How a document is parsed: TOMLParser.swift; what its tables mean: SettingsReader.swift.

import Basics
import Foundation

/// What settings are read from, from the most general to the most specific.
package struct ConfigurationSources: Sendable {
  /// The file that is looked for in the working directory where none is named.
  package static let usualFile = "experiments.toml"

  /// A setting of the command line.
  package struct Assignment: Sendable {
    /// The option that it was given by, for messages.
    let option: String
    /// `a.b = c`, a line of TOML.
    let text: String

    package init(option: String, text: String) {
      self.option = option
      self.text = text
    }

    /// The document that the assignment stands for; a word need not have the quotation marks of TOML.
    fileprivate var entry: TOMLEntry {
      get throws(ConfigurationError) {
        if let entry = try? TOMLParser.parse(text, file: option), entry.isOneSetting { return entry }
        let sides = text.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        if sides.count == 2, sides[1].wholeMatch(of: /[A-Za-z][A-Za-z0-9_-]*/) != nil,
          let entry = try? TOMLParser.parse("\(sides[0]) = \"\(sides[1])\"", file: option), entry.isOneSetting
        {
          return entry
        }
        let isNumber = sides.count == 2 && sides[1].wholeMatch(of: /[+-]?[0-9_]+/) != nil
        let message =
          isNumber
          ? "\(sides[0]): the number \(sides[1]) is too large"
          : "'\(text)' is not one setting; give for example training.epochs=100, world.quality=low or "
            + "study.mine.statement='\"wide wins\"'"
        throw ConfigurationError([ConfigurationProblem(file: option, message: message)])
      }
    }

    /// Whether it was given as a setting, and not by an option of its own.
    var isSetting: Bool { option == "--set" }

    /// As it was given: `--set training.epochs=3`.
    var words: String { "\(option) \(text)" }
  }

  /// Whether the defaults of the program lie below the file.
  package var hasDefaults: Bool
  /// The file; nil for none.
  package var file: String?
  package var assignments: [Assignment]

  /// - Parameter file: nil for ``usualFile``, where there is one.
  package init(file: String? = nil, assignments: [Assignment] = []) {
    hasDefaults = true
    let isThere = FileManager.default.fileExists(atPath: Self.usualFile)
    self.file = file ?? (isThere ? Self.usualFile : nil)
    self.assignments = assignments
  }

  /// A file that says everything itself.
  package init(completeFile path: String) {
    (hasDefaults, file, assignments) = (false, path, [])
  }

  /// The text of the defaults, as `replicate config show` prints it.
  package static var defaults: String { String(decoding: PackageResources.experiments_toml, as: UTF8.self) }

  /// What messages call the whole.
  var name: String { file ?? Self.defaultsName }
  static let defaultsName = "built-in experiments.toml"

  /// The defaults with the file over them. A file with `defaults = false` says everything itself.
  /// - Throws: ``ConfigurationError`` for what is not TOML or cannot be read.
  func document() throws(ConfigurationError) -> TOMLEntry {
    var own = try file.map { (path) throws(ConfigurationError) in
      try TOMLParser.parse(configurationText(path), file: path)
    }
    var hasDefaults = hasDefaults
    if case .table(var entries)? = own?.node, let entry = entries.removeValue(forKey: "defaults") {
      guard case .boolean(let wanted) = entry.node else {
        throw ConfigurationError([
          ConfigurationProblem(
            file: entry.place.file, line: entry.place.line, path: "defaults",
            message: "expected true or false, found \(entry.node.found)")
        ])
      }
      hasDefaults = hasDefaults && wanted
      own?.node = .table(entries)
    }
    guard hasDefaults else { return own ?? TOMLEntry(node: .table([:]), place: TOMLPlace(file: name)) }
    let defaults = try TOMLParser.parse(Self.defaults, file: Self.defaultsName)
    guard let own else { return defaults }
    let lost = defaults.lostTables(under: own)
    if !lost.isEmpty { throw ConfigurationError(lost) }
    return defaults.overlaid(by: own)
  }

  /// The assignments as documents: those that name a table of the file by its place in it, and those that are laid over
  /// the settings of whatever is asked about.
  /// - Parameter isTable: whether a first key names a table of the file that belongs to one claim, study or preset.
  func assigned(
    isTable: (String) -> Bool
  ) throws(ConfigurationError) -> (inFile: TOMLEntry?, over: TOMLEntry?) {
    var inFile: TOMLEntry?
    var over: TOMLEntry?
    for assignment in assignments {
      let place = try assignment.entry.located(in: assignment.option)
      guard case .table(let table) = place.node, let first = table.keys.first else { continue }
      if isTable(first) {
        inFile = inFile?.overlaid(by: place) ?? place
      } else {
        over = over?.overlaid(by: place) ?? place
      }
    }
    return (inFile, over)
  }
}

extension TOMLEntry {
  /// Whether it is a document with a single value in it, however deep.
  fileprivate var isOneSetting: Bool {
    guard case .table(let entries) = node else { return true }
    return entries.count == 1 && entries.values.allSatisfy(\.isOneSetting)
  }

  /// The same without lines, which a command line does not have.
  fileprivate func located(in file: String) -> TOMLEntry {
    let node: TOMLNode =
      switch node {
      case .table(let entries): .table(entries.mapValues { $0.located(in: file) })
      case .array(let elements): .array(elements.map { $0.located(in: file) })
      case .string, .integer, .number, .boolean, .date: node
      }
    return TOMLEntry(node: node, place: TOMLPlace(file: file))
  }
}

/// The text of a configuration file.
/// - Throws: ``ConfigurationError`` if it cannot be read or is not UTF-8.
private func configurationText(_ path: String) throws(ConfigurationError) -> String {
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
    let message =
      error.number == ENOENT
      ? "no such file; check the path after --config"
      : "cannot be read (\(error)); \(isUsage ? "give a readable file with --config" : "run the same command again")"
    throw ConfigurationError([ConfigurationProblem(file: path, message: message)], exitStatus: isUsage ? .usage : .io)
  }
  guard let text = String(validating: data, as: UTF8.self) else {
    throw ConfigurationError([ConfigurationProblem(file: path, message: "is not UTF-8; save it as UTF-8 text")])
  }
  return text
}
