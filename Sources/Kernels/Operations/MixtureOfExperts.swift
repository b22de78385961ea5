// A mixture-of-experts feed-forward block on a residual stream: routing, experts, combination, load-balance loss.
// Token-choice routing without capacity limits: no token is ever dropped.
//
// Shape letters: N tokens, D width, E experts, K experts per token, F an expert's inner width.

import Tensors

/// y = r + dropout(Σ_{e ∈ top-K} w_e · expert_e(x)), p = softmax(x · Rᵀ), w = p over the top K, normalised to sum 1.
///
/// Adds `coefficient` · E Σ_e f_e P_e to the loss, with f_e the share of the N·K assignments that went to expert e and P_e
/// the mean of p_e. Ties in p go to the lower index. Source: Hugging Face `Qwen3MoeSparseMoeBlock`; Switch Transformer's
/// load-balance loss.
final class MixtureOfExperts: MixtureOperation {
  let input: Tensor
  let residual: Tensor
  let output: Tensor
  let router: Weight
  let gateUps: [Weight]
  let downs: [Weight]
  let active: Int
  let coefficient: Float
  let dropout: DropoutMask?
  private let inner: Int
  private let scores: Floats, scoreGradients: Floats  // [N, E]: p, and its gradient
  private let choices: UnsafeMutablePointer<Int32>  // [N, K] expert
  private let slots: UnsafeMutablePointer<Int32>  // [N, K] row in the expert-sorted buffers
  private let shares: Floats  // [N, K] w
  private let gathered: Floats, dGathered: Floats  // [NK, D]
  private let gates: Floats, dGates: Floats  // [NK, 2F]
  private let activated: Floats, dActivated: Floats, sigmoids: Floats  // [NK, F]
  private let answers: Floats  // [NK, D], expert outputs; on the way back their gradient
  private let branch: Floats  // [N, D]
  private var starts: [Int], next: [Int]  // [E + 1]
  private var counts: [Int], means: [Double]  // [E]
  /// E Σ f P of the last forward pass, without the coefficient.
  private(set) var loadBalance: Double = 0

  init(
    _ arena: Arena, input: Tensor, residual: Tensor, output: Tensor, router: Weight, gateUps: [Weight], downs: [Weight],
    active: Int, coefficient: Float, dropout: DropoutMask? = nil
  ) {
    self.input = input
    self.residual = residual
    self.output = output
    self.router = router
    self.gateUps = gateUps
    self.downs = downs
    self.active = active
    self.coefficient = coefficient
    self.dropout = dropout
    inner = downs.first?.inputs ?? 0
    let tokens = input.rows.capacity
    let width = input.columns
    let assignments = product(tokens, active)
    scores = arena.floats(tokens, gateUps.count)
    scoreGradients = arena.floats(tokens, gateUps.count)
    choices = arena.integers(assignments)
    slots = arena.integers(assignments)
    shares = arena.floats(assignments)
    gathered = arena.floats(assignments, width)
    dGathered = arena.floats(assignments, width)
    gates = arena.floats(assignments, product(2, inner))
    dGates = arena.floats(assignments, product(2, inner))
    activated = arena.floats(assignments, inner)
    dActivated = arena.floats(assignments, inner)
    sigmoids = arena.floats(assignments, inner)
    answers = arena.floats(assignments, width)
    branch = arena.floats(tokens, width)
    starts = Array(repeating: 0, count: gateUps.count + 1)
    next = starts
    counts = Array(repeating: 0, count: gateUps.count)
    means = Array(repeating: 0, count: gateUps.count)
    requireShapes()
  }

  func forward() {
    let tokens = input.rows.count
    let width = input.columns
    route()
    for slot in 0..<tokens * active {  // gathered [NK, D], sorted by expert
      (gathered + Int(slots[slot]) * width).update(from: input.value + slot / active * width, count: width)
    }
    for expert in 0..<gateUps.count {
      let first = starts[expert]
      let rows = starts[expert + 1] - first
      gateUps[expert].apply(gathered + first * width, width, rows: rows, into: gates + first * 2 * inner, 2 * inner)
      SwiGLU.forward(
        gates + first * 2 * inner, activated + first * inner, sigmoids + first * inner, rows: rows, width: inner)
      downs[expert].apply(activated + first * inner, inner, rows: rows, into: answers + first * width, width)
    }
    branch.update(repeating: 0, count: tokens * width)
    for slot in 0..<tokens * active {
      let target = branch + slot / active * width
      let answer = answers + Int(slots[slot]) * width
      let share = Lanes(repeating: shares[slot])
      eachGroup(width) { i, n in store(load(target + i, n).addingProduct(load(answer + i, n), share), target + i, n) }
    }
    dropout?.apply(to: branch, count: tokens * width)
    eachGroup(tokens * width) { i, n in store(load(residual.value + i, n) + load(branch + i, n), output.value + i, n) }
  }

