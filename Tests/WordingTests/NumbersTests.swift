// Tests of how numbers and names are spelt for people.

import Testing
@testable import Wording

@Suite struct NumbersTests {
  @Test(arguments: [
    (0.0418, "0.0418"), (1, "1"), (0, "0"), (0.00418144, "0.00418"), (4.4372e-8, "4.44 · 10⁻⁸"),
    (8.43942e-10, "8.44 · 10⁻¹⁰"), (494, "494"), (1_234_567, "1.23 · 10⁶"), (-2.5e-7, "-2.5 · 10⁻⁷"),
  ])
  func threeDigits(_ value: Double, _ expected: String) {
    #expect(significant(value) == expected)
  }

  @Test func possessives() {
    #expect(possessive("AR") == "AR's" && possessive("DLM, 2500 epochs") == "DLM, 2500 epochs'")
  }
}
