// Whether a file is text; if not, what it probably is, and how to convert it to text.

/// What a file that is not UTF-8 text probably is.
public enum ForeignFormat: Sendable, Hashable {
  /// Known by what it begins with.
  case signature(Signature)
  /// Text in two bytes per character, with or without a byte-order mark.
  case utf16(isBigEndian: Bool)
  /// Text in four bytes per character, with a byte-order mark.
  case utf32(isBigEndian: Bool)
  /// NUL at this byte: a file of some program, or text that was damaged.
  case nul(offset: Int)
  /// Control characters and no valid UTF-8 from this byte on: a file of some program.
  case binary(offset: Int)
  /// Mostly UTF-8, but not at this byte.
  case damagedUTF8(offset: Int)
  /// Text in one of the older encodings; not UTF-8 from this byte on.
  case otherEncoding(offset: Int)

  /// A kind of file that says by its first bytes what it is.
  public enum Signature: Sendable, Hashable, CaseIterable {
    case gzip, bzip2, xz, zstandard, zip, sevenZip, tar
    case pdf, ole, sqlite, elf
    case png, jpeg, gif, webP, tiff
    case wav, ogg, mp3
  }

  /// What it is, to be said after "is".
  public var name: String {
    switch self {
    case .signature(let signature): signature.name
    case .utf16(let isBigEndian): "text in UTF-16 (\(isBigEndian ? "big" : "little")-endian)"
    case .utf32(let isBigEndian): "text in UTF-32 (\(isBigEndian ? "big" : "little")-endian)"
    case .nul(let offset): "not text: NUL at byte \(offset)"
    case .binary(let offset): "not text: no UTF-8 at byte \(offset)"
    case .damagedUTF8(let offset): "not valid UTF-8 at byte \(offset)"
    case .otherEncoding(let offset): "not UTF-8 at byte \(offset), perhaps text in an older encoding"
    }
  }

  /// What to do about it: FILE is the file, NEW a new one.
  public var remedy: String {
    switch self {
    case .signature(let signature): signature.remedy
    case .utf16(let isBigEndian): "convert it by `iconv -f UTF-16\(isBigEndian ? "BE" : "LE") -t UTF-8 FILE > NEW`"
    case .utf32(let isBigEndian): "convert it by `iconv -f UTF-32\(isBigEndian ? "BE" : "LE") -t UTF-8 FILE > NEW`"
    case .nul: "leave it out, or if it is text all the same, drop them by `tr -d '\\000' < FILE > NEW`"
    case .binary: "leave it out"
    case .damagedUTF8: "drop what is damaged by `iconv -c -f UTF-8 -t UTF-8 FILE > NEW`"
    case .otherEncoding: "convert it from the encoding that it has, for example `iconv -f LATIN1 -t UTF-8 FILE > NEW`"
    }
  }
}

extension ForeignFormat.Signature {
  var name: String {
    switch self {
    case .gzip: "compressed by gzip"
    case .bzip2: "compressed by bzip2"
    case .xz: "compressed by xz"
    case .zstandard: "compressed by zstd"
    case .zip: "a ZIP archive (as .docx, .odt, .epub and .jar files are)"
    case .sevenZip: "a 7z archive"
    case .tar: "a tar archive"
    case .pdf: "a PDF document"
    case .png: "a PNG image"
    case .jpeg: "a JPEG image"
    case .gif: "a GIF image"
    case .webP: "a WebP image"
    case .tiff: "a TIFF image"
    case .ole: "an older Microsoft Office document"
    case .sqlite: "an SQLite database"
    case .elf: "a compiled program or library"
    case .wav: "a WAV recording"
    case .ogg: "an Ogg recording"
    case .mp3: "an MP3 recording"
    }
  }

  var remedy: String {
    switch self {
    case .gzip: "unpack it by `gzip -dc FILE > NEW`"
    case .bzip2: "unpack it by `bzip2 -dc FILE > NEW`"
    case .xz: "unpack it by `xz -dc FILE > NEW`"
    case .zstandard: "unpack it by `zstd -dc FILE > NEW`"
    case .zip: "unpack it by `unzip FILE -d NEW`, or export the document as plain text"
    case .sevenZip: "unpack it by `7z x FILE`"
    case .tar: "unpack it by `tar -xf FILE`"
    case .pdf: "take its text out by `pdftotext FILE NEW`"
    case .ole: "export the document as plain text"
    case .sqlite: "take its text out by `sqlite3 FILE .dump > NEW`, or leave it out"
    case .png, .jpeg, .gif, .webP, .tiff, .elf, .wav, .ogg, .mp3: "leave it out"
    }
  }

