// Which of some stretches of tokens occur in a document. What follows from it is decided by Cloze.swift.

/// Finds stretches of one length in time linear in the text, by a rolling hash: what has the right hash is compared.
struct StretchFinder {
  private let stretches: [UInt64: [ArraySlice<Int32>]]
  private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// - Parameter stretches: all of the same length.
  init(_ stretches: [ArraySlice<Int32>]) {
    self.stretches = Dictionary(grouping: stretches) { $0.reduce(0) { $0 &* Self.base &+ Self.value($1) } }
  }

  /// Those that occur in the tokens.
  func occurring(in tokens: [Int32], length: Int) -> [ArraySlice<Int32>] {
    guard length > 0, tokens.count >= length else { return [] }
    var power: UInt64 = 1
    for _ in 1..<length { power = power &* Self.base }
    var found: [ArraySlice<Int32>] = []
    var hash: UInt64 = 0
    for (index, token) in tokens.enumerated() {
      if index >= length { hash = hash &- Self.value(tokens[index - length]) &* power }
      hash = hash &* Self.base &+ Self.value(token)
      guard index >= length - 1, let candidates = stretches[hash] else { continue }
      let window = tokens[index - length + 1...index]
      if candidates.contains(window) { found.append(window) }
    }
    return found
  }

  private static func value(_ token: Int32) -> UInt64 { UInt64(UInt32(bitPattern: token)) &+ 1 }
}
