// Generating token by token from an AR model, with a cache of keys and values.

import Randomness
import TensorEngine
import Transformer

/// Continues a prompt token by token with a cache of keys and values: one forward pass over one token each.
///
/// - Parameters:
///   - count: tokens to generate; with the prompt at most the model's context.
///   - end: stops after this token.
public func sampleAutoregressive(
  _ parameters: any Predictor, prompt: [Int32], count: Int, special: SpecialTokens, rule: SamplingRule, seed: UInt64,
  end: Int32? = nil, backend: ProductBackend
) -> [Int32] {
  let decoder = EnsembleDecoder(parameters, sequences: 1, backend: backend)
  var stream = RandomStream(seed: seed, purpose: .sampling)
  var generated: [Int32] = []
  var logits = decoder.read([special.begin])
  for token in prompt { logits = decoder.read([token]) }
  while generated.count < count {
    let token = rule.choose(logits[...], &stream).token
    generated.append(token)
    if token == end || generated.count == count || decoder.position == parameters.configuration.context { break }
    logits = decoder.read([token])
  }
  return generated
}

/// Writes whole documents token by token, all at once: one forward pass over one token of each.
///
/// - Parameter lengths: of the documents, 1…context each. Document i has random numbers of its own, so what it is does
///   not depend on the others.
public func sampleAutoregressive(
  _ parameters: any Predictor, lengths: [Int], special: SpecialTokens, rule: SamplingRule, seed: UInt64,
  backend: ProductBackend
) -> [[Int32]] {
  let decoder = EnsembleDecoder(parameters, sequences: lengths.count, backend: backend)
  let vocabulary = parameters.vocabulary
  var streams = lengths.indices.map { RandomStream(seed: seed, purpose: .sampling, index: UInt64($0)) }
  var documents = [[Int32]](repeating: [], count: lengths.count)
  var next = [Int32](repeating: special.begin, count: lengths.count)
  for position in 0..<(lengths.max() ?? 0) {
    let logits = decoder.read(next)
    for i in lengths.indices where position < lengths[i] {
      next[i] = rule.choose(logits[i * vocabulary..<(i + 1) * vocabulary], &streams[i]).token
      documents[i].append(next[i])
    }
  }
  return documents
}

/// Continues prompts token by token up to the context, many at once: what evaluation by execution needs.
///
/// - Parameter end: the token after which a sequence is finished.
/// - Returns: what follows each prompt, up to and with the first end token. Prompt i has random numbers of its own.
public func sampleAutoregressive(
  _ parameters: any Predictor, prompts: [[Int32]], end: Int32, special: SpecialTokens, rule: SamplingRule,
  seed: UInt64, backend: ProductBackend
) -> [[Int32]] {
  let context = parameters.configuration.context
  return continued(
    parameters, prompts, counts: prompts.map { context - $0.count }, end: end, special: special, rule: rule,
    seed: seed, backend: backend)
}

/// Fills holes token by token, many at once: an AR model sees only what precedes a hole, and what follows is not asked.
///
/// - Parameters:
///   - holes: with what surrounds it each is no longer than the context.
///   - end: never chosen, because the sequence goes on.
/// - Returns: the missing tokens of each hole. Hole i has random numbers of its own.
public func sampleAutoregressive(
  _ parameters: any Predictor, holes: [Hole], end: Int32, special: SpecialTokens, rule: SamplingRule, seed: UInt64,
  backend: ProductBackend
) -> [[Int32]] {
  continued(
    parameters, holes.map(\.prefix), counts: holes.map(\.count), end: nil, special: special,
    rule: SamplingRule(temperature: rule.temperature, excluded: rule.excluded + [end]), seed: seed, backend: backend)
}

/// Continues each prompt by at most its count of tokens.
private func continued(
  _ parameters: any Predictor, _ prompts: [[Int32]], counts: [Int], end: Int32?, special: SpecialTokens,
  rule: SamplingRule, seed: UInt64, backend: ProductBackend
) -> [[Int32]] {
  // Groups of one size, so that what a prompt gives does not depend on how many there are.
  let group = 32
  let decoder = EnsembleDecoder(parameters, sequences: group, backend: backend)
  let vocabulary = parameters.vocabulary
  var completions = [[Int32]](repeating: [], count: prompts.count)
  func isFinished(_ i: Int) -> Bool {
    completions[i].count >= counts[i] || (end != nil && completions[i].last == end)
  }
  for start in stride(from: 0, to: prompts.count, by: group) {
    let members = start..<min(start + group, prompts.count)
    var streams = members.map { RandomStream(seed: seed, purpose: .sampling, index: UInt64($0)) }
    var next = [Int32](repeating: special.begin, count: group)
    decoder.reset()
    for position in 0..<parameters.configuration.context {
      if members.allSatisfy(isFinished) { break }
      let logits = decoder.read(next)
      for i in members {
        let row = i - start
        if position < prompts[i].count {
          next[row] = prompts[i][position]
        } else if !isFinished(i) {
          next[row] = rule.choose(logits[row * vocabulary..<(row + 1) * vocabulary], &streams[row]).token
          completions[i].append(next[row])
        }
      }
    }
  }
  return completions
}
