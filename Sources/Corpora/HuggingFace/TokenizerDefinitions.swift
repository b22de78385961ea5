// Each tokenizer in Hugging Face's terms: its vocabulary, how it cuts a text, how it puts one together.
// Regular expressions are Oniguruma's in Ruby's syntax.

import Basics

extension WordTokenizer {
  /// One id per word, cut at white space and around marks; a word outside the vocabulary is refused, as by `encode`.
  public var huggingFaceDefinition: TokenizerDefinition {
    let marks = "[" + Self.marks.map(String.init).sorted().joined() + "]"
    return TokenizerDefinition(
      model: wordLevel(words, unknown: "<unknown>"), preTokenizer: findAll("\(marks)|[^\\s\(marks.dropFirst())+"),
      decoder: sequence([
        blankBeforeEach, #"{"type": "Fuse"}"#, replacing(" (?=\(marks)(?: |\\z))", by: ""),
      ]))
  }
}

extension CharacterTokenizer {
  /// One id per scalar; id 0 is every other scalar.
  public var huggingFaceDefinition: TokenizerDefinition {
    // A name that is not a scalar, because a text may have U+FFFD itself.
    let unknown = "<unknown>"
    return TokenizerDefinition(
      model: wordLevel([unknown] + scalars.map { String($0) }, unknown: unknown),
      preTokenizer: findAll("[\\s\\S]"),
      decoder: sequence([
        "{\"type\": \"Replace\", \"pattern\": {\"String\": \"\(unknown)\"}, \"content\": \"\u{FFFD}\"}",
        #"{"type": "Fuse"}"#,
      ]))
  }
}

extension BytePairTokenizer {
  /// Byte pairs on bytes that are written as GPT-2 writes them.
  public var huggingFaceDefinition: TokenizerDefinition {
    let letters = contents.map { Escaped.json(Self.visible($0)) }
    var isKnown = Set<String>()
    let vocabulary = letters.enumerated().compactMap { id, text in
      isKnown.insert(text).inserted ? "\(text): \(id)" : nil
    }
    let merges = merges.map { "[\(letters[Int($0.left)]), \(letters[Int($0.right)])]" }
    let model = """
      {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null, "end_of_word_suffix": null,
          "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
          "vocab": {\(vocabulary.joined(separator: ", "))},
          "merges": [\(merges.joined(separator: ", "))]}
      """
    // As `words`: a run of letters, digits or marks with the space before it, or the rest of a run of blanks.
    let words = [
      " ?[A-Za-z\\x{80}-\\x{10FFFF}]+", " ?[0-9]+", " ?[^ \\t-\\rA-Za-z0-9\\x{80}-\\x{10FFFF}]+",
      "[ \\t-\\r]+(?= [^ \\t-\\r])", "[ \\t-\\r]+",
    ]
    let bytes = #"{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false}"#
    return TokenizerDefinition(
      model: model,
      preTokenizer: """
        {"type": "Sequence", "pretokenizers": [\(findAll(words.joined(separator: "|"))), \(bytes)]}
        """,
      decoder: bytes)
  }

  /// Bytes as the characters that GPT-2's byte pairs have for them: printable ones of Latin-1 as they are, the others
  /// in their order from U+0100 on.
  private static func visible(_ bytes: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    for byte in bytes { text.append(visibleBytes[Int(byte)]) }
    return String(text)
  }

  private static let visibleBytes: [Unicode.Scalar] = {
    var hidden: UInt32 = 0x100
    return (0...255).map { (byte: UInt8) in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte)
      default:
        defer { hidden += 1 }
        return Unicode.Scalar(hidden) ?? "\u{FFFD}"
      }
    }
  }()
}

extension PythonTokenizer {
  /// One id per word, sign or line break with the indentation after it.
  public var huggingFaceDefinition: TokenizerDefinition {
    let signs = Self.signs.map(Self.escaped).joined(separator: "|")
    return TokenizerDefinition(
      model: wordLevel(words, unknown: "<unknown>"),
      preTokenizer: findAll("(?<!\\r)\\n *|\(signs)|[\\p{L}\\p{N}_]+|\\S"), decoder: decoder)
  }

  /// The rules of `needsBlank`: first a blank between all neighbours, then those go that Python is written without.
  private var decoder: String {
    // Stands for a blank of an indentation until the end, so that no rule takes it for one between neighbours.
    let indentation = "\u{1}"
    let keywords = Self.keywords.map { "\\b\($0)" }.joined(separator: "|")
    let prefixes = Self.keywords.filter { !["False", "True"].contains($0) }.map { "\\b\($0) -" }
    let unary = prefixes + ["[\\n\(indentation)]-", "\\A-", "[^\\w)\\]\\s] -", "[(\\[]-", "\"-"]
    return sequence([
      replacing(" ", by: indentation), blankBeforeEach, #"{"type": "Fuse"}"#,
      replacing("(?<=[\\n\(indentation)]) | (?=\\n)", by: ""),
      replacing("(?<=[(\\[]) | (?=[)\\],:]|\\.append)| (?=\"\"\")|(?<=\"\"\") ", by: ""),
      replacing("(?<=[\\w)\\]])(?<!\(keywords)) (?=[(\\[])", by: ""),
      replacing("(?<=\(unary.joined(separator: "|"))) (?=\\w)", by: ""),
      replacing(indentation, by: " "),
    ])
  }

  private static func escaped(_ sign: String) -> String {
    String(sign.flatMap { "+*.()[]?{}|^$\\-".contains($0) ? ["\\", $0] : [$0] })
  }
}

// MARK: Parts of a definition

private func wordLevel(_ words: [String], unknown: String) -> String {
  let vocabulary = words.enumerated().map { "\(Escaped.json($1)): \($0)" }
  return """
    {"type": "WordLevel", "unk_token": \(Escaped.json(unknown)),
        "vocab": {\(vocabulary.joined(separator: ", "))}}
    """
}

/// Cuts a text into the matches of an expression; what lies between them is dropped.
private func findAll(_ expression: String) -> String {
  """
  {"type": "Split", "pattern": {"Regex": \(Escaped.json(expression))}, "behavior": "Removed", "invert": true}
  """
}

private func replacing(_ expression: String, by content: String) -> String {
  """
  {"type": "Replace", "pattern": {"Regex": \(Escaped.json(expression))}, "content": \(Escaped.json(content))}
  """
}

private func sequence(_ decoders: [String]) -> String {
  "{\"type\": \"Sequence\", \"decoders\": [\n      \(decoders.joined(separator: ",\n      "))]}"
}

/// WordPiece's decoder puts a blank before every word but the first that does not begin with its prefix; none does.
private let blankBeforeEach = #"{"type": "WordPiece", "prefix": "\u0000", "cleanup": false}"#
