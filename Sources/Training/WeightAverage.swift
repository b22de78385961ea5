// The average of the weights over the course of training, which is evaluated and stored in place of the last weights.

import TensorEngine
import Transformer

/// The exponential moving average of a model's parameters θ₁ … θₛ after each of s updates, with rate ρ:
///
///     a = (1 − ρ) Σᵢ ρˢ⁻ⁱ θᵢ / (1 − ρˢ)
///
/// It is corrected for its start, as Adam's moments are, so that the random initial values have no part in it: a₁ = θ₁.
/// It is kept as aₛ = aₛ₋₁ + wₛ (θₛ − aₛ₋₁) with wₛ = (1 − ρ) / (1 − ρˢ), in 32 bits. Before the first update it is θ₀.
/// Source: Polyak and Juditsky 1992 for averaging; Kingma and Ba 2015, section 7.2, for this form.
final class WeightAverage {
  /// a, in the layout of the parameters.
  let parameters: ModelParameters
  private let rate: Double

  /// - Parameter rate: ρ, in `TrainingConfiguration.Limits.averaging`.
  init(of trained: ModelParameters, rate: Double) {
    parameters = ModelParameters(trained.configuration, vocabulary: trained.vocabulary)
    self.rate = rate
    copy(trained.buffer)
  }

  /// Takes in the parameters after update `step`, 1 for the first.
  func add(_ trained: ParameterBuffer, step: Int) {
    let weight = Float((1 - rate) / (1 - power(rate, step)))
    guard weight < 1 else { return copy(trained) }  // a + (θ − a) need not be θ in 32 bits
    let average = parameters.buffer
    for i in 0..<average.count { average.value[i] += weight * (trained.value[i] - average.value[i]) }
    average.markChanged()
  }

  private func copy(_ trained: ParameterBuffer) {
    parameters.buffer.value.update(from: trained.value, count: trained.count)
    parameters.buffer.markChanged()
  }
}

/// baseᵉ by squaring: the same bits on every machine, which a library's `pow` does not promise.
private func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, factor, left) = (1.0, base, exponent)
  while left > 0 {
    if left & 1 == 1 { result *= factor }
    factor *= factor
    left >>= 1
  }
  return result
}
