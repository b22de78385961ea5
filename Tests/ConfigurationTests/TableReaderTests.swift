// Tests of reading a configuration: every mistake is reported at once, each at its line.

import Foundation
import Testing
@testable import Configuration

private enum Tier: String, CaseIterable { case low, medium, high }

private func problems(_ text: String, _ read: (TableReader) -> Void) -> [String] {
  do {
    let root = try parseTOML(text: text, file: "e.toml")
    read(root)
    try root.finish()
    return []
  } catch {
    return error.problems.map(\.description)
  }
}

@Suite struct TableReaderTests {
  @Test func readsEveryTypeOfValue() throws {
    let root = try parseTOML(
      text: """
        count = 3
        rate = 3e-4
        whole = 1
        name = "world"
        on = true
        tier = "high"
        widths = [32, 64]
        ratios = [0, 0.5]
        names = ["a", "b"]
        tiers = ["low", "high"]
        [model]
        width = 64
        [[level]]
        width = 1
        [[level]]
        width = 2
        """, file: "e.toml")
    #expect(root.integer("count", in: 1...5) == 3)
    #expect(root.number("rate", in: 0...1) == 3e-4)
    #expect(root.number("whole", in: 0...1) == 1)
    #expect(root.string("name") == "world")
    #expect(root.boolean("on"))
    #expect(root.choice("tier", of: Tier.self) == .high)
    #expect(root.integers("widths", in: 1...100) == [32, 64])
    #expect(root.numbers("ratios", in: 0...1) == [0, 0.5])
    #expect(root.strings("names") == ["a", "b"])
    #expect(root.choices("tiers", of: Tier.self) == [.low, .high])
    #expect(root.table("model")?.integer("width", in: 1...100) == 64)
    #expect(root.tables("level").map { $0.integer("width", in: 1...2) } == [1, 2])
    #expect(root.integer("absent", in: 1...9, default: 7) == 7)
    #expect(root.optionalInteger("absent", in: 1...9) == nil)
    #expect(root.optionalNumber("absent", in: 1...9) == nil)
    #expect(root.optionalBoolean("absent") == nil)
    #expect(root.optionalString("absent") == nil)
    #expect(root.optionalChoice("absent", of: Tier.self) == nil)
    #expect(root.table("absent") == nil)
    #expect(root.tables("absent").isEmpty)
    try root.finish()
  }

