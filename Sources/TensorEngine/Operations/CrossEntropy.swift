// Softmax cross-entropy over the vocabulary, weighted by row. Which rows are scored, and how they weigh, is the
// objective's business.

import Foundation

/// ℓ[m] = log Σ_v e^z[m,v] − z[m, target[m]] in nats, z [M, V]; the loss is Σ_m w[m] ℓ[m].
public final class CrossEntropy: Operation {
  let logits: Tensor
  /// [M] the token each row should predict.
  public let targets: UnsafeMutablePointer<Int32>
  /// [M] the weight of each row in the loss.
  public let weights: UnsafeMutablePointer<Float>
  /// [M] ℓ, in nats.
  public let losses: UnsafeMutablePointer<Float>
  private let normalisers: Floats  // [M] log Σ e^z
  /// Σ_m w[m] ℓ[m] of the last forward pass.
  public private(set) var loss = 0.0

  public init(_ arena: Arena, logits: Tensor) {
    self.logits = logits
    targets = arena.integers(logits.rows.capacity)
    weights = arena.floats(logits.rows.capacity)
    losses = arena.floats(logits.rows.capacity)
    normalisers = arena.floats(logits.rows.capacity)
  }

  public func forward() {
    requireTargets()
    let width = logits.columns
    loss = 0
    for row in 0..<logits.rows.count {
      let z = logits.value + row * width
      var tops = Lanes(repeating: -.infinity)
      eachGroup(width) { i, n in tops = pointwiseMaximum(tops, load(z + i, n, fill: -.infinity)) }
      let top = largest(tops)
      var sums = Lanes.zero
      eachGroup(width) { i, n in sums += exponential(load(z + i, n, fill: -.infinity) - top) }
      normalisers[row] = top + Float(log(Double(total(sums))))
      losses[row] = normalisers[row] - z[Int(targets[row])]
      loss += Double(weights[row]) * Double(losses[row])
    }
  }

  /// ℓ of a row against any token, from the last forward pass: for the row's target the same bits as in `losses`.
  public func loss(row: Int, token: Int32) -> Float {
    require(
      (0..<logits.rows.count).contains(row) && (0..<logits.columns).contains(Int(token)),
      "row \(row) or token \(token) is outside the last batch")
    return normalisers[row] - logits.value[row * logits.columns + Int(token)]
  }

  /// dz = w (softmax(z) − onehot(target)).
  public func backward() {
    let width = logits.columns
    for row in 0..<logits.rows.count {
      let z = logits.value + row * width
      let dz = logits.gradient + row * width
      let weight = weights[row]
      let normaliser = normalisers[row]
      eachGroup(width) { i, n in store(exponential(load(z + i, n) - normaliser) * weight, dz + i, n) }
      dz[Int(targets[row])] -= weight
    }
  }

  /// Lane-wise maximum that lets a NaN through, so that a diverged run cannot look healthy.
  @inline(__always) private func pointwiseMaximum(_ a: Lanes, _ b: Lanes) -> Lanes {
    a.replacing(with: b, where: .!(b .<= a))
  }
}
