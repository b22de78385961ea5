// What to do next, as commands that work when pasted: train what is advised, sample from it, load it in Python. The
// command that trains plans the very run that is named in the others, which a test checks by its hash.

import Basics
import Configuration
import Corpora
import Foundation
import Objectives
import Specification
import Training
import Transformer
import Wording

/// How the user asked, as far as the next commands have to repeat it.
package struct CommandContext: Sendable {
  /// `--text=…`, `--include=…`, `--exclude=…`.
  package var text: [String]
  /// `--config=…` and `--set=…`.
  package var configuration: [String]
  /// The directory of results.
  package var out: String
  /// The settings that `replicate train` has under that configuration.
  package var defaults: ClaimSettings

  package init(text: [String], configuration: [String], out: String, defaults: ClaimSettings) {
    (self.text, self.configuration, self.out, self.defaults) = (text, configuration, out, defaults)
  }
}

/// The recipe that ends where a contender is stopped.
package func finalRecipe(_ contender: Contender) -> Recipe {
  var recipe = contender.recipe
  if !contender.stopsAtEnd { recipe.epochs = contender.epochsToTrain }
  return recipe
}

/// The arguments of `replicate train` that plan the run of a recipe on the split of a seed.
package func trainArguments(
  _ recipe: Recipe, _ plan: AdvicePlan, seed: UInt64, inventory: TextInventory, _ context: CommandContext
) -> [String] {
  let defaults = context.defaults
  let (model, evaluation) = (plan.scale.model, plan.evaluation)
  var words = ["replicate", "train", recipe.kind.rawValue]
  words += context.text + context.configuration
  if context.out != "results" { words.append("--out=\(context.out)") }
  words += ["--seed", "\(seed)", "--epochs", "\(recipe.epochs)", "--width", "\(model.width)"]
  words += ["--layers", "\(model.layers)"]
  func option(_ name: String, _ value: Double, unless usual: Double) {
    if value != usual { words += ["--\(name)", numeral(value)] }
  }
  option("dropout", recipe.dropout, unless: defaults.model.dropout)
  option("weight-decay", recipe.weightDecay, unless: defaults.training.weightDecay)
  option("learning-rate", recipe.learningRate, unless: defaults.training.learningRate)
  option("input-masking", recipe.inputMasking, unless: 0)
  func set(_ key: String, _ value: String, unless usual: String) {
    if value != usual { words.append("--set=\(key)=\(value)") }
  }
  set("training.batch", "\(recipe.batch)", unless: "\(defaults.training.batch)")
  set("training.averaging", numeral(recipe.averaging), unless: numeral(defaults.training.averaging))
  set("text.unique_tokens", "\(plan.scale.corpus.nominalUniqueTokens)", unless: "\(defaults.text.uniqueTokens)")
  set("text.held_out_share", numeral(inventory.text.heldOutShare), unless: numeral(defaults.text.heldOutShare))
  if inventory.text.cloze != defaults.text.cloze { words.append("--set=text.cloze=\(inventory.text.cloze.rawValue)") }
  let usual = defaults.evaluation
  set("evaluation.checkpoints", "\(evaluation.checkpoints)", unless: "\(usual.checkpoints)")
  set("evaluation.samples", "\(evaluation.samples)", unless: "\(usual.samples)")
  set("evaluation.items", "\(evaluation.items)", unless: "\(usual.items)")
  set(
    "evaluation.validation_sequences", "\(evaluation.validationSequences)", unless: "\(usual.validationSequences)")
  return words
}

/// The commands that follow from an advice.
/// - Throws: ``ImpossibleRun``.
package func nextCommands(
  _ contender: Contender, _ plan: AdvicePlan, inventory: TextInventory, _ context: CommandContext
) throws -> [Advice.Command] {
  let recipe = finalRecipe(contender)
  let seed: UInt64 = 1
  let run = try recipe.run(plan.scale, seed: seed, evaluation: plan.evaluation, label: recipe.kind.name)
  let folder = "\(context.out)/runs/\(run.hash)"
  let train = trainArguments(recipe, plan, seed: seed, inventory: inventory, context)
  var sample = ["replicate", "sample", run.hash]
  if context.out != "results" { sample.append("--out=\(context.out)") }
  sample += context.text
  let python =
    switch recipe.kind {
    case .autoregression:
      "from transformers import AutoModelForCausalLM, AutoTokenizer; f = \"\(folder)\"; "
        + "t, m = AutoTokenizer.from_pretrained(f), AutoModelForCausalLM.from_pretrained(f); "
        + "print(t.decode(m.generate(**t(\"\", return_tensors=\"pt\"))[0], skip_special_tokens=True))"
    case .diffusion:
      "from transformers import AutoModel, AutoTokenizer; f = \"\(folder)\"; "
        + "t = AutoTokenizer.from_pretrained(f, trust_remote_code=True); "
        + "m = AutoModel.from_pretrained(f, trust_remote_code=True); print(t.decode(m.generate(max_new_tokens=40)[0]))"
    }
  func line(_ words: [String]) -> String { words.map { Escaped.shellWord($0) }.joined(separator: " ") }
  return [
    .init(
      "train it on the first split, \(percent(inventory.text.heldOutShare)) held out (nothing to do where it is stored already)",
      line(train)),
    .init("write with it", line(sample)),
    .init("load it in Python, with transformers and torch", line(["python3", "-c", python])),
  ]
}
