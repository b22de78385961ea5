// What was left out of a text corpus, in words.

extension [OmittedFile] {
  /// "2 files that are not text (a.png: a PNG image, b.gz: compressed by gzip); 1 empty file (c.txt)", on one line;
  /// empty if nothing was left out. Of many files of a kind the first few are named.
  public var summary: String {
    OmissionKind.allCases.compactMap { kind in
      let files = filter { kind == OmissionKind($0.reason) }
      return files.isEmpty ? nil : kind.text(files)
    }.joined(separator: "; ")
  }
}

/// The order in which reasons are told: what may surprise comes first.
private enum OmissionKind: CaseIterable {
  case foreign, duplicate, linkedDirectory, brokenLink, special, blank, hidden, excluded

  init(_ reason: OmittedFile.Reason) {
    switch reason {
    case .foreign: self = .foreign
    case .duplicate: self = .duplicate
    case .linkedDirectory: self = .linkedDirectory
    case .brokenLink: self = .brokenLink
    case .special: self = .special
    case .blank: self = .blank
    case .hidden: self = .hidden
    case .excluded: self = .excluded
    }
  }

  func text(_ files: [OmittedFile]) -> String {
    let named = 3
    var names = files.prefix(named).map { file in
      switch file.reason {
      case .foreign(let format): "\(file.path): \(format.name)"
      case .duplicate(let other): "\(file.path) as \(other)"
      default: file.path
      }
    }
    if files.count > named { names.append("and \(files.count - named) more") }
    let list = "(\(names.joined(separator: ", ")))"
    let (count, plural) = (files.count, files.count == 1 ? "" : "s")
    let directories = "director\(count == 1 ? "y" : "ies")"
    return switch self {
    case .foreign: "\(count) file\(plural) that \(count == 1 ? "is" : "are") not text \(list)"
    case .duplicate: "\(count) file\(plural) with the same text as another \(list)"
    case .linkedDirectory: "\(count) linked \(directories) \(list), read where named by path"
    case .brokenLink: "\(count) link\(plural) that lead\(count == 1 ? "s" : "") nowhere \(list)"
    case .special: "\(count) pipe\(plural) or device\(plural) \(list)"
    case .blank: "\(count) empty file\(plural) \(list)"
    case .hidden: "\(count) hidden file\(plural) or \(directories) \(list), read where named by path"
    case .excluded: "\(count) by --include or --exclude \(list)"
    }
  }
}
