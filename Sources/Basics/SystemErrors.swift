// What the operating system says when it refuses something, in its own words: no numbers, and nothing of the libraries in
// between.

import Foundation

/// An error number of the system.
public struct SystemError: ExitStatusProviding, Equatable {
  public let number: Int32
  public var description: String { systemMessage(number) }
  public var exitStatus: ExitStatus { .io }

  public init(_ number: Int32) { self.number = number }

  /// That of the call that has just failed.
  static var last: SystemError { SystemError(errno) }
}

/// What the system calls an error number, in lower case: "resource temporarily unavailable".
public func systemMessage(_ number: Int32) -> String {
  let message = String(cString: strerror(number))
  return message.prefix(1).lowercased() + message.dropFirst()
}

/// Why something of Foundation's failed, as the system says it. Foundation's own text ends in a number.
public func systemReason(_ error: any Error) -> String {
  var next: (any Error)? = error
  while let error = next {
    if let error = error as? SystemError { return error.description }
    if let error = error as? POSIXError { return systemMessage(error.code.rawValue) }
    let foundation = error as NSError
    if foundation.domain == NSPOSIXErrorDomain { return systemMessage(Int32(truncatingIfNeeded: foundation.code)) }
    next = foundation.userInfo[NSUnderlyingErrorKey] as? any Error
  }
  switch (error as? CocoaError)?.code {
  case .fileNoSuchFile, .fileReadNoSuchFile: return systemMessage(ENOENT)
  case .fileReadNoPermission, .fileWriteNoPermission: return systemMessage(EACCES)
  case .fileWriteFileExists: return systemMessage(EEXIST)
  case .fileWriteOutOfSpace: return systemMessage(ENOSPC)
  case .fileWriteVolumeReadOnly: return systemMessage(EROFS)
  default: return "the system refused it"
  }
}

/// The bytes of a file, which may have `limit` of them.
public func contents(ofFile path: String, limit: Int = .max) throws(SystemError) -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw .last }
  defer { close(file) }
  var bytes: [UInt8] = []
  var information = stat()
  if fstat(file, &information) == 0 {
    if information.st_size > limit { throw SystemError(EFBIG) }
    bytes.reserveCapacity(Int(information.st_size))
  }
  let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  defer { piece.deallocate() }
  while true {
    let count = read(file, piece.baseAddress, piece.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw .last }
    if count == 0 { return bytes }
    if bytes.count > limit - count { throw SystemError(EFBIG) }
    bytes.append(contentsOf: piece[..<count])
  }
}
