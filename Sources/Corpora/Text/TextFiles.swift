// Reads the files of a text corpus and cuts them into documents. Nothing here depends on a seed or a tokeniser.

import Foundation

/// A file of a text corpus.
public struct TextFile: Sendable, Hashable {
  public var path: String
  /// Valid UTF-8.
  public var bytes: [UInt8]

  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

extension TextSpecification {
  /// The files that the corpus consists of, sorted by path, each once, empty ones left out. Below a directory, hidden
  /// files and those that are no regular ones (pipes, devices, dangling links) are left out too.
  ///
  /// Throws `missingFile`, `unreadableFile`, `notAFile`, `nameNotUTF8`, `notUTF8`, or `noText` if nothing is left.
  public func files() throws(CorpusError) -> [TextFile] {
    var found = Set<String>()
    for path in paths {
      switch try kind(of: path) {
      case S_IFREG: found.insert(path)
      case S_IFDIR: found.formUnion(try regularFiles(below: path))
      default: throw .notAFile(path: path)
      }
    }
    var files: [TextFile] = []
    for path in found.sorted() {
      guard let data = FileManager.default.contents(atPath: path) else { throw .unreadableFile(path: path) }
      let bytes = [UInt8](data)
      if let offset = firstInvalidUTF8(bytes) { throw .notUTF8(path: path, offset: offset) }
      if !bytes.allSatisfy(isBlank) { files.append(TextFile(path: path, bytes: bytes)) }
    }
    if files.isEmpty { throw .noText(paths: paths) }
    return files
  }

  /// The distinct documents in the order of the files: each file is one; a single file is cut into sections of a
  /// fortieth of the file, but 200 to 2000 bytes or more.
  func documents() throws(CorpusError) -> [[UInt8]] { Self.documents(of: try files()) }

  static func documents(of files: [TextFile]) -> [[UInt8]] {
    var documents = files.map(\.bytes)
    if files.count == 1 {
      let size = min(2000, max(200, files[0].bytes.count / 40))
      documents = sections(of: files[0].bytes, size: size).map(Array.init)
    }
    var seen = Set<[UInt8]>()
    return documents.filter { seen.insert($0).inserted }
  }
}

private func regularFiles(below directory: String) throws(CorpusError) -> [String] {
  guard let below = try? FileManager.default.subpathsOfDirectory(atPath: directory) else {
    throw .unreadableFile(path: directory)
  }
  let visible = below.filter { !$0.split(separator: "/").contains { $0.hasPrefix(".") } }
  let paths = visible.map { directory.hasSuffix("/") ? directory + $0 : directory + "/" + $0 }
  var status = stat()
  if let path = paths.first(where: { lstat($0, &status) != 0 && errno == ENOENT }) { throw .nameNotUTF8(path: path) }
  return paths.filter { (try? kind(of: $0)) == S_IFREG }
}

/// The type bits of what a path leads to, links followed.
private func kind(of path: String) throws(CorpusError) -> mode_t {
  var status = stat()
  if stat(path, &status) == 0 { return status.st_mode & S_IFMT }
  throw [ENOENT, ENOTDIR].contains(errno) ? .missingFile(path: path) : .unreadableFile(path: path)
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

/// Offset of the first byte that is not part of a well-formed sequence (Unicode 15, table 3-7), or nil.
func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
  var index = 0
  while index < bytes.count {
    let second: ClosedRange<UInt8>
    let length: Int
    switch bytes[index] {
    case 0x00...0x7F:
      index += 1
      continue
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    default: return index
    }
    guard index + length <= bytes.count, second.contains(bytes[index + 1]),
      bytes[(index + 2)..<max(index + 2, index + length)].allSatisfy({ (0x80...0xBF).contains($0) })
    else { return index }
    index += length
  }
  return nil
}
