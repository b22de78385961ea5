// Which files a user asks for: paths and patterns, before anything is read. Reading: TextFiles.swift.

import Foundation

/// What a text corpus is to be read from.
public struct TextSelection: Sendable, Hashable {
  /// The path that stands for standard input.
  public static let standardInput = "-"
  /// What messages call standard input.
  public static let standardInputName = "standard input"

  /// Files, directories that are read with everything below them, or `standardInput`.
  public var paths: [String]
  /// Shell patterns of which a file has to match one; none for all files.
  public var include: [String]
  /// Shell patterns of which a file may match none.
  public var exclude: [String]

  public init(paths: [String], include: [String] = [], exclude: [String] = []) {
    (self.paths, self.include, self.exclude) = (paths, include, exclude)
  }

  /// Whether a path is `standardInput`.
  public var hasStandardInput: Bool { paths.contains(Self.standardInput) }

  /// Whether the patterns leave a file in, or a directory below which they have yet to decide.
  func accepts(_ place: TextPlace, isDirectory: Bool = false) -> Bool {
    if exclude.contains(where: place.matches) { return false }
    return isDirectory || include.isEmpty || include.contains(where: place.matches)
  }
}

/// Where a file is, as the bytes of its path: a file name may be anything but NUL and `/`.
struct TextPlace: Sendable, Hashable {
  /// The path by which the file is opened.
  let path: [UInt8]
  /// The path below the directory that was asked for; the last part of the path of a file that was asked for itself.
  let relative: [UInt8]

  /// What was asked for itself.
  init(_ path: String) {
    self.path = Array(path.utf8)
    relative = Array(path.utf8.split(separator: UInt8(ascii: "/")).last ?? [])
  }

  /// The entry of that name below a directory that was asked for.
  init(_ name: [UInt8], below directory: TextPlace, isRoot: Bool) {
    let slash = UInt8(ascii: "/")
    path = directory.path + (directory.path.last == slash ? [] : [slash]) + name
    relative = isRoot ? name : directory.relative + [slash] + name
  }

  /// The path for people; what is not UTF-8 in it is U+FFFD.
  var text: String { String(decoding: path, as: UTF8.self) }

  /// Whether a shell pattern matches: one without a slash the name of the file or of a directory that it is in, one
  /// with a slash the path, whole or up to a directory, as it is shown or below the directory that was asked for. `*`
  /// also matches slashes.
  func matches(_ pattern: String) -> Bool {
    var pattern = pattern[...]
    while pattern.count > 1 && pattern.hasSuffix("/") { pattern.removeLast() }
    let slash = UInt8(ascii: "/")
    guard pattern.utf8.contains(slash) else {
      return relative.split(separator: slash).contains { agrees(String(pattern), Array($0), flags: 0) }
    }
    // `**/x` is meant to match x at the top as well.
    return [relative, Array("./".utf8) + relative, path].contains {
      agrees(String(pattern), $0, flags: leadingDirectory)
    }
  }
}

/// FNM_LEADING_DIR of the C library, which its header hides unless asked: what follows a match after a slash is
/// ignored.
private let leadingDirectory: Int32 = 1 << 3

/// fnmatch(3) on characters of UTF-8, whatever the locale of the process is.
private func agrees(_ pattern: String, _ name: [UInt8], flags: Int32) -> Bool {
  let locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
  let before = locale.map { uselocale($0) }
  defer {
    if let before { uselocale(before) }
    if let locale { freelocale(locale) }
  }
  return (name + [0]).withUnsafeBufferPointer { name in
    name.withMemoryRebound(to: CChar.self) { name in
      name.baseAddress.map { fnmatch(pattern, $0, flags) == 0 } ?? false
    }
  }
}
