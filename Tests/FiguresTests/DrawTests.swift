import Foundation
import Testing

@testable import Figures

@Suite struct DrawTests {
  @Test(arguments: [Example.crossover, Example.bars, Example.sweep])
  func look(_ figure: Figure) async throws {
    print(try await draw(figure, to: "/tmp/gpx/out"))
  }
}