  /// Chooses experts and sorts the assignments by expert, keeping the order of tokens within one.
  private func route() {
    let tokens = input.rows.count
    let experts = gateUps.count
    router.apply(input.value, input.columns, rows: tokens, into: scores, experts)
    for expert in 0..<experts {
      counts[expert] = 0
      means[expert] = 0
    }
    for token in 0..<tokens {
      let p = scores + token * experts
      softmaxRow(p, count: experts)
      for expert in 0..<experts { means[expert] += Double(p[expert]) / Double(tokens) }
      var sum: Float = 0
      for k in 0..<active {
        var best = -1
        for expert in 0..<experts where best < 0 || p[expert] > p[best] {
          if !(0..<k).contains(where: { choices[token * active + $0] == Int32(expert) }) { best = expert }
        }
        choices[token * active + k] = Int32(best)
        counts[best] += 1
        sum += p[best]
      }
      for k in 0..<active { shares[token * active + k] = p[Int(choices[token * active + k])] / sum }
    }
    loadBalance = 0
    for expert in 0..<experts {
      starts[expert + 1] = starts[expert] + counts[expert]
      loadBalance += Double(experts) * Double(counts[expert]) / Double(max(tokens * active, 1)) * means[expert]
    }
    for expert in 0..<experts { next[expert] = starts[expert] }
    for slot in 0..<tokens * active {
      let expert = Int(choices[slot])
      slots[slot] = Int32(next[expert])
      next[expert] += 1
    }
  }

  func backward() {
    let tokens = input.rows.count
    let width = input.columns
    let experts = gateUps.count
    branch.update(from: output.gradient, count: tokens * width)
    dropout?.reapply(to: branch, count: tokens * width)
    // Σ_e: d p_e = coefficient · E · f_e / N for every token, then the chosen experts' shares.
    for token in 0..<tokens {
      let dp = scoreGradients + token * experts
      for expert in 0..<experts {
        let f = Float(starts[expert + 1] - starts[expert]) / Float(tokens * active)
        dp[expert] = coefficient * Float(experts) * f / Float(tokens)
      }
      addShareGradients(token, dp)
    }
    for expert in 0..<experts {
      let first = starts[expert]
      let rows = starts[expert + 1] - first
      let dAnswers = answers + first * width
      downs[expert].accumulateGradient(dAnswers, width, activated + first * inner, inner, rows: rows)
      downs[expert].pullBack(dAnswers, width, rows: rows, into: dActivated + first * inner, inner, accumulating: false)
      SwiGLU.backward(
        gates + first * 2 * inner, dActivated + first * inner, dGates + first * 2 * inner, sigmoids + first * inner,
        rows: rows, width: inner)
      gateUps[expert].accumulateGradient(
        dGates + first * 2 * inner, 2 * inner, gathered + first * width, width, rows: rows)
      gateUps[expert].pullBack(
        dGates + first * 2 * inner, 2 * inner, rows: rows, into: dGathered + first * width, width, accumulating: false)
    }
    input.gradient.update(repeating: 0, count: tokens * width)
    for slot in 0..<tokens * active {
      let target = input.gradient + slot / active * width
      let source = dGathered + Int(slots[slot]) * width
      eachGroup(width) { i, n in store(load(target + i, n) + load(source + i, n), target + i, n) }
    }
    for token in 0..<tokens {  // softmax: d score = p ⊙ (dp − Σ p dp)
      let p = scores + token * experts
      let dp = scoreGradients + token * experts
      var mean: Float = 0
      for expert in 0..<experts { mean += p[expert] * dp[expert] }
      for expert in 0..<experts { dp[expert] = p[expert] * (dp[expert] - mean) }
    }
    router.accumulateGradient(scoreGradients, experts, input.value, width, rows: tokens)
    router.pullBack(scoreGradients, experts, rows: tokens, into: input.gradient, width, accumulating: true)
  }

  /// For one token: turns its expert outputs into their gradients w · dy, and adds d w through the normalisation to dp.
  private func addShareGradients(_ token: Int, _ dp: Floats) {
    let width = input.columns
    let dy = branch + token * width
    var dShares: [8 of Float] = .init(repeating: 0)
    var mean: Float = 0
    var sum: Float = 0
    for k in 0..<active {
      let slot = token * active + k
      let answer = answers + Int(slots[slot]) * width
      let share = Lanes(repeating: shares[slot])
      var dots = Lanes.zero
      eachGroup(width) { i, n in
        let upstream = load(dy + i, n)
        dots.addProduct(upstream, load(answer + i, n))
        store(upstream * share, answer + i, n)
      }
      dShares[k] = total(dots)
      mean += dShares[k] * shares[slot]
      sum += scores[token * gateUps.count + Int(choices[slot])]
    }
    for k in 0..<active { dp[Int(choices[token * active + k])] += (dShares[k] - mean) / sum }
  }

  private func softmaxRow(_ p: Floats, count: Int) {
    var tops = Lanes(repeating: -.infinity)
    eachGroup(count) { i, n in tops = larger(tops, load(p + i, n, fill: -.infinity)) }
    let top = largest(tops)
    var sums = Lanes.zero
    eachGroup(count) { i, n in
      let e = exponential(load(p + i, n, fill: -.infinity) - top)
      sums += e
      store(e, p + i, n)
    }
    let scale = 1 / total(sums)
    eachGroup(count) { i, n in store(load(p + i, n) * scale, p + i, n) }
  }
}