  @Test func reportsEveryErrorAtOnceAtItsLine() {
    let text = """
      # experiments
      [crossover]
      seedz = 5
      width = "64"
      layers = 300
      rate = 1.5
      tier = "hihg"
      flag = 1
      steps = [1,
        2.5,
        3]
      few = []
      when = 2025-01-01
      [crossover.corpus]
      documnets = 3
      """
    let found = problems(text) { root in
      guard let table = root.table("crossover") else { return }
      _ = table.integer("seeds", in: 1...64)
      _ = table.integer("width", in: 1...1024)
      _ = table.integer("layers", in: 1...48)
      _ = table.number("rate", in: .leastNonzeroMagnitude...1)
      _ = table.choice("tier", of: Tier.self)
      _ = table.boolean("flag")
      _ = table.integers("steps", in: 1...9)
      _ = table.integers("few", in: 1...9)
      _ = table.string("when")
      _ = table.table("corpus")?.optionalInteger("documents", in: 1...9)
    }
    #expect(
      found == [
        "e.toml:2: crossover.seeds: missing; expected an integer from 1 to 64",
        "e.toml:3: crossover.seedz: unknown key (did you mean `seeds`?)",
        "e.toml:4: crossover.width: expected an integer from 1 to 1024, found the string \"64\"",
        "e.toml:5: crossover.layers: expected an integer from 1 to 48, found 300",
        "e.toml:6: crossover.rate: expected a number above 0 and at most 1, found 1.5",
        "e.toml:7: crossover.tier: expected \"low\", \"medium\" or \"high\" (did you mean `high`?), "
          + "found the string \"hihg\"",
        "e.toml:8: crossover.flag: expected true or false, found 1",
        "e.toml:10: crossover.steps[1]: expected an integer from 1 to 9, found 2.5",
        "e.toml:12: crossover.few: expected an array of at least 1 integers, found an array of 0",
        "e.toml:13: crossover.when: expected a string that is not empty, found the date 2025-01-01",
        "e.toml:15: crossover.corpus.documnets: unknown key (did you mean `documents`?)",
      ])
  }

  @Test(arguments: ["nan", "inf", "-inf", "+nan"])
  func refusesNumbersThatAreNotFinite(_ value: String) {
    let found = problems("lr = \(value)") { _ = $0.number("lr", in: -Double.infinity ... .infinity) }
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("e.toml:1: lr: expected a finite number, found ") == true)
  }

  @Test func defaultsDoNotHideAWrongValue() {
    let found = problems("lr = true") { _ = $0.number("lr", in: 0...1, default: 0.5) }
    #expect(found == ["e.toml:1: lr: expected a number from 0 to 1, found true"])
  }

  /// As people write large numbers, and as programs write whole ones.
  @Test func wholeNumbersInAnySpelling() throws {
    let root = try parseTOML(
      text: "a = 4e6\nb = 16.0\nc = [1e1, 2.0, 3]\nd = -0.0\ne = 9007199254740992.0", file: "e.toml")
    #expect(root.integer("a", in: 1...10_000_000) == 4_000_000)
    #expect(root.integer("b", in: 1...100) == 16)
    #expect(root.integers("c", in: 1...100) == [10, 2, 3])
    #expect(root.integer("d", in: 0...1) == 0)
    #expect(root.integer("e", in: 0...Int.max) == 1 << 53)
    try root.finish()
    let found = problems("a = 2.5\nb = 1e300\nc = 1e16\nd = inf\ne = 4e6") { root in
      for key in ["a", "b", "c", "d"] { _ = root.integer(key, in: 0...Int.max) }
      _ = root.integer("e", in: 1...100)
    }
    #expect(
      found == [
        "e.toml:1: a: expected an integer of at least 0, found 2.5",
        "e.toml:2: b: expected an integer of at least 0, found 1e+300",
        "e.toml:3: c: expected an integer of at least 0, found 1e+16",
        "e.toml:4: d: expected an integer of at least 0, found inf",
        "e.toml:5: e: expected an integer from 1 to 100, found 4000000",
      ])
  }

  @Test func unopenedTablesAreUnknown() {
    let found = problems("[a]\nx = 1\n[typo]\ny = 1") { _ = $0.table("a")?.integer("x", in: 0...9) }
    #expect(found == ["e.toml:3: typo: unknown key"])
    #expect(problems("[a]\nx = 1") { $0.accept("a") } == [])
  }

  @Test func tablesOfTheWrongShape() {
    let found = problems("model = 3\nlevel = 4\nlist = [1]") { root in
      _ = root.requiredTable("model").integer("width", in: 1...9)
      _ = root.tables("level")
      _ = root.tables("list")
      _ = root.requiredTable("absent")
    }
    #expect(
      found == [
        "e.toml: absent: missing; expected a table",
        "e.toml:1: model: expected a table, found 3",
        "e.toml:2: level: expected an array of tables, found 4",
        "e.toml:3: list[0]: expected a table, found 1",
      ])
  }

  @Test func callersReportTheirOwnProblems() {
    let found = problems("heads = 3\nwidth = 64") { root in
      root.accept("heads", "width")
      root.report("64 is not a multiple of the 3 heads", at: "width")
    }
    #expect(found == ["e.toml:2: width: 64 is not a multiple of the 3 heads"])
  }

  @Test(arguments: [
    ("a = 1\nb = = 2", "e.toml:2:"), ("a = 1\na = 2", "e.toml:2:"), ("[a]\n[b]\n[a]", "e.toml:3:"),
    ("x = \"open", "e.toml:1:"), ("a = 99999999999999999999", "e.toml:1:"), ("ok = 1\n\u{0} = 2", "e.toml:2:"),
  ])
  func syntaxErrorsAndDuplicatesHaveALine(_ text: String, _ prefix: String) {
    let found = problems(text) { _ in }
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix(prefix) == true, "\(found)")
  }

  @Test func aMissingFileIsNamed() throws {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try ExperimentFile(path: "/nonexistent/experiments.toml", claims: [])
    }
    #expect(
      error?.description
        == "/nonexistent/experiments.toml: no such file; check the path after --config")
  }
}

@Suite struct LayeringTests {
  private let text = """
    [defaults]
    lr = 2e-3
    seeds = 3
    batch = "x"
    [defaults.model]
    width = 64
    layers = 3
    [crossover]
    lr = 1e-3
    batch = 32
    grid = [1, 2]
    model.width = 128
    [crossover.preset.ci]
    seeds = 5
    grid = [4]
    [crossover.preset.full]
    seeds = "many"
    """

  private func layered(_ root: TableReader, _ preset: String) -> TableReader {
    let claim = root.table("crossover")
    return TableReader.layered([root.table("defaults"), claim, claim?.table("preset")?.table(preset)])
  }

