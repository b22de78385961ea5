// Everything that can be wrong with a corpus, each as one line that names the place and the remedy.

import Basics
import Foundation

/// Why a corpus could not be built.
public enum CorpusError: ExitStatusProviding, Equatable {
  /// A field of a specification is outside its range.
  case invalidSpecification(field: String, value: String, allowed: String)
  /// The training context cannot hold the shortest document or item.
  case contextTooShort(context: Int, minimum: Int)
  /// A word is not in a closed vocabulary.
  case unknownWord(String)
  /// Files and directories of a text corpus that cannot be used, all that there are.
  case unusableFiles([UnusableFile])
  /// There is more text than a corpus may have, in bytes.
  case tooMuchText(limit: Int)
  /// No path was given, or there is nothing to read in them.
  case noText(paths: [String], omitted: [OmittedFile])
  /// A specification was made for a program that cut texts in another way.
  case otherTextVersion(Int)
  /// The text cannot be split, not even into two documents; `repeated` more bytes were left out because they stand in it
  /// already.
  case textTooShort(bytes: Int, repeated: Int)
  /// The training part of a text has fewer tokens than are asked for.
  case tooFewTokens(available: Int, requested: Int)
  /// The held-out part of a text has fewer different sequences than are asked for.
  case tooFewSequences(available: Int, requested: Int)
  /// A task cannot supply as many distinct items as were asked for.
  case tooFewItems(task: String, available: Int, requested: Int)
  /// A natural corpus is not installed.
  case packageMissing(corpus: String, packages: [String])
  /// The files of a natural corpus are not what they should be.
  case damagedPackage(corpus: String, packages: [String], reason: String)
  /// A program that prints a natural corpus is not there, takes too long or fails.
  case programFailed(program: String, reason: String)

  public var exitStatus: ExitStatus {
    switch self {
    case .invalidSpecification, .contextTooShort: .usage
    case .unusableFiles(let files) where files.contains(where: \.isRefusal): .io
    case .packageMissing, .programFailed: .io
    case .unknownWord, .unusableFiles, .tooMuchText, .noText, .otherTextVersion, .textTooShort, .tooFewTokens,
      .tooFewSequences, .tooFewItems, .damagedPackage:
      .badData
    }
  }

  public var description: String {
    switch self {
    case .invalidSpecification(let field, let value, let allowed):
      "corpus field \(field) is \(value); allowed: \(allowed)"
    case .contextTooShort(let context, let minimum):
      "the context of \(context) tokens is too short for this corpus; use at least \(minimum) (`context` in [model])"
    case .unknownWord(let word):
      "the word \"\(word)\" is not in the closed vocabulary; use only words that `replicate corpus world` prints"
    case .unusableFiles(let files):
      complaints(about: files)
    case .tooMuchText(let limit):
      "more than \(limit >> 20) MiB of text; give a part of it, models of this size learn from less than one"
    case .noText(let paths, let omitted):
      complaint(about: paths, omitted)
    case .otherTextVersion(let version):
      "made by a version of the program that cut texts in another way (\(version), now "
        + "\(TextSpecification.currentVersion)); train it again, or use that version"
    case .textTooShort(let bytes, let repeated) where repeated > bytes:
      "\(repeated) bytes of the text are repetitions, and the other \(bytes) are too few to hold a part of them out; give "
        + "\(TextSpecification.enough) that does not repeat itself"
    case .textTooShort(let bytes, _):
      "\(bytes) bytes of text are too few to hold a part of them out; give more text"
    case .tooFewTokens(let available, let requested):
      "the training part of the text has \(available) tokens, but \(requested) were asked for; ask for fewer"
    case .tooFewSequences(let available, let requested):
      "the held-out part of the text has \(available) different sequences, but \(requested) were asked for; ask for "
        + "\(available) or fewer"
    case .tooFewItems(let task, let available, let requested):
      "task \(task) has \(available) distinct items but \(requested) were asked for; ask for \(available) or fewer"
    case .packageMissing(let corpus, let packages):
      "the corpus \(corpus) is not installed; run `make natural`, or `apt-get install "
        + packages.joined(separator: " ") + "`"
    case .damagedPackage(let corpus, let packages, let reason):
      "the corpus \(corpus): \(reason); run `apt-get install --reinstall \(packages.joined(separator: " "))`"
    case .programFailed(let program, let reason):
      "`\(program)` \(reason); natural corpora are read by the programs of a Debian system: run `make natural`"
    }
  }
}

/// "a.txt, b.txt: no such file or directory; check the path. c.png: a PNG image; leave it out".
private func complaints(about files: [UnusableFile]) -> String {
  var groups: [(complaint: String, remedy: String, paths: [String])] = []
  for file in files {
    let (complaint, remedy) = file.complaint
    if let index = groups.firstIndex(where: { $0.complaint == complaint }) {
      groups[index].paths.append(file.path)
    } else {
      groups.append((complaint, remedy, [file.path]))
    }
  }
  return groups.map { complaint, remedy, paths in
    let more = paths.count > 20 ? " and \(paths.count - 20) more" : ""
    return "\(paths.prefix(20).joined(separator: ", "))\(more): \(complaint); \(remedy)"
  }.joined(separator: ". ")
}

extension UnusableFile {
  fileprivate var complaint: (what: String, remedy: String) {
    switch reason {
    case .missing: ("no such file or directory", "check the path")
    case .unreadable(let error): ("cannot be read: \(systemMessage(error))", remedy(for: error))
    case .special:
      (
        "neither a file nor a directory but a pipe or a device",
        "save the text in a file, or give it on standard input, which is named `-`"
      )
    case .foreign(let format): (format.name, format.remedy)
    }
  }
}

private func remedy(for error: Int32) -> String {
  switch error {
  case EACCES, EPERM: "change its permissions, or leave it out with --exclude"
  case ELOOP: "its links form a loop: name what they should lead to"
  case ENAMETOOLONG: "give a shorter path, for example from within the directory"
  case EISDIR: "give the directory as a path"
  default: "check the disk, or leave it out with --exclude"
  }
}

/// What there is in place of text.
private func complaint(about paths: [String], _ omitted: [OmittedFile]) -> String {
  if paths.isEmpty { return "no text in an empty list of paths; give at least one file with text" }
  let names = paths.map { $0 == TextSelection.standardInput ? TextSelection.standardInputName : $0 }
  let summary = omitted.filter { $0.reason != .blank || !paths.contains($0.path) }.summary
  return "no text in \(names.joined(separator: ", "))" + (summary.isEmpty ? "" : " (left out: \(summary))")
    + "; give at least one file with text"
}
