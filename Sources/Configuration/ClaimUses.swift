// What a claim takes from its tables in experiments.toml. A key that it does not take would have no effect, so the reader
// refuses it.

/// What a claim does with the settings that it is given.
package struct ClaimUses: Sendable {
  /// What the claim's `variants` are to it.
  package enum Variants: Sendable {
    /// It has one condition, its own settings.
    case none
    /// Conditions under each of which AR and the DLM are trained.
    case pairs
    /// Conditions under each of which the DLM is trained.
    case diffusion
    /// Orders in which AR is trained, one under each.
    case orders
    /// Sizes of the blocks of block diffusion, one under each.
    case blocks
    /// Candidates of a search, trained on tuning seeds.
    case candidates
  }

  /// The corpora that it can be about; the first one where the claim's table names none.
  package var corpora: [CorpusName] = [.world]
  package var variants = Variants.none
  /// Whether it judges a difference, which a margin is for.
  package var margin = true
  /// Whether it can be asked about a user's text.
  package var text: Bool { corpora.contains(.text) }
  /// Whether it is a study, whose conditions and margins are in tables of its own.
  package var isStudy = false
  /// Whether its candidates are for AR and for the DLM, so that one may say which.
  package var candidatesOfBoth = false
  /// Whether it shows a natural corpus beside its own.
  package var beside = false
  /// Whether it is about natural corpora, a list of them, in place of a corpus of its own.
  package var naturals = false

  package init(
    corpora: [CorpusName] = [.world], variants: Variants = Variants.none, margin: Bool = true,
    candidatesOfBoth: Bool = false, beside: Bool = false, naturals: Bool = false
  ) {
    self.naturals = naturals
    self.candidatesOfBoth = candidatesOfBoth
    self.beside = beside
    self.corpora = corpora
    self.variants = variants
    self.margin = margin
  }

  /// What a user's study takes.
  static let study: ClaimUses = {
    var uses = ClaimUses(corpora: CorpusName.allCases, margin: false)
    uses.isStudy = true
    return uses
  }()
}
