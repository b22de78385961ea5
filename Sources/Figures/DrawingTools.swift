// What this machine has to draw with, found out without a figure. Drawing itself is in Draw.swift.

import Foundation

/// gnuplot and fonts, as far as figures need them.
public struct DrawingTools: Sendable {
  /// "5.4 patchlevel 4"; nil if there is no gnuplot that tells.
  public let gnuplot: String?
  /// The family that text is drawn in, "DejaVu Sans"; nil if fontconfig does not tell.
  public let font: String?
  /// Why no figure can be drawn here; nil if one can.
  public let obstacle: FigureError?
}

/// Whether there is a gnuplot on the PATH. Nothing is started to find out.
public func isGnuplotInstalled() -> Bool {
  // Where there is no PATH, programs are looked for in the system's own folders.
  let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/bin:/usr/bin"
  return folders.split(separator: ":").contains { access("\($0)/gnuplot", X_OK) == 0 }
}

/// Asks gnuplot for its version and terminals, and whether it can draw text.
public func drawingTools() async -> DrawingTools { await Gnuplot().tools() }

extension Gnuplot {
  /// The terminals that figures are drawn by.
  static let terminals = ["svg", "pngcairo"]

  func tools() async -> DrawingTools {
    let font = await fontFamily()
    var version: String?
    do throws(FigureError) {
      let told = try await versionAndTerminals()
      version = told.version
      let missing = Self.terminals.filter { !told.terminals.contains($0) }
      if !missing.isEmpty { throw FigureError.terminalsMissing(missing) }
      try await checkFonts(in: "/", figure: "test")
    } catch {
      return DrawingTools(gnuplot: version, font: font, obstacle: error)
    }
    return DrawingTools(gnuplot: version, font: font, obstacle: nil)
  }
}