  /// What the file has at an offset.
  private var magic: (offset: Int, bytes: [UInt8]) {
    switch self {
    case .gzip: (0, [0x1F, 0x8B])
    case .bzip2: (0, Array("BZh".utf8))
    case .xz: (0, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])
    case .zstandard: (0, [0x28, 0xB5, 0x2F, 0xFD])
    case .zip: (0, [0x50, 0x4B, 0x03, 0x04])
    case .sevenZip: (0, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C])
    case .tar: (257, Array("ustar".utf8))
    case .pdf: (0, Array("%PDF-".utf8))
    case .png: (0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    case .jpeg: (0, [0xFF, 0xD8, 0xFF])
    case .gif: (0, Array("GIF8".utf8))
    case .webP: (8, Array("WEBP".utf8))
    case .tiff: (0, [0x49, 0x49, 0x2A, 0x00])
    case .ole: (0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
    case .sqlite: (0, Array("SQLite format 3".utf8))
    case .elf: (0, [0x7F, 0x45, 0x4C, 0x46])
    case .wav: (8, Array("WAVE".utf8))
    case .ogg: (0, Array("OggS".utf8))
    case .mp3: (0, Array("ID3".utf8))
    }
  }

  func isAtTheBeginning(of bytes: [UInt8]) -> Bool {
    bytes.dropFirst(magic.offset).starts(with: magic.bytes)
  }
}

extension ForeignFormat {
  /// What the bytes are if they are not UTF-8 text; nil if they are. Of a file that has NUL its beginning will do.
  init?(of bytes: [UInt8]) {
    let nul = bytes.firstIndex(of: 0)
    let invalid = firstInvalidUTF8(bytes)
    // A PDF document may well consist of ASCII alone.
    if nul == nil && invalid == nil {
      guard Signature.pdf.isAtTheBeginning(of: bytes) else { return nil }
      self = .signature(.pdf)
      return
    }
    if let signature = Signature.allCases.first(where: { $0.isAtTheBeginning(of: bytes) }) {
      self = .signature(signature)
    } else if let wide = Self.wideText(bytes) {
      self = wide
    } else if let nul {
      self = .nul(offset: nul)
    } else if let invalid {
      self = Self.invalidText(bytes, at: invalid)
    } else {
      return nil
    }
  }

  /// UTF-16 or UTF-32 by a byte-order mark, or UTF-16 by where it has zeros.
  private static func wideText(_ bytes: [UInt8]) -> Self? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) { return .utf32(isBigEndian: false) }
    if bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return .utf32(isBigEndian: true) }
    if bytes.starts(with: [0xFF, 0xFE]) { return .utf16(isBigEndian: false) }
    if bytes.starts(with: [0xFE, 0xFF]) { return .utf16(isBigEndian: true) }
    // The ASCII characters, such as blanks and line ends, of a text in any script have a zero byte on one and the same
    // side.
    var zeros = [0, 0]
    var ascii = 0
    for (index, byte) in bytes.enumerated() {
      if byte == 0 { zeros[index % 2] += 1 } else if byte < 0x80 { ascii += 1 }
    }
    let isOneSided = (zeros[0] == 0) != (zeros[1] == 0)
    let isMostlyASCII = ascii * 10 > (bytes.count - zeros[0] - zeros[1]) * 9
    guard zeros != [0, 0], isOneSided || !isMostlyASCII else { return nil }
    let isBigEndian = zeros[0] > zeros[1]
    return isText(bytes, isBigEndian: isBigEndian) ? .utf16(isBigEndian: isBigEndian) : nil
  }

  /// Whether the bytes are UTF-16 of characters that there are, without control characters but white space.
  private static func isText(_ bytes: [UInt8], isBigEndian: Bool) -> Bool {
    var units: [UInt16] = []
    for index in stride(from: 0, to: bytes.count - 1, by: 2) {
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      units.append(isBigEndian ? first << 8 | second : second << 8 | first)
    }
    if let last = units.last, UTF16.isLeadSurrogate(last) { units.removeLast() }  // the other half is not there yet
    return !units.isEmpty
      && String(decoding: units, as: UTF16.self).unicodeScalars.allSatisfy { scalar in
        switch scalar.properties.generalCategory {
        case .unassigned, .privateUse: false
        case .control: scalar.properties.isWhitespace
        default: scalar != "\u{FFFD}"
        }
      }
  }

  /// Bytes without NUL that are no UTF-8 from an offset on.
  private static func invalidText(_ bytes: [UInt8], at offset: Int) -> Self {
    // ESC is written by programs that colour their output.
    if bytes.contains(where: { $0 < 0x20 && !(0x09...0x0D).contains($0) && $0 != 0x1B }) {
      return .binary(offset: offset)
    }
    var valid = 0
    var damaged = 0
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      if scalar == "\u{FFFD}" { damaged += 1 } else if !scalar.isASCII { valid += 1 }
    }
    return valid > damaged ? .damagedUTF8(offset: offset) : .otherEncoding(offset: offset)
  }
}

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
