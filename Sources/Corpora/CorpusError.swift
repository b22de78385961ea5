// Everything that can be wrong with a corpus, each as one line that names the place and the remedy.

/// Why a corpus could not be built.
public enum CorpusError: Error, CustomStringConvertible, Sendable, Equatable {
  /// A field of a specification is outside its range.
  case invalidSpecification(field: String, value: String, allowed: String)
  /// The training context cannot hold the shortest document or item.
  case contextTooShort(context: Int, minimum: Int)
  /// A word is not in a closed vocabulary.
  case unknownWord(String)
  /// A path does not exist.
  case missingFile(path: String)
  /// A path exists but cannot be read.
  case unreadableFile(path: String)
  /// A path leads to something that is neither a file nor a directory.
  case notAFile(path: String)
  /// A name below a directory is not valid UTF-8, so the file cannot be opened by it.
  case nameNotUTF8(path: String)
  /// A file is not valid UTF-8; the offset of its first invalid byte.
  case notUTF8(path: String, offset: Int)
  /// No path was given, or there is nothing to read in them.
  case noText(paths: [String])
  /// There are fewer documents than a held-out split needs.
  case tooFewDocuments(found: Int, needed: Int)
  /// A part of the corpus has fewer tokens than a use of it needs.
  case corpusTooSmall(part: String, tokens: Int, needed: Int)
  /// A task cannot supply as many distinct items as were asked for.
  case tooFewItems(task: String, available: Int, requested: Int)

  public var description: String {
    switch self {
    case .invalidSpecification(let field, let value, let allowed):
      "corpus field \(field) is \(value); allowed: \(allowed)"
    case .contextTooShort(let context, let minimum):
      "the context of \(context) tokens is too short for this corpus; use at least \(minimum)"
    case .unknownWord(let word):
      "the word \"\(word)\" is not in the closed vocabulary; use only words that `replicate corpus world` prints"
    case .missingFile(let path):
      "\(path): no such file or directory; check the path"
    case .unreadableFile(let path):
      "\(path): cannot be read; check its permissions"
    case .notAFile(let path):
      "\(path): neither a file nor a directory but a pipe or a device; save the text in a file"
    case .nameNotUTF8(let path):
      "\(path): this name is not valid UTF-8; rename the file"
    case .notUTF8(let path, let offset):
      "\(path): not valid UTF-8 at byte \(offset); convert the file (for example with iconv) or leave it out"
    case .noText(let paths):
      "no text in \(paths.isEmpty ? "an empty list of paths" : paths.joined(separator: ", ")); "
        + "give at least one file with text"
    case .tooFewDocuments(let found, let needed):
      "the text has \(found) distinct documents but the held-out split needs \(needed); give more files, or separate "
        + "documents in a single file by blank lines"
    case .corpusTooSmall(let part, let tokens, let needed):
      "the \(part) part has \(tokens) tokens but needs \(needed); give more text or change the held-out share"
    case .tooFewItems(let task, let available, let requested):
      "task \(task) has \(available) distinct items but \(requested) were asked for; "
        + "ask for fewer items" + (task == "functions" ? "" : " or give more text")
    }
  }
}
