// Tests of "did you mean …?".

import Basics
import Testing
@testable import Wording

@Suite struct SuggestionsTests {
  @Test(arguments: [
    ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("seeds", "seeds", 0), ("seedz", "seeds", 1), ("seed", "seeds", 1),
    ("sedes", "seeds", 1), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("grün", "gran", 1),
  ])
  func distance(_ a: String, _ b: String, _ expected: Int) {
    #expect(editDistance(a, b) == expected)
    #expect(editDistance(b, a) == expected)
  }

  @Test func nearestCandidate() {
    let claims = ["crossover", "coder", "data-budget", "data-quality", "input-noise", "parameter-noise"]
    #expect(nearest(to: "crosover", among: claims) == "crossover")
    #expect(nearest(to: "Coder", among: claims) == "coder")
    #expect(nearest(to: "cross", among: claims) == "crossover")
    #expect(nearest(to: "data_qualty", among: claims) == "data-quality")
    #expect(nearest(to: "weather", among: claims) == nil)
    #expect(nearest(to: "x", among: []) == nil)
  }

  @Test func tiesTakeTheAlphabeticallyFirst() {
    #expect(nearest(to: "lx", among: ["lz", "la", "lb"]) == "la")
  }

  @Test func exitStatusesAreThoseDocumented() {
    #expect(Basics.ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 64, 65, 70, 74, 129, 130, 143, 152])
  }
}
