// Softmax cross-entropy over the vocabulary, weighted by row. Which rows are scored, and how they weigh, is the
// objective's business.

import Foundation
import Tensors

/// ℓ[m] = log Σ_v e^z[m,v] − z[m, target[m]] in nats, z [M, V]; the loss is Σ_m w[m] ℓ[m].
final class CrossEntropy: CrossEntropyOperation {
  let logits: Tensor
  /// [M] the token each row should predict.
  let targets: UnsafeMutablePointer<Int32>
  /// [M] the weight of each row in the loss.
  let weights: UnsafeMutablePointer<Float>
  /// [M] ℓ, in nats.
  let losses: UnsafeMutablePointer<Float>
  /// Whether `forward` leaves e^(z − max z) in place of the logits, so that `backward` need not compute it again.
  var overwritesLogits = false
  private let tops: Floats, sums: Floats  // [M] max z, Σ e^(z − max z)
  private let normalisers: Floats  // [M] log Σ e^z
  /// Σ_m w[m] ℓ[m] of the last forward pass.
  private(set) var loss = 0.0

  init(_ arena: Arena, logits: Tensor) {
    self.logits = logits
    let rows = logits.rows.capacity
    targets = arena.integers(rows)
    (weights, losses) = (arena.floats(rows), arena.floats(rows))
    (tops, sums, normalisers) = (arena.floats(rows), arena.floats(rows), arena.floats(rows))
  }

  func forward() {
    requireTargets()
    let width = logits.columns
    loss = 0
    for row in 0..<logits.rows.count {
      let z = logits.value + row * width
      let right = z[Int(targets[row])]
      var most = Lanes(repeating: -.infinity)
      eachGroup(width) { i, n in most = pointwiseMaximum(most, load(z + i, n, fill: -.infinity)) }
      let top = largest(most)
      let sum = overwritesLogits ? powers(z, top, into: z) : powers(z, top, into: nil)
      tops[row] = top
      sums[row] = sum
      normalisers[row] = top + Float(log(Double(sum)))
      losses[row] = normalisers[row] - right
      loss += Double(weights[row]) * Double(losses[row])
    }
  }

  /// Σ e^(z − top), and the terms.
  @inline(__always) private func powers(_ z: Floats, _ top: Float, into target: Floats?) -> Float {
    var sums = Lanes.zero
    eachGroup(logits.columns) { i, n in
      let e = exponential(load(z + i, n, fill: -.infinity) - top)
      if let target { store(e, target + i, n) }
      sums += e
    }
    return total(sums)
  }

  func loss(row: Int, token: Int32) -> Float {
    require(!overwritesLogits, "the logits are gone")
    require(
      (0..<logits.rows.count).contains(row) && (0..<logits.columns).contains(Int(token)),
      "row \(row) or token \(token) is outside the last batch")
    return normalisers[row] - logits.value[row * logits.columns + Int(token)]
  }

  /// dz = w (softmax(z) − onehot(target)).
  func backward() {
    let width = logits.columns
    for row in 0..<logits.rows.count {
      let z = logits.value + row * width
      let dz = logits.gradient + row * width
      let factor = weights[row] / sums[row]
      let top = tops[row]
      if overwritesLogits {
        eachGroup(width) { i, n in store(load(z + i, n) * factor, dz + i, n) }
      } else {
        eachGroup(width) { i, n in store(exponential(load(z + i, n) - top) * factor, dz + i, n) }
      }
      dz[Int(targets[row])] -= weights[row]
    }
  }

  /// Lane-wise maximum that lets a NaN through, so that a diverged run cannot look healthy.
  @inline(__always) private func pointwiseMaximum(_ a: Lanes, _ b: Lanes) -> Lanes {
    a.replacing(with: b, where: .!(b .<= a))
  }
}
