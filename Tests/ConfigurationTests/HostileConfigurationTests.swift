// Configurations at which parsers abort, overflow the stack or cut a name, most of them found by fuzzing.

import Foundation
import Testing
@testable import Configuration
@testable import Files
@testable import Wording

@Suite struct HostileConfigurationTests {
  private func complaint(_ text: String) -> String? {
    do {
      try parseTOML(text: text, file: "e.toml").finish()
      return nil
    } catch {
      return error.description
    }
  }

  @Test func nestingHasALimit() {
    let keys = String(repeating: "a.", count: 1_000_000) + "a"
    for text in ["\(keys) = 1", "[\(keys)]", "[[\(keys)]]", "x = {\(keys) = 1}", "\(keys) = 1\n@"] {
      #expect(complaint(text)?.hasSuffix("not valid TOML: a key of more than 16 parts; use fewer") == true)
    }
    for (open, close) in [("[", "]"), ("{a = ", "}")] {
      let text = "x = " + String(repeating: open, count: 100_000) + String(repeating: close, count: 100_000)
      #expect(complaint(text)?.hasSuffix("arrays and inline tables more than 16 deep; nest them less") == true)
    }
    let allowed = "x = " + String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
    #expect(complaint(allowed) == "e.toml:1: x: unknown key")
  }

  @Test func aComplaintIsOneLine() {
    #expect(complaint(#""a\nb\u001B[31m" = 1"#) == #"e.toml:1: "a\nb\u{1B}[31m": unknown key"#)
    #expect(complaint("ok = \"a:b 1-2 \\\\u0000\" # 10:30, 1979-05-27 7") == "e.toml:1: ok: unknown key")
    #expect(
      complaint("ok = 1\r\nno = -1.5e-3 \t\r\n[t]\r\nday = 1979-05-27 # a date\r\n")
        == "e.toml:1: ok: unknown key\ne.toml:2: no: unknown key\ne.toml:3: t: unknown key")
    #expect(oneLine("a\r\nb\u{2028}ünï\u{0}") == #"a\r\nb\u{2028}ünï\0"#)
  }

  /// JSON that was not written by this program: each value has one spelling nevertheless.
  @Test(arguments: ["1864467440737095516.1", "-9223372036854775808.4", "12345678901234567890.5", "1e30", "0.1", "-0.0"])
  func aNumberHasOneSpelling(_ number: String) throws {
    let once = try JSONDecoder().decode(JSONValue.self, from: Data("[\(number)]".utf8)).canonical()
    #expect(try JSONDecoder().decode(JSONValue.self, from: Data(once.utf8)).canonical() == once)
  }
}
