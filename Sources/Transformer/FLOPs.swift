// Counts of floating-point operations by the documented formula. What was really executed is not measured here.

extension ModelConfiguration {
  /// Parameters that act on a token, without embedding and unembedding: of a mixture of experts only the active ones.
  var activeParameters: Int {
    let attention = 4 * width * width
    let block: Int
    if let experts {
      block = experts.count * width + experts.active * 3 * width * experts.feedForward
    } else {
      block = 3 * width * feedForward
    }
    return layers * (attention + block)
  }

  /// Parameters without embedding, unembedding and gains: of a mixture of experts all of them.
  public var parametersWithoutEmbeddings: Int {
    let block = experts.map { $0.count * (width + 3 * width * $0.feedForward) } ?? 3 * width * feedForward
    return layers * (4 * width * width + block)
  }

  /// FLOPs of one training pass (forward and backward) over a sequence.
  ///
  /// 6 × active non-embedding parameters × tokens + attention, 12 × layers × width × length per token (half of it where
  /// attention is causal), + unembedding, 6 × vocabulary × width for each scored position. Gains are not counted.
  public func trainingFLOPs(length: Int, scored: Double, vocabulary: Int, causal: Bool) -> Double {
    let pairs = Double(length) * Double(length) * (causal ? 0.5 : 1)
    return trainingFLOPs(rows: length, pairs: pairs, scored: scored, vocabulary: vocabulary)
  }

  /// The same for a sequence of so many rows, of which so many pairs of query and key are attended to.
  public func trainingFLOPs(rows: Int, pairs: Double, scored: Double, vocabulary: Int) -> Double {
    let products = 6 * Double(activeParameters) * Double(rows)
    let attention = 12 * Double(layers * width) * pairs
    let unembedding = 6 * Double(vocabulary * width) * scored
    return products + attention + unembedding
  }

  /// FLOPs of generating `length` tokens autoregressively with a key/value cache.
  ///
  /// Token i costs 2 × active non-embedding parameters + 4 × layers × width × i for attention over what is cached + 2 ×
  /// vocabulary × width: a third of the training count each.
  public func generationFLOPs(length: Int, vocabulary: Int) -> Double {
    let n = Double(length)
    let attention = 4 * Double(layers * width) * n * (n + 1) / 2
    return 2 * Double(activeParameters) * n + attention + 2 * Double(vocabulary * width) * n
  }

  /// FLOPs of denoising `length` tokens in `steps` steps: as many forward passes over the whole canvas, each computing the
  /// logits of the positions that are still masked.
  public func denoisingFLOPs(length: Int, steps: Int, vocabulary: Int) -> Double {
    let n = Double(length)
    let pass = 2 * Double(activeParameters) * n + 4 * Double(layers * width) * n * n
    let stillMasked = (0..<steps).reduce(0.0) { $0 + n * (1 - Double($1) / Double(steps)) }
    return Double(steps) * pass + 2 * Double(vocabulary * width) * stillMasked
  }
}
