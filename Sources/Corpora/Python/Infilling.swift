// Items of the task `infilling`: a hole in the middle of a function's body, judged by execution.

import Randomness

/// A function with a hole. A DLM sees both sides of it. An AR model writes on from what precedes it, as many tokens as
/// are missing, and then what follows is put after them; its score is one of a reader that is not shown the rest.
public struct InfillingItem: Sendable {
  /// The function that is meant; its tests decide.
  public var function: FunctionItem
  /// The head and the beginning of the body.
  public var prefix: [Int32]
  /// The missing tokens of one solution; how many they are is told, what they are is not.
  public var missing: [Int32]
  /// The rest of the body, without an end token.
  public var suffix: [Int32]

  public init(function: FunctionItem, prefix: [Int32], missing: [Int32], suffix: [Int32]) {
    (self.function, self.prefix, self.missing, self.suffix) = (function, prefix, missing, suffix)
  }

  /// The whole function with these tokens in the hole.
  public func source(filling tokens: [Int32], tokenizer: any Tokenizer) -> String {
    tokenizer.decode(prefix + tokens + suffix)
  }
}

extension InfillingItem {
  /// A hole of a quarter to a half of the body, somewhere between its first and its last token.
  init(_ function: FunctionItem, body: [Int32], _ stream: inout RandomStream) {
    let shortest = max(2, body.count / 4)
    let count = shortest + stream.below(max(1, body.count / 2 - shortest + 1))
    let start = 1 + stream.below(max(1, body.count - count - 1))
    self.init(
      function: function, prefix: function.prompt + body[..<start], missing: Array(body[start..<start + count]),
      suffix: Array(body[(start + count)...]))
  }
}
