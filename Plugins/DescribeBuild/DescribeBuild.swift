// Before each build: writes down which commit and which compiler it is made from, for `replicate --version`. Nothing of
// it is in the sources, and outside Git the commit is not known, which is no error.

import Foundation
import PackagePlugin

@main
struct DescribeBuild: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let compiler = (try? context.tool(named: "swiftc").url.path) ?? "swiftc"
    let output = context.pluginWorkDirectoryURL
    return [
      .prebuildCommand(
        displayName: "Describing the build", executable: URL(fileURLWithPath: "/bin/sh"),
        arguments: ["-c", Self.script, "sh", context.package.directoryURL.path, output.path, compiler],
        outputFilesDirectory: output)
    ]
  }

  /// Arguments: the package's folder, the folder to write to, the compiler. A package inside somebody else's repository is
  /// of no commit of it. The file is left alone where it would stay the same, so that nothing is compiled again.
  private static let script = #"""
    if [ "$(git -C "$1" rev-parse --show-prefix 2>&1)" = "" ]; then
      commit=$(git -C "$1" rev-parse --short=12 HEAD 2>/dev/null)
      [ "$(git -C "$1" status --porcelain --untracked-files=no 2>/dev/null)" = "" ] || commit="$commit with changes"
    fi
    compiler=$("$3" --version 2>/dev/null | sed -n 's/.*\(Swift version [^"\\]*\).*/\1/p' | head -n 1)
    text="let builtCommit = \"$commit\"
    let builtCompiler = \"$compiler\""
    [ "$(cat "$2/Built.swift" 2>/dev/null)" = "$text" ] || printf '%s\n' "$text" >"$2/Built.swift"
    """#
}
