// The curve that is built in: what the claim `regime` found on found text. What is done with it is in RegimeCurve.swift.

extension RegimeCurve {
  /// DLM's lowest loss − AR's on the King James Bible, the mean over models of two sizes, each with 2.4 million training
  /// tokens, with 95 % intervals over three seeds. From figures/regime/verdict.json (`kjv_loss_gap_at_r_…`).
  ///
  /// The models are untuned, and those with many unique tokens per parameter far from the end of the DLM's learning, so the
  /// curve says in which direction the gap moves rather than how large it will be.
  package static let measured = RegimeCurve(
    points: [
      point(0.25, 1.036, 1.012, 1.061), point(0.75, 0.565, 0.492, 0.638), point(2, 0.163, 0.097, 0.229),
      point(8, 0.078, 0.029, 0.126), point(24, 0.275, 0.162, 0.387), point(64, 0.193, 0.148, 0.239),
    ],
    source: "the claim regime at preset ci (untuned models of 6 000 to 220 000 parameters on the King James Bible)")

  private static func point(_ ratio: Double, _ mean: Double, _ low: Double, _ high: Double) -> Point {
    Point(ratio: ratio, gap: Measured(mean: mean, low: low, high: high))
  }
}
