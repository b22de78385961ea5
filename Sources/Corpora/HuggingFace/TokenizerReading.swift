// The tokenizer of a text read back from its `tokenizer.json`, so that a model can write without the text that it was
// trained on. How the file is written: TokenizerFiles.swift. Closed vocabularies are never read back: they follow from a
// specification.

import Basics
import Foundation

/// A file that is not the `tokenizer.json` of a text's tokenizer as this package writes it.
public struct NoTextTokenizer: ExitStatusProviding {
  public var exitStatus: ExitStatus { .badData }
  public var description: String { "tokenizer.json is not that of a text as this program writes it" }
}

/// The tokenizer of a text, from the contents of its `tokenizer.json`.
///
/// It decodes every id as the original does, and encodes likewise, with one exception: of byte pairs that stand for the
/// same bytes the file knows only the earliest, so a text in which a later one would occur may become other ids.
/// - Throws: ``NoTextTokenizer``.
public func textTokenizer(ofHuggingFace json: Data) throws(NoTextTokenizer) -> any Tokenizer {
  guard let model = try? JSONDecoder().decode(TokenizerFile.self, from: json).model else { throw NoTextTokenizer() }
  switch model.type {
  case .wordLevel: return CharacterTokenizer(scalars: try scalars(in: json))
  case .bytePairs:
    var merges: [BytePairTokenizer.Pair] = []
    for pair in model.merges ?? [] {
      let known = 256 + merges.count
      guard pair.count == 2, let left = model.vocab[pair[0]], let right = model.vocab[pair[1]],
        (0..<known).contains(left), (0..<known).contains(right)
      else { throw NoTextTokenizer() }
      merges.append(BytePairTokenizer.Pair(left: Int32(left), right: Int32(right)))
    }
    guard Set(merges).count == merges.count, merges.count <= BytePairTokenizer.vocabularyRange.upperBound else {
      throw NoTextTokenizer()
    }
    return BytePairTokenizer(merges: merges)
  }
}

/// The scalars of a vocabulary of characters, in the order of their ids. Read one by one: a dictionary takes scalars for
/// the same that Unicode calls equivalent, as it does Å and the sign for ångström.
private func scalars(in json: Data) throws(NoTextTokenizer) -> [Unicode.Scalar] {
  guard let start = json.range(of: Data("\"vocab\": {".utf8))?.upperBound else { throw NoTextTokenizer() }
  var rest = json[start...]
  var names: [String] = []
  while rest.first == UInt8(ascii: "\"") {
    var end = rest.index(after: rest.startIndex)
    while end < rest.endIndex, rest[end] != UInt8(ascii: "\"") { end += rest[end] == UInt8(ascii: "\\") ? 2 : 1 }
    guard end < rest.endIndex, let name = try? JSONDecoder().decode(String.self, from: rest[...end]) else {
      throw NoTextTokenizer()
    }
    // The ids count up, as they are written.
    let id = Data(": \(names.count)".utf8)
    rest = rest[(end + 1)...]
    guard rest.starts(with: id) else { throw NoTextTokenizer() }
    names.append(name)
    rest = rest.dropFirst(id.count)
    if rest.starts(with: Data(", ".utf8)) { rest = rest.dropFirst(2) } else { break }
  }
  let scalars = names.dropFirst().compactMap { $0.unicodeScalars.count == 1 ? $0.unicodeScalars.first : nil }
  guard rest.first == UInt8(ascii: "}"), scalars.count == names.count - 1, Set(scalars).count == scalars.count else {
    throw NoTextTokenizer()
  }
  return scalars
}

/// What is read of the file.
private struct TokenizerFile: Decodable {
  struct Model: Decodable {
    enum Kind: String, Decodable {
      case wordLevel = "WordLevel"
      case bytePairs = "BPE"
    }

    let type: Kind
    let vocab: [String: Int]
    let merges: [[String]]?
  }

  let model: Model
}
