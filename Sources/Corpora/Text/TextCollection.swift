// The files of a text corpus as they were read, once, with what was left out and why. Reading: TextFiles.swift.

/// A file of a text corpus.
public struct TextFile: Sendable, Hashable {
  /// For people: what is not UTF-8 in a name is U+FFFD.
  public var path: String
  /// Valid UTF-8 without NUL and without a byte-order mark.
  public var bytes: [UInt8]

  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// The texts of a corpus. Two runs read the same corpus if the contents of their files are the same in the same order;
/// where they were read from plays no part.
public struct TextCollection: Sendable, Hashable {
  /// Sorted by the bytes of their paths; no two have the same text, white space aside, and none is blank.
  public var files: [TextFile]
  /// What was asked for, or stands below it, and is not read.
  public var omitted: [OmittedFile]
  /// What came by standard input, if it was asked for.
  public var standardInput: TextFile?

  public init(files: [TextFile] = [], omitted: [OmittedFile] = [], standardInput: TextFile? = nil) {
    (self.files, self.omitted, self.standardInput) = (files, omitted, standardInput)
  }

  /// Number of bytes of all files.
  public var bytes: Int { files.reduce(0) { $0 + $1.bytes.count } }

  /// By the sizes only: the contents are long.
  public func hash(into hasher: inout Hasher) {
    for file in files { hasher.combine(file.bytes.count) }
  }
}

/// A file or directory that is not part of the corpus.
public struct OmittedFile: Sendable, Hashable {
  public enum Reason: Sendable, Hashable {
    /// Below a directory, its name begins with a dot.
    case hidden
    /// A pattern of the user's leaves it out.
    case excluded
    /// There is nothing in it, or only white space.
    case blank
    /// Below a directory, it is not text.
    case foreign(ForeignFormat)
    /// Below a directory, it is a link to a directory, which may lead in a circle.
    case linkedDirectory
    /// Below a directory, it is a link that leads nowhere.
    case brokenLink
    /// Below a directory, it is a pipe, a socket or a device.
    case special
    /// It has the same text as another file, white space aside.
    case duplicate(of: String)
  }

  public let path: String
  public let reason: Reason

  public init(path: String, reason: Reason) {
    (self.path, self.reason) = (path, reason)
  }
}

/// What was asked for and cannot be used.
public struct UnusableFile: Sendable, Hashable {
  public enum Reason: Sendable, Hashable {
    case missing
    /// The system's error number.
    case unreadable(Int32)
    /// A pipe, a socket or a device.
    case special
    case foreign(ForeignFormat)
  }

  public let path: String
  public let reason: Reason

  public init(path: String, reason: Reason) {
    (self.path, self.reason) = (path, reason)
  }

  /// Whether the system refused, in contrast to a file whose contents are of no use.
  public var isRefusal: Bool {
    switch reason {
    case .missing, .unreadable: true
    case .special, .foreign: false
    }
  }
}
