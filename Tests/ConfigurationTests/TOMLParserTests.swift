// TOML 1.0: what is read, and what is refused with its line. Where values stand is tested with the table reader.

import Testing
@testable import Configuration

@Suite struct TOMLParserTests {
  /// The value of `x` in a document.
  private func value(_ text: String) throws -> TOMLNode? {
    guard case .table(let entries) = try TOMLParser.parse(text, file: "e.toml").node else { return nil }
    return entries["x"]?.node
  }

  private func complaint(_ text: String) -> String? {
    do {
      _ = try TOMLParser.parse(text, file: "e.toml")
      return nil
    } catch {
      return error.description
    }
  }

  @Test(arguments: [
    ("1_000", 1000), ("+7", 7), ("-0", 0), ("0xDEAD_beef", 0xDEAD_BEEF), ("0o17", 15), ("0b101", 5),
    ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
  ])
  func integers(_ text: String, _ expected: Int) throws { #expect(try value("x = \(text)") == .integer(expected)) }

  @Test(arguments: [
    ("1.5", 1.5), ("-0.0", -0.0), ("6.626e-34", 6.626e-34), ("5e+22", 5e22), ("1_0.2_5", 10.25), ("4E6", 4e6),
    ("inf", Double.infinity), ("-inf", -Double.infinity),
  ])
  func numbers(_ text: String, _ expected: Double) throws { #expect(try value("x = \(text)") == .number(expected)) }

  @Test(arguments: [
    (#""a\tb\"\\\n""#, "a\tb\"\\\n"), (#"'C:\n'"#, #"C:\n"#), (#""\u00e9\U0001F600""#, "é😀"), ("\"\"", ""),
    ("\"\"\"\n a\n b\"\"\"", " a\n b"), ("'''\na\\n'''", "a\\n"), ("\"\"\"a \\\n\n   b\"\"\"", "a b"),
    ("\"\"\"a\r\nb\"\"\"", "a\nb"), ("\"\"\"\"a\"\"\"\"\"", "\"a\"\""), ("''''a''''", "'a'"),
  ])
  func strings(_ text: String, _ expected: String) throws { #expect(try value("x = \(text)") == .string(expected)) }

  @Test(arguments: ["1979-05-27", "1979-05-27T07:32:00Z", "1979-05-27 07:32:00.5-07:00", "07:32:00"])
  func dates(_ text: String) throws { #expect(try value("x = \(text) # when") == .date(text)) }

  @Test func tablesInAllTheirForms() throws {
    let text = """
      x.a = 1
      x."b c" = { d = [1, [2,
        3], # three
      ], 'e.f'.g = true }
      """
    guard case .table(let x)? = try value(text), case .table(let b)? = x["b c"]?.node,
      case .table(let e)? = b["e.f"]?.node
    else {
      Issue.record("not tables")
      return
    }
    #expect(x["a"]?.node == .integer(1) && e["g"]?.node == .boolean(true))
    #expect(complaint("[a]\n[a.b]\nc = 1\n[a.d]\n[[a.l]]\n[a.l.m]\nz = 1\n[[a.l]]\n") == nil)
    #expect(complaint("[a.b]\n[a]\nc = 1") == nil, "a header may define what another has implied")
    #expect(complaint("\u{FEFF}a = 1\r\n# end") == nil)
  }

  @Test(arguments: [
    ("x = 1\nx = 2", "2: not valid TOML: the key `x` is given twice"),
    ("[a]\n[b]\n[a]", "3: not valid TOML: `a` is defined twice"),
    ("a.b = 1\n[a]", "2: not valid TOML: `a` is defined twice"),
    ("[a]\nb.c = 1\n[a.b]", "3: not valid TOML: `a.b` is defined twice"),
    ("a = {b = 1}\na.c = 2", "2: not valid TOML: `a` is defined elsewhere, so a dotted key cannot add to it"),
    ("a = {b = 1}\n[a.c]", "2: not valid TOML: `a` is not a table that a header can reach into"),
    ("a = [1]\n[[a]]", "2: not valid TOML: `a` is defined twice"),
    ("x = 99999999999999999999", "1:5: not valid TOML: the number 99999999999999999999 is too large"),
    ("x = 012", "1:5: not valid TOML: `012` is neither a number, a boolean nor a date; strings need quotes"),
    ("x = yes", "1:5: not valid TOML: `yes` is neither a number, a boolean nor a date; strings need quotes"),
    ("x = 1._5", "1:5: not valid TOML: `1._5` is neither a number, a boolean nor a date; strings need quotes"),
    ("x = 1 y = 2", "1:7: not valid TOML: expected the end of the line"),
    ("x =", "1:4: not valid TOML: expected a value, found the end of the file"),
    ("x", "1:2: not valid TOML: expected `=` after the key `x`"), ("= 1", "1:1: not valid TOML: expected a key"),
    ("x = \"a\nb\"", "1:7: not valid TOML: the control character 10 in a string; close it in its line; remove it"),
    ("x = 'a", "1:7: not valid TOML: a string is not closed; expected `'`"),
    ("x = \"\"\"a\n\n", "1: not valid TOML: a string is not closed"),
    (#"x = "\u0000""#, "1:8: not valid TOML: a NUL character; remove it"),
    (#"x = "\q""#, #"1:8: not valid TOML: an escape that TOML does not know; write `\\` for a backslash"#),
    ("x = [1 2]", "1:8: not valid TOML: expected `,` or `]` in an array"),
    ("x = {a = 1,\n}", "1:12: not valid TOML: expected a key"), ("[a", "1:3: not valid TOML: expected `]`"),
    ("[[a]", "1:5: not valid TOML: expected `]]`"), ("a = 1\n\u{0} = 2", "2:1: not valid TOML: expected a key"),
    ("# a\u{1} comment", "1:4: not valid TOML: the control character 1 in a comment; remove it"),
  ])
  func whatIsWrongHasAPlace(_ text: String, _ message: String) {
    #expect(complaint(text) == "e.toml:" + message)
  }

  /// Whatever the text, it must end.
  @Test(arguments: [
    "[", "[[", "a", "a =", "a = [", "a = {", "a = \"", "a = '''", "= 1", "]", "a = }\nb = 1", "\"", "\\", "a = [,]",
    "a.",
  ])
  func endsOnInvalidText(_ text: String) { #expect(complaint(text) != nil) }

  @Test func aDocumentIsLaidOverAnother() throws {
    let base = try TOMLParser.parse("a = 1\n[t]\nb = 2\nc = [1, 2]\n[t.u]\nd = 3", file: "base.toml")
    let over = try TOMLParser.parse("[t]\nc = [9]\nu.e = 4", file: "over.toml")
    guard case .table(let root) = base.overlaid(by: over).node, case .table(let t)? = root["t"]?.node,
      case .table(let u)? = t["u"]?.node, case .array(let c)? = t["c"]?.node
    else {
      Issue.record("not tables")
      return
    }
    #expect(root["a"]?.node == .integer(1) && t["b"]?.node == .integer(2))
    #expect(u["d"]?.node == .integer(3) && u["e"]?.node == .integer(4))
    #expect(c.map(\.node) == [.integer(9)])
    #expect(t["c"]?.place == TOMLPlace(file: "over.toml", line: 2) && t["b"]?.place.file == "base.toml")
  }
}
