// Which documents a text corpus consists of: files where they are short, sections of them where they are long, each
// once. Nothing here depends on a seed or a tokeniser.

/// The documents that a corpus is split by.
struct TextDocuments {
  /// Distinct, in the order of the files.
  var documents: [[UInt8]] = []
  /// Bytes of documents that are left out because they are in the corpus already, white space aside.
  var repeatedBytes = 0

  /// Number of bytes of all documents.
  var bytes: Int { documents.reduce(0) { $0 + $1.count } }

  /// - Parameters:
  ///   - heldOutShare: the share that the split is to come near to. A file of more than a quarter of the smaller part
  ///     is cut, so that the choice of one document moves the share by little.
  ///   - context: tokens of a passage; sections are long enough for several.
  init(_ files: [TextFile], heldOutShare: Double, context: Int) {
    let smallerPart = min(heldOutShare, 1 - heldOutShare) * Double(files.reduce(0) { $0 + $1.bytes.count })
    let shortest = max(Self.shortestSection, Self.contextsInSection * context)
    let longest = max(Self.longSection, Self.contextsInLongSection * context)
    let size = min(longest, max(shortest, Int(smallerPart / 8)))
    let longestWhole = max(2 * size, Int(smallerPart / 4))
    var texts = DistinctTexts()
    for file in files {
      let whole = file.bytes[...]
      for section in whole.count > longestWhole ? sections(of: file.bytes, size: size) : [whole] {
        if texts.insert(Array(section)) == nil {
          documents.append(Array(section))
        } else {
          repeatedBytes += section.count
        }
      }
    }
  }

  private static let shortestSection = 200
  /// Sections of long files have this many bytes and more.
  private static let longSection = 2000
  private static let contextsInSection = 4
  private static let contextsInLongSection = 16
}
