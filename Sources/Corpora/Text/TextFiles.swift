// Reads the files of a text corpus: finds them below directories, tells text from everything else, and keeps each text
// once. Which files are asked for: TextSelection.swift; cutting: TextSections.swift.

import Basics
import Foundation

extension TextSelection {
  /// More text than this many bytes is refused: it has to fit into memory, and models of this size learn from far less.
  public static let largestText = 1 << 30

  /// Reads everything that was asked for. Links are followed where the user named them, and to files; pipes and devices
  /// are never opened.
  ///
  /// - Parameter descriptor: where standard input is read from, to its end.
  /// - Throws: `unusableFiles` with all that cannot be used of what was named itself, and all below directories that
  ///   cannot be read; `tooMuchText`; `noText` if nothing is left.
  public func read(
    standardInput descriptor: Int32 = STDIN_FILENO, limit: Int = largestText
  ) throws(CorpusError) -> TextCollection {
    var search = FileSearch(selection: self)
    for path in Set(paths).sorted() where path != Self.standardInput { search.look(at: path) }
    var (omitted, unusable) = (search.omitted, search.unusable)
    var files: [TextFile] = []
    var rest = limit
    func take(_ contents: FileContents, _ path: String, isNamed: Bool) throws(CorpusError) {
      switch contents {
      case .text(let bytes) where hasNothingToRead(bytes): omitted.append(OmittedFile(path: path, reason: .blank))
      case .text(let bytes):
        rest -= bytes.count
        files.append(TextFile(path: path, bytes: bytes))
      case .foreign(let format) where isNamed: unusable.append(UnusableFile(path: path, reason: .foreign(format)))
      case .foreign(let format): omitted.append(OmittedFile(path: path, reason: .foreign(format)))
      case .special: unusable.append(UnusableFile(path: path, reason: .special))
      case .refused(let error): unusable.append(UnusableFile(path: path, reason: .unreadable(error)))
      case .tooLong: throw .tooMuchText(limit: limit)
      }
    }
    var collection = TextCollection()
    if hasStandardInput {
      try take(contents(of: descriptor, limit: rest, waits: true), Self.standardInputName, isNamed: true)
      collection.standardInput = files.last
    }
    for (place, isNamed) in search.sorted {
      try take(contents(ofFile: place, limit: rest), place.text, isNamed: isNamed)
    }
    if !unusable.isEmpty { throw .unusableFiles(unusable) }
    collection.files = distinct(files, &omitted)
    collection.omitted = omitted.sorted { Array($0.path.utf8).lexicographicallyPrecedes(Array($1.path.utf8)) }
    if files.isEmpty { throw .noText(paths: paths, omitted: collection.omitted) }
    return collection
  }
}

/// The first file of each text, white space aside.
func distinct(_ files: [TextFile], _ omitted: inout [OmittedFile]) -> [TextFile] {
  var texts = DistinctTexts()
  return files.enumerated().filter { index, file in
    guard let first = texts.insert(file.bytes) else { return true }
    omitted.append(OmittedFile(path: file.path, reason: .duplicate(of: files[first].path)))
    return false
  }.map(\.element)
}

/// Finds regular files. Every directory is visited once for each time it is named, because links to directories are
/// followed only where they were named.
private struct FileSearch {
  let selection: TextSelection
  private var places: [(place: TextPlace, isNamed: Bool, identity: FileIdentity)] = []
  private(set) var omitted: [OmittedFile] = []
  private(set) var unusable: [UnusableFile] = []

  struct FileIdentity: Hashable {
    let device: dev_t
    let number: ino_t
  }

  /// The paths that the user named, without slashes at the end.
  private let named: Set<[UInt8]>

  init(selection: TextSelection) {
    self.selection = selection
    named = Set(
      selection.paths.map { path in
        var bytes = Array(path.utf8)
        while bytes.count > 1 && bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        return bytes
      })
  }

  /// The files by the bytes of their paths, each once, whatever paths lead to it.
  var sorted: [(place: TextPlace, isNamed: Bool)] {
    let named = Set(places.filter(\.isNamed).map(\.identity))
    var seen = Set<FileIdentity>()
    return places.sorted { $0.place.path.lexicographicallyPrecedes($1.place.path) }
      .filter { seen.insert($0.identity).inserted }
      .map { ($0.place, named.contains($0.identity)) }
  }

  /// What the user named.
  mutating func look(at path: String) {
    let place = TextPlace(path)
    switch status(place, followsLinks: true) {
    case .failure(let error):
      let isMissing = [ENOENT, ENOTDIR].contains(error.number)
      unusable.append(UnusableFile(path: path, reason: isMissing ? .missing : .unreadable(error.number)))
    case .success(let status) where status.isDirectory: walk(place)
    case .success(let status) where status.isFile: add(place, status, isNamed: true)
    case .success: unusable.append(UnusableFile(path: path, reason: .special))
    }
  }

