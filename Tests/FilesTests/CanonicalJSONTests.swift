// Tests of the one spelling of a JSON value, and of hashes over it.

import Foundation
import Testing
@testable import Files

@Suite struct CanonicalJSONTests {
  struct Sample: Codable {
    var zeta = 3e-4
    var alpha = 1.0
    var seed = UInt64.max
    var rate: Float = 0.1
    var text = "a/\"ä\"\n\u{1}\u{2028}"
    var none: Int?
    var list = [true, false]
    var inner = ["B": 1, "a": 2, "é": 3, "10": 4, "9": 5]
    var small = 1e-300
    var third = 1.0 / 3.0
  }

  @Test func thereIsOneSpelling() throws {
    let text = try jsonValue(Sample()).canonical()
    #expect(
      text == #"{"alpha":1,"inner":{"10":4,"9":5,"B":1,"a":2,"é":3},"list":[true,false],"rate":0.1,"#
        + #""seed":18446744073709551615,"small":1e-300,"text":"a/\"ä\"\n\u0001"# + "\u{2028}"
        + #"","third":0.3333333333333333,"zeta":0.0003}"#)
    #expect(try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)).canonical() == text)
  }

  @Test func indentedTextIsTheSameValue() throws {
    let value = try jsonValue(Sample())
    let indented = value.canonical(indented: true)
    #expect(indented.hasPrefix("{\n  \"alpha\": 1,\n  \"inner\": {\n    \"10\": 4,"))
    #expect(try JSONDecoder().decode(JSONValue.self, from: Data(indented.utf8)) == value)
    #expect(JSONValue.array([]).canonical(indented: true) == "[]")
  }

  /// printf '{"a":1,"b":"x"}' | sha256sum
  @Test func hashIsTheBeginningOfTheSHA256OfTheText() throws {
    struct Pair: Encodable { var b = "x", a = 1 }
    #expect(try specificationHash(Pair()) == "ecf9e98ec0641e23")
    #expect(try specificationHash(Pair(a: 2)) != specificationHash(Pair()))
  }

  @Test func specificationsRefuseNumbersThatAreNotFinite() {
    #expect(throws: EncodingError.self) { try specificationHash(["lr": Double.nan]) }
  }
}
