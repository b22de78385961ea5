// The split of a text as tokens, made once for all runs of a seed. What datasets make of it: TextDataset.swift.

import Synchronization

/// What the datasets of one seed have in common, whatever their context, budget and items.
struct EncodedText: Sendable {
  let tokenizer: any TextTokenizer
  let training: [EncodedDocument]
  let heldOut: [EncodedDocument]
  /// The training documents in comparable form.
  let trainingTexts: [[UInt8]]

  /// Learns the tokeniser from the whole training part and encodes both parts.
  init(training: [[UInt8]], heldOut: [[UInt8]], tokenizer kind: TokenizerKind) {
    let tokenizer: any TextTokenizer =
      switch kind {
      case .characters: CharacterTokenizer(training: training)
      case .bytePairs(let vocabulary): BytePairTokenizer(training: training, vocabulary: vocabulary)
      }
    func encoded(_ texts: [[UInt8]]) -> [EncodedDocument] {
      zip(texts, tokenizer.encode(texts)).map { text, tokens in
        EncodedDocument(tokens, of: text, lengths: tokenizer.lengths(of: tokens, in: text))
      }
    }
    self.tokenizer = tokenizer
    self.training = encoded(training)
    self.heldOut = encoded(heldOut)
    trainingTexts = training.map(comparable)
  }

  fileprivate var tokens: Int { (training + heldOut).reduce(0) { $0 + $1.tokens.count } }
}

/// The encoded splits of the text that this process works on. Threads that ask for the same one wait for the first.
final class EncodedTexts: Sendable {
  static let shared = EncodedTexts()

  /// What a split depends on, besides the contents of the files.
  struct Key: Hashable {
    let seed: UInt64
    let tokenizer: TokenizerKind
    let heldOutShare: Double
    /// By which long files are cut.
    let context: Int
  }

  private final class Slot: Sendable {
    let text = Mutex<EncodedText?>(nil)
  }

  private struct State {
    var contents: [[UInt8]] = []
    var slots: [Key: Slot] = [:]
    /// The keys of slots, the longest unused first.
    var order: [Key] = []
    var tokens: [Key: Int] = [:]
  }

  private let state = Mutex(State())
  /// Splits beyond this many tokens are made again when they are asked for again; 5 bytes each.
  private let limit: Int

  init(limit: Int = 64_000_000) { self.limit = limit }

  /// The split of these contents, made by `make` unless it is there.
  func text(
    _ key: Key, of contents: [[UInt8]], make: () throws(CorpusError) -> EncodedText
  ) throws(CorpusError) -> EncodedText {
    let slot = state.withLock { state in
      if state.contents != contents {
        state = State()
        state.contents = contents
      }
      state.order.removeAll { $0 == key }
      state.order.append(key)
      let slot = state.slots[key] ?? Slot()
      state.slots[key] = slot
      return slot
    }
    let made = try slot.text.withLock { text throws(CorpusError) in
      if let text { return text }
      let new = try make()
      text = new
      return new
    }
    state.withLock { state in
      guard state.slots[key] === slot, state.tokens[key] == nil else { return }
      state.tokens[key] = made.tokens
      while state.tokens.values.reduce(0, +) > limit, let oldest = state.order.first {
        state.order.removeFirst()
        state.slots[oldest] = nil
        state.tokens[oldest] = nil
      }
    }
    return made
  }
}
