// An experiment that a command has changed (`--set`, `--seeds`): what tells it, its folder and its verdict from the one
// that the configuration registers. Whether it was changed is found by comparing settings, not words.

import Configuration
import Figures

extension Catalogue {
  /// Which settings a claim or study has at a preset, whatever text it is about; nil where it has none.
  package func settingsDigest(_ name: String, _ preset: Preset) throws -> String? {
    guard let entry = entries.first(where: { $0.name == name }), entry.presets.contains(preset) else { return nil }
    switch entry.subject {
    case .claim: return try file.settings(name, preset).digest()
    case .study: return try file.study(name, preset).digest()
    }
  }
}

extension Study {
  /// The same under a name of its own, so that its verdict stands beside the registered one and not in its place.
  /// - Parameters:
  ///   - changes: what was changed, as it was given, in one order.
  ///   - digest: of the changed settings.
  package func changed(by changes: [String], digest: String) -> Study {
    var study = self
    study.name = "\(name)-\(digest.prefix(8))"
    study.changes = changes
    return study
  }
}

extension ClaimReport {
  /// The same, saying what was changed wherever its verdict is shown.
  package func noting(_ changes: [String]) -> ClaimReport {
    if changes.isEmpty { return self }
    var report = self
    let words = changes.joined(separator: ", ")
    report.label = [label, words].compactMap { $0 }.joined(separator: "; ")
    report.remarks.insert("changed by the command: \(words); the registered experiment is another one", at: 0)
    report.figure?.caption.append("changed by the command: \(words)")
    return report
  }
}
