// Everything that can be asked by name: the claims, and the studies of the configuration.

import Basics
import Configuration
import Corpora
import Specification
import Synchronization
import TensorEngine
import Wording

/// The claims that a configuration has settings for, and its studies.
package struct Catalogue: Sendable {
  package let file: ExperimentFile
  /// In order: claims as in ``Claim/all``, then studies by name.
  package let entries: [Entry]

  /// - Throws: ``ConfigurationError`` with everything that is wrong in the configuration.
  package init(_ sources: ConfigurationSources) throws(ConfigurationError) {
    file = try ExperimentFile(sources, claims: Claim.schemas)
    let file = file
    entries =
      Claim.all.filter { file.has($0.name) }.map { Entry(subject: .claim($0), file: file) }
      + file.studies.map { Entry(subject: .study($0), file: file) }
  }

  /// The claim or study of that name.
  /// - Throws: ``UnknownName``.
  package func entry(_ name: String) throws(UnknownName) -> Entry {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw UnknownName(name: name, known: entries.map(\.name), file: file.path)
    }
    return entry
  }

  /// Which settings a claim or study has at a preset, as verdicts name them; nil for questions about a user's own text,
  /// which the configuration does not know.
  package func digest(_ name: String, _ preset: Preset) throws -> String? {
    do {
      return try entry(name).study(preset, backend: .native).digest
    } catch is TextMissing {
      return nil
    }
  }

  /// A claim or study with what the configuration says of it.
  package struct Entry: Sendable {
    package enum Subject: Sendable {
      case claim(Claim)
      case study(String)
    }

    package let subject: Subject
    let file: ExperimentFile

    package var name: String {
      switch subject {
      case .claim(let claim): claim.name
      case .study(let name): name
      }
    }

    /// The presets that it has settings for.
    package var presets: [Preset] { file.presets(name) }

    /// Whether it can be about a user's text.
    package var takesText: Bool {
      switch subject {
      case .claim(let claim): claim.uses.text
      case .study: true
      }
    }

    /// The runs and the judgement under the settings of the preset.
    /// - Parameter text: the user's own, for settings about the corpus `text`.
    /// - Throws: ``ConfigurationError``; ``ImpossibleClaim``; what a text is refused for.
    package func study(_ preset: Preset, text: TextCollection? = nil, backend: ProductBackend) throws -> Study {
      do {
        return try possibleStudy(preset, text: text, backend: backend)
      } catch let error as ImpossibleRun {
        throw ImpossibleClaim(name: name, cause: error)
      }
    }

    private func possibleStudy(_ preset: Preset, text: TextCollection?, backend: ProductBackend) throws -> Study {
      switch subject {
      case .claim(let claim):
        let settings = try file.settings(name, preset)
        if settings.corpus == .text, claim.name == Claim.crossover.name, let text {
          return try TextQuestion(
            settings: settings, text: text, epochs: file.setsEpochs ? settings.training.epochs : nil, backend: backend
          ).study
        }
        let own = try settings.read(text, for: name).withBeside()
        var study = try claim.study(own, backend: backend)
        study.notes += own.naturals.compactMap { $0.absence("so left out of the verdict") }.map { "\(name): \($0)" }
        return study
      case .study:
        return try file.study(name, preset).read(text).study(backend: backend)
      }
    }
  }
}

/// A name that neither a claim nor a study has.
package struct UnknownName: ExitStatusProviding {
  let name: String
  let known: [String]
  let file: String

  package var exitStatus: ExitStatus { .usage }
  package var description: String {
    if Claim.named(name) != nil {
      return "\(file): \(name): missing; expected a table, as `replicate config show` prints them"
    }
    let near = suggestion(for: name, among: known)
    return "unknown claim or study '\(name)'\(near); `replicate list` lists them"
      + (near.isEmpty ? "; a study of yours is known with the --config that defines it" : "")
  }
}

/// A claim or study whose runs cannot have what is set, although others can.
package struct ImpossibleClaim: ExitStatusProviding {
  let name: String
  let cause: ImpossibleRun

  package var exitStatus: ExitStatus { cause.exitStatus }
  package var description: String { "\(name): \(cause)" }
}

/// A claim or study that is about a text is asked without one.
package struct TextMissing: ExitStatusProviding {
  let name: String

  package var exitStatus: ExitStatus { .usage }
  package var description: String { "\(name) is about a text of yours: say which one with --text PATH" }
}

extension ClaimSettings {
  /// The same with the texts of its corpus, whichever corpus that is.
  /// - Throws: `CorpusError` where a natural corpus cannot be read; ``TextMissing`` where the user's text is not given.
  package func read(_ text: TextCollection?, for name: String) throws -> ClaimSettings {
    switch corpus {
    case .world, .python: return self
    case .natural(let natural): return about(try collections.read(natural))
    case .text:
      guard let text else {
        throw TextMissing(name: name)
      }
      return about(text)
    }
  }
}

extension ClaimSettings {
  /// The same with the texts of the natural corpora that it names beside its own or in place of one; without those that are
  /// not installed, which is said in the report.
  /// - Throws: `CorpusError` where one is installed and cannot be read.
  fileprivate func withBeside() throws -> ClaimSettings {
    var settings = self
    settings.beside = try beside.map(read)
    settings.naturals = try naturals.map(read)
    return settings
  }

  private func read(_ beside: Beside) throws -> Beside {
    do {
      return beside.about(try collections.read(beside.corpus))
    } catch CorpusError.packageMissing {
      return beside
    }
  }
}

extension StudySettings {
  /// The same with the texts of its corpus.
  /// - Throws: as for a claim.
  fileprivate func read(_ text: TextCollection?) throws -> StudySettings {
    var study = self
    study.common = try common.read(text, for: "study.\(name)")
    for condition in conditions.indices {
      for arm in conditions[condition].arms.indices {
        study.conditions[condition].arms[arm].settings = conditions[condition].arms[arm].settings
          .about(study.common.collection)
      }
    }
    return study
  }
}

/// Natural corpora, each read once: many claims ask for the same.
private let collections = Collections()

private final class Collections: Sendable {
  private let known = Mutex<[NaturalCorpus: TextCollection]>([:])

  func read(_ corpus: NaturalCorpus) throws -> TextCollection {
    if let collection = known.withLock({ $0[corpus] }) { return collection }
    let collection = try corpus.read()
    known.withLock { $0[corpus] = collection }
    return collection
  }
}
