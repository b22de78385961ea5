import Foundation
import Testing

@testable import Figures

@Suite struct DrawTests {
  @Test func look() async throws {
    for figure in [Example.crossover, Example.bars, Example.sweep, Example.stress] {
      _ = try await draw(figure, to: "/tmp/gpx/out")
    }
  }
}