  private mutating func add(_ place: TextPlace, _ status: stat, isNamed: Bool) {
    guard selection.accepts(place) else { return leaveOut(place, .excluded) }
    places.append((place, isNamed, FileIdentity(device: status.st_dev, number: status.st_ino)))
  }

  private mutating func leaveOut(_ place: TextPlace, _ reason: OmittedFile.Reason) {
    omitted.append(OmittedFile(path: place.text, reason: reason))
  }

  private mutating func walk(_ root: TextPlace) {
    var directories = [root]
    while let directory = directories.popLast() {
      let names: [[UInt8]]
      switch fileNames(in: directory) {
      case .success(let found): names = found
      case .failure(let error):
        unusable.append(UnusableFile(path: directory.text, reason: .unreadable(error.number)))
        continue
      }
      for name in names {
        let place = TextPlace(name, below: directory, isRoot: directory == root)
        if named.contains(place.path) { continue }  // looked at by itself
        if name.first == UInt8(ascii: ".") {
          leaveOut(place, .hidden)
          continue
        }
        switch (status(place, followsLinks: false), status(place, followsLinks: true)) {
        case (.success(let own), .success(let target)) where target.isDirectory:
          if !selection.accepts(place, isDirectory: true) {
            leaveOut(place, .excluded)
          } else if own.isDirectory {
            directories.append(place)
          } else {
            leaveOut(place, .linkedDirectory)
          }
        case (_, .success(let target)) where target.isFile: add(place, target, isNamed: false)
        case (_, .success): leaveOut(place, selection.accepts(place) ? .special : .excluded)
        case (_, .failure(let error)):
          if [ENOENT, ENOTDIR, ELOOP].contains(error.number) {
            leaveOut(place, .brokenLink)
          } else {
            unusable.append(UnusableFile(path: place.text, reason: .unreadable(error.number)))
          }
        }
      }
    }
  }
}

extension stat {
  fileprivate var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
  fileprivate var isFile: Bool { st_mode & S_IFMT == S_IFREG }
}

extension TextPlace {
  fileprivate func withPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    (path + [0]).map(CChar.init(bitPattern:)).withUnsafeBufferPointer { pointer in
      pointer.baseAddress.map(body) ?? body("")
    }
  }
}

private func status(_ place: TextPlace, followsLinks: Bool) -> Result<stat, SystemError> {
  var status = stat()
  let result = place.withPath { fstatat(AT_FDCWD, $0, &status, followsLinks ? 0 : AT_SYMLINK_NOFOLLOW) }
  return result == 0 ? .success(status) : .failure(SystemError(errno))
}

/// The names in a directory, without `.` and `..`.
private func fileNames(in directory: TextPlace) -> Result<[[UInt8]], SystemError> {
  guard let stream = directory.withPath(opendir) else { return .failure(SystemError(errno)) }
  defer { closedir(stream) }
  var names: [[UInt8]] = []
  while true {
    errno = 0
    guard let entry = readdir(stream) else {
      return errno == 0 ? .success(names) : .failure(SystemError(errno))
    }
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      let start = UnsafeRawPointer(pointer)
      return Array(UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self))))
    }
    if name != Array(".".utf8) && name != Array("..".utf8) { names.append(name) }
  }
}

/// What is in a file.
enum FileContents {
  /// Without a byte-order mark.
  case text([UInt8])
  case foreign(ForeignFormat)
  /// A pipe or a device by now.
  case special
  case refused(Int32)
  case tooLong
}

func contents(ofFile place: TextPlace, limit: Int = TextSelection.largestText) -> FileContents {
  // Without waiting for the other end, should the file have become a pipe in the meantime.
  let descriptor = place.withPath { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
  if descriptor < 0 { return .refused(errno) }
  defer { close(descriptor) }
  var status = stat()
  if fstat(descriptor, &status) != 0 { return .refused(errno) }
  return status.isFile ? contents(of: descriptor, limit: limit, waits: false) : .special
}

/// Reads to the end, but no further than it takes to see that there is no text.
/// - Parameter waits: whether to wait for what is yet to come; a file has all that it has.
private func contents(of descriptor: Int32, limit: Int, waits: Bool) -> FileContents {
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &piece, piece.count)
    if count < 0 {
      if errno == EINTR { continue }
      if errno == EAGAIN && waits {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&request, 1, -1) >= 0 || errno == EINTR { continue }
      }
      return .refused(errno)
    }
    if count == 0 { break }
    bytes += piece[..<count]
    if bytes.count > limit { return .tooLong }
    if piece[..<count].contains(0) { break }
  }
  if let format = ForeignFormat(of: bytes) { return .foreign(format) }
  let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  return .text(bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes)
}

/// Whether there is nothing but white space and invisible characters.
func hasNothingToRead(_ bytes: [UInt8]) -> Bool {
  !bytes.contains { $0 < 0x80 && !isBlank($0) } && comparable(bytes).isEmpty
}

/// White space of ASCII.
func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
