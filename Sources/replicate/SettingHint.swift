// Options that `train` has and claims do not, because a claim's settings come from the configuration: what to give instead.

import Claims

/// The settings by the options that change them in `replicate train`.
private let settings = [
  "epochs": "training.epochs", "batch": "training.batch", "learning-rate": "training.learning_rate",
  "weight-decay": "training.weight_decay", "width": "model.width", "layers": "model.layers", "heads": "model.heads",
  "dropout": "model.dropout", "context": "model.context", "unique-tokens": "world.unique_tokens",
  "checkpoints": "evaluation.checkpoints", "items": "evaluation.items", "margin": "margin",
]

/// The commands with `--set`, besides those of claims.
private let commandsWithSettings: Set = ["all", "check", "study", "plan", "run", "list", "submit", "status", "judge"]

/// The argument parser's complaint, with the setting to give instead of an option that a command with `--set` lacks.
func withSettingHint(_ complaint: String) -> String {
  guard let match = complaint.firstMatch(of: /^Error: Unknown option '--([a-z-]+)[^'\n]*'[^\n]*/),
    let setting = settings[String(match.1)],
    let command = complaint.firstMatch(of: /\nUsage: replicate ([a-z-]+)/)?.1,
    commandsWithSettings.contains(String(command)) || Claim.named(String(command)) != nil
  else { return complaint }
  let hint = "Error: Unknown option '--\(match.1)'; it is a setting: give --set \(setting)=…"
  return hint + complaint[match.range.upperBound...]
}
