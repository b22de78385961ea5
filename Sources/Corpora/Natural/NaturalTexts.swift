// Makes documents of what the packages' files and programs hold. Which files: NaturalCorpus.swift.

extension NaturalCorpus {
  /// The chapters of a Bible printed one verse per line, each after its reference: "Ge1:1 In the beginning …". The
  /// references are not part of the text.
  /// - Throws: `damagedPackage` for a line that has no reference.
  func chapters(_ printed: [UInt8]) throws(CorpusError) -> [TextFile] {
    var chapters: [TextFile] = []
    for line in lines(of: printed) {
      let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
      let reference = (parts.first ?? []).split(separator: UInt8(ascii: ":"))
      guard parts.count == 2, reference.count == 2, reference[1].allSatisfy(isDigit),
        reference[0].last.map(isDigit) == true
      else { throw damaged("not a verse after its reference: \"\(excerpt(line))\"") }
      let name = "\(rawValue)/\(String(decoding: reference[0], as: UTF8.self))"
      if chapters.last?.path != name { chapters.append(TextFile(path: name, bytes: [])) }
      chapters[chapters.count - 1].bytes += parts[1] + [UInt8(ascii: "\n")]
    }
    return chapters
  }

  /// The glosses of a data file of WordNet (wndb(5WN)), in groups; a gloss is what follows the bar. The licence at the
  /// beginning, whose lines begin with a blank, is not part of the text.
  /// - Throws: `damagedPackage` for a line that has no gloss.
  func glossGroups(_ data: [UInt8], path: String) throws(CorpusError) -> [TextFile] {
    var glosses: [[UInt8]] = []
    for line in lines(of: data) where line.first != UInt8(ascii: " ") {
      guard let bar = line.firstIndex(of: UInt8(ascii: "|")) else {
        throw damaged("no gloss in \(path): \"\(excerpt(line))\"")
      }
      var gloss = line[(bar + 1)...]
      while let first = gloss.first, isBlank(first) { gloss.removeFirst() }
      while let last = gloss.last, isBlank(last) { gloss.removeLast() }
      if !gloss.isEmpty { glosses.append(gloss + [UInt8(ascii: "\n")]) }
    }
    return stride(from: 0, to: glosses.count, by: Self.glossesInDocument).map { start in
      let group = glosses[start..<min(start + Self.glossesInDocument, glosses.count)]
      return TextFile(path: "\(path), glosses from \(start + 1)", bytes: Array(group.joined()))
    }
  }

  /// The sections of a file: a short one is one.
  func sectionFiles(of bytes: [UInt8], path: String) -> [TextFile] {
    sections(of: bytes, size: Self.sectionBytes).enumerated().map { index, section in
      TextFile(path: "\(path), section \(index + 1)", bytes: Array(section))
    }
  }

  private func damaged(_ reason: String) -> CorpusError {
    .damagedPackage(corpus: rawValue, packages: packages, reason: reason)
  }
}

private func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
  bytes.split(separator: UInt8(ascii: "\n")).filter { !$0.allSatisfy(isBlank) }
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

/// The beginning of a line for a message.
private func excerpt(_ line: ArraySlice<UInt8>) -> String {
  String(decoding: line.prefix(40), as: UTF8.self)
}
