// What this program was built from. The values are written before each build by Plugins/DescribeBuild. A module of its
// own, so that another commit recompiles these few lines and nothing else.

/// The commit, "0123456789ab" or "0123456789ab with changes"; nil if it was not known.
@inline(never) package func buildCommit() -> String? { builtCommit.isEmpty ? nil : builtCommit }

/// The compiler, "Swift version 6.3.1 (swift-6.3.1-RELEASE)"; nil if it was not known.
@inline(never) package func buildCompiler() -> String? { builtCompiler.isEmpty ? nil : builtCompiler }
