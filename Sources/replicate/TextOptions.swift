// `--text` and what belongs to it, of every command that takes a user's own text.

import ArgumentParser
import Claims
import Corpora
import Foundation
import Store
import Wording

/// Which files of a text count.
struct TextPatternOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read only files that match this shell pattern, for example '*.md'. May be repeated.",
      discussion: "A pattern without / is compared with the names of files and directories, one with / with paths.",
      valueName: "pattern"), transform: nonEmpty)
  var include: [String] = []

  @Option(
    help: ArgumentHelp(
      "Skip files and directories that match this shell pattern. May be repeated.", valueName: "pattern"),
    transform: nonEmpty)
  var exclude: [String] = []

  var isEmpty: Bool { include.isEmpty && exclude.isEmpty }

  /// Reads the text and says what was left out of it.
  func read(_ paths: [String], isSilent: Bool) throws -> TextCollection {
    let text = try TextSelection(paths: paths, include: include, exclude: exclude).read()
    let omitted = text.omitted.summary
    if !omitted.isEmpty { Replicate.note(oneLine("note: left out: \(omitted)"), unless: isSilent) }
    return text
  }
}

/// A user's own text in place of the built-in corpus.
struct TextOptions: ParsableArguments {
  @Option(
    name: .customLong("text"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Use your own text: UTF-8 files, directories (read recursively), or - for standard input.",
      discussion: "May be repeated.",
      valueName: "path"), transform: nonEmpty)
  var paths: [String] = []

  @OptionGroup var patterns: TextPatternOptions

  func validate() throws {
    if paths.isEmpty && !patterns.isEmpty {
      throw ValidationError("--include, --exclude: they choose among the files of --text, which is not given")
    }
  }

  /// Reads the text, if one is asked about.
  func read(isSilent: Bool = true) throws -> TextCollection? {
    paths.isEmpty ? nil : try patterns.read(paths, isSilent: isSilent)
  }

  /// The same, before runs are planned on it that outlive this process: standard input is kept.
  mutating func readForRuns(_ options: ClaimOptions) throws -> TextCollection? {
    let text = try read(isSilent: options.json)
    guard let input = text?.standardInput else { return text }
    let path = try KeptTexts(below: options.files.out).keep(input)
    Replicate.note(
      oneLine("note: standard input is kept as \(path), which can be named in its place"), unless: options.json)
    paths = paths.map { $0 == TextSelection.standardInput ? path : $0 }
    return text
  }

  /// The options as another command takes them; a word that is not an option must not follow.
  var arguments: [String] {
    paths.map { "--text=\($0)" } + patterns.include.map { "--include=\($0)" }
      + patterns.exclude.map { "--exclude=\($0)" }
  }

  /// Takes the last words away from `--text` that are meant for the command itself: the option takes every word up to
  /// the next option, also those at the end of the line. To be asked only where the command has no words of its own.
  /// - Parameter isMeant: whether a word may be one of the command's.
  mutating func takeBack(most: Int = .max, where isMeant: (String) -> Bool) -> [String] {
    var words: [String] = []
    while words.count < most, let last = paths.last, isMeant(last) { words.insert(paths.removeLast(), at: 0) }
    return words
  }

  /// A command's claims, or those at the end of `--text` if it has none.
  mutating func claims(or own: [String]) throws -> [String] {
    let claims = own.isEmpty ? takeBack(where: isName) : own
    if claims.isEmpty { throw ValidationError("Missing expected argument '<claims> ...'") }
    return claims
  }
}

/// Whether a word looks like a run's hash or its beginning.
func isHash(_ word: String) -> Bool { word.wholeMatch(of: /[0-9a-f]{4,16}/) != nil }

/// Whether a word can be the name of a claim or study, and not a file that is there.
func isName(_ word: String) -> Bool {
  word == "all" || Claim.named(word) != nil
    || word.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil && !FileManager.default.fileExists(atPath: word)
}
