// Cuts a long text into sections, whatever its script and its line ends. Which texts are cut, and what becomes of the
// sections: TextDocuments.swift.

/// Consecutive parts that together are the text, each of `size` to about 2 × `size` bytes, the last of `size` / 2 or
/// more.
///
/// A section ends at the best place of those that its length allows, the first of equally good ones: after blank lines
/// or a page, else after a line, a sentence, a word, else between two characters. A text shorter than 2 × `size` is one
/// part.
/// - Parameter text: valid UTF-8.
func sections(of text: [UInt8], size: Int) -> [ArraySlice<UInt8>] {
  precondition(size > 0)
  var sections: [ArraySlice<UInt8>] = []
  var start = 0
  var best: (seam: Seam, offset: Int)?
  var reader = SeamReader()
  let walk = CharacterWalk(text)
  for character in walk {
    guard text.count - start >= 2 * size else { break }
    let scalar = walk.scalar(character)
    let offset = character.lowerBound
    let isLong = offset > start + 2 * size || offset > text.count - size / 2
    if isLong, let found = best {
      sections.append(text[start..<found.offset])
      start = found.offset
      best = nil
    }
    // What was looked at after the cut is looked at again only if it can end the next section.
    if offset >= start + size {
      let seam = reader.seam(before: scalar)
      if seam > best?.seam ?? .inside { best = (seam, offset) }
    }
    reader.read(scalar)
  }
  if let best, text.count - start >= 2 * size {
    sections.append(text[start..<best.offset])
    start = best.offset
  }
  if start < text.count { sections.append(text[start...]) }
  return sections
}

/// What a cut would part.
private enum Seam: Int, Comparable {
  case inside, characters, words, sentences, lines, paragraphs

  static func < (first: Seam, second: Seam) -> Bool { first.rawValue < second.rawValue }
}

/// Reads a text character by character and knows what a cut at the place it has come to would part.
private struct SeamReader {
  private var seam = Seam.characters
  private var lineIsBlank = false
  private var sentence = Sentence.open

  /// Of what the text read so far ends with.
  private enum Sentence {
    case open, ended
    /// By a mark after which no blank follows.
    case endedWide
  }

  /// Line ends stay with the line that they end.
  func seam(before next: Unicode.Scalar) -> Seam { next.isLineEnd ? .characters : seam }

  mutating func read(_ scalar: Unicode.Scalar) {
    if scalar.isLineEnd {
      seam = lineIsBlank || scalar == "\u{0C}" ? .paragraphs : .lines
      lineIsBlank = true
      sentence = .open
    } else if scalar.isSpace || scalar == "\t" {
      seam = sentence == .open ? .words : .sentences
    } else {
      if ".!?…؟।॥։".unicodeScalars.contains(scalar) {
        sentence = .ended
      } else if "。！？｡︒".unicodeScalars.contains(scalar) {
        sentence = .endedWide
      } else if !"\"')]}”’»」』）】》".unicodeScalars.contains(scalar) {
        sentence = .open
      }
      seam = sentence == .endedWide ? .sentences : .characters
      lineIsBlank = false
    }
  }
}
