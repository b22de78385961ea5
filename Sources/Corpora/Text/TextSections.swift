// Cuts a long text into sections, whatever its script and its line ends. Which texts are cut: TextDocuments.swift.

/// Sections that together are the text, each of `size` bytes or more and of little more than twice as many at most: up to the
/// end of a paragraph, or if there is none within reach, of a line, of a sentence, of a word, of a character. Only the text's
/// last section may be shorter, but not by more than half.
func sections(of bytes: [UInt8], size: Int) -> [ArraySlice<UInt8>] {
  var sections: [ArraySlice<UInt8>] = []
  var start = 0
  while bytes.count - start >= 2 * size {
    let reach = start + size..<start + 2 * size
    let end = lineCut(bytes, in: reach) ?? characterCut(bytes, from: start, in: reach)
    if bytes.count - end < size / 2 { break }
    sections.append(bytes[start..<end])
    start = end
  }
  sections.append(bytes[start...])
  return sections
}

/// The first end of a paragraph within reach, or else the first end of a line.
private func lineCut(_ bytes: [UInt8], in reach: Range<Int>) -> Int? {
  var line: Int?
  for place in reach where isLineStart(bytes, place) {
    if isParagraphStart(bytes, place) { return place }
    line = line ?? place
  }
  return line
}

/// Whether a line, in the sense of Unicode's newline guidelines, ends right before.
private func isLineStart(_ bytes: [UInt8], _ place: Int) -> Bool {
  guard place > 0 else { return true }
  switch bytes[place - 1] {
  case 0x0A, 0x0B, 0x0C: return true
  case 0x0D: return place == bytes.count || bytes[place] != 0x0A
  case 0x85: return place > 1 && bytes[place - 2] == 0xC2  // next line
  case 0xA8, 0xA9: return place > 2 && bytes[place - 2] == 0x80 && bytes[place - 3] == 0xE2  // line, paragraph separator
  default: return false
  }
}

/// Whether a form feed, a paragraph separator or a blank line ends right before, and the next line is not blank.
private func isParagraphStart(_ bytes: [UInt8], _ place: Int) -> Bool {
  if place < bytes.count, (0x0A...0x0D).contains(bytes[place]) { return false }
  let last = bytes[place - 1]
  if last == 0x0C || last == 0xA9 { return true }
  // Over the end of the line, then over its blanks.
  var index = place - 1
  if index > 0 && last == 0x0A && bytes[index - 1] == 0x0D { index -= 1 }
  while index > 0 && (bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09) { index -= 1 }
  return index > 0 && isLineStart(bytes, index)
}

/// The first end of a sentence within reach, or else of a word, or else of a character: never inside what is seen as one.
private func characterCut(_ bytes: [UInt8], from start: Int, in reach: Range<Int>) -> Int {
  let end = scalarStart(bytes, reach.upperBound)
  var word: Int?
  var character: Int?
  var place = start
  var before: Character = " "
  var isAfterSentence = false
  for next in String(decoding: bytes[start..<end], as: UTF8.self) {
    if reach.contains(place) {
      // Where words have blanks between them, a sentence ends at the blank; where they have none, at its mark.
      if isAfterSentence && (before.isWhitespace || before.isWide) && !next.isClosing && !next.isWhitespace { return place }
      if before.isWhitespace && !next.isWhitespace { word = word ?? place }
      character = character ?? place
    }
    if next.endsSentence {
      isAfterSentence = true
    } else if !next.isClosing && !next.isWhitespace {
      isAfterSentence = false
    }
    place += next.utf8.count
    before = next
  }
  return word ?? character ?? end
}

/// The place itself, or the beginning of the scalar that it is in.
private func scalarStart(_ bytes: [UInt8], _ place: Int) -> Int {
  var place = place
  while place < bytes.count && bytes[place] & 0xC0 == 0x80 { place -= 1 }
  return place
}

extension Character {
  fileprivate var endsSentence: Bool { unicodeScalars.first?.properties.isSentenceTerminal == true }
  /// A quotation mark or bracket that belongs to the sentence before it.
  fileprivate var isClosing: Bool {
    switch unicodeScalars.first?.properties.generalCategory {
    case .closePunctuation, .finalPunctuation: true
    default: self == "\"" || self == "'"
    }
  }
  /// A mark of the scripts that write no blanks between words.
  fileprivate var isWide: Bool { unicodeScalars.first.map { (0x3000...0x303F).contains($0.value) || $0.value >= 0xFF00 } == true }
}
