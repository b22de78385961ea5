// The corpora that were not made for this program: which Debian packages they come in and which of their files are
// read. What those look like inside: NaturalTexts.swift; asking the system: DebianSystem.swift.

/// A corpus of real English or real code from packages that Debian ships. It is read where it is installed; `make
/// natural` installs all of them.
public enum NaturalCorpus: String, Codable, CaseIterable, Sendable {
  /// The King James Bible as `bible` prints it; each document is a chapter, each line a verse.
  case kjv
  /// The glosses of WordNet, one per line; a document has some that follow each other.
  case glosses
  /// The sources of the Python standard library; a document is a section of a file.
  case stdlib
  /// Debian's policy manuals and Perl's manual; a document is a section of a file.
  case manuals

  /// The Debian packages to be installed.
  public var packages: [String] {
    switch self {
    case .kjv: ["bible-kjv", "bible-kjv-text"]
    case .glosses: ["wordnet-base"]
    case .stdlib: ["libpython3-stdlib"]
    case .manuals: ["debian-policy", "perl-doc"]
    }
  }

  /// What is in it, for lists of corpora.
  public var summary: String {
    switch self {
    case .kjv: "the King James Bible, by chapters"
    case .glosses: "the glosses of WordNet, by groups of \(Self.glossesInDocument)"
    case .stdlib: "the sources of the Python standard library, by sections"
    case .manuals: "Debian's policy manuals and Perl's manual, by sections"
    }
  }

  /// Its name in figures and sentences.
  public var title: String {
    switch self {
    case .kjv: "King James Bible"
    case .glosses: "WordNet's glosses"
    case .stdlib: "Python's standard library"
    case .manuals: "Debian's and Perl's manuals"
    }
  }

  static let glossesInDocument = 32
  /// Files are cut into sections of this many bytes and up to twice as many: about as long as a chapter of the Bible,
  /// so that the documents that a small budget takes are not all of one file.
  static let sectionBytes = 2000

  /// The packages whose files are read, with patterns for names that have a version in them.
  private var sources: [String] {
    switch self {
    case .kjv, .glosses, .manuals: packages
    case .stdlib: ["libpython3.*-minimal", "libpython3.*-stdlib"]
    }
  }

  /// Whether the packages are installed.
  public var isInstalled: Bool {
    let system = DebianSystem()
    return sources.allSatisfy { (try? system.files(ofPackage: $0)) != nil }
  }

  /// Reads the whole corpus. Its documents are the files of the collection, sorted by their names: the same versions of
  /// the packages give the same bytes in the same order on every machine, whatever else is installed.
  /// - Throws: `packageMissing`, `programFailed`, `damagedPackage`, `unusableFiles`.
  public func read() throws(CorpusError) -> TextCollection { try read(from: DebianSystem()) }

  func read(from system: DebianSystem) throws(CorpusError) -> TextCollection {
    var files: [String] = []
    for pattern in sources {
      guard let found = try system.files(ofPackage: pattern) else {
        throw .packageMissing(corpus: rawValue, packages: packages)
      }
      files += found
    }
    var omitted: [OmittedFile] = []
    var texts: [TextFile] = []
    switch self {
    case .kjv:
      // Without -p, data in the current directory would be read in place of the package's.
      let folders = files.filter { $0.hasSuffix("/bible.data") }.map { String($0.dropLast("/bible.data".count)) }
      let arguments = ["-f"] + folders.prefix(1).flatMap { ["-p", $0] } + ["gen1:1-rev22:21"]
      texts = try chapters(try system.run("bible", arguments))
    case .glosses:
      for path in files where path.contains("/wordnet/data.") {
        guard let data = try text(path, &omitted) else { continue }
        texts += try glossGroups(data, path: path)
      }
    case .stdlib:
      for path in files where path.contains("/lib/python3") && path.hasSuffix(".py") {
        guard let source = try text(path, &omitted) else { continue }
        texts += sectionFiles(of: source, path: path)
      }
    case .manuals:
      for path in files where path.hasSuffix(".txt.gz") {
        guard let manual = text(try system.run("gzip", ["-dc", path]), path, &omitted) else { continue }
        texts += sectionFiles(of: manual, path: path)
      }
      for path in files where path.hasSuffix(".pod") {
        guard let manual = try text(path, &omitted) else { continue }
        texts += sectionFiles(of: manual, path: path)
      }
    }
    if texts.isEmpty { throw .damagedPackage(corpus: rawValue, packages: packages, reason: "no text in its files") }
    texts.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    let distinctTexts = distinct(texts, &omitted)
    return TextCollection(files: distinctTexts, omitted: omitted)
  }

  /// A file's text; nil if it is left out.
  private func text(_ path: String, _ omitted: inout [OmittedFile]) throws(CorpusError) -> [UInt8]? {
    switch contents(ofFile: TextPlace(path)) {
    case .text(let bytes): return text(bytes, path, &omitted)
    case .foreign(let format): omitted.append(OmittedFile(path: path, reason: .foreign(format)))
    case .special: throw .unusableFiles([UnusableFile(path: path, reason: .special)])
    case .refused(let error): throw .unusableFiles([UnusableFile(path: path, reason: .unreadable(error))])
    case .tooLong: throw .tooMuchText(limit: TextSelection.largestText)
    }
    return nil
  }

  /// The bytes, if they are text in a script of which ASCII is the greater part: Perl's manual has pages in Chinese,
  /// Japanese and Korean.
  private func text(_ bytes: [UInt8], _ path: String, _ omitted: inout [OmittedFile]) -> [UInt8]? {
    let reason: OmittedFile.Reason
    if let format = ForeignFormat(of: bytes) {
      reason = .foreign(format)
    } else if hasNothingToRead(bytes) {
      reason = .blank
    } else if bytes.count(where: { $0 >= 0x80 }) * 4 > bytes.count {
      reason = .excluded
    } else {
      return bytes
    }
    omitted.append(OmittedFile(path: path, reason: reason))
    return nil
  }
}