  @Test func laterLayersWinKeyByKey() throws {
    let root = try parseTOML(text: text, file: "e.toml")
    let ci = layered(root, "ci")
    #expect(ci.number("lr", in: 0...1) == 1e-3)
    #expect(ci.integer("seeds", in: 1...9) == 5)
    #expect(ci.integer("batch", in: 1...99) == 32)
    #expect(ci.integers("grid", in: 1...9) == [4])
    #expect(ci.table("model")?.integer("width", in: 1...999) == 128)
    #expect(ci.table("model")?.integer("layers", in: 1...9) == 3)
  }

  @Test func problemsNameTheLayerAndAppearOnce() {
    let found = problems(text) { root in
      for preset in ["smoke", "ci", "full"] {
        let reader = layered(root, preset)
        _ = reader.number("lr", in: 0...1)
        _ = reader.integer("seeds", in: 1...9)
        _ = reader.integer("batch", in: 1...99)
        _ = reader.integers("grid", in: 1...9)
        _ = reader.table("model")?.integer("width", in: 1...999)
        if preset == "ci" { _ = reader.integer("epochs", in: 1...9) }
      }
    }
    #expect(
      found == [
        "e.toml:4: defaults.batch: expected an integer from 1 to 99, found the string \"x\"",
        "e.toml:7: defaults.model.layers: unknown key",
        "e.toml:13: crossover.preset.ci.epochs: missing; expected an integer from 1 to 9, "
          + "here or in [defaults] or [crossover]",
        "e.toml:17: crossover.preset.full.seeds: expected an integer from 1 to 9, found the string \"many\"",
      ])
  }
}

@Suite struct TOMLPlaceTests {
  private func line(_ text: String, _ elements: PathElement...) -> Int? {
    var entry = try? TOMLParser.parse(text, file: "e.toml")
    var line: Int?
    for element in elements {
      switch (element, entry?.node) {
      case (.key(let key), .table(let entries)?): entry = entries[key]
      case (.index(let index), .array(let elements)?): entry = elements.indices.contains(index) ? elements[index] : nil
      default: entry = nil
      }
      line = entry?.place.line ?? line
    }
    return line
  }

  @Test func headersAndDottedAndQuotedKeys() {
    let text = "top = 1 # [no]\r\n\r\n[a.b] # comment\nc.d = 1\n\"e f\".'g.h' = 2\n[a]\nx=1\n"
    #expect(line(text, .key("top")) == 1)
    #expect(line(text, .key("a"), .key("b")) == 3)
    #expect(line(text, .key("a"), .key("b"), .key("c")) == 4)
    #expect(line(text, .key("a"), .key("b"), .key("c"), .key("d")) == 4)
    #expect(line(text, .key("a"), .key("b"), .key("e f"), .key("g.h")) == 5)
    #expect(line(text, .key("a")) == 6)
    #expect(line(text, .key("a"), .key("x")) == 7)
    #expect(line(text, .key("a"), .key("absent")) == 6)
    #expect(line(text, .key("absent")) == nil)
  }

  @Test func arraysOfTables() {
    let text = "[[l]]\nw = 1\n[l.m]\nz = 1\n[[l]]\nw = 2\n[[l.n]]\nq = 1\n[[l.n]]\nq = 2\n"
    #expect(line(text, .key("l"), .index(0), .key("w")) == 2)
    #expect(line(text, .key("l"), .index(0), .key("m"), .key("z")) == 4)
    #expect(line(text, .key("l"), .index(1)) == 5)
    #expect(line(text, .key("l"), .index(1), .key("w")) == 6)
    #expect(line(text, .key("l"), .index(1), .key("n"), .index(1), .key("q")) == 10)
  }

  @Test func valuesOverSeveralLines() {
    let text = """
      s = \"\"\"
      not = 1
      [neither]\\\"\"\"
      \"\"\"\"
      t = '''
      x = 1\\'''
      u = "a # b ] \\" = "
      list = [ # comment ]
        { w = 1, v = [
          3 ] },
        "]", 'x'
      ]
      inline = { a = { b = 1 }, c = 2 }
      last = 1
      """
    #expect(line(text, .key("not")) == nil)
    #expect(line(text, .key("t")) == 5)
    #expect(line(text, .key("u")) == 7)
    #expect(line(text, .key("list"), .index(0), .key("w")) == 9)
    #expect(line(text, .key("list"), .index(0), .key("v"), .index(0)) == 10)
    #expect(line(text, .key("list"), .index(2)) == 11)
    #expect(line(text, .key("inline"), .key("a"), .key("b")) == 13)
    #expect(line(text, .key("last")) == 14)
  }
}
