// Tests of the seal over a JSON object: every change of the contents is noticed, none of the layout.

import Foundation
import TestSupport
import Testing
@testable import Files

@Suite struct SealTests {
  struct Sample: Codable, Equatable {
    var name = "a \"b\" é\n"
    var numbers = ["x": 0.1, "y": Double.infinity]
    var seed = UInt64.max
    var list = [1, 2, 3]
  }

  private func opened(_ text: String) throws(StoreError) -> Unsealed<Sample> {
    try unsealed(from: Data(text.utf8), path: "f.json")
  }

  @Test func whatIsSealedIsReadBack() throws {
    let text = try sealedText(Sample())
    #expect(text.hasSuffix("\n}\n") && text.contains("\n  \"seal\": \""))
    let back = try opened(text)
    #expect(back.value == Sample() && back.seal == .sound)
    #expect(try sealedText(back.value) == text)
  }

  /// Another layout or order says the same.
  @Test func theLayoutDoesNotMatter() throws {
    let text = try sealedText(Sample())
    let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    #expect(try opened(value.canonical()).seal == .sound)
  }

  /// Whatever byte is changed: the object is refused, or it is the same value in another spelling.
  @Test func everyFlippedBitIsNoticed() throws {
    let sealed = Data(try sealedText(Sample()).utf8)
    for place in sealed.indices {
      for bit in 0..<8 {
        var flipped = sealed
        flipped[place] ^= 1 << bit
        guard let back = try? unsealed(Sample.self, from: flipped, path: "f") else { continue }
        #expect(back.value == Sample(), "byte \(place), bit \(bit)")
      }
    }
  }

  @Test func whatIsAddedOrTakenAwayIsNoticed() throws {
    let text = try sealedText(Sample())
    for change in [
      text.replacing("\"list\"", with: "\"more\": 1, \"list\""), text.replacing("    1,\n", with: ""),
      text.replacing("0.1", with: "0.2"), text.replacing(/"seal": "./, with: "\"seal\": \"g"),
      text.replacing(/"seal": "[^"]*"/, with: "\"seal\": null"),
    ] {
      #expect(change != text)
      let said = message { () throws(StoreError) in _ = try opened(change) }
      #expect(said == "f.json: was altered (its seal is not that of its contents)", "\(change)")
    }
  }

  /// What is read is what the seal covers, also where a key stands twice.
  @Test func aSecondKeyDoesNotHide() throws {
    let text = try sealedText(Sample()).replacing("\"seed\"", with: "\"list\": [9], \"seed\"")
    if let back = try? opened(text) { #expect(back.value == Sample()) }
  }

  @Test func withoutASealItIsSaid() throws {
    let text = try sealedText(Sample()).replacing(/\n *"seal": "[^"]*",/, with: "")
    #expect(try opened(text).seal == .absent)
  }

  @Test func whatIsNoObjectIsRefused() {
    for text in ["", "{", "[1]", "1", "\"seal\"", "{}"] {
      let said = message { () throws(StoreError) in _ = try opened(text) }
      #expect(said?.hasPrefix("f.json: not a valid record (") == true, "\(text)")
    }
    #expect(message { () throws(StoreError) in _ = try sealedText([1]) } == "cannot seal what is not a JSON object")
  }
}
